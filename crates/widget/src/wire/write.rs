//! Writers of what the widget says.

use session::Cursor;

/// The version of the wire that this build speaks.
pub const WIRE_VERSION: u32 = 1;

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
                for half in [c as u32 >> 4, c as u32 & 15] {
                    out.extend(char::from_digit(half, 16));
                }
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
        places += &format!("{}:{{\"epoch\":{},\"seq\":{}}}", quote(topic), quote(&cursor.epoch), cursor.seq);
    }
    format!("{{\"t\":\"hello\",\"token\":{},\"version\":{WIRE_VERSION},\"cursors\":{{{places}}}}}", quote(token))
}

/// The answer to a ping.
#[must_use]
pub fn pong() -> String {
    String::from("{\"t\":\"pong\"}")
}

/// Asks for the events after a gap.
#[must_use]
pub fn resume(topic: &str, cursor: &Cursor) -> String {
    format!("{{\"t\":\"resume\",\"topic\":{},\"epoch\":{},\"seq\":{}}}", quote(topic), quote(&cursor.epoch), cursor.seq)
}

/// The body of `POST /v1/widget/messages`.
#[must_use]
pub fn contact_writes(id: &str, text: &str) -> String {
    format!("{{\"id\":{},\"text\":{}}}", quote(id), quote(text))
}
