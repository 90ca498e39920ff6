//! What happened to a conversation, as it stands in the log.

use crate::id::AgentId;
use crate::time::Timestamp;

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
