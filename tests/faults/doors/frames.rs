//! Frames of a WebSocket, byte by byte, so that they can be wrong.

use super::chance::Chance;
use super::text;

/// Kinds of frames by their number on the line.
const CONTINUATION: u8 = 0;
pub(crate) const TEXT: u8 = 1;
const BINARY: u8 = 2;
pub(crate) const CLOSE: u8 = 8;
pub(crate) const PING: u8 = 9;
pub(crate) const PONG: u8 = 10;
/// What the corpus calls them.
const NAMES: [(&str, u8); 5] = [("text", TEXT), ("binary", BINARY), ("ping", PING), ("pong", PONG), ("close", CLOSE)];

/// What a reader sends in one go: one frame, or bytes that may be none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Frame { kind: u8, payload: Vec<u8> },
    Raw(Vec<u8>),
}

impl Piece {
    /// Reads a line of the corpus: the name of a kind and the payload, or `raw` and bytes.
    pub(crate) fn read(line: &str) -> Self {
        let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
        let payload = text::bytes(rest);
        match NAMES.iter().find(|(known, _)| *known == name) {
            Some((_, kind)) => Self::Frame { kind: *kind, payload },
            None if name == "raw" => Self::Raw(payload),
            None => panic!("{name:?} is no kind of frame"),
        }
    }

    /// The line of the corpus.
    pub(crate) fn line(&self) -> String {
        let (name, bytes) = match self {
            Self::Frame { kind, payload } => (NAMES.iter().find(|(_, known)| known == kind).unwrap().0, payload),
            Self::Raw(bytes) => ("raw", bytes),
        };
        format!("{name} {}", text::of(bytes).replace('\n', ""))
    }

    /// Its bytes on the line, masked as a reader must.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Frame { kind, payload } => frame(0x80 | kind, payload, true),
            Self::Raw(bytes) => bytes.clone(),
        }
    }
}

/// A frame with this first byte.
fn frame(first: u8, payload: &[u8], masked: bool) -> Vec<u8> {
    const MASK: [u8; 4] = [0x5a, 0x17, 0xc3, 0x88];
    let mut bytes = vec![first];
    let mask_bit = if masked { 0x80 } else { 0 };
    match payload.len() {
        len @ 0..126 => bytes.push(mask_bit | u8::try_from(len).unwrap()),
        len @ 126..65_536 => {
            bytes.push(mask_bit | 126);
            bytes.extend(u16::try_from(len).unwrap().to_be_bytes());
        }
        len => {
            bytes.push(mask_bit | 127);
            bytes.extend((len as u64).to_be_bytes());
        }
    }
    if masked {
        bytes.extend(MASK);
        bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    } else {
        bytes.extend(payload);
    }
    bytes
}

/// A frame that the protocol does not allow, or allows but hardly anybody sends.
pub(crate) fn wrong(kind: u8, payload: &[u8], chance: &mut Chance) -> Vec<u8> {
    let middle = chance.below(payload.len());
    let (head, tail) = payload.split_at(middle);
    let first = 0x80 | kind;
    match chance.below(10) {
        0 => frame(first, payload, false),
        1 => frame(first | *chance.pick(&[0x10, 0x20, 0x40, 0x70]), payload, true),
        2 => frame(0x80 | *chance.pick(&[3, 4, 7, 11, 15]), payload, true),
        // In two parts, as it should be, perhaps with a ping between them.
        3 => [frame(kind, head, true), ping(chance), frame(0x80 | CONTINUATION, tail, true)].concat(),
        // Begun and never ended, begun twice, or never begun.
        4 => frame(kind, payload, true),
        5 => [frame(kind, head, true), frame(kind, tail, true)].concat(),
        6 => frame(0x80 | CONTINUATION, payload, true),
        // Control frames must be short and whole.
        7 => frame(*chance.pick(&[CLOSE, PING, PONG, 0x80 | CLOSE, 0x80 | PING]), &payload.repeat(2), true),
        8 => {
            let length = *chance.pick(&[65_537, 1 << 20, 1 << 40, (1 << 63) - 1, 1 << 63, u64::MAX]);
            [&[first, 0x80 | 127][..], &length.to_be_bytes(), payload].concat()
        }
        // Longer than a length needs to be written.
        _ => [&[first, 0x80 | 127][..], &5_u64.to_be_bytes(), &[0; 4], b"{\"t\":"].concat(),
    }
}

fn ping(chance: &mut Chance) -> Vec<u8> {
    if chance.one_in(2) { frame(0x80 | PING, &chance.bytes(20), true) } else { Vec::new() }
}

/// The frames that came from the relay, as far as they are whole: kind and payload.
pub(crate) fn read(mut bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut found = Vec::new();
    while let [first, second, ..] = *bytes {
        let (start, len) = match second & 0x7f {
            126 if bytes.len() >= 4 => (4, usize::from(u16::from_be_bytes([bytes[2], bytes[3]]))),
            127 if bytes.len() >= 10 => {
                (10, usize::try_from(u64::from_be_bytes(bytes[2..10].try_into().unwrap())).unwrap())
            }
            126 | 127 => break,
            len => (2, usize::from(len)),
        };
        let Some(payload) = bytes.get(start..start + len) else { break };
        found.push((first & 0x0f, payload.to_vec()));
        bytes = &bytes[start + len..];
    }
    found
}

#[test]
fn frames_are_read_as_they_were_written() {
    for len in [0, 125, 126, 65_535, 65_536] {
        let payload = vec![b'x'; len];
        let bytes = frame(0x80 | TEXT, &payload, false);
        assert_eq!(read(&bytes), [(TEXT, payload)]);
        assert_eq!(read(&bytes[..bytes.len() - 1]), [], "not all there");
    }
    assert_eq!(Piece::read("text {\"t\":\"pong\"}").bytes()[..2], [0x81, 0x80 | 12]);
    for line in ["text {\"t\":\"\\\\u0000\"}", "ping ", "raw \\x81\\xff\\n"] {
        assert_eq!(Piece::read(line).line(), line);
    }
}
