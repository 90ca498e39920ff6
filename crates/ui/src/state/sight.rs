//! Which of a conversation's loaded messages are in the document: never more than a bounded number.

use std::ops::Range;
use std::rc::Rc;

use protocol::view::MessageView;

/// How many messages are drawn at first.
const FIRST: usize = 60;
/// How many are added at an end that is scrolled to.
const STEP: usize = 24;
/// How many are drawn at most.
const MOST: usize = 120;

/// A run of messages, known by its last one: what is put in front, and what comes after it, does not move it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    /// The number of the last one that is drawn; the newest, whichever that is, if none is said.
    last: Option<u32>,
    /// How many are drawn.
    count: usize,
}

impl Default for Sight {
    fn default() -> Self {
        Self { last: None, count: FIRST }
    }
}

impl Sight {
    /// The messages to draw.
    #[must_use]
    pub fn range(self, messages: &[Rc<MessageView>]) -> Range<usize> {
        let end = match self.last.map(|last| messages.partition_point(|message| message.n <= last)) {
            // Other messages have taken their place.
            None | Some(0) => messages.len(),
            Some(end) => end,
        };
        end.saturating_sub(self.count)..end
    }

    /// Whether the newest message is drawn.
    #[must_use]
    pub fn at_end(self, messages: &[Rc<MessageView>]) -> bool {
        self.range(messages).end == messages.len()
    }

    /// After scrolling to the upper end.
    #[must_use]
    pub fn up(self, messages: &[Rc<MessageView>]) -> Self {
        let range = self.range(messages);
        if range.start == 0 {
            return self;
        }
        let count = self.count + STEP;
        match count.checked_sub(MOST) {
            Some(over) if over > 0 => Self { last: number(messages, range.end - over), count: MOST },
            _ => Self { count, ..self },
        }
    }

    /// After scrolling to the lower end.
    #[must_use]
    pub fn down(self, messages: &[Rc<MessageView>]) -> Self {
        let end = self.range(messages).end;
        if end == messages.len() {
            return self;
        }
        Self { last: number(messages, (end + STEP).min(messages.len())), count: (self.count + STEP).min(MOST) }
    }

    /// While older messages are read: what comes is not drawn.
    #[must_use]
    pub fn held(self, messages: &[Rc<MessageView>]) -> Self {
        Self { last: self.last.or_else(|| number(messages, messages.len())), ..self }
    }

    /// At the newest message: what comes is drawn.
    #[must_use]
    pub const fn following(self) -> Self {
        Self { last: None, count: self.count }
    }

    /// With a message of this number in the middle.
    #[must_use]
    pub fn around(messages: &[Rc<MessageView>], n: u32) -> Self {
        let at = messages.partition_point(|message| message.n < n);
        Self { last: number(messages, (at + FIRST / 2).min(messages.len())), count: FIRST }
    }
}

/// The number of the message before a place.
fn number(messages: &[Rc<MessageView>], end: usize) -> Option<u32> {
    messages.get(end.checked_sub(1)?).map(|message| message.n)
}

#[cfg(test)]
mod tests {
    use protocol::view::Author;

    use super::*;
    use crate::state::panel::tests::message;

    fn messages(numbers: std::ops::RangeInclusive<u32>) -> Vec<Rc<MessageView>> {
        numbers.map(|n| Rc::new(message(n, "cnv_1", Author::Contact))).collect()
    }

    #[test]
    fn ten_thousand_messages_up_and_down_stay_bounded() {
        // L4
        let all = messages(1..=10_000);
        let mut sight = Sight::default();
        assert_eq!(sight.range(&all), 9_940..10_000);
        while sight.range(&all).start > 0 {
            let before = sight.range(&all);
            sight = sight.up(&all);
            let after = sight.range(&all);
            assert!(
                after.start < before.start && after.len() <= MOST && after.end > before.start,
                "{before:?} {after:?}"
            );
        }
        assert_eq!(sight.up(&all), sight);
        while !sight.at_end(&all) {
            let before = sight.range(&all);
            sight = sight.down(&all);
            let after = sight.range(&all);
            assert!(after.start < before.end && after.len() <= MOST, "nothing is jumped over: {before:?} {after:?}");
        }
        assert_eq!(sight.down(&all), sight);
        assert_eq!(Sight::default().range(&all[..5]), 0..5);
    }

    #[test]
    fn what_comes_is_drawn_only_at_the_newest_message() {
        let sight = Sight::default();
        assert_eq!(sight.range(&messages(101..=203)), 43..103);
        let held = sight.held(&messages(101..=200));
        assert_eq!(held.range(&messages(101..=203)), 40..100);
        assert_eq!(held.range(&messages(51..=203)), 90..150, "nor do older ones move it");
        assert_eq!(held.following(), sight);
    }

    #[test]
    fn a_message_in_the_middle_has_others_on_both_sides() {
        let all = messages(101..=200);
        assert_eq!(Sight::around(&all, 150).range(&all), 19..79);
        assert_eq!(Sight::around(&all, 199).range(&all), 40..100);
        assert_eq!(Sight::around(&all, 101).range(&all), 0..30);
        assert_eq!(Sight::around(&all, 150).range(&messages(801..=900)), 40..100, "other messages than those");
    }
}
