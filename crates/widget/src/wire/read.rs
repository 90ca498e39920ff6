//! Typed readers of parsed JSON: what is missing or of another type gives nothing, what is unknown is passed over.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Block, Change, ContactState, Frame, History, Message};

/// A parsed JSON value: JavaScript's own in the browser, another parser's in tests.
pub trait Json: Sized {
    /// The field of an object; nothing if it is missing or null.
    fn field(&self, name: &str) -> Option<Self>;
    /// The field, or the value itself if the name is empty, if it is a text.
    fn text(&self, name: &str) -> Option<String>;
    /// The field, if it is a number.
    fn number(&self, name: &str) -> Option<f64>;
    /// The field, if it is a truth value.
    fn flag(&self, name: &str) -> Option<bool>;
    /// The field as JSON.
    fn json(&self, name: &str) -> Option<String>;
    /// The elements of the field, if it is an array.
    fn items(&self, name: &str) -> Option<Vec<Self>>;
}

/// A whole number that JavaScript can hold exactly.
fn whole(value: f64) -> Option<i64> {
    const MAX: f64 = 9_007_199_254_740_991.0;
    #[expect(clippy::cast_possible_truncation, reason = "checked below to be whole")]
    let whole = value as i64;
    #[expect(clippy::cast_precision_loss, reason = "a number of more than 53 bits is not taken")]
    let same = whole as f64 == value && (-MAX..=MAX).contains(&value);
    same.then_some(whole)
}

fn int(value: &impl Json, name: &str) -> Option<i64> {
    whole(value.number(name)?)
}

pub(crate) fn count(value: &impl Json, name: &str) -> Option<u32> {
    u32::try_from(int(value, name)?).ok()
}

/// Reads a frame of the stream; what cannot be read is [`Frame::Unknown`].
#[must_use]
pub fn frame(value: &impl Json) -> Frame {
    known(value).unwrap_or(Frame::Unknown)
}

fn known(value: &impl Json) -> Option<Frame> {
    Some(match value.text("t")?.as_str() {
        "welcome" => Frame::Welcome { time_ms: int(value, "time_ms")?, epoch: value.text("epoch")? },
        "event" => Frame::Event {
            topic: value.text("topic")?,
            epoch: value.text("epoch")?,
            seq: u64::try_from(int(value, "seq")?).ok()?,
            change: value.field("data").map(|data| change(&data)).unwrap_or_default(),
        },
        "snapshot" => Frame::Snapshot {
            topic: value.text("topic")?,
            epoch: value.text("epoch")?,
            seq: u64::try_from(int(value, "seq")?).ok()?,
            part: count(value, "part")?,
            last: value.flag("last")?,
            contact: value.field("data").and_then(|data| contact(&data)),
        },
        "left" => Frame::Left { topic: value.text("topic")? },
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
        open: data.flag("open"),
        block: block(data),
    }
}

fn block(data: &impl Json) -> Option<Block> {
    let value = data.field("block")?;
    Some(Block { blocked: value.flag("blocked")?, until: int(&value, "until") })
}

fn contact(data: &impl Json) -> Option<ContactState> {
    if data.text("kind")? != "contact" {
        return None;
    }
    Some(ContactState {
        history: history(data)?,
        seen_n: count(data, "seen_n")?,
        open: data.flag("open")?,
        block: block(data).unwrap_or_default(),
    })
}

fn message(value: &impl Json) -> Option<Message> {
    Some(Message {
        id: value.text("id")?,
        n: count(value, "n")?,
        agent_name: value.text("agent_name"),
        text: value.text("text")?,
        at: int(value, "at")?,
        files: files(value),
    })
}

/// Reads the files of a message.
#[must_use]
pub fn files(value: &impl Json) -> String {
    value.json("attachments").unwrap_or_default()
}

/// Reads a page of older messages.
#[must_use]
pub fn history(value: &impl Json) -> Option<History> {
    let mut messages = Vec::new();
    for item in value.items("messages")? {
        messages.push(message(&item)?);
    }
    Some(History { messages, has_more: value.flag("has_more")? })
}

/// Reads the answer to a written message.
#[must_use]
pub fn message_body(value: &impl Json) -> Option<Message> {
    message(&value.field("message")?)
}

/// Reads the answer to the making of a visitor.
#[must_use]
pub fn visitor_token(value: &impl Json) -> Option<String> {
    value.text("token")
}

/// Reads the code of an error's body or frame.
#[must_use]
pub fn error_code(value: &impl Json) -> Option<String> {
    value.field("error")?.text("code")
}
