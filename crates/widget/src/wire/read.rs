//! Typed readers of parsed JSON: what is missing or of another type gives nothing, what is unknown is passed over.

use super::{Change, ContactState, Frame, History, Message};

/// A parsed JSON value: JavaScript's own in the browser, another parser's in tests.
pub trait Json: Sized {
    /// The field of an object; nothing if it is missing or null.
    fn field(&self, name: &str) -> Option<Self>;
    /// The text, if it is one.
    fn text(&self) -> Option<String>;
    /// The number, if it is one.
    fn number(&self) -> Option<f64>;
    /// The truth value, if it is one.
    fn flag(&self) -> Option<bool>;
    /// The elements, if it is an array.
    fn items(&self) -> Option<Vec<Self>>;
}

/// A whole number that JavaScript can hold exactly.
fn whole(value: f64) -> Option<i64> {
    const MAX: f64 = 9_007_199_254_740_991.0;
    if value.fract() != 0.0 || value.abs() > MAX {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and below 2^53")]
    Some(value as i64)
}

fn text(value: &impl Json, name: &str) -> Option<String> {
    value.field(name)?.text()
}

fn int(value: &impl Json, name: &str) -> Option<i64> {
    whole(value.field(name)?.number()?)
}

fn count(value: &impl Json, name: &str) -> Option<u32> {
    u32::try_from(int(value, name)?).ok()
}

fn flag(value: &impl Json, name: &str) -> Option<bool> {
    value.field(name)?.flag()
}

/// Reads a frame of the stream; what cannot be read is [`Frame::Unknown`].
#[must_use]
pub fn frame(value: &impl Json) -> Frame {
    known(value).unwrap_or(Frame::Unknown)
}

fn known(value: &impl Json) -> Option<Frame> {
    Some(match text(value, "t")?.as_str() {
        "welcome" => Frame::Welcome { time_ms: int(value, "time_ms")?, epoch: text(value, "epoch")? },
        "event" => Frame::Event {
            topic: text(value, "topic")?,
            epoch: text(value, "epoch")?,
            seq: u64::try_from(int(value, "seq")?).ok()?,
            change: value.field("data").map(|data| change(&data)).unwrap_or_default(),
        },
        "snapshot" => Frame::Snapshot {
            topic: text(value, "topic")?,
            epoch: text(value, "epoch")?,
            seq: u64::try_from(int(value, "seq")?).ok()?,
            part: count(value, "part")?,
            last: flag(value, "last")?,
            contact: value.field("data").and_then(|data| contact(&data)),
        },
        "left" => Frame::Left { topic: text(value, "topic")? },
        "up_to_date" => Frame::UpToDate { time_ms: int(value, "time_ms")? },
        "ping" => Frame::Ping { time_ms: int(value, "time_ms")? },
        "goaway" => Frame::Goaway { after_ms: count(value, "after_ms")? },
        "error" => Frame::Error { code: error_code(value)? },
        _ => return None,
    })
}

fn change(data: &impl Json) -> Change {
    Change {
        message: data.field("contact_message").and_then(|it| message(&it)),
        seen_n: count(data, "seen_n"),
        open: flag(data, "open"),
    }
}

fn contact(data: &impl Json) -> Option<ContactState> {
    if text(data, "kind")? != "contact" {
        return None;
    }
    Some(ContactState { history: history(data)?, seen_n: count(data, "seen_n")?, open: flag(data, "open")? })
}

fn message(value: &impl Json) -> Option<Message> {
    Some(Message {
        id: text(value, "id")?,
        n: count(value, "n")?,
        agent_name: text(value, "agent_name"),
        text: text(value, "text")?,
        at: int(value, "at")?,
    })
}

/// Reads a page of older messages.
#[must_use]
pub fn history(value: &impl Json) -> Option<History> {
    let messages = value.field("messages")?.items()?.iter().map(message).collect::<Option<Vec<_>>>()?;
    Some(History { messages, has_more: flag(value, "has_more")? })
}

/// Reads the answer to a written message.
#[must_use]
pub fn message_body(value: &impl Json) -> Option<Message> {
    message(&value.field("message")?)
}

/// Reads the answer to the making of a visitor.
#[must_use]
pub fn visitor_token(value: &impl Json) -> Option<String> {
    text(value, "token")
}

/// Reads the code of an error's body or frame.
#[must_use]
pub fn error_code(value: &impl Json) -> Option<String> {
    text(&value.field("error")?, "code")
}
