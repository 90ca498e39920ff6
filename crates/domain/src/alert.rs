//! Whom an event alerts (N1, N3).

use crate::agent::Availability;
use crate::id::AgentId;

/// Who gets sound and pop-up; the counters follow [`Audience::counts`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Every agent subscribed to the channel; sound and pop-up for those who are Online.
    Subscribed,
    /// Counters for every subscribed agent, sound and pop-up for this one only.
    Assignee(AgentId),
    /// Counter, sound and pop-up for this one only.
    Only(AgentId),
    /// Nobody.
    Nobody,
}

/// The agent who asks whether an alert is for him. He has access to the channel; without it he never sees the event.
#[derive(Clone, Copy, Debug)]
pub struct Listener<'a> {
    /// Who.
    pub agent: &'a AgentId,
    /// Whether he is subscribed to the channel.
    pub subscribed: bool,
    /// Whether he is Online.
    pub availability: Availability,
}

impl Audience {
    /// Whether the listener's unread counters rise.
    #[must_use]
    pub fn counts(&self, listener: Listener<'_>) -> bool {
        match self {
            Self::Subscribed => listener.subscribed,
            Self::Assignee(agent) => listener.subscribed || listener.agent == agent,
            Self::Only(agent) => listener.agent == agent,
            Self::Nobody => false,
        }
    }

    /// Whether the listener gets sound and pop-up.
    ///
    /// The owner of a conversation, or who is given one, is told whatever he is subscribed to and also after he went Offline:
    /// it waits for him.
    #[must_use]
    pub fn alerts(&self, listener: Listener<'_>) -> bool {
        match self {
            Self::Subscribed => listener.subscribed && listener.availability == Availability::Online,
            Self::Assignee(agent) | Self::Only(agent) => listener.agent == agent,
            Self::Nobody => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    fn agent(n: u8) -> AgentId {
        AgentId::new(Timestamp::from_ms(1), [n; 10])
    }

    #[test]
    fn the_table_of_n3() {
        // N1, N3: audience, listener is the named agent, subscribed, online → counts, alerts
        let (me, other) = (agent(1), agent(2));
        let cases = [
            (Audience::Subscribed, true, Availability::Online, true, true),
            (Audience::Subscribed, true, Availability::Offline, true, false),
            (Audience::Subscribed, false, Availability::Online, false, false),
            (Audience::Assignee(me.clone()), true, Availability::Online, true, true),
            (Audience::Assignee(me.clone()), false, Availability::Offline, true, true),
            (Audience::Assignee(other.clone()), true, Availability::Online, true, false),
            (Audience::Assignee(other.clone()), false, Availability::Online, false, false),
            (Audience::Only(me.clone()), false, Availability::Online, true, true),
            (Audience::Only(other), true, Availability::Online, false, false),
            (Audience::Nobody, true, Availability::Online, false, false),
        ];
        for (audience, subscribed, availability, counts, alerts) in cases {
            let listener = Listener { agent: &me, subscribed, availability };
            assert_eq!(audience.counts(listener), counts, "{audience:?} {listener:?}");
            assert_eq!(audience.alerts(listener), alerts, "{audience:?} {listener:?}");
        }
    }
}
