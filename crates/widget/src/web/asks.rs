//! Requests to the relay that the frame came from.

use alloc::string::String;
use alloc::vec::Vec;

use super::json::Value;
use super::page;
use crate::client::{Draft, Refusal};
use crate::digits::{digits, join};
use crate::wire::Json as _;
use crate::wire::{self, write};

/// A question to the relay.
pub(super) enum Ask {
    /// A visitor's token, of the channel with this key.
    Visitor {
        /// The channel's public key.
        key: String,
    },
    /// To store a message.
    Post {
        /// The visitor's token.
        token: String,
        /// `msg_…`
        id: String,
        /// What was written.
        draft: Draft,
    },
    /// Older messages.
    Page {
        /// The visitor's token.
        token: String,
        /// Messages with a smaller number.
        before: u32,
    },
}

const MESSAGES: &str = "/v1/widget/messages";
const VISIT: &str = "/v1/widget/visit";
const LATER: Refusal = Refusal::Unreachable { retry_after_ms: None };

/// The questions that are not answered yet.
#[derive(Default)]
pub(super) struct Asks {
    open: Vec<(u32, Ask)>,
    n_asked: u32,
}

impl Asks {
    /// Asks the relay.
    pub(super) fn ask(&mut self, ask: Ask) {
        self.n_asked = self.n_asked.wrapping_add(1);
        let number = self.n_asked;
        match &ask {
            Ask::Visitor { key } => {
                page::ask(number, &join(&["/v1/widget/", &page::encode(key), "/visitors"]), "", "{}");
            }
            Ask::Post { token, id, draft } => {
                let body = write::contact_writes(id, &draft.text, &page::ids(&draft.files));
                page::ask(number, MESSAGES, token, &body);
            }
            Ask::Page { token, before } => {
                page::ask(number, &join(&[MESSAGES, "?before=", &digits(i64::from(*before))]), token, "");
            }
        }
        self.open.push((number, ask));
    }

    /// The question that was answered.
    pub(super) fn answered(&mut self, value: Value) -> Option<Ask> {
        let number = wire::count(&value, "number")?;
        let at = self.open.iter().position(|(open, _)| *open == number)?;
        Some(self.open.remove(at).1)
    }
}

/// Tells of the visit by what the embedding page wrote. It is no question: its number is none of theirs.
pub(super) fn tell_visit(token: &str, visit: &str) {
    page::ask(0, VISIT, token, visit);
}

/// An answer's body, or why there is none. One that cannot be read counts as none.
pub(super) fn read<T>(value: Value, reader: fn(&Value) -> Option<T>) -> Result<T, Refusal> {
    let body = value.field("body");
    match wire::count(&value, "status").and_then(|status| u16::try_from(status).ok()) {
        None | Some(0) => Err(LATER),
        Some(200..300) => body.and_then(|body| reader(&body)).ok_or(LATER),
        Some(status) => {
            let retry_after_ms = wire::count(&value, "later").map(|seconds| i64::from(seconds).saturating_mul(1_000));
            Err(Refusal::of(status, body.and_then(|body| wire::error_code(&body)), retry_after_ms))
        }
    }
}
