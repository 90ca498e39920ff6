//! What is asked of a conversation, and what comes of it.

use crate::agent::{Actor, Candidate};
use crate::alert::Audience;
use crate::conversation::{Fact, Fence, UnassignCause, Way};
use crate::id::AgentId;
use crate::time::Timestamp;

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
