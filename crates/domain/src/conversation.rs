//! The life of a conversation: accept, assign, clear, answer, close, and whose turn it is.
//!
//! [`Conversation::decide`] says what an input does, as facts, or refuses it; [`Conversation::evolve`] applies one fact. The
//! store writes the facts to the log, so replaying the log gives the state by the same code that made it.

mod decide;
mod evolve;
mod fact;
mod input;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod stories;

use crate::clock::{Deadline, Policy, Turn};
use crate::id::AgentId;
use crate::time::Timestamp;

pub use fact::{CloseReason, Fact, UnassignCause, Way};
pub use input::{Decision, Input, Refusal};

/// Counts the changes of owner of one conversation; what only the owner may do carries it (A7).
pub type Fence = u32;

/// Open, or finished for good (a client who writes again starts a new one, X5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Being worked on, or waiting in "New".
    Open,
    /// Finished.
    Closed {
        /// When.
        at: Timestamp,
        /// How it ended.
        reason: CloseReason,
    },
}

/// The workflow state of one conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    status: Status,
    assignee: Option<AgentId>,
    fence: Fence,
    turn: Turn,
    /// When the turn became ours: the first client message that has no answer yet.
    unanswered_since: Timestamp,
    /// When the present owner got it.
    taken_at: Option<Timestamp>,
    /// When our last answer went out.
    answered_at: Option<Timestamp>,
    last_message_at: Timestamp,
    /// When the client's last message came.
    contact_wrote_at: Timestamp,
    /// When the owner's clock was started anew: by his activity, or the end of a block.
    detach_restarted_at: Option<Timestamp>,
    /// When the client's clock was started anew: by his typing or file, "Postpone", or the end of a block.
    finish_restarted_at: Option<Timestamp>,
    /// Since when the client is blocked.
    blocked_at: Option<Timestamp>,
    /// Counts what agents shall notice: client messages and returns to "New" (N2, N3).
    n_alerts: u32,
}

/// The plain fields of a [`Conversation`], for the store's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Open or finished.
    pub status: Status,
    /// Who has it.
    pub assignee: Option<AgentId>,
    /// How often the owner changed.
    pub fence: Fence,
    /// Whose turn it is.
    pub turn: Turn,
    /// When the first unanswered client message came.
    pub unanswered_since: Timestamp,
    /// When the present owner got it.
    pub taken_at: Option<Timestamp>,
    /// When our last answer went out.
    pub answered_at: Option<Timestamp>,
    /// When the last client or agent message came (L2).
    pub last_message_at: Timestamp,
    /// When the client's last message came.
    pub contact_wrote_at: Timestamp,
    /// When the owner's clock was started anew.
    pub detach_restarted_at: Option<Timestamp>,
    /// When the client's clock was started anew.
    pub finish_restarted_at: Option<Timestamp>,
    /// Since when the client is blocked.
    pub blocked_at: Option<Timestamp>,
    /// How many things agents were to notice so far.
    pub n_alerts: u32,
}

impl Conversation {
    /// The conversation that a client's first message opens, before that message is applied.
    #[must_use]
    pub fn opened(at: Timestamp) -> Self {
        Self {
            status: Status::Open,
            assignee: None,
            fence: 0,
            turn: Turn::Theirs,
            unanswered_since: at,
            taken_at: None,
            answered_at: None,
            last_message_at: at,
            contact_wrote_at: at,
            detach_restarted_at: None,
            finish_restarted_at: None,
            blocked_at: None,
            n_alerts: 0,
        }
    }

    /// Puts a stored conversation together again.
    #[must_use]
    pub fn from_parts(parts: Parts) -> Self {
        let Parts { status, assignee, fence, turn, unanswered_since, taken_at, answered_at, last_message_at, .. } =
            parts;
        let Parts { contact_wrote_at, detach_restarted_at, finish_restarted_at, blocked_at, n_alerts, .. } = parts;
        Self {
            status,
            assignee,
            fence,
            turn,
            unanswered_since,
            taken_at,
            answered_at,
            last_message_at,
            contact_wrote_at,
            detach_restarted_at,
            finish_restarted_at,
            blocked_at,
            n_alerts,
        }
    }

    /// The plain fields, for the store.
    #[must_use]
    pub fn parts(&self) -> Parts {
        Parts {
            status: self.status,
            assignee: self.assignee.clone(),
            fence: self.fence,
            turn: self.turn,
            unanswered_since: self.unanswered_since,
            taken_at: self.taken_at,
            answered_at: self.answered_at,
            last_message_at: self.last_message_at,
            contact_wrote_at: self.contact_wrote_at,
            detach_restarted_at: self.detach_restarted_at,
            finish_restarted_at: self.finish_restarted_at,
            blocked_at: self.blocked_at,
            n_alerts: self.n_alerts,
        }
    }

    /// Open or finished.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// Who has it.
    #[must_use]
    pub fn assignee(&self) -> Option<&AgentId> {
        self.assignee.as_ref()
    }

    /// How often the owner changed.
    #[must_use]
    pub fn fence(&self) -> Fence {
        self.fence
    }

    /// Whose turn it is (A9).
    #[must_use]
    pub fn turn(&self) -> Turn {
        self.turn
    }

    /// How many things agents were to notice so far (N2).
    #[must_use]
    pub fn n_alerts(&self) -> u32 {
        self.n_alerts
    }

    /// What happens next by itself, and when, if anything (A9).
    ///
    /// Our turn with an owner runs towards detaching, their turn towards finishing, our turn without an owner towards nothing. Where
    /// the project counts from the client's last message ([`crate::clock::FinishFrom`]), every open conversation also runs towards
    /// finishing. A blocked client's runs towards finishing alone (B6).
    #[must_use]
    pub fn deadline(&self, policy: Policy) -> Option<Deadline> {
        self.clocks(policy).next()
    }
}
