//! The order of lists (L2).

use crate::time::Timestamp;

/// The tabs of the left chat panel (L1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tab {
    /// All open conversations: "New" above, "Worked on" below.
    Open,
    /// Open conversations of mine.
    My,
    /// Finished conversations.
    Finished,
}

/// The group inside the tab "Open" (L1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Nobody has it.
    New,
    /// Somebody has it.
    WorkedOn,
}

/// Where a conversation stands in a list; the smallest key is on top.
///
/// In "Open" and "My": by the time of the last client or agent message, oldest on top, inside each group.
/// In "Finished": newest finish on top. The id parts equal times, so that the order is total.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key<'a> {
    group: Option<Group>,
    time: i64,
    id: &'a str,
}

/// The key of an open conversation in the tab "Open".
#[must_use]
pub fn open(taken: bool, last_message_at: Timestamp, id: &str) -> Key<'_> {
    let group = if taken { Group::WorkedOn } else { Group::New };
    Key { group: Some(group), time: last_message_at.as_ms(), id }
}

/// The key of an open conversation in the tab "My".
#[must_use]
pub fn my(last_message_at: Timestamp, id: &str) -> Key<'_> {
    Key { group: None, time: last_message_at.as_ms(), id }
}

/// The key of a finished conversation.
#[must_use]
pub fn finished(closed_at: Timestamp, id: &str) -> Key<'_> {
    Key { group: None, time: closed_at.as_ms().saturating_neg(), id }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_stands_above_worked_on_and_oldest_is_on_top() {
        // L1, L2
        let at = Timestamp::from_ms;
        let mut keys =
            [open(true, at(1), "a"), open(false, at(9), "b"), open(false, at(3), "c"), open(true, at(0), "d")];
        keys.sort();
        let ids: Vec<_> = keys.iter().map(|key| key.id).collect();
        assert_eq!(ids, ["c", "b", "d", "a"]);
    }

    #[test]
    fn my_is_oldest_first_and_finished_newest_first() {
        // L2
        let at = Timestamp::from_ms;
        assert!(my(at(1), "z") < my(at(2), "a"));
        assert!(finished(at(2), "z") < finished(at(1), "a"));
        assert!(my(at(1), "a") < my(at(1), "b"));
    }
}
