//! Facts of the rules as the log keeps them.

use domain::conversation::{CloseReason, Fact, UnassignCause};
use domain::id::{AgentId, InvalidId};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A [`Fact`] as the log keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum StoredFact {
    ContactWrote,
    Accepted { agent: String },
    Assigned { to: String, from: Option<String> },
    Unassigned { from: String, cause: StoredCause },
    AgentWrote { agent: String },
    AnswerQueued { agent: String },
    AnswerSent { written_at: i64 },
    AgentActive { agent: String },
    ContactActive,
    Postponed { agent: String },
    ContactBlocked,
    ContactUnblocked,
    Closed { reason: protocol::view::CloseReason },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StoredCause {
    Cleared,
    AgentIdle,
    AgentRemoved,
    WentOffline,
}

impl From<&Fact> for StoredFact {
    fn from(fact: &Fact) -> Self {
        match fact {
            Fact::ContactWrote => Self::ContactWrote,
            Fact::Accepted { agent } => Self::Accepted { agent: agent.to_string() },
            Fact::Assigned { to, from } => {
                Self::Assigned { to: to.to_string(), from: from.as_ref().map(AgentId::to_string) }
            }
            Fact::Unassigned { from, cause } => Self::Unassigned {
                from: from.to_string(),
                cause: match cause {
                    UnassignCause::Cleared => StoredCause::Cleared,
                    UnassignCause::AgentIdle => StoredCause::AgentIdle,
                    UnassignCause::AgentRemoved => StoredCause::AgentRemoved,
                    UnassignCause::WentOffline => StoredCause::WentOffline,
                },
            },
            Fact::AgentWrote { agent } => Self::AgentWrote { agent: agent.to_string() },
            Fact::AnswerQueued { agent } => Self::AnswerQueued { agent: agent.to_string() },
            Fact::AnswerSent { written_at } => Self::AnswerSent { written_at: written_at.as_ms() },
            Fact::AgentActive { agent } => Self::AgentActive { agent: agent.to_string() },
            Fact::ContactActive => Self::ContactActive,
            Fact::Postponed { agent } => Self::Postponed { agent: agent.to_string() },
            Fact::ContactBlocked => Self::ContactBlocked,
            Fact::ContactUnblocked => Self::ContactUnblocked,
            Fact::Closed { reason } => Self::Closed { reason: (*reason).into() },
        }
    }
}

impl TryFrom<&StoredFact> for Fact {
    type Error = InvalidId;

    fn try_from(fact: &StoredFact) -> Result<Self, InvalidId> {
        Ok(match fact {
            StoredFact::ContactWrote => Self::ContactWrote,
            StoredFact::Accepted { agent } => Self::Accepted { agent: AgentId::parse(agent)? },
            StoredFact::Assigned { to, from } => {
                Self::Assigned { to: AgentId::parse(to)?, from: from.as_deref().map(AgentId::parse).transpose()? }
            }
            StoredFact::Unassigned { from, cause } => Self::Unassigned {
                from: AgentId::parse(from)?,
                cause: match cause {
                    StoredCause::Cleared => UnassignCause::Cleared,
                    StoredCause::AgentIdle => UnassignCause::AgentIdle,
                    StoredCause::AgentRemoved => UnassignCause::AgentRemoved,
                    StoredCause::WentOffline => UnassignCause::WentOffline,
                },
            },
            StoredFact::AgentWrote { agent } => Self::AgentWrote { agent: AgentId::parse(agent)? },
            StoredFact::AnswerQueued { agent } => Self::AnswerQueued { agent: AgentId::parse(agent)? },
            StoredFact::AnswerSent { written_at } => Self::AnswerSent { written_at: Timestamp::from_ms(*written_at) },
            StoredFact::AgentActive { agent } => Self::AgentActive { agent: AgentId::parse(agent)? },
            StoredFact::ContactActive => Self::ContactActive,
            StoredFact::Postponed { agent } => Self::Postponed { agent: AgentId::parse(agent)? },
            StoredFact::ContactBlocked => Self::ContactBlocked,
            StoredFact::ContactUnblocked => Self::ContactUnblocked,
            StoredFact::Closed { reason } => Self::Closed {
                reason: match reason {
                    protocol::view::CloseReason::Agent | protocol::view::CloseReason::Other => CloseReason::Agent,
                    protocol::view::CloseReason::ContactIdle => CloseReason::ContactIdle,
                    protocol::view::CloseReason::ContactBlocked => CloseReason::ContactBlocked,
                },
            },
        })
    }
}

/// The name of a fact's event.
pub(crate) fn kind_of(fact: &Fact) -> &'static str {
    match fact {
        Fact::ContactWrote | Fact::AgentWrote { .. } | Fact::AnswerQueued { .. } => "message_added",
        Fact::AnswerSent { .. } => "answer_sent",
        Fact::AgentActive { .. } => "agent_active",
        Fact::ContactActive => "contact_active",
        Fact::Postponed { .. } => "conversation_postponed",
        Fact::ContactBlocked => "contact_blocked",
        Fact::ContactUnblocked => "contact_unblocked",
        Fact::Accepted { .. } => "conversation_accepted",
        Fact::Assigned { .. } => "conversation_assigned",
        Fact::Unassigned { .. } => "conversation_unassigned",
        Fact::Closed { .. } => "conversation_closed",
    }
}
