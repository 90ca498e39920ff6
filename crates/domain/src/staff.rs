//! What administrators may do with a project's people (J2, P10, A15).

use crate::agent::Right;

/// What an administrator's "set offline" does (P10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SetOffline {
    /// He administers all projects of the agent: the agent is set Offline.
    SetsOffline,
    /// He does not: the agent's conversations of this project go back to "New".
    ClearsHere,
}

/// What an administrator of a project does to an agent by setting him offline there (P10).
///
/// `administers` says of each of the agent's projects whether the administrator administers it.
#[must_use]
pub fn set_offline(administers: impl IntoIterator<Item = bool>) -> SetOffline {
    if administers.into_iter().all(|administers| administers) {
        SetOffline::SetsOffline
    } else {
        SetOffline::ClearsHere
    }
}

impl Right {
    /// Whether someone with this right may change another's right from `from` to `to` (J2): administrators may, but neither
    /// downgrade an owner nor make one.
    #[must_use]
    pub fn may_change(self, from: Self, to: Self) -> bool {
        match self {
            Self::Owner => true,
            Self::Administrator => from != Self::Owner && to != Self::Owner,
            Self::Agent => false,
        }
    }

    /// Whether someone with this right may take agents out of the project (J2): owners only.
    #[must_use]
    pub fn may_remove_staff(self) -> bool {
        self == Self::Owner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_administers_all_his_projects_sets_an_agent_offline() {
        // P10
        assert_eq!(set_offline([true, true]), SetOffline::SetsOffline);
        assert_eq!(set_offline([true, false]), SetOffline::ClearsHere);
    }

    #[test]
    fn administrators_do_everything_but_what_concerns_owners() {
        // J2
        use Right::{Administrator, Agent, Owner};
        for (by, from, to, may) in [
            (Owner, Owner, Agent, true),
            (Owner, Agent, Owner, true),
            (Administrator, Agent, Administrator, true),
            (Administrator, Administrator, Agent, true),
            (Administrator, Owner, Agent, false),
            (Administrator, Agent, Owner, false),
            (Agent, Agent, Administrator, false),
        ] {
            assert_eq!(by.may_change(from, to), may, "{by:?} {from:?} {to:?}");
        }
        assert!(Owner.may_remove_staff() && !Administrator.may_remove_staff() && !Agent.may_remove_staff());
    }
}
