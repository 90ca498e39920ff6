//! The door of the stream: a handshake, frames, and what the relay says.

use std::net::SocketAddr;

use protocol::error::ErrorCode;
use protocol::frame::RelayFrame;
use tokio::time::Instant;

use super::exchange::{Line, QUIET, WITHIN};
use super::frames::{self, CLOSE, PING, PONG, Piece, TEXT};
use super::request::find;
use super::tally::Came;

const HANDSHAKE: &[u8] = b"GET /v1/stream HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
    sec-websocket-version: 13\r\nsec-websocket-key: bW9obmtpcGZlcmwhISEhIQ==\r\n\r\n";
/// Asked after all frames: who answers lives.
const STILL_THERE: &[u8] = b"still there";

/// Opens a stream, says what may be anything, and hears the relay out. `whole` frames must be answered without hanging up.
pub(crate) async fn converse(to: SocketAddr, bytes: &[u8], whole: bool) -> Result<Came, String> {
    let mut line = Line::open(to).await?;
    line.say(HANDSHAKE).await;
    if !line.listen(WITHIN, |heard| find(heard, b"\r\n\r\n").is_some()).await {
        return Err("does not answer the handshake".to_owned());
    }
    let end = find(&line.heard, b"\r\n\r\n").ok_or("closes instead of answering the handshake")? + 4;
    if !line.heard.starts_with(b"HTTP/1.1 101 ") {
        return Err(format!("answers the handshake with {}", String::from_utf8_lossy(&line.heard)));
    }
    let begun = Instant::now();
    line.say(bytes).await;
    line.say(&Piece::Frame { kind: PING, payload: STILL_THERE.to_vec() }.bytes()).await;
    let answered = |heard: &[u8]| frames::read(&heard[end..]).iter().any(|(kind, payload)| is_answer(*kind, payload));
    let mut in_time = line.listen(if whole { WITHIN } else { QUIET }, answered).await;
    if !in_time && !whole {
        line.hang_up().await;
        in_time = line.listen(WITHIN, answered).await;
    }
    let took = begun.elapsed();
    line.hang_up().await;
    line.listen_to_the_end().await?;
    let outcome = judge(&frames::read(&line.heard[end..]))?;
    if in_time { Ok(Came { outcome, took }) } else { Err(format!("{outcome} after {took:?}")) }
}

fn is_answer(kind: u8, payload: &[u8]) -> bool {
    kind == CLOSE || (kind == PONG && payload == STILL_THERE)
}

/// How a stream came out: the error's code, `alive`, or `closed`.
fn judge(heard: &[(u8, Vec<u8>)]) -> Result<String, String> {
    let mut outcome = "closed".to_owned();
    for (kind, payload) in heard {
        if *kind == PONG && payload == STILL_THERE {
            "alive".clone_into(&mut outcome);
        }
        if *kind != TEXT {
            continue;
        }
        let shown = || String::from_utf8_lossy(payload).into_owned();
        let frame: RelayFrame = serde_json::from_slice(payload).map_err(|error| format!("{error}: {}", shown()))?;
        match frame {
            RelayFrame::Unknown => return Err(format!("says what nobody knows: {}", shown())),
            RelayFrame::Error { error } if error.code.status() < 500 && error.code != ErrorCode::Unknown => {
                outcome = serde_json::to_value(error.code).unwrap().as_str().unwrap().to_owned();
            }
            RelayFrame::Error { .. } => return Err(format!("fails: {}", shown())),
            _ => {}
        }
    }
    Ok(outcome)
}

#[test]
fn a_stream_is_judged_by_its_last_word() {
    let text = |text: &str| (TEXT, text.as_bytes().to_vec());
    let error = |code: &str| text(&format!(r#"{{"t":"error","error":{{"code":"{code}","message":""}}}}"#));
    let pong = (PONG, STILL_THERE.to_vec());
    assert_eq!(judge(&[]).unwrap(), "closed");
    assert_eq!(judge(&[text(r#"{"t":"ping","time_ms":1}"#), pong.clone()]).unwrap(), "alive");
    assert_eq!(judge(&[pong, error("invalid_frame")]).unwrap(), "invalid_frame");
    assert!(judge(&[error("internal")]).is_err());
    assert!(judge(&[error("unavailable")]).is_err());
    assert!(judge(&[text("{}")]).is_err());
}
