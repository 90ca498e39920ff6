//! The messages of one conversation and of the same client's earlier ones, as far as they were fetched.

use std::rc::Rc;

use protocol::command::History;
use protocol::view::{Author, ConversationView, MessageView};

use super::few::Few;

/// How the fetching of a part of the history stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fetch {
    /// Nothing is under way.
    #[default]
    Idle,
    /// The newest messages are being fetched.
    Newest,
    /// The next page of a list is being fetched.
    More,
    /// Messages before the one of this number are being fetched.
    Older(u32),
    /// The messages around the one of this number are being fetched.
    Around(u32),
    /// Messages after a cut are being fetched; up to this number all are known.
    Newer(u32),
    /// The last attempt failed; the agent may retry.
    Failed,
}

impl Fetch {
    /// Before which number a page ends that brings a part of the history; none brings the newest.
    #[must_use]
    pub const fn before(self) -> Option<u32> {
        match self {
            Self::Older(n) => Some(n),
            Self::Around(n) => Some(n.saturating_add(AHEAD + 1)),
            Self::Newer(known_to) => Some(known_to.saturating_add(PAGE + 1)),
            Self::Newest | Self::More | Self::Idle | Self::Failed => None,
        }
    }
}

/// How many messages a page of the history has.
const PAGE: u32 = 50;
/// How many numbers of a page around a message stand after it.
const AHEAD: u32 = 25;

/// A run of messages without gaps, by their number within the contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thread {
    messages: Vec<Rc<MessageView>>,
    earlier: Few<Rc<ConversationView>>,
    /// The highest number that came since the newest messages were asked for: the answer may have been read before it was stored.
    came: u32,
    /// Up to which number all are known, where the run does not reach the newest.
    cut: Option<u32>,
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

    /// Up to which number all messages are known, if the run does not reach the newest: then nothing that comes is put after the hole.
    #[must_use]
    pub fn cut(&self) -> Option<u32> {
        self.cut
    }

    /// Whether a message of this number would be among the known ones.
    #[must_use]
    pub fn covers(&self, n: u32) -> bool {
        self.first_n().is_some_and(|first| first <= n && n <= self.known_to())
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
        if !matches!(fetch, Fetch::Older(_)) {
            self.came = 0;
        }
    }

    /// Lets a part that did not come be asked for again.
    pub fn again(&mut self) {
        if self.fetch == Fetch::Failed {
            self.fetch = Fetch::Idle;
        }
    }

    /// Takes a message that has just been stored. One that leaves a gap marks the thread as stale.
    pub fn append(&mut self, message: Rc<MessageView>) {
        self.came = self.came.max(message.n);
        if self.cut.is_some() {
            return;
        }
        match self.messages.last().map(|last| last.n) {
            Some(last) if message.n <= last => {}
            Some(last) if message.n > last + 1 => self.stale = true,
            Some(_) => self.messages.push(message),
            None if self.loaded && !self.has_more => self.messages.push(message),
            None => self.stale = true,
        }
    }

    /// Takes a part of the history of a conversation whose last message has the number `last_n`. The answer to a question that was given up
    /// for another changes nothing: an older page joins only the message that it was asked for.
    pub fn take(&mut self, fetch: Fetch, history: History, last_n: u32) {
        match fetch {
            Fetch::Newest | Fetch::More | Fetch::Idle | Fetch::Failed => self.take_newest(history),
            _ if fetch != self.fetch => {}
            Fetch::Older(n) if self.first_n() == Some(n) => self.take_older(history),
            Fetch::Older(_) => self.fetch = Fetch::Idle,
            Fetch::Around(n) => self.take_part(history, n.saturating_add(AHEAD), last_n),
            Fetch::Newer(known_to) => self.take_part(history, known_to.saturating_add(PAGE), last_n),
        }
    }

    /// Takes a page with all messages from its first one to the number `to`. What was known before is kept if the two touch.
    fn take_part(&mut self, history: History, to: u32, last_n: u32) {
        self.learn(&history.conversations);
        let (known_first, known_to) = (self.first_n(), self.known_to());
        let touches = match (known_first, history.messages.first()) {
            (Some(known_first), Some(first)) => first.n <= known_to + 1 && known_first <= to + 1,
            (known_first, None) => known_first.is_some(),
            (None, Some(_)) => false,
        };
        let mut to = to;
        if touches {
            let last = self.last_n();
            let (first, has_more) = (known_first.unwrap_or(0), history.has_more);
            let (mut older, newer): (Vec<_>, Vec<_>) =
                history.messages.into_iter().map(Rc::new).partition(|message| message.n < first);
            if !older.is_empty() {
                self.has_more = has_more;
            }
            older.append(&mut self.messages);
            older.extend(newer.into_iter().filter(|message| message.n > last));
            self.messages = older;
            to = to.max(known_to);
        } else {
            self.messages = history.messages.into_iter().map(Rc::new).collect();
            self.has_more = history.has_more;
        }
        self.cut = (to < last_n).then_some(to);
        self.settle();
    }

    /// Takes the newest messages. What was known before is kept if the two touch.
    pub fn take_newest(&mut self, history: History) {
        self.learn(&history.conversations);
        let first = history.messages.first().map(|message| message.n);
        let touches = match first {
            Some(first) => !self.messages.is_empty() && first <= self.known_to() + 1,
            None => true,
        };
        self.cut = None;
        if touches {
            let last = self.last_n();
            self.messages.extend(history.messages.into_iter().filter(|message| message.n > last).map(Rc::new));
            self.has_more &= self.loaded;
        } else {
            self.messages = history.messages.into_iter().map(Rc::new).collect();
            self.has_more = history.has_more;
        }
        self.settle();
    }

    /// Nothing is under way any more; what came meanwhile may be missing.
    fn settle(&mut self) {
        self.fetch = Fetch::Idle;
        self.loaded = true;
        self.stale = self.cut.is_none() && self.last_n() < self.came;
    }

    fn last_n(&self) -> u32 {
        self.messages.last().map_or(0, |message| message.n)
    }

    fn known_to(&self) -> u32 {
        self.cut.unwrap_or(0).max(self.last_n())
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
            let known = self.earlier.get_or(&conversation.id, || Rc::new(conversation.clone()));
            if known.rev < conversation.rev {
                *known = Rc::new(conversation.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests;
