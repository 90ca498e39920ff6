//! The wire as the widget needs it: small twins of `protocol`'s types, checked against them by a test.

mod read;
#[cfg(test)]
mod tests;
pub mod write;

use alloc::string::String;
use alloc::vec::Vec;

pub(crate) use read::count;
pub use read::{Json, error_code, files, frame, history, message_body, visitor_token};

/// A message as the client sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// `msg_…`
    pub id: String,
    /// Its number within the contact.
    pub n: u32,
    /// The agent's name; nothing if the client wrote it himself.
    pub agent_name: Option<String>,
    /// The text, never HTML.
    pub text: String,
    /// When it was stored, by the relay's clock.
    pub at: i64,
    /// Its files, as the relay tells of them: a JSON array, which only the script looks into. Empty if there are none.
    pub files: String,
}

/// A page of older messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// Oldest first.
    pub messages: Vec<Message>,
    /// Whether there are older ones.
    pub has_more: bool,
}

/// Whether the client may write (B4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Whether he may not.
    pub blocked: bool,
    /// Until when, by the relay's clock; nothing for ever, and if he may.
    pub until: Option<i64>,
}

/// What the client's topic holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactState {
    /// The newest messages, oldest first.
    pub history: History,
    /// The highest number that an agent has seen.
    pub seen_n: u32,
    /// Whether a conversation is open.
    pub open: bool,
    /// Whether he may write.
    pub block: Block,
}

/// What an event changes for the client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// A message.
    pub message: Option<Message>,
    /// The highest number that an agent has seen.
    pub seen_n: Option<u32>,
    /// Whether a conversation is open.
    pub open: Option<bool>,
    /// Whether he may write.
    pub block: Option<Block>,
}

/// A frame of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// The first one.
    Welcome {
        /// The relay's clock.
        time_ms: i64,
        /// The record's epoch.
        epoch: String,
    },
    /// One event of the client's topic.
    Event {
        /// The topic.
        topic: String,
        /// The record's epoch.
        epoch: String,
        /// Its number.
        seq: u64,
        /// What it changes.
        change: Change,
    },
    /// The topic's state.
    Snapshot {
        /// The topic.
        topic: String,
        /// The record's epoch.
        epoch: String,
        /// The number of the last event contained.
        seq: u64,
        /// 0 for the first part.
        part: u32,
        /// Whether this is the last part.
        last: bool,
        /// What it holds; nothing if it is not a contact's.
        contact: Option<ContactState>,
    },
    /// Access to the topic is gone.
    Left {
        /// The topic.
        topic: String,
    },
    /// Everything up to `hello` has been sent.
    UpToDate {
        /// The relay's clock.
        time_ms: i64,
    },
    /// A sign of life.
    Ping {
        /// The relay's clock.
        time_ms: i64,
    },
    /// The relay is going away.
    Goaway {
        /// When to connect again.
        after_ms: u32,
    },
    /// Why the stream ends.
    Error {
        /// `protocol::error::ErrorCode`, as text.
        code: String,
    },
    /// A frame that this build does not know or cannot read.
    Unknown,
}

impl Frame {
    /// What the session needs of it.
    #[must_use]
    pub fn head(&self) -> session::Head<'_> {
        use session::Head;
        match self {
            Self::Welcome { time_ms, epoch } => Head::Welcome { time_ms: *time_ms, epoch },
            Self::Event { topic, epoch, seq, .. } => Head::Event { topic, epoch, seq: *seq },
            Self::Snapshot { topic, epoch, seq, part, last, .. } => {
                Head::Snapshot { topic, epoch, seq: *seq, part: *part, last: *last }
            }
            Self::Left { topic } => Head::Left { topic },
            Self::UpToDate { time_ms } => Head::UpToDate { time_ms: *time_ms },
            Self::Ping { time_ms } => Head::Ping { time_ms: *time_ms },
            Self::Goaway { after_ms } => Head::Goaway { after_ms: *after_ms },
            Self::Error { code } => Head::Error { code },
            Self::Unknown => Head::Unknown,
        }
    }
}
