//! Which messages of the conversation are selected (K2), and what they are as text (K5).

use std::ops::RangeInclusive;
use std::rc::Rc;

use protocol::view::{Author, MessageView};

use super::files::spoken;
use crate::clock::stamp;
use crate::text::texts;

/// The selected messages of the conversation that is shown, by their numbers within the contact, which have no gaps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// In order.
    chosen: Vec<u32>,
    /// Where the last run begins.
    anchor: u32,
    /// What was selected besides that run: a run that is extended may become shorter too.
    before: Vec<u32>,
}

/// What the agent does with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choose {
    /// Presses and holds: a run begins.
    Hold(u32),
    /// Drags on to it, or clicks it with Shift: the run goes from where it began to here.
    Extend(u32),
    /// Clicks it, or presses Space on it.
    Toggle(u32),
    /// Nothing is selected any more.
    Clear,
}

impl Selection {
    /// Whether nothing is selected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chosen.is_empty()
    }

    /// How many messages are selected.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chosen.len()
    }

    /// Whether the message of this number is selected.
    #[must_use]
    pub fn contains(&self, n: u32) -> bool {
        self.chosen.binary_search(&n).is_ok()
    }

    /// Takes what the agent does.
    pub fn take(&mut self, choose: Choose) {
        match choose {
            Choose::Extend(n) if !self.is_empty() => self.run_to(n),
            Choose::Hold(n) | Choose::Extend(n) => self.begin(n),
            Choose::Toggle(n) if self.contains(n) => {
                self.chosen.retain(|known| *known != n);
                self.before.clone_from(&self.chosen);
                self.anchor = n;
            }
            Choose::Toggle(n) => self.begin(n),
            Choose::Clear => *self = Self::default(),
        }
    }

    fn begin(&mut self, n: u32) {
        self.before.clone_from(&self.chosen);
        self.anchor = n;
        self.run_to(n);
    }

    fn run_to(&mut self, n: u32) {
        let run = between(self.anchor, n);
        let below = self.before.iter().copied().filter(|known| known < run.start());
        let above = self.before.iter().copied().filter(|known| known > run.end());
        self.chosen = below.chain(run.clone()).chain(above).collect();
    }

    /// The selected ones of these messages as text, in order, each with author and local time; and how many they are.
    #[must_use]
    pub fn transcript(&self, messages: &[Rc<MessageView>], contact_name: &str) -> (String, usize) {
        let (mut text, mut count) = (String::new(), 0);
        for message in messages.iter().filter(|message| self.contains(message.n)) {
            if count > 0 {
                text.push_str("\n\n");
            }
            let author = match &message.author {
                Author::Contact => contact_name,
                Author::Agent { name, .. } => name,
                Author::Other => texts().unknown_author,
            };
            for part in [author, ", ", &stamp(message.at), "\n", &spoken(&message.text, &message.attachments)] {
                text.push_str(part);
            }
            count += 1;
        }
        (text, count)
    }
}

const fn between(a: u32, b: u32) -> RangeInclusive<u32> {
    if a < b { a..=b } else { b..=a }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::panel::tests::message;

    fn selected(done: &[Choose]) -> Vec<u32> {
        let mut selection = Selection::default();
        done.iter().for_each(|choose| selection.take(*choose));
        (1..=20).filter(|n| selection.contains(*n)).collect()
    }

    #[test]
    fn holding_begins_and_dragging_extends_to_both_sides() {
        // K2
        use Choose::{Extend, Hold};
        assert_eq!(selected(&[Hold(5)]), [5]);
        assert_eq!(selected(&[Hold(5), Extend(6), Extend(8)]), [5, 6, 7, 8]);
        assert_eq!(selected(&[Hold(5), Extend(8), Extend(6)]), [5, 6], "dragged back");
        assert_eq!(selected(&[Hold(5), Extend(8), Extend(3)]), [3, 4, 5], "and beyond");
        assert_eq!(selected(&[Hold(2), Hold(9), Extend(10), Extend(9)]), [2, 9], "a second run keeps the first");
    }

    #[test]
    fn a_click_toggles_and_shift_extends_from_the_last_one() {
        // K2
        use Choose::{Extend, Hold, Toggle};
        assert_eq!(selected(&[Hold(5), Toggle(9), Toggle(2)]), [2, 5, 9]);
        assert_eq!(selected(&[Hold(5), Toggle(9), Toggle(5)]), [9]);
        assert_eq!(selected(&[Hold(2), Toggle(5), Extend(7)]), [2, 5, 6, 7]);
        assert_eq!(selected(&[Hold(2), Toggle(7), Extend(5), Extend(9)]), [2, 7, 8, 9]);
        assert_eq!(selected(&[Hold(1), Extend(6), Toggle(3), Extend(4)]), [1, 2, 3, 4, 5, 6]);
        assert_eq!(selected(&[Extend(4)]), [4], "the first one is a beginning");
    }

    #[test]
    fn nothing_is_selected_after_the_last_was_toggled_or_all_were_cleared() {
        // K2
        use Choose::{Clear, Extend, Hold, Toggle};
        assert_eq!(selected(&[Hold(5), Extend(9), Clear]), [0; 0]);
        assert_eq!(selected(&[Hold(5), Toggle(5)]), [0; 0]);
        assert_eq!(selected(&[Hold(5), Toggle(5), Extend(9)]), [9], "a new beginning");
    }

    #[test]
    fn the_text_has_the_messages_in_order_with_author_and_local_time() {
        // K5, K3
        let agent = || Author::Agent { agent_id: "agt_me".into(), name: "Mia".into() };
        let at = |n, author, text: &str| {
            let at = 1_795_367_589_000 + i64::from(n) * 60_000;
            Rc::new(MessageView { text: text.into(), at, ..message(n, "cnv_1", author) })
        };
        let messages = [
            at(1, Author::Contact, "Hello"),
            at(2, agent(), "Good day,\n<b>Ann</b>"),
            at(3, Author::Contact, "no"),
            at(4, Author::Other, "later"),
        ];
        let mut selection = Selection::default();
        for choose in [Choose::Hold(4), Choose::Toggle(1), Choose::Toggle(2)] {
            selection.take(choose);
        }
        let (text, n) = selection.transcript(&messages, "Ann");
        insta::assert_snapshot!(text, @r"
        Ann, 2026-11-22 17:14
        Hello

        Mia, 2026-11-22 17:15
        Good day,
        <b>Ann</b>

        Deskside, 2026-11-22 17:17
        later
        ");
        assert_eq!((n, selection.len()), (3, 3));
        assert_eq!(Selection::default().transcript(&messages, "Ann"), (String::new(), 0));
    }
}
