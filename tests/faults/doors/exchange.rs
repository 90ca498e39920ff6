//! Bytes that are sent to the relay, and what comes back.

use std::net::SocketAddr;
use std::time::Duration;

use protocol::error::{ErrorBody, ErrorCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use super::request::find;
use super::tally::Came;

/// How long any answer may take, and the end of a connection whose other side has ended.
pub(crate) const WITHIN: Duration = Duration::from_secs(5);
/// After so long without a byte, whoever sent what may be half a request says that no more comes.
pub(crate) const QUIET: Duration = Duration::from_millis(300);

/// What asks for the rest of a request.
const GO_ON: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// A connection, and everything that came over it.
pub(crate) struct Line {
    stream: TcpStream,
    pub(crate) heard: Vec<u8>,
    has_ended: bool,
}

impl Line {
    pub(crate) async fn open(to: SocketAddr) -> Result<Self, String> {
        let opened = timeout(WITHIN, TcpStream::connect(to)).await;
        let stream = opened.map_err(|_| "takes no connection within 5 s")?.map_err(|error| error.to_string())?;
        Ok(Self { stream, heard: Vec::new(), has_ended: false })
    }

    /// Sends as much as the other side takes.
    pub(crate) async fn say(&mut self, bytes: &[u8]) {
        // Who closes while he is written to has said why, or is found out by what he did not say.
        drop(timeout(WITHIN, self.stream.write_all(bytes)).await);
    }

    /// Says that no more comes.
    pub(crate) async fn hang_up(&mut self) {
        if self.stream.shutdown().await.is_err() {
            self.has_ended = true;
        }
    }

    /// Listens until enough was heard, or the other side ended; false if neither came in time after the last byte.
    pub(crate) async fn listen(&mut self, patience: Duration, enough: impl Fn(&[u8]) -> bool) -> bool {
        while !self.has_ended && !enough(&self.heard) {
            match timeout(patience, self.stream.read_buf(&mut self.heard)).await {
                Ok(Ok(1..)) => {}
                Ok(Ok(0) | Err(_)) => self.has_ended = true,
                Err(_) => return false,
            }
        }
        true
    }

    /// Listens until the other side ended.
    pub(crate) async fn listen_to_the_end(&mut self) -> Result<(), String> {
        let ended = self.listen(WITHIN, |_| false);
        match timeout(WITHIN, ended).await {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err("does not end the connection within 5 s".to_owned()),
        }
    }
}

/// One answer of HTTP.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    /// Reads the answer that bytes begin with, and how long it is; nothing while it is not all there. An answer to `HEAD` has no body.
    fn read(bytes: &[u8], head_only: bool) -> Option<(Self, usize)> {
        let start = find(bytes, b"\r\n\r\n")? + 4;
        let head = String::from_utf8_lossy(&bytes[..start]).to_ascii_lowercase();
        let status = head.strip_prefix("http/1.").and_then(|rest| rest.get(2..5)?.parse().ok()).unwrap_or(0);
        let mut answer = Self { status, head, body: Vec::new() };
        let rest = &bytes[start..];
        let len = if head_only || matches!(status, 100..200 | 204 | 304) {
            0
        } else if answer.header("transfer-encoding").is_some() {
            chunked_len(rest)?
        } else {
            answer.header("content-length").and_then(|value| value.parse().ok()).unwrap_or(rest.len())
        };
        answer.body = rest.get(..len)?.to_vec();
        Some((answer, start + len))
    }

    /// All answers that came whole, without what only says "go on".
    pub(crate) fn all(mut bytes: &[u8], head_only: bool) -> Vec<Self> {
        let mut found = Vec::new();
        while let Some((answer, len)) = Self::read(bytes, head_only) {
            bytes = &bytes[len..];
            if answer.status != 100 {
                found.push(answer);
            }
        }
        found
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Whether it is an answer that whatever was asked may get.
    pub(crate) fn judge(&self) -> Result<(), String> {
        match self.status {
            101 | 200..300 | 400..500 => {}
            503 if self.header("retry-after").is_some() => {}
            other => return Err(format!("answers {other}: {}", String::from_utf8_lossy(&self.body))),
        }
        let is_ours = self.header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
        if self.status < 400 || !is_ours || self.header("content-encoding").is_some() || self.body.is_empty() {
            return Ok(());
        }
        let body: ErrorBody = serde_json::from_slice(&self.body).map_err(|error| format!("no error body: {error}"))?;
        let code = body.error.code;
        if code.status() != self.status || code == ErrorCode::Unknown || body.error.request_id.is_empty() {
            return Err(format!("answers {} with the body {body:?}", self.status));
        }
        Ok(())
    }
}

/// How long a body in chunks is; nothing while its last chunk is not there.
fn chunked_len(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let line = find(bytes.get(at..)?, b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[at..at + line]).ok()?, 16).ok()?;
        at += line + 2 + size + 2;
        if size == 0 {
            return (at <= bytes.len()).then_some(at);
        }
    }
}

/// Sends bytes that may be anything, and hears the relay out. Whoever sends a `whole` request must be answered.
pub(crate) async fn exchange(to: SocketAddr, bytes: &[u8], whole: bool) -> Result<Came, String> {
    let begun = Instant::now();
    let mut line = Line::open(to).await?;
    line.say(bytes).await;
    let head_only = bytes.starts_with(b"HEAD ");
    let enough = |heard: &[u8]| !Answer::all(heard, head_only).is_empty();
    let mut in_time = line.listen(if whole { WITHIN } else { QUIET }, enough).await;
    if !in_time && !whole {
        line.hang_up().await;
        in_time = line.listen(WITHIN, enough).await;
    }
    let took = begun.elapsed();
    line.hang_up().await;
    line.listen_to_the_end().await?;
    let answers = Answer::all(&line.heard, head_only);
    for answer in &answers {
        answer.judge()?;
    }
    if !in_time || took > WITHIN {
        return Err(format!("answers after {took:?}"));
    }
    // Whoever hangs up may have been told only to go on.
    let is_silent = line.heard.is_empty() || line.heard == GO_ON;
    if answers.is_empty() && (whole || !is_silent) {
        return Err(format!("gives no whole answer: {:?}", String::from_utf8_lossy(&line.heard)));
    }
    let outcome = answers.first().map_or_else(|| "closed".to_owned(), |answer| answer.status.to_string());
    Ok(Came { outcome, took })
}

#[test]
fn only_what_the_interface_promises_is_let_pass() {
    let judged = |text: &str| {
        Answer::all(text.as_bytes(), false).iter().map(|answer| answer.judge().is_ok()).collect::<Vec<_>>()
    };
    let error = |status: u16, code: &str| {
        let body = format!(r#"{{"error":{{"code":"{code}","message":"","request_id":"req_1"}}}}"#);
        let length = body.len();
        format!("HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
    };
    assert_eq!(judged("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"), [true]);
    assert!(judged("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nok").is_empty(), "not all there");
    assert_eq!(judged("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"), [true]);
    assert_eq!(judged("HTTP/1.1 500 X\r\ncontent-length: 0\r\n\r\n"), [false]);
    assert_eq!(judged("HTTP/1.1 503 X\r\ncontent-length: 0\r\n\r\n"), [false], "when to try again is not said");
    assert_eq!(judged("HTTP/1.1 503 X\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n"), [true]);
    assert_eq!(judged(&error(404, "not_found")), [true]);
    assert_eq!(judged(&error(400, "not_found")), [false], "the status is not the code's");
    assert_eq!(judged(&error(409, "mohnkipferl")), [false], "nobody knows the code");
}
