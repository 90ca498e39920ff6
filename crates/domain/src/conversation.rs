//! The life of a conversation: accept, assign, clear, answer, close, and whose turn it is.
//!
//! [`Conversation::decide`] says what an input does, as facts, or refuses it; [`Conversation::evolve`] applies one fact. The
//! store writes the facts to the log, so replaying the log gives the state by the same code that made it.

mod decide;
#[cfg(test)]
mod laws;

use crate::agent::{Actor, Candidate};
use crate::alert::Audience;
use crate::clock::{Deadline, Due, Policy, Turn};
use crate::id::AgentId;
use crate::time::Timestamp;

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

/// How a conversation ended (X3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CloseReason {
    /// An agent chose "Close".
    Agent,
    /// The client was silent for the project's time.
    ContactIdle,
}

/// Why nobody has the conversation any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnassignCause {
    /// "Assign" → "Clear" (A11).
    Cleared,
    /// The agent was inactive for his time (A9).
    AgentIdle,
    /// The agent lost the project or the channel (A15).
    AgentRemoved,
}

/// What happened, as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The client wrote.
    ContactWrote,
    /// An agent took it.
    Accepted {
        /// Who has it now.
        agent: AgentId,
    },
    /// It was given to an agent.
    Assigned {
        /// Who has it now.
        to: AgentId,
        /// Who had it.
        from: Option<AgentId>,
    },
    /// It went back to "New".
    Unassigned {
        /// Who had it.
        from: AgentId,
        /// Why.
        cause: UnassignCause,
    },
    /// The owner answered.
    AgentWrote {
        /// Who wrote.
        agent: AgentId,
    },
    /// It was finished.
    Closed {
        /// How.
        reason: CloseReason,
    },
}

/// What somebody, or the clock, wants of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The client wrote a message.
    ContactWrote,
    /// "Accept conversation".
    Accept {
        /// Who.
        by: Actor,
    },
    /// "Assign to an agent", or "Assign" on a taken one.
    Assign {
        /// Who does it.
        by: Actor,
        /// Who shall have it.
        to: Candidate,
        /// The fence that `by` knows, checked if it is given.
        fence: Option<Fence>,
    },
    /// "Assign" → "Clear".
    Clear {
        /// Who does it.
        by: Actor,
        /// The fence that `by` knows, checked if it is given.
        fence: Option<Fence>,
    },
    /// An answer to the client, stored and on its way.
    AgentWrote {
        /// Who wrote.
        by: Actor,
        /// The fence of the claim that the answer stands on; none is as bad as an old one.
        fence: Option<Fence>,
    },
    /// "Close".
    Close {
        /// Who does it.
        by: Actor,
        /// The fence that `by` knows, checked if it is given.
        fence: Option<Fence>,
    },
    /// An alarm rang; asks again whether the clock has run out.
    DeadlineReached,
}

/// Why an input changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Somebody has the conversation already (A3).
    #[error("the conversation is already taken")]
    Taken {
        /// Who has it.
        holder: AgentId,
    },
    /// Only the owner may do it (A7), or the owner and administrators (A14).
    #[error("only the conversation's agent may do this")]
    NotHolder {
        /// Who has it, if anybody.
        holder: Option<AgentId>,
    },
    /// The claim is no longer the present one (A7).
    #[error("the claim on the conversation is out of date")]
    StaleFence {
        /// Who has it, if anybody.
        holder: Option<AgentId>,
    },
    /// The conversation is finished (X4).
    #[error("the conversation is finished")]
    Finished,
    /// The agent who does it is Offline (P7).
    #[error("an Offline agent cannot do this")]
    Offline,
    /// The chosen agent is not Online (A5).
    #[error("the chosen agent is Offline")]
    CandidateOffline,
    /// The chosen agent has no access to the channel (A4).
    #[error("the chosen agent has no access to the channel")]
    CandidateWithoutAccess,
    /// The chosen agent has it already (A4).
    #[error("the chosen agent has the conversation already")]
    CandidateHolds,
    /// Nobody has the conversation, so there is nothing to clear (A11).
    #[error("nobody has the conversation")]
    NotTaken,
}

/// What an accepted input does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The facts, in order; none if an alarm rang early or twice.
    pub facts: Vec<Fact>,
    /// Who is alerted.
    pub audience: Audience,
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
            n_alerts: 0,
        }
    }

    /// Puts a stored conversation together again.
    #[must_use]
    pub fn from_parts(parts: Parts) -> Self {
        let Parts { status, assignee, fence, turn, unanswered_since, taken_at, answered_at, last_message_at, n_alerts } =
            parts;
        Self { status, assignee, fence, turn, unanswered_since, taken_at, answered_at, last_message_at, n_alerts }
    }

    /// The plain fields, for the store.
    #[must_use]
    pub fn parts(&self) -> Parts {
        let Self { status, assignee, fence, turn, unanswered_since, taken_at, answered_at, last_message_at, n_alerts } =
            self.clone();
        Parts { status, assignee, fence, turn, unanswered_since, taken_at, answered_at, last_message_at, n_alerts }
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

    /// The one clock that runs, if any (A9).
    ///
    /// Our turn with an owner runs towards detaching, their turn towards finishing, our turn without an owner towards nothing.
    #[must_use]
    pub fn deadline(&self, policy: Policy) -> Option<Deadline> {
        if self.status != Status::Open {
            return None;
        }
        match (self.turn, self.taken_at) {
            (Turn::Ours, Some(taken_at)) => {
                Some(Deadline { at: taken_at.max(self.unanswered_since).plus(policy.detach_after), due: Due::Detach })
            }
            (Turn::Ours, None) => None,
            (Turn::Theirs, _) => {
                let since = self.answered_at.unwrap_or(self.unanswered_since);
                Some(Deadline { at: since.plus(policy.finish_after), due: Due::Finish })
            }
        }
    }

    /// Applies one fact of the log.
    pub fn evolve(&mut self, fact: &Fact, at: Timestamp) {
        match fact {
            Fact::ContactWrote => {
                if self.turn == Turn::Theirs {
                    self.unanswered_since = at;
                }
                self.turn = Turn::Ours;
                self.last_message_at = at;
                self.n_alerts += 1;
            }
            Fact::Accepted { agent } | Fact::Assigned { to: agent, .. } => {
                self.assignee = Some(agent.clone());
                self.fence += 1;
                self.taken_at = Some(at);
            }
            Fact::Unassigned { .. } => {
                self.assignee = None;
                self.fence += 1;
                self.taken_at = None;
                self.n_alerts += 1;
            }
            Fact::AgentWrote { .. } => {
                self.turn = Turn::Theirs;
                self.answered_at = Some(at);
                self.last_message_at = at;
            }
            Fact::Closed { reason } => self.status = Status::Closed { at, reason: *reason },
        }
    }
}
