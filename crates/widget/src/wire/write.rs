//! Writers of what the widget says.

use alloc::string::String;

use session::Cursor;

use crate::digits::{digit, digits, join};

/// The version of the wire that this build speaks.
pub const WIRE_VERSION: i64 = 1;

/// A text as a JSON string.
#[must_use]
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            c if c < ' ' => {
                out.push_str("\\u00");
                out.push(digit(u64::from(c) >> 4));
                out.push(digit(u64::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The stream's first frame: the visitor's token and where the widget stands.
#[must_use]
pub fn hello(token: &str, cursors: &[(String, Cursor)]) -> String {
    let mut places = String::new();
    for (topic, cursor) in cursors {
        if !places.is_empty() {
            places.push(',');
        }
        places += &join(&[&quote(topic), ":{", &place(cursor), "}"]);
    }
    let version = digits(WIRE_VERSION);
    join(&["{\"t\":\"hello\",\"token\":", &quote(token), ",\"version\":", &version, ",\"cursors\":{", &places, "}}"])
}

/// The answer to a ping.
#[must_use]
pub fn pong() -> String {
    String::from("{\"t\":\"pong\"}")
}

/// The visitor types.
#[must_use]
pub fn typing() -> String {
    String::from("{\"t\":\"typing\"}")
}

/// Asks for the events after a gap.
#[must_use]
pub fn resume(topic: &str, cursor: &Cursor) -> String {
    join(&["{\"t\":\"resume\",\"topic\":", &quote(topic), ",", &place(cursor), "}"])
}

/// The body of `POST /v1/widget/messages`; the ids of its files are a JSON array.
#[must_use]
pub fn contact_writes(id: &str, text: &str, files: &str) -> String {
    join(&["{\"id\":", &quote(id), ",\"text\":", &quote(text), ",\"attachments\":", files, "}"])
}

fn place(cursor: &Cursor) -> String {
    let seq = digits(i64::try_from(cursor.seq).unwrap_or(i64::MAX));
    join(&["\"epoch\":", &quote(&cursor.epoch), ",\"seq\":", &seq])
}
