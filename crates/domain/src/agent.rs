//! What the rules need to know of an agent.

use crate::id::AgentId;

/// What the agent chose with the button in the top chat menu (P1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Availability {
    /// Takes part: may accept, answer and be assigned.
    Online,
    /// May read, but neither accept nor answer nor be assigned (P7).
    #[default]
    Offline,
}

/// An agent's right in a project (J2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// Only the channels he is assigned to.
    Agent,
    /// Everything but removing or downgrading the owner, removing staff and deleting the project.
    Administrator,
    /// Everything.
    Owner,
}

impl Right {
    /// Whether the right includes administration of the project.
    #[must_use]
    pub const fn administers(self) -> bool {
        matches!(self, Self::Administrator | Self::Owner)
    }

    /// Whether someone with this right, assigned to the channel or not, has access to it (N1).
    #[must_use]
    pub const fn has_access(self, assigned_to_channel: bool) -> bool {
        self.administers() || assigned_to_channel
    }
}

/// An agent who does something, as loaded under the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub agent: AgentId,
    /// His right in the conversation's project.
    pub right: Right,
    /// Whether he is Online now.
    pub availability: Availability,
}

/// An agent to whom a conversation shall be given, as loaded under the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub agent: AgentId,
    /// Whether he is Online now.
    pub availability: Availability,
    /// Whether he has access to the conversation's channel.
    pub has_access: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn access_is_by_assignment_or_by_administering() {
        // N1, J2
        assert!(Right::Agent.has_access(true) && !Right::Agent.has_access(false));
        for right in [Right::Administrator, Right::Owner] {
            assert!(right.administers() && right.has_access(false) && right.has_access(true));
        }
        assert!(!Right::Agent.administers());
    }
}
