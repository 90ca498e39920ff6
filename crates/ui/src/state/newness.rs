//! Where the messages begin that an agent has not seen yet: a line stands above the first of them.

use std::rc::Rc;

use protocol::view::{Author, MessageView};

use super::thread::Thread;

/// What is new in the conversation that is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Newness {
    /// The number of the last message that was there when it was last looked at.
    known: Option<u32>,
    /// What has a greater number is new.
    line: Option<u32>,
    /// Whether the newest message has been in sight since.
    passed: bool,
}

impl Newness {
    /// The same after something came or was scrolled. At first `n_unread` of the client's messages are new; `in_sight` says whether the
    /// agent sees the newest message.
    #[must_use]
    pub fn noted(self, thread: &Thread, n_unread: u32, in_sight: bool) -> Self {
        let Some(last) = thread.messages().last().filter(|_| thread.loaded && thread.cut().is_none()) else {
            return self;
        };
        let mut next = Self { known: Some(last.n), ..self };
        match self.known {
            None => next.line = unread(thread.messages(), n_unread),
            Some(known) if known < last.n && !in_sight && (self.passed || self.line.is_none()) => {
                (next.line, next.passed) = (Some(known), false);
            }
            Some(_) => {}
        }
        next.passed |= in_sight;
        next
    }

    /// The same after the agent's own answer: by now he knows what stands above it.
    #[must_use]
    pub const fn answered(self) -> Self {
        Self { line: None, ..self }
    }

    /// The line stands above the first message with a greater number.
    #[must_use]
    pub const fn line(self) -> Option<u32> {
        self.line
    }

    /// How many of the client's messages wait below what is read.
    #[must_use]
    pub fn n_below(self, messages: &[Rc<MessageView>]) -> usize {
        let Some(line) = self.line.filter(|_| !self.passed) else { return 0 };
        messages.iter().rev().take_while(|message| message.n > line).filter(|message| is_contacts(message)).count()
    }
}

/// The number before the first of so many of the client's messages, as far as they are there.
fn unread(messages: &[Rc<MessageView>], n: u32) -> Option<u32> {
    let n = usize::try_from(n).unwrap_or(usize::MAX);
    let newest = messages.iter().rev().filter(|message| is_contacts(message));
    newest.take(n).last().map(|first| first.n.saturating_sub(1))
}

fn is_contacts(message: &MessageView) -> bool {
    message.author == Author::Contact
}

#[cfg(test)]
mod tests {
    use protocol::command::History;

    use super::*;
    use crate::state::panel::tests::message;
    use crate::state::thread::Fetch;

    fn thread(last: u32) -> Thread {
        let mut thread = Thread::default();
        let messages = (1..=last).map(|n| message(n, "cnv_1", Author::Contact)).collect();
        thread.take(Fetch::Newest, History { messages, conversations: Vec::new(), has_more: false }, last);
        thread
    }

    #[test]
    fn a_conversation_that_is_opened_with_unread_messages_has_a_line_above_them() {
        // N2
        let opened = Newness::default().noted(&thread(9), 3, true);
        assert_eq!((opened.line(), opened.n_below(thread(9).messages())), (Some(6), 0));
        assert_eq!(Newness::default().noted(&thread(9), 0, true).line(), None);
        assert_eq!(Newness::default().noted(&thread(9), 50, true).line(), Some(0));
        assert_eq!(Newness::default().noted(&Thread::default(), 3, true), Newness::default(), "they are not there yet");
    }

    #[test]
    fn what_comes_while_one_reads_above_is_counted_until_it_was_seen() {
        let above =
            Newness::default().noted(&thread(9), 0, true).noted(&thread(10), 0, false).noted(&thread(12), 0, false);
        assert_eq!((above.line(), above.n_below(thread(12).messages())), (Some(9), 3));
        let seen = above.noted(&thread(12), 0, true);
        assert_eq!((seen.line(), seen.n_below(thread(12).messages())), (Some(9), 0), "the line stays to be read");
        let again = seen.noted(&thread(13), 0, false);
        assert_eq!((again.line(), again.n_below(thread(13).messages())), (Some(12), 1));
        assert_eq!(again.answered().line(), None);
    }

    #[test]
    fn what_comes_in_sight_is_not_new() {
        let seen = Newness::default().noted(&thread(9), 0, true).noted(&thread(10), 0, true);
        assert_eq!(seen.line(), None);
    }
}
