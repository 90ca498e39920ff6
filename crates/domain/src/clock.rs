//! The one clock of an open conversation (A9).

use crate::time::{Span, Timestamp};

/// Whose turn it is to write (A9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Turn {
    /// A client message waits for an answer of ours.
    Ours,
    /// Our answer is on its way; the client may write.
    Theirs,
}

/// What happens when the clock runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Due {
    /// The agent is cleared and the conversation stands in "New" (A9).
    Detach,
    /// The conversation is finished (X2).
    Finish,
}

/// The settings that the clock runs by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// "Detach my conversations" of the conversation's owner (A10).
    pub detach_after: Span,
    /// "Finish after client inactivity" of the project (X2).
    pub finish_after: Span,
}

/// Fifteen minutes, where nobody chose otherwise (A9, X2).
pub const DEFAULT_MINUTES: u32 = 15;

impl Default for Policy {
    fn default() -> Self {
        Self { detach_after: Span::from_minutes(DEFAULT_MINUTES), finish_after: Span::from_minutes(DEFAULT_MINUTES) }
    }
}

/// A running clock: when it runs out and what happens then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// When.
    pub at: Timestamp,
    /// What.
    pub due: Due,
}
