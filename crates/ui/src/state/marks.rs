//! What was told of read marks, so that each is told once, and again if it may not have arrived.

/// What stands on the screen and counts as unread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// `cnv_…`
    pub conversation_id: String,
    /// The alerts that were shown.
    pub n_alerts: u32,
    /// The number of the last message that was shown.
    pub n: u32,
    /// The claim. Being given a conversation makes it unread again without any message.
    pub fence: u32,
}

/// The mark that was told last, as long as nothing speaks against its having arrived.
#[derive(Debug, Default)]
pub struct Marks {
    told: Option<Seen>,
}

impl Marks {
    /// What is to be told now. Without a connection, or with nothing unread in sight, what was told counts no more.
    pub fn next(&mut self, seen: Option<Seen>, live: bool) -> Option<Seen> {
        let seen = seen.filter(|_| live);
        if seen == self.told {
            return None;
        }
        self.told.clone_from(&seen);
        seen
    }

    /// A mark was not taken: it is told again as soon as anything changes.
    pub fn failed(&mut self, mark: &Seen) {
        if self.told.as_ref() == Some(mark) {
            self.told = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(n_alerts: u32, fence: u32) -> Option<Seen> {
        Some(Seen { conversation_id: "cnv_1".into(), n_alerts, n: n_alerts, fence })
    }

    #[test]
    fn a_mark_is_told_once_and_again_if_it_was_lost() {
        let mut marks = Marks::default();
        assert_eq!(marks.next(seen(1, 0), true), seen(1, 0));
        assert_eq!(marks.next(seen(1, 0), true), None);
        marks.failed(&seen(1, 0).expect("a mark"));
        assert_eq!(marks.next(seen(1, 0), true), seen(1, 0));
        // A later one was told meanwhile, so that the loss of the former does not matter.
        assert_eq!(marks.next(seen(2, 0), true), seen(2, 0));
        marks.failed(&seen(1, 0).expect("a mark"));
        assert_eq!(marks.next(seen(2, 0), true), None);
    }

    #[test]
    fn what_becomes_unread_again_is_marked_again() {
        // N3: being given a conversation that one has read.
        let mut marks = Marks::default();
        assert!(marks.next(seen(1, 0), true).is_some());
        assert_eq!(marks.next(None, true), None);
        assert_eq!(marks.next(seen(1, 0), true), seen(1, 0));
        // Also if both came at once.
        assert_eq!(marks.next(seen(1, 1), true), seen(1, 1));
    }

    #[test]
    fn a_lost_connection_makes_every_mark_doubtful() {
        let mut marks = Marks::default();
        assert!(marks.next(seen(1, 0), true).is_some());
        assert_eq!(marks.next(seen(1, 0), false), None);
        assert_eq!(marks.next(seen(1, 0), true), seen(1, 0));
    }
}
