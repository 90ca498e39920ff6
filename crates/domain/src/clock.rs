//! The one clock of an open conversation (A9).

use crate::time::{Span, Timestamp};

/// Whose turn it is to write (A9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Turn {
    /// A client message waits for an answer of ours.
    Ours,
    /// Our answer is on its way; the client may write.
    Theirs,
}

/// What happens when the clock runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Due {
    /// The agent is cleared and the conversation stands in "New" (A9).
    Detach,
    /// The conversation is finished (X2).
    Finish,
}

/// From when the project's clock "Finish after client inactivity" counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FinishFrom {
    /// From our last answer, while it is the client's turn: an unanswered client is never finished (X2).
    #[default]
    OurAnswer,
    /// From the client's last message, in every open conversation ("Count from the client's last message", X2).
    ContactMessage,
}

/// The settings that the clock runs by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// "Detach my conversations" of the conversation's owner (A10).
    pub detach_after: Span,
    /// "Finish after client inactivity" of the project (X2).
    pub finish_after: Span,
    /// "Count from the client's last message" of the project (X2).
    pub finish_from: FinishFrom,
    /// How long after its client was blocked an open conversation is finished (B6).
    pub blocked_finish_after: Span,
}

/// Fifteen minutes, where nobody chose otherwise (P6, A10, X2, B6).
pub const DEFAULT_MINUTES: u32 = 15;

impl Default for Policy {
    fn default() -> Self {
        let minutes = Span::from_minutes(DEFAULT_MINUTES);
        Self {
            detach_after: minutes,
            finish_after: minutes,
            finish_from: FinishFrom::default(),
            blocked_finish_after: minutes,
        }
    }
}

/// A time that an agent sets for himself, in minutes: "Turn off online mode" (P6), "Detach my conversations" (A10).
pub type AgentMinutes = Minutes<1_440>;
/// "Finish after client inactivity" of a project, in minutes (X2).
pub type FinishMinutes = Minutes<10_080>;

/// A setting of whole minutes, from 1 to `MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minutes<const MAX: u32>(u32);

/// A number of minutes that cannot be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give whole minutes from 1 to {max}")]
pub struct MinutesRefused {
    /// The largest that is taken.
    pub max: u32,
}

impl<const MAX: u32> Minutes<MAX> {
    /// The largest that can be set.
    pub const MAX: u32 = MAX;

    /// Checks a number.
    ///
    /// # Errors
    /// [`MinutesRefused`] for 0 and above the largest.
    pub const fn new(minutes: u32) -> Result<Self, MinutesRefused> {
        if minutes == 0 || minutes > MAX { Err(MinutesRefused { max: MAX }) } else { Ok(Self(minutes)) }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The span.
    #[must_use]
    pub const fn span(self) -> Span {
        Span::from_minutes(self.0)
    }
}

/// A running clock: when it runs out and what happens then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// When.
    pub at: Timestamp,
    /// What.
    pub due: Due,
}

/// The clocks of one conversation. Both run only where the project counts from the client's last message (X2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clocks {
    /// When the agent is cleared.
    pub(crate) detach_at: Option<Timestamp>,
    /// When the conversation is finished.
    pub(crate) finish_at: Option<Timestamp>,
}

impl Clocks {
    /// The next thing that happens.
    pub(crate) fn next(self) -> Option<Deadline> {
        let detach = self.detach_at.map(|at| Deadline { at, due: Due::Detach });
        let finish = self.finish_at.map(|at| Deadline { at, due: Due::Finish });
        // Of equal times the first stands: detach goes first (X2).
        detach.into_iter().chain(finish).min_by_key(|deadline| deadline.at)
    }

    /// What has come due: detach goes first when both have (X2).
    pub(crate) fn due(self, now: Timestamp) -> Option<Due> {
        let has_come = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        if has_come(self.detach_at) {
            Some(Due::Detach)
        } else if has_come(self.finish_at) {
            Some(Due::Finish)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_have_the_bounds_of_their_setting() {
        // P6 A10 X2
        assert_eq!(AgentMinutes::new(0), Err(MinutesRefused { max: 1_440 }));
        assert_eq!(AgentMinutes::new(1_440).map(Minutes::get), Ok(1_440));
        assert_eq!(AgentMinutes::new(1_441), Err(MinutesRefused { max: 1_440 }));
        assert_eq!(FinishMinutes::new(10_080).map(Minutes::span), Ok(Span::from_minutes(10_080)));
        assert_eq!(FinishMinutes::new(10_081), Err(MinutesRefused { max: 10_080 }));
    }

    #[test]
    fn of_two_clocks_the_earlier_is_next_and_detach_goes_first_when_both_are_due() {
        // X2
        let at = Timestamp::from_ms;
        let both = |detach, finish| Clocks { detach_at: Some(at(detach)), finish_at: Some(at(finish)) };
        assert_eq!(both(9, 5).next(), Some(Deadline { at: at(5), due: Due::Finish }));
        assert_eq!(both(5, 5).next(), Some(Deadline { at: at(5), due: Due::Detach }));
        assert_eq!(both(9, 5).due(at(8)), Some(Due::Finish));
        assert_eq!(both(9, 5).due(at(9)), Some(Due::Detach));
        assert_eq!(both(9, 5).due(at(4)), None);
    }
}
