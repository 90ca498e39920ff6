//! The messages of one conversation and of the same client's earlier ones, as far as they were fetched.

use std::collections::BTreeMap;
use std::rc::Rc;

use protocol::command::History;
use protocol::view::{Author, ConversationView, MessageView};

/// How the fetching of a part of the history stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fetch {
    /// Nothing is under way.
    #[default]
    Idle,
    /// The newest messages are being fetched.
    Newest,
    /// Messages before the first known one are being fetched.
    Older,
    /// The last attempt failed; the agent may retry.
    Failed,
}

/// A run of messages without gaps, by their number within the contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thread {
    messages: Vec<Rc<MessageView>>,
    earlier: BTreeMap<String, Rc<ConversationView>>,
    /// The highest number that came since the newest messages were asked for: the answer may have been read before it was stored.
    came: u32,
    /// Whether there are messages before the first known one.
    pub has_more: bool,
    /// What is being fetched.
    pub fetch: Fetch,
    /// Whether the newest messages were fetched at least once.
    pub loaded: bool,
    /// Whether messages may be missing at the end, so that the newest are to be fetched again.
    pub stale: bool,
}

impl Thread {
    /// The messages, oldest first.
    #[must_use]
    pub fn messages(&self) -> &[Rc<MessageView>] {
        &self.messages
    }

    /// Conversations that came with the history, for the dividers.
    #[must_use]
    pub fn conversation(&self, id: &str) -> Option<&Rc<ConversationView>> {
        self.earlier.get(id)
    }

    /// The number of the first known message, to ask for older ones.
    #[must_use]
    pub fn first_n(&self) -> Option<u32> {
        self.messages.first().map(|message| message.n)
    }

    /// The number of the client's last known message, which "seen" is about.
    #[must_use]
    pub fn last_contact_n(&self) -> Option<u32> {
        self.messages.iter().rev().find(|message| message.author == Author::Contact).map(|message| message.n)
    }

    /// Whether it knows this message.
    #[must_use]
    pub fn contains(&self, message_id: &str) -> bool {
        self.messages.iter().rev().any(|message| message.id == message_id)
    }

    /// Whether something of it belongs to a channel.
    #[must_use]
    pub fn concerns(&self, channel_id: &str) -> bool {
        self.earlier.values().any(|conversation| conversation.channel_id == channel_id)
    }

    /// Notes that a part of the history was asked for.
    pub fn ask(&mut self, fetch: Fetch) {
        self.fetch = fetch;
        if fetch != Fetch::Older {
            self.came = 0;
        }
    }

    /// Takes a message that has just been stored. One that leaves a gap marks the thread as stale.
    pub fn append(&mut self, message: Rc<MessageView>) {
        self.came = self.came.max(message.n);
        match self.messages.last().map(|last| last.n) {
            Some(last) if message.n <= last => {}
            Some(last) if message.n > last + 1 => self.stale = true,
            Some(_) => self.messages.push(message),
            None if self.loaded && !self.has_more => self.messages.push(message),
            None => self.stale = true,
        }
    }

    /// Takes the newest messages. What was known before is kept if the two touch.
    pub fn take_newest(&mut self, history: History) {
        self.learn(&history.conversations);
        let first = history.messages.first().map(|message| message.n);
        let touches = match (self.messages.last(), first) {
            (Some(last), Some(first)) => first <= last.n + 1,
            (_, None) => true,
            (None, Some(_)) => false,
        };
        if touches {
            let last = self.messages.last().map_or(0, |message| message.n);
            self.messages.extend(history.messages.into_iter().filter(|message| message.n > last).map(Rc::new));
            self.has_more &= self.loaded;
        } else {
            self.messages = history.messages.into_iter().map(Rc::new).collect();
            self.has_more = history.has_more;
        }
        self.fetch = Fetch::Idle;
        self.loaded = true;
        self.stale = self.messages.last().map_or(0, |last| last.n) < self.came;
    }

    /// Takes messages that come before the first known one.
    pub fn take_older(&mut self, history: History) {
        self.learn(&history.conversations);
        let first = self.first_n().unwrap_or(u32::MAX);
        let mut messages: Vec<_> =
            history.messages.into_iter().filter(|message| message.n < first).map(Rc::new).collect();
        messages.append(&mut self.messages);
        self.messages = messages;
        self.has_more = history.has_more;
        self.fetch = Fetch::Idle;
    }

    fn learn(&mut self, conversations: &[ConversationView]) {
        for conversation in conversations {
            let newer = self.earlier.get(&conversation.id).is_none_or(|known| known.rev < conversation.rev);
            if newer {
                self.earlier.insert(conversation.id.clone(), Rc::new(conversation.clone()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(n: u32) -> MessageView {
        MessageView {
            id: format!("msg_{n}"),
            conversation_id: "cnv_1".into(),
            n,
            author: Author::Contact,
            text: "x".into(),
            at: i64::from(n),
        }
    }

    fn history(numbers: std::ops::RangeInclusive<u32>, has_more: bool) -> History {
        History { messages: numbers.map(message).collect(), conversations: Vec::new(), has_more }
    }

    fn numbers(thread: &Thread) -> Vec<u32> {
        thread.messages().iter().map(|message| message.n).collect()
    }

    #[test]
    fn older_pages_and_live_messages_join_without_gap_or_double() {
        let mut thread = Thread::default();
        thread.take_newest(history(5..=8, true));
        thread.append(Rc::new(message(9)));
        thread.append(Rc::new(message(9)));
        thread.take_older(history(2..=5, true));
        assert_eq!(numbers(&thread), [2, 3, 4, 5, 6, 7, 8, 9]);
        assert!(thread.has_more && !thread.stale);
        assert_eq!((thread.first_n(), thread.last_contact_n()), (Some(2), Some(9)));
    }

    #[test]
    fn a_gap_makes_it_stale_and_the_newest_page_heals_it() {
        let mut thread = Thread::default();
        thread.take_newest(history(1..=3, false));
        thread.append(Rc::new(message(6)));
        assert!(thread.stale);
        assert_eq!(numbers(&thread), [1, 2, 3], "nothing is shown after a hole");
        thread.take_newest(history(2..=6, true));
        assert_eq!(numbers(&thread), [1, 2, 3, 4, 5, 6]);
        assert!(!thread.stale && !thread.has_more, "what was known of the beginning stays known");
    }

    #[test]
    fn a_message_that_comes_while_the_newest_are_fetched_is_not_missed() {
        let mut thread = Thread::default();
        thread.ask(Fetch::Newest);
        thread.append(Rc::new(message(4)));
        thread.take_newest(history(1..=3, false));
        assert!(thread.loaded && thread.stale, "the page was read before the message was stored");
        thread.ask(Fetch::Newest);
        thread.take_newest(history(1..=4, false));
        assert_eq!(numbers(&thread), [1, 2, 3, 4]);
        assert!(!thread.stale);
    }

    #[test]
    fn a_message_that_no_page_has_is_not_asked_for_for_ever() {
        let mut thread = Thread::default();
        thread.append(Rc::new(message(9)));
        thread.ask(Fetch::Newest);
        thread.take_newest(history(1..=3, false));
        assert!(!thread.stale);
    }

    #[test]
    fn a_newest_page_far_ahead_replaces_what_was_known() {
        let mut thread = Thread::default();
        thread.take_newest(history(1..=3, false));
        thread.take_newest(history(60..=62, true));
        assert_eq!(numbers(&thread), [60, 61, 62]);
        assert!(thread.has_more);
    }

    #[test]
    fn a_message_before_the_first_fetch_is_fetched_with_the_rest() {
        let mut thread = Thread::default();
        thread.append(Rc::new(message(4)));
        assert!(thread.stale && thread.messages().is_empty());
    }
}
