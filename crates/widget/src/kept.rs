//! How a message that is not stored yet is written into the browser's storage.

use alloc::borrow::ToOwned as _;
use alloc::string::String;

use crate::client::{Draft, Kept};
use crate::digits::{digits, join};
use crate::wire::write::quote;
use crate::wire::{self, Json};

/// The stored form of a message; its id stands in the key.
#[must_use]
pub fn encode(kept: &Kept) -> String {
    let failed = kept.failed.as_deref().map_or_else(|| String::from("null"), quote);
    let files = if kept.draft.files.is_empty() { "[]" } else { &kept.draft.files };
    join(&[
        "{\"text\":",
        &quote(&kept.draft.text),
        ",\"at\":",
        &digits(kept.draft.at),
        ",\"failed\":",
        &failed,
        ",\"attachments\":",
        files,
        "}",
    ])
}

/// Reads the stored form; nothing if it is not one of ours.
#[must_use]
pub fn decode(id: &str, value: &impl Json) -> Option<Kept> {
    let text = value.text("text")?;
    #[expect(clippy::cast_possible_truncation, reason = "an instant; a damaged one only shows another time")]
    let at = value.number("at")? as i64;
    let failed = value.text("failed");
    Some(Kept { id: id.to_owned(), draft: Draft { text, at, files: wire::files(value) }, failed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        for failed in [None, Some(String::from("too_large"))] {
            let kept = Kept {
                id: String::from("msg_1"),
                draft: Draft {
                    text: String::from("a\"\n\u{1}б"),
                    at: 1_900_000_000_000,
                    files: String::from("[{\"id\":\"att_1\"}]"),
                },
                failed,
            };
            let value: serde_json::Value = serde_json::from_str(&encode(&kept)).unwrap();
            assert_eq!(decode("msg_1", &value), Some(kept));
        }
        assert_eq!(decode("msg_1", &serde_json::json!({"at": 1})), None);
    }
}
