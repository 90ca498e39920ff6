//! Online and Offline, how long Online lasts, and why somebody is Offline (P1–P10).

use crate::agent::Availability;
use crate::id::AgentId;
use crate::time::{Span, Timestamp};

/// Why an agent is Offline (P10).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OfflineCause {
    /// An earlier release did not write it down.
    Unknown,
    /// He has not been Online yet.
    NeverOnline,
    /// He pressed the button.
    ByHand,
    /// His last Gmail page was closed, or its connection lost, for his own time (P5).
    LastPageClosed,
    /// An administrator set him Offline.
    Administrator {
        /// Who.
        by: AgentId,
    },
}

/// What changed, as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// He is Online.
    Online,
    /// He is Offline since `at`, which may lie before the change is noticed (P5).
    Offline {
        /// Why.
        cause: OfflineCause,
        /// Since when, in the words of [`Presence::explanation`].
        at: Timestamp,
    },
}

/// What the agent, his pages or a clock do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The button, to Online.
    GoOnline,
    /// The button, to Offline.
    GoOffline,
    /// An administrator of all his projects sets him Offline (P10).
    SetOffline {
        /// Who.
        by: AgentId,
    },
    /// A page of his was alive at this instant: a sign of life, or the instant at which the page was closed.
    Seen {
        /// When.
        at: Timestamp,
    },
    /// Asks again whether his time has run out.
    DeadlineReached,
}

/// An agent's presence. It belongs to him, not to a page, a project or a machine (P4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presence {
    availability: Availability,
    /// The last sign of life of any page of his, or when he pressed the button.
    last_seen_at: Timestamp,
    /// Why he is Offline, and since when; what it was before, while he is Online.
    offline: (OfflineCause, Timestamp),
}

impl Presence {
    /// The presence of a new agent.
    #[must_use]
    pub const fn new(now: Timestamp) -> Self {
        Self { availability: Availability::Offline, last_seen_at: now, offline: (OfflineCause::NeverOnline, now) }
    }

    /// Puts a stored presence together again.
    #[must_use]
    pub const fn from_parts(
        availability: Availability,
        last_seen_at: Timestamp,
        cause: OfflineCause,
        offline_at: Timestamp,
    ) -> Self {
        Self { availability, last_seen_at, offline: (cause, offline_at) }
    }

    /// Online or Offline.
    #[must_use]
    pub const fn availability(&self) -> Availability {
        self.availability
    }

    /// The last sign of life.
    #[must_use]
    pub const fn last_seen_at(&self) -> Timestamp {
        self.last_seen_at
    }

    /// Why he is Offline and since when; nothing while he is Online (P10).
    #[must_use]
    pub fn explanation(&self) -> Option<&(OfflineCause, Timestamp)> {
        match self.availability {
            Availability::Online => None,
            Availability::Offline => Some(&self.offline),
        }
    }

    /// Why he is, or was last, Offline, and since when; what the record keeps.
    #[must_use]
    pub const fn reason(&self) -> &(OfflineCause, Timestamp) {
        &self.offline
    }

    /// When he is set Offline unless a page of his shows life before, after `grace`, his own "Turn off online mode" (P5, P6).
    #[must_use]
    pub fn deadline(&self, grace: Span) -> Option<Timestamp> {
        match self.availability {
            Availability::Online => Some(self.last_seen_at.plus(grace)),
            Availability::Offline => None,
        }
    }

    /// Takes an input; gives what changed for his colleagues, if anything.
    ///
    /// Only [`Input::GoOnline`] makes anybody Online: no page that opens and no clock does (P3).
    pub fn handle(&mut self, input: Input, grace: Span, now: Timestamp) -> Option<Change> {
        match input {
            Input::GoOnline => {
                self.last_seen_at = self.last_seen_at.max(now);
                (self.availability == Availability::Offline).then(|| {
                    self.availability = Availability::Online;
                    Change::Online
                })
            }
            Input::Seen { at } => {
                self.last_seen_at = self.last_seen_at.max(at);
                None
            }
            Input::GoOffline => self.go_offline(OfflineCause::ByHand, now),
            Input::SetOffline { by } => self.go_offline(OfflineCause::Administrator { by }, now),
            Input::DeadlineReached if self.deadline(grace).is_some_and(|at| at <= now) => {
                self.go_offline(OfflineCause::LastPageClosed, self.last_seen_at)
            }
            Input::DeadlineReached => None,
        }
    }

    fn go_offline(&mut self, cause: OfflineCause, at: Timestamp) -> Option<Change> {
        (self.availability == Availability::Online).then(|| {
            self.availability = Availability::Offline;
            self.offline = (cause.clone(), at);
            Change::Offline { cause, at }
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GRACE: Span = Span::from_minutes(15);

    fn minutes(n: i64) -> Timestamp {
        Timestamp::from_ms(n * 60_000)
    }

    fn boss() -> AgentId {
        AgentId::new(minutes(0), [9; 10])
    }

    #[test]
    fn online_lasts_for_his_time_after_the_last_sign_of_life() {
        // P2 P5 P6
        let mut mira = Presence::new(minutes(0));
        assert_eq!(mira.handle(Input::GoOnline, GRACE, minutes(0)), Some(Change::Online));
        mira.handle(Input::Seen { at: minutes(600) }, GRACE, minutes(601));
        assert_eq!(
            mira.deadline(GRACE),
            Some(minutes(615)),
            "counted from the sign of life, not from when it was noted"
        );
        let early = Timestamp::from_ms(minutes(615).as_ms() - 1);
        assert_eq!(mira.handle(Input::DeadlineReached, GRACE, early), None);
        let gone = Change::Offline { cause: OfflineCause::LastPageClosed, at: minutes(600) };
        assert_eq!(mira.handle(Input::DeadlineReached, GRACE, minutes(615)), Some(gone));
        assert_eq!(mira.explanation(), Some(&(OfflineCause::LastPageClosed, minutes(600))));
        assert_eq!(mira.handle(Input::DeadlineReached, GRACE, minutes(700)), None, "once");
    }

    #[test]
    fn returning_in_time_cancels_it_and_an_old_sign_of_life_takes_nothing_away() {
        // P5
        let mut mira = Presence::new(minutes(0));
        mira.handle(Input::GoOnline, GRACE, minutes(0));
        mira.handle(Input::Seen { at: minutes(14) }, GRACE, minutes(14));
        mira.handle(Input::Seen { at: minutes(3) }, GRACE, minutes(14));
        assert_eq!(mira.handle(Input::DeadlineReached, GRACE, minutes(28)), None);
        assert_eq!(mira.availability(), Availability::Online);
    }

    #[test]
    fn the_reason_is_the_first_that_made_him_offline() {
        // P10
        let mut tom = Presence::new(minutes(0));
        assert_eq!(tom.explanation(), Some(&(OfflineCause::NeverOnline, minutes(0))));
        tom.handle(Input::GoOnline, GRACE, minutes(1));
        assert_eq!(tom.explanation(), None);
        let set = tom.handle(Input::SetOffline { by: boss() }, GRACE, minutes(2));
        assert_eq!(set, Some(Change::Offline { cause: OfflineCause::Administrator { by: boss() }, at: minutes(2) }));
        assert_eq!(tom.handle(Input::GoOffline, GRACE, minutes(3)), None);
        assert_eq!(tom.explanation(), Some(&(OfflineCause::Administrator { by: boss() }, minutes(2))));
    }

    fn input() -> impl Strategy<Value = Input> {
        prop_oneof![
            Just(Input::GoOnline),
            Just(Input::GoOffline),
            Just(Input::SetOffline { by: boss() }),
            (0_i64..4_000_000).prop_map(|at| Input::Seen { at: Timestamp::from_ms(at) }),
            Just(Input::DeadlineReached),
        ]
    }

    proptest! {
        #[test]
        fn a_manual_offline_is_never_undone_and_life_keeps_him_online(
            steps in prop::collection::vec((input(), 0_i64..600_000), 1..60)
        ) {
            // P1 P2 P3 P5
            let mut presence = Presence::new(minutes(0));
            let mut now = minutes(0);
            for (input, after_ms) in steps {
                now = Timestamp::from_ms(now.as_ms() + after_ms);
                let before = presence.clone();
                let change = presence.handle(input.clone(), GRACE, now);
                let became_online = before.availability() == Availability::Offline && presence.availability() == Availability::Online;
                prop_assert_eq!(became_online, change == Some(Change::Online));
                prop_assert!(!became_online || input == Input::GoOnline);
                prop_assert!(presence.last_seen_at() >= before.last_seen_at());
                if let Some(Change::Offline { cause, .. }) = &change {
                    prop_assert_eq!(before.availability(), Availability::Online);
                    if *cause == OfflineCause::LastPageClosed {
                        prop_assert!(now.since(before.last_seen_at()) >= GRACE);
                    }
                }
                prop_assert_eq!(change.is_some(), before.availability() != presence.availability());
                prop_assert_eq!(presence.deadline(GRACE).is_some(), presence.availability() == Availability::Online);
            }
        }
    }
}
