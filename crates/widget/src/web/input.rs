//! What happens to the client, as one type: the driver's every path goes through it.

use crate::client::{Client, Effect, Kept, Refusal};
use crate::wire::{Frame, History, Message};

/// Something that happens; each is a method of [`Client`].
pub(super) enum Input {
    /// [`Client::start`]
    Start {
        /// The token of an earlier visit.
        token: Option<String>,
        /// What an earlier visit has not brought to the relay.
        kept: Vec<Kept>,
    },
    /// [`Client::timer`]
    Timer,
    /// [`Client::wake`]
    Wake,
    /// [`Client::show`]
    Show(bool),
    /// [`Client::older`]
    Older,
    /// [`Client::write`]
    Write {
        /// `msg_…`
        id: String,
        /// The text.
        text: String,
    },
    /// [`Client::retry`]
    Retry {
        /// `msg_…`
        id: String,
        /// Another id, if that one is taken.
        fresh: String,
    },
    /// [`Client::discard`]
    Discard(String),
    /// [`Client::opened`]
    Opened,
    /// [`Client::frame`]
    Frame(Frame),
    /// [`Client::closed`]
    Closed,
    /// [`Client::visitor_answered`]
    VisitorAnswered(Result<String, Refusal>),
    /// [`Client::posted`]
    Posted {
        /// The token that it was sent with.
        token: String,
        /// `msg_…`
        id: String,
        /// The answer.
        answer: Result<Message, Refusal>,
    },
    /// [`Client::paged`]
    Paged {
        /// The token that it was asked with.
        token: String,
        /// What it was asked for.
        before: u32,
        /// The answer.
        answer: Result<History, Refusal>,
    },
    /// [`Client::token_kept_elsewhere`]
    TokenElsewhere(String),
    /// [`Client::kept_elsewhere`]
    KeptElsewhere(Kept),
    /// [`Client::dropped_elsewhere`]
    DroppedElsewhere(String),
}

impl Input {
    /// Passes it to the client.
    pub(super) fn pass(self, client: &mut Client, now: i64) -> Vec<Effect> {
        match self {
            Self::Start { token, kept } => client.start(token, kept, now),
            Self::Timer => client.timer(now),
            Self::Wake => client.wake(now),
            Self::Show(shown) => client.show(shown, now),
            Self::Older => client.older(now),
            Self::Write { id, text } => client.write(&id, &text, now),
            Self::Retry { id, fresh } => client.retry(&id, &fresh, now),
            Self::Discard(id) => client.discard(&id, now),
            Self::Opened => client.opened(now),
            Self::Frame(frame) => client.frame(frame, now),
            Self::Closed => client.closed(now),
            Self::VisitorAnswered(answer) => client.visitor_answered(answer, now),
            Self::Posted { token, id, answer } => client.posted(&token, &id, answer, now),
            Self::Paged { token, before, answer } => client.paged(&token, before, answer, now),
            Self::TokenElsewhere(token) => client.token_kept_elsewhere(token, now),
            Self::KeptElsewhere(kept) => client.kept_elsewhere(kept, now),
            Self::DroppedElsewhere(id) => client.dropped_elsewhere(&id, now),
        }
    }
}
