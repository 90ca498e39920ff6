//! The messages that the relay has, as the stream and the pages bring them.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use crate::wire::{Block, Change, ContactState, History, Message};

/// The client's history as far as it is known, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    messages: Vec<Message>,
    epoch: String,
    has_more: bool,
    seen_n: u32,
    open: bool,
    block: Block,
    joined: bool,
}

impl Log {
    /// The messages, in the order of their numbers.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// Whether the relay has older ones.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.has_more
    }

    /// The highest number that an agent has seen.
    #[must_use]
    pub fn seen_n(&self) -> u32 {
        self.seen_n
    }

    /// Whether the last conversation was finished.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.joined && !self.open && !self.messages.is_empty()
    }

    /// Whether the client may write (B4).
    #[must_use]
    pub fn block(&self) -> Block {
        self.block
    }

    /// The number of the oldest message known.
    #[must_use]
    pub fn first_n(&self) -> Option<u32> {
        self.messages.first().map(|message| message.n)
    }

    /// The number of the newest message known; 0 if there is none.
    #[must_use]
    pub fn last_n(&self) -> u32 {
        self.messages.last().map_or(0, |message| message.n)
    }

    /// Whether a snapshot has come.
    #[must_use]
    pub fn is_joined(&self) -> bool {
        self.joined
    }

    /// Starts over with a snapshot. Messages whose storing was acknowledged after it was read stay, unless the record is another one.
    pub fn start_over(&mut self, epoch: &str, state: ContactState) {
        let newest = state.history.messages.last().map_or(0, |message| message.n);
        let mut later = core::mem::take(&mut self.messages);
        later.retain(|message| message.n > newest && message.agent_name.is_none() && self.epoch == epoch);
        self.messages = state.history.messages;
        self.messages.append(&mut later);
        epoch.clone_into(&mut self.epoch);
        self.has_more = state.history.has_more;
        self.seen_n = state.seen_n;
        self.open = state.open;
        self.block = state.block;
        self.joined = true;
    }

    /// Takes an event's change.
    pub fn change(&mut self, change: Change) {
        if let Some(message) = change.message {
            self.take(message);
        }
        self.seen_n = change.seen_n.unwrap_or(self.seen_n).max(self.seen_n);
        self.open = change.open.unwrap_or(self.open);
        self.block = change.block.unwrap_or(self.block);
    }

    /// Takes one message, known or new.
    pub fn take(&mut self, message: Message) {
        match self.messages.binary_search_by_key(&message.n, |known| known.n) {
            Ok(place) => self.messages[place] = message,
            Err(place) => self.messages.insert(place, message),
        }
    }

    /// Takes the page of messages before `before`. One that was asked for before the last start-over is passed over.
    pub fn take_page(&mut self, before: u32, page: History) {
        if self.first_n() != Some(before) {
            return;
        }
        self.has_more = page.has_more && !page.messages.is_empty();
        for message in page.messages {
            self.take(message);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn message(n: u32, agent: bool) -> Message {
        Message {
            id: format!("msg_{n}"),
            n,
            agent_name: agent.then(|| String::from("Ada")),
            text: String::from("hi"),
            at: i64::from(n),
            files: String::new(),
        }
    }

    fn state(numbers: std::ops::RangeInclusive<u32>) -> ContactState {
        let history = History { messages: numbers.map(|n| message(n, true)).collect(), has_more: true };
        ContactState { history, seen_n: 2, open: true, block: Block::default() }
    }

    fn numbers(log: &Log) -> Vec<u32> {
        log.messages().iter().map(|message| message.n).collect()
    }

    #[test]
    fn a_start_over_forgets_all_but_what_was_acknowledged_after_it() {
        let mut log = Log::default();
        log.start_over("a", state(1..=4));
        log.take(message(6, false));
        log.take(message(7, true));
        log.start_over("a", state(3..=5));
        assert_eq!(numbers(&log), [3, 4, 5, 6]);
        log.start_over("b", state(1..=2));
        assert_eq!(numbers(&log), [1, 2], "another record");
    }

    #[test]
    fn pages_go_in_front_and_a_page_of_before_a_start_over_is_passed_over() {
        let mut log = Log::default();
        log.start_over("a", state(5..=6));
        log.take_page(5, History { messages: vec![message(3, true), message(4, false)], has_more: true });
        assert_eq!((numbers(&log), log.has_more()), (vec![3, 4, 5, 6], true));
        log.start_over("a", state(8..=9));
        log.take_page(3, History { messages: vec![message(1, true)], has_more: false });
        assert_eq!((numbers(&log), log.has_more()), (vec![8, 9], true));
        log.take_page(8, History { messages: vec![], has_more: true });
        assert!(!log.has_more(), "an empty page ends it");
    }

    #[test]
    fn seen_never_goes_back() {
        let mut log = Log::default();
        log.start_over("a", state(1..=4));
        log.change(Change { seen_n: Some(1), ..Change::default() });
        assert_eq!(log.seen_n(), 2);
        assert!(!log.has_ended());
        log.change(Change { open: Some(false), ..Change::default() });
        assert!(log.has_ended());
    }

    proptest! {
        #[test]
        fn messages_stand_once_and_in_order(taken in prop::collection::vec((1_u32..30, any::<bool>()), 0..60)) {
            let mut log = Log::default();
            for (n, agent) in taken {
                log.take(message(n, agent));
            }
            prop_assert!(numbers(&log).is_sorted_by(|a, b| a < b));
        }
    }
}
