//! The life of a conversation: accept, assign, clear, answer, close, and whose turn it is.
//!
//! [`Conversation::decide`] says what an input does, as facts, or refuses it; [`Conversation::evolve`] applies one fact. The
//! store writes the facts to the log, so replaying the log gives the state by the same code that made it.

mod decide;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod stories;

use crate::agent::{Actor, Candidate};
use crate::alert::Audience;
use crate::clock::{Clocks, Deadline, FinishFrom, Policy, Turn};
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
    /// The client was blocked, and stayed so for its time (B6).
    ContactBlocked,
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
    /// The agent went Offline by hand and returned what he had (P11).
    WentOffline,
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
    /// The owner answered, and the answer is on its way.
    AgentWrote {
        /// Who wrote.
        agent: AgentId,
    },
    /// The owner wrote an answer that the messenger has not taken yet (A9).
    AnswerQueued {
        /// Who wrote.
        agent: AgentId,
    },
    /// A queued answer is on its way.
    AnswerSent {
        /// When it was written: it answers what came before.
        written_at: Timestamp,
    },
    /// The owner types or chooses a file (A9).
    AgentActive {
        /// Who.
        agent: AgentId,
    },
    /// The client types or sends a file (X2).
    ContactActive,
    /// The owner asked for a full period from now (X3).
    Postponed {
        /// Who.
        agent: AgentId,
    },
    /// Its client was blocked (B6).
    ContactBlocked,
    /// Its client was unblocked, or his block ended.
    ContactUnblocked,
    /// It was finished.
    Closed {
        /// How.
        reason: CloseReason,
    },
}

/// How far an answer has come when it is stored (A9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// Storing it delivers it: the online chat.
    Stored,
    /// A messenger has to take it; until then it is no answer.
    Queued,
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
        /// Whether it is on its way.
        way: Way,
    },
    /// The messenger took a queued answer.
    AnswerSent {
        /// When it was written.
        written_at: Timestamp,
    },
    /// An agent types or chooses a file. Nothing happens unless it is the owner and his clock runs.
    AgentActive {
        /// Who.
        by: Actor,
    },
    /// The client types or sends a file. Nothing happens unless his clock runs.
    ContactActive,
    /// "Postpone" (X3).
    Postpone {
        /// Who does it.
        by: Actor,
        /// The fence that `by` knows, checked if it is given.
        fence: Option<Fence>,
    },
    /// The client was blocked; [`crate::block`] decided that.
    ContactBlocked,
    /// The client is not blocked any more.
    ContactUnblocked,
    /// An agent cannot or will not keep what he has: he was removed, went Offline, or an administrator clears it (A15, P10, P11).
    AgentLeaves {
        /// Who.
        agent: AgentId,
        /// Why.
        cause: UnassignCause,
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
    /// The client is blocked: he cannot write, nor be answered (B4, B6).
    #[error("the client is blocked")]
    ContactBlocked,
    /// It is not about to finish, so there is nothing to postpone (X3).
    #[error("the conversation is not waiting for the client")]
    NothingToPostpone,
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
    /// Our turn with an owner runs towards detaching, their turn towards finishing, our turn without an owner towards nothing. With
    /// [`FinishFrom::ContactMessage`] every open conversation also runs towards finishing. A blocked client's runs towards
    /// finishing alone (B6).
    #[must_use]
    pub fn deadline(&self, policy: Policy) -> Option<Deadline> {
        self.clocks(policy).next()
    }

    fn clocks(&self, policy: Policy) -> Clocks {
        if self.status != Status::Open {
            return Clocks::default();
        }
        if let Some(blocked_at) = self.blocked_at {
            return Clocks { detach_at: None, finish_at: Some(blocked_at.plus(policy.blocked_finish_after)) };
        }
        let detach_from = match (self.turn, self.taken_at) {
            (Turn::Ours, Some(taken_at)) => Some(taken_at.max(self.unanswered_since)),
            (Turn::Ours, None) | (Turn::Theirs, _) => None,
        };
        let finish_from = match (policy.finish_from, self.turn) {
            (FinishFrom::ContactMessage, _) => Some(self.contact_wrote_at),
            (FinishFrom::OurAnswer, Turn::Theirs) => Some(self.answered_at.unwrap_or(self.unanswered_since)),
            (FinishFrom::OurAnswer, Turn::Ours) => None,
        };
        // An earlier restart than the beginning says nothing; none is before everything.
        let detach_from = detach_from.map(|from| self.detach_restarted_at.map_or(from, |at| at.max(from)));
        let finish_from = finish_from.map(|from| self.finish_restarted_at.map_or(from, |at| at.max(from)));
        Clocks {
            detach_at: detach_from.map(|from| from.plus(policy.detach_after)),
            finish_at: finish_from.map(|from| from.plus(policy.finish_after)),
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
                self.contact_wrote_at = at;
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
                // A blocked client's conversation is nothing to notice (N3).
                self.n_alerts += u32::from(self.blocked_at.is_none());
            }
            Fact::AgentWrote { .. } => {
                self.turn = Turn::Theirs;
                self.answered_at = Some(at);
                self.last_message_at = at;
            }
            Fact::AnswerQueued { .. } => {
                self.last_message_at = at;
                self.detach_restarted_at = Some(at);
            }
            Fact::AnswerSent { .. } => {
                self.turn = Turn::Theirs;
                self.answered_at = Some(at);
            }
            Fact::AgentActive { .. } => self.detach_restarted_at = Some(at),
            Fact::ContactActive | Fact::Postponed { .. } => self.finish_restarted_at = Some(at),
            Fact::ContactBlocked => self.blocked_at = Some(at),
            Fact::ContactUnblocked => {
                self.blocked_at = None;
                self.detach_restarted_at = Some(at);
                self.finish_restarted_at = Some(at);
            }
            Fact::Closed { reason } => self.status = Status::Closed { at, reason: *reason },
        }
    }
}
