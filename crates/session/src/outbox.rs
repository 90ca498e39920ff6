//! What is to be sent: in order per lane, once each, until it was taken or refused.

use alloc::string::String;
use alloc::vec::Vec;

use crate::queue::Queue;

/// An item that is to be sent now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due<T> {
    /// Its id.
    pub id: String,
    /// The item.
    pub item: T,
}

/// Where an item stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemState {
    /// Waits for its turn, or for the next attempt.
    Waiting,
    /// Was handed out; its fate has not been reported yet.
    InFlight,
    /// Refused; waits for [`Outbox::retry`] or [`Outbox::discard`], and holds nothing up.
    Failed {
        /// Why.
        code: String,
    },
}

/// Items on their way, ordered per lane (a conversation, or the one contact) with at most one of a lane in flight.
///
/// An item leaves it by [`stored`](Self::stored) or [`discard`](Self::discard) only. An id that is already in it is not taken again.
#[derive(Clone, Debug)]
pub struct Outbox<T> {
    /// In the order of pushing, each in the place of its entry in the queue.
    items: Vec<T>,
    queue: Queue,
}

impl<T: Clone> Outbox<T> {
    /// An empty outbox; the seed spreads the retries of different senders.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { items: Vec::new(), queue: Queue::new(seed) }
    }

    /// Appends an item to its lane.
    pub fn push(&mut self, lane: &str, id: &str, item: T) {
        self.restore(lane, id, item, None);
    }

    /// Appends an item that was kept elsewhere; `failed` is the code that it was refused with, if it was.
    pub fn restore(&mut self, lane: &str, id: &str, item: T, failed: Option<&str>) {
        if self.queue.add(lane, id, failed) {
            self.items.push(item);
        }
    }

    /// The items to be sent now, now marked in flight: of each lane the first that has not failed, if its time has come.
    pub fn take_due(&mut self, now_ms: i64) -> Vec<Due<T>> {
        let due = self.queue.take_due(now_ms).into_iter();
        due.filter_map(|(at, id)| Some(Due { id, item: self.items.get(at)?.clone() })).collect()
    }

    /// The item was taken: it leaves the outbox.
    pub fn stored(&mut self, id: &str) -> Option<T> {
        let at = self.queue.remove(id)?;
        Some(self.items.remove(at))
    }

    /// The item was refused for good, as far as anybody can say without asking a person.
    pub fn refused(&mut self, id: &str, code: &str) {
        self.queue.refused(id, code);
    }

    /// The item's fate is unknown, or the relay cannot take it now: it is tried again, not before `retry_after_ms` if that is given.
    pub fn unreachable(&mut self, id: &str, now_ms: i64, retry_after_ms: Option<i64>) {
        self.queue.unreachable(id, now_ms, retry_after_ms);
    }

    /// Tries a failed item again, in its old place before what was pushed after it.
    pub fn retry(&mut self, id: &str) {
        self.queue.retry(id);
    }

    /// Takes an item out: its writer gave it up. One in flight may have been stored all the same.
    pub fn discard(&mut self, id: &str) -> Option<T> {
        self.stored(id)
    }

    /// The network is back: everything that waits only for it is due now.
    pub fn wake(&mut self) {
        self.queue.wake();
    }

    /// When [`take_due`](Self::take_due) gives something next.
    #[must_use]
    pub fn deadline(&self) -> Option<i64> {
        self.queue.deadline()
    }

    /// All items in the order of pushing, with their ids and states.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T, ItemState)> {
        self.queue.iter().zip(&self.items).map(|((id, state), item)| (id, item, state.clone()))
    }

    /// One item and its state.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<(&T, ItemState)> {
        let (at, state) = self.queue.get(id)?;
        Some((self.items.get(at)?, state.clone()))
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}
