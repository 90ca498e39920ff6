//! The count-down of a conversation's clock: shown in its last two minutes (A10, X3).

use protocol::view::{ConversationView, Due};

/// From when on it shows.
const WINDOW_MS: i64 = 120_000;
const SECOND_MS: i64 = 1_000;

/// What a reader is told of a conversation's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ahead {
    /// He loses it (A10).
    Detach,
    /// It finishes (X3).
    Finish,
}

/// What lies ahead of a conversation, and when. That somebody else loses his is nobody's concern.
#[must_use]
pub fn ahead(conversation: &ConversationView, is_mine: bool) -> Option<(Ahead, i64)> {
    let ahead = match conversation.due? {
        Due::Detach if is_mine => Ahead::Detach,
        Due::Finish => Ahead::Finish,
        Due::Detach | Due::Other => return None,
    };
    conversation.deadline_at.filter(|_| conversation.closed_at.is_none()).map(|at| (ahead, at))
}

/// The seconds that are left, begun ones too; nothing while there are more than two minutes.
#[must_use]
pub fn seconds_left(deadline_at: i64, now: i64) -> Option<i64> {
    let left_ms = deadline_at.saturating_sub(now);
    (left_ms <= WINDOW_MS).then(|| (left_ms.max(0) + SECOND_MS - 1) / SECOND_MS)
}

/// How long it is until [`seconds_left`] says something else, in milliseconds; nothing once the time is over.
#[must_use]
pub fn next_change_ms(deadline_at: i64, now: i64) -> Option<u32> {
    let left_ms = deadline_at.saturating_sub(now);
    let wait_ms = match left_ms {
        ..=0 => return None,
        1..=WINDOW_MS => (left_ms - 1) % SECOND_MS + 1,
        _ => left_ms - WINDOW_MS,
    };
    // Browsers count timers in 31 bits; a longer wait is taken in turns.
    Some(u32::try_from(wait_ms.min(i64::from(i32::MAX))).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::panel::tests::conversation;

    #[test]
    fn it_shows_in_the_last_two_minutes_and_changes_once_a_second() {
        // A10 X3
        assert_eq!(seconds_left(500_000, 379_999), None);
        assert_eq!(next_change_ms(500_000, 379_000), Some(1_000), "nothing is drawn before");
        assert_eq!(seconds_left(500_000, 380_000), Some(120));
        let mut now = 380_000;
        for expected in (0..120).rev() {
            now += i64::from(next_change_ms(500_000, now).unwrap());
            assert_eq!(seconds_left(500_000, now), Some(expected));
        }
        assert_eq!((now, next_change_ms(500_000, now)), (500_000, None));
        assert_eq!(seconds_left(500_000, 900_000), Some(0), "until the relay says what came of it");
        assert_eq!(next_change_ms(500_000, 499_700), Some(300));
        assert_eq!(next_change_ms(i64::MAX, 0), Some(i32::MAX.unsigned_abs()));
    }

    #[test]
    fn detaching_concerns_the_owner_and_finishing_everybody() {
        // A10 X3
        let with = |due, closed_at| ConversationView { due, deadline_at: Some(9), closed_at, ..conversation("cnv_1") };
        assert_eq!(ahead(&with(Some(Due::Detach), None), true), Some((Ahead::Detach, 9)));
        assert_eq!(ahead(&with(Some(Due::Detach), None), false), None);
        assert_eq!(ahead(&with(Some(Due::Finish), None), false), Some((Ahead::Finish, 9)));
        assert_eq!(ahead(&with(Some(Due::Finish), Some(5)), true), None);
        assert_eq!(ahead(&with(Some(Due::Other), None), true), None);
        assert_eq!(ahead(&with(None, None), true), None, "a relay that does not say");
    }
}
