//! A good request, changed: in one of its parts, or in how it is put into bytes.

use std::ops::Range;

use super::cast::Cast;
use super::chance::Chance;
use super::request::Request;
use super::{json, nasty};

/// Headers that something behind the doors reads, with values that it does not expect.
const HEADERS: [(&str, &[&str]); 14] = [
    (
        "authorization",
        &["", "Bearer", "Bearer ", "bearer x", "Basic bW9obmtpcGZlcmw6", "Bearer dsd_mohnkipferl", "Bearer \u{442}"],
    ),
    (
        "content-type",
        &[
            "",
            "text/plain",
            "application/json; charset=utf-7",
            "application/jsonx",
            "multipart/form-data; boundary=",
            "/",
        ],
    ),
    ("content-encoding", &["gzip", "br", "identity", "mohnkipferl"]),
    ("accept-encoding", &["gzip", "gzip;q=0", "*;q=0", "identity;q=0, *;q=0", "br, zstd, gzip;q=9"]),
    (
        "x-forwarded-for",
        &[
            "",
            ",",
            "127.0.0.1",
            "::1",
            "::ffff:0:0",
            "198.51.100.7:80",
            "mohnkipferl",
            "1.1.1.1, 2001:db8::9%eth0",
            "999.1.1.1",
        ],
    ),
    ("x-forwarded-proto", &["https", "ftp", ""]),
    ("forwarded", &["for=198.51.100.9", "for=\"[2001:db8::1]:99\";proto=http", "for=_;by=", ";;;"]),
    (
        "origin",
        &[
            "null",
            "",
            "https://mohnkipferl.example",
            "http://127.0.0.1",
            "chrome-extension://",
            "chrome-extension://pjahmgjbpgglbnndgachnobaaakhicia",
        ],
    ),
    ("cookie", &["a=b", "token=mohnkipferl; token=", ";;;;", "="]),
    ("host", &["", "mohnkipferl.example", "[::1", "a:b:c", "x:99999999"]),
    ("range", &["bytes=0-0", "bytes=-1", "bytes=9-1", "bytes=0-,0-,0-,0-", "lines=1"]),
    ("if-none-match", &["*", "\"", "W/\"mohnkipferl\""]),
    ("expect", &["100-continue", "mohnkipferl"]),
    ("upgrade", &["websocket", "h2c", ""]),
];

/// Headers of the handshake.
const HANDSHAKE: [(&str, &[&str]); 5] = [
    ("sec-websocket-key", &["", "=", "AAAA", "AAAAAAAAAAAAAAAAAAAAAA==", "mohnkipferl"]),
    ("sec-websocket-version", &["", "0", "8", "12", "13, 8", "999999999999"]),
    ("sec-websocket-protocol", &["", "mohnkipferl", ",,,", "a, b"]),
    ("sec-websocket-extensions", &["permessage-deflate", "permessage-deflate; server_max_window_bits=99", ";;="]),
    ("connection", &["", "close", "keep-alive, Upgrade", "upgrade, upgrade"]),
];

/// What says how long a body is, and lies.
const FRAMING: [(&str, &[&str]); 2] = [
    (
        "content-length",
        &[
            "0",
            "1",
            "-1",
            "+5",
            "0x10",
            "1e3",
            "5, 5",
            "5, 6",
            "65537",
            "4294967296",
            "18446744073709551615",
            "99999999999999999999",
            "",
            " ",
        ],
    ),
    (
        "transfer-encoding",
        &["chunked", "Chunked, chunked", "gzip, chunked", "identity", "chunked, gzip", "\u{b}chunked", "mohnkipferl"],
    ),
];

const METHODS: [&str; 12] =
    ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "get", "MOHNKIPFERL", "*"];

/// Changes parts of a request and leaves it a request: it must be answered.
pub(crate) fn parts(seed: &Request, cast: &Cast, chance: &mut Chance) -> Request {
    let mut request = seed.clone();
    for _ in 0..=chance.below(3) {
        match chance.below(10) {
            0..=4 if !request.body.is_empty() => request.body = json::change(&request.body, chance),
            0 | 1 => request.target = path(&request.target, cast, chance),
            2 | 3 => query(&mut request.target, cast, chance),
            4 | 5 => header(&mut request, &HEADERS, chance),
            6 => header(&mut request, if chance.one_in(2) { &HANDSHAKE } else { &HEADERS }, chance),
            7 => request.set("authorization", format!("Bearer {}", cast.any_token(chance)).as_bytes()),
            8 if chance.one_in(2) => request.method = (*chance.pick(&METHODS)).into(),
            8 => nasty::bytes(&mut request.body, &seed.target, chance),
            _ => request.headers.push((nasty::text(chance).into_bytes(), nasty::text(chance).into_bytes())),
        }
    }
    keep_framed(&mut request);
    request
}

/// A request of the corpus with everything that may not stand there in each place of its path, its query and its body, one at a time.
pub(crate) fn each(seed: &Request) -> Vec<Request> {
    let bodies = json::each(&seed.body).into_iter().map(|body| Request { body, ..seed.clone() });
    let targets = places(&seed.target).into_iter().flat_map(|place| {
        nasty::texts().into_iter().map(move |text| {
            let target = [&seed.target[..place.start], &encoded(&text), &seed.target[place.end..]].concat();
            Request { target, ..seed.clone() }
        })
    });
    bodies.chain(targets).collect()
}

/// Where values stand in a target of the corpus: names of the cast, and what follows a `=`.
fn places(target: &[u8]) -> Vec<Range<usize>> {
    let until = |start: usize, end: u8| {
        let len = target[start..].iter().position(|byte| *byte == end);
        start..len.map_or(target.len(), |len| start + len)
    };
    let found = target.iter().enumerate().filter_map(|(at, byte)| match byte {
        b'{' => Some(at..until(at, b'}').end + 1),
        b'=' => Some(until(at + 1, b'&')),
        _ => None,
    });
    found.collect()
}

/// Takes away what would make another number of requests of it, or none.
fn keep_framed(request: &mut Request) {
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    request.headers.retain(|(name, _)| !name.is_empty() && name.iter().all(is_token));
    for (_, value) in &mut request.headers {
        value.retain(|byte| *byte == b'\t' || (*byte >= b' ' && *byte != 0x7f));
    }
    let seen = request.headers.iter().any(|(name, value)| name == b"connection" && value.as_slice() == b"close");
    if !seen && request.header("upgrade").is_none() {
        request.set("connection", b"close");
    }
}

fn header(request: &mut Request, from: &[(&str, &[&str])], chance: &mut Chance) {
    let (name, values) = chance.pick(from);
    let value = if chance.one_in(4) { nasty::text(chance) } else { (*chance.pick(values)).to_owned() };
    if chance.one_in(3) {
        request.headers.push((name.as_bytes().to_vec(), value.into_bytes()));
    } else {
        request.set(name, value.as_bytes());
    }
}

/// Puts something else into one segment of a path.
fn path(target: &[u8], cast: &Cast, chance: &mut Chance) -> Vec<u8> {
    let mut segments: Vec<Vec<u8>> = target.split(|byte| *byte == b'/').map(<[u8]>::to_vec).collect();
    let nth = chance.below(segments.len());
    match chance.below(4) {
        0 => segments[nth] = cast.any(chance).as_bytes().to_vec(),
        1 => segments.insert(nth, encoded(&nasty::text(chance))),
        _ => segments[nth] = encoded(&nasty::text(chance)),
    }
    let mut path = segments.join(&b'/');
    if path.first() != Some(&b'/') {
        path.insert(0, b'/');
    }
    path
}

fn query(target: &mut Vec<u8>, cast: &Cast, chance: &mut Chance) {
    let name = *chance.pick(&["before", "after", "tab", "channel_id", "project_id", "mohnkipferl", ""]);
    let value = if chance.one_in(3) { cast.any(chance).to_owned() } else { nasty::text(chance) };
    target.push(if target.contains(&b'?') { b'&' } else { b'?' });
    target.extend(name.bytes());
    if !chance.one_in(8) {
        target.push(b'=');
        target.extend(encoded(&value));
    }
}

/// A text as it may stand in a path. What is encoded already stays as it is.
fn encoded(text: &str) -> Vec<u8> {
    let plain =
        |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'#' | b'?' | b'"' | b'<' | b'>' | b'`' | b'{' | b'}');
    text.bytes().flat_map(|byte| if plain(byte) { vec![byte] } else { format!("%{byte:02x}").into_bytes() }).collect()
}

/// Changes how a request is put into bytes: it may be half of one, or several, or none.
pub(crate) fn bytes(seed: &Request, others: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut request = seed.clone();
    match chance.below(5) {
        0 | 1 => {
            let (name, values) = chance.pick(&FRAMING);
            let lie = (*chance.pick(values)).as_bytes();
            request.headers.push((name.as_bytes().to_vec(), lie.to_vec()));
            if chance.one_in(3) {
                let (name, values) = chance.pick(&FRAMING);
                request.headers.push((name.as_bytes().to_vec(), (*chance.pick(values)).into()));
            }
            if chance.one_in(2) {
                request.body = chunks(&request.body, chance);
            }
            request.bytes()
        }
        2 => {
            let whole = request.bytes();
            [&whole[..chance.below(whole.len())], if chance.one_in(2) { &whole } else { &[] }].concat()
        }
        3 => {
            request.set("connection", b"keep-alive");
            let mut twice = request.bytes();
            twice.extend(seed.bytes());
            twice
        }
        _ => {
            let mut broken = request.bytes();
            nasty::bytes(&mut broken, others, chance);
            broken
        }
    }
}

/// A body in chunks, whose lengths may lie.
fn chunks(body: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut said = Vec::new();
    for chunk in body.chunks(1 + chance.below(40)) {
        let told = if chance.one_in(8) { chance.next() } else { chunk.len() as u64 };
        let extension = if chance.one_in(8) { ";mohnkipferl=\"1\"" } else { "" };
        said.extend(format!("{told:x}{extension}\r\n").into_bytes());
        said.extend([chunk, b"\r\n"].concat());
    }
    if !chance.one_in(4) {
        said.extend(b"0\r\n\r\n");
    }
    said
}

#[test]
fn each_place_of_a_target_gets_each_text() {
    let seed = Request::read("GET /v1/{id}/history?before=5&after={id}");
    let found: Vec<_> = each(&seed).into_iter().map(|request| String::from_utf8(request.target).unwrap()).collect();
    for wanted in [
        "/v1/%00/history?before=5&after={id}",
        "/v1/{id}/history?before=-1&after={id}",
        "/v1/{id}/history?before=5&after=-1",
    ] {
        assert!(found.iter().any(|target| target == wanted), "{wanted}");
    }
}
