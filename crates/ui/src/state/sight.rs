//! Which of a conversation's loaded messages are in the document: never more than a bounded number.

use std::ops::Range;

/// How many messages are drawn at first.
const FIRST: usize = 60;
/// How many are added at an end that is scrolled to.
const STEP: usize = 40;
/// How many are drawn at most.
const MOST: usize = 160;

/// A run of messages, counted from the newest, so that older ones can be put in front without moving it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    /// How many of the newest are left out.
    skipped: usize,
    /// How many are drawn.
    count: usize,
}

impl Default for Sight {
    fn default() -> Self {
        Self { skipped: 0, count: FIRST }
    }
}

impl Sight {
    /// The messages to draw, of `len` loaded ones.
    #[must_use]
    pub const fn range(self, len: usize) -> Range<usize> {
        let end = len.saturating_sub(self.skipped);
        end.saturating_sub(self.count)..end
    }

    /// After scrolling to the upper end.
    #[must_use]
    pub fn up(self, len: usize) -> Self {
        if self.range(len).start == 0 {
            return self;
        }
        let count = self.count + STEP;
        Self { skipped: self.skipped + count.saturating_sub(MOST), count: count.min(MOST) }
    }

    /// After scrolling to the lower end.
    #[must_use]
    pub const fn down(self) -> Self {
        Self { skipped: self.skipped.saturating_sub(STEP), count: self.count }
    }

    /// Whether the newest message is drawn.
    #[must_use]
    pub const fn at_end(self) -> bool {
        self.skipped == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_messages_up_and_down_stay_bounded() {
        let len = 10_000;
        let mut sight = Sight::default();
        assert_eq!(sight.range(len), 9_940..10_000);
        while sight.range(len).start > 0 {
            let before = sight.range(len);
            sight = sight.up(len);
            let after = sight.range(len);
            assert!(
                after.start < before.start && after.len() <= MOST && after.end > before.start,
                "{before:?} {after:?}"
            );
        }
        assert_eq!(sight.up(len), sight);
        while !sight.at_end() {
            let before = sight.range(len);
            sight = sight.down();
            assert!(sight.range(len).start < before.end, "nothing is jumped over");
        }
        assert_eq!(sight.range(len).end, len);
        assert_eq!(Sight::default().range(5), 0..5);
    }
}
