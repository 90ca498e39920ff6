//! What is to be sent: in order per lane, once each, until it was taken or refused.

use crate::backoff::Random;
use crate::time::Clock;

const WAIT_MIN_MS: i64 = 500;
const WAIT_MAX_MS: i64 = 20_000;
/// No answer of a relay delays an item longer than this.
const RETRY_AFTER_MAX_MS: i64 = 3_600_000;

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

#[derive(Clone, Debug)]
struct Entry<T> {
    lane: String,
    id: String,
    item: T,
    state: ItemState,
    n_attempts: u32,
    /// When the next attempt is due.
    due_at: i64,
    /// Before this the relay does not want it, whatever the network does.
    not_before: i64,
}

/// Items on their way, ordered per lane (a conversation, or the one contact) with at most one of a lane in flight.
///
/// An item leaves it by [`stored`](Self::stored) or [`discard`](Self::discard) only. An id that is already in it is not taken again.
#[derive(Clone, Debug)]
pub struct Outbox<T> {
    /// In the order of pushing.
    entries: Vec<Entry<T>>,
    random: Random,
    clock: Clock,
}

impl<T: Clone> Outbox<T> {
    /// An empty outbox; the seed spreads the retries of different senders.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { entries: Vec::new(), random: Random(seed), clock: Clock::default() }
    }

    /// Appends an item to its lane.
    pub fn push(&mut self, lane: &str, id: &str, item: T) {
        self.restore(lane, id, item, None);
    }

    /// Appends an item that was kept elsewhere; `failed` is the code that it was refused with, if it was.
    pub fn restore(&mut self, lane: &str, id: &str, item: T, failed: Option<&str>) {
        if self.entries.iter().any(|entry| entry.id == id) {
            return;
        }
        let state = failed.map_or(ItemState::Waiting, |code| ItemState::Failed { code: code.to_owned() });
        let (lane, id) = (lane.to_owned(), id.to_owned());
        self.entries.push(Entry { lane, id, item, state, n_attempts: 0, due_at: i64::MIN, not_before: i64::MIN });
    }

    /// The items to be sent now, now marked in flight: of each lane the first that has not failed, if its time has come.
    pub fn take_due(&mut self, now_ms: i64) -> Vec<Due<T>> {
        self.observe(now_ms);
        let due: Vec<usize> = self.heads().filter(|&at| self.entries[at].due_at <= now_ms).collect();
        due.into_iter()
            .map(|at| {
                let entry = &mut self.entries[at];
                entry.state = ItemState::InFlight;
                Due { id: entry.id.clone(), item: entry.item.clone() }
            })
            .collect()
    }

    /// The item was taken: it leaves the outbox.
    pub fn stored(&mut self, id: &str) -> Option<T> {
        self.remove(id)
    }

    /// The item was refused for good, as far as anybody can say without asking a person.
    pub fn refused(&mut self, id: &str, code: &str) {
        if let Some(entry) = self.entry(id) {
            entry.state = ItemState::Failed { code: code.to_owned() };
        }
    }

    /// The item's fate is unknown, or the relay cannot take it now: it is tried again, not before `retry_after_ms` if that is given.
    pub fn unreachable(&mut self, id: &str, now_ms: i64, retry_after_ms: Option<i64>) {
        self.observe(now_ms);
        let Some(at) = self.entries.iter().position(|entry| entry.id == id) else {
            return;
        };
        let entry = &mut self.entries[at];
        if entry.state != ItemState::InFlight {
            return;
        }
        entry.state = ItemState::Waiting;
        entry.n_attempts = entry.n_attempts.saturating_add(1);
        let wait_ms = self.random.wait_ms(WAIT_MIN_MS, WAIT_MAX_MS, entry.n_attempts);
        let after_ms = retry_after_ms.map(|ms| ms.clamp(0, RETRY_AFTER_MAX_MS));
        entry.not_before = after_ms.map_or(i64::MIN, |ms| now_ms.saturating_add(ms));
        entry.due_at = now_ms.saturating_add(wait_ms).max(entry.not_before);
    }

    /// Tries a failed item again, in its old place before what was pushed after it.
    pub fn retry(&mut self, id: &str) {
        if let Some(entry) = self.entry(id)
            && matches!(entry.state, ItemState::Failed { .. })
        {
            entry.state = ItemState::Waiting;
            entry.n_attempts = 0;
            entry.due_at = i64::MIN;
            entry.not_before = i64::MIN;
        }
    }

    /// Takes an item out: its writer gave it up. One in flight may have been stored all the same.
    pub fn discard(&mut self, id: &str) -> Option<T> {
        self.remove(id)
    }

    /// The network is back: everything that waits only for it is due now.
    pub fn wake(&mut self) {
        for entry in &mut self.entries {
            entry.n_attempts = 0;
            entry.due_at = entry.not_before;
        }
    }

    /// When [`take_due`](Self::take_due) gives something next.
    #[must_use]
    pub fn deadline(&self) -> Option<i64> {
        self.heads().map(|at| self.entries[at].due_at).min()
    }

    /// All items in the order of pushing, with their ids and states.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T, ItemState)> {
        self.entries.iter().map(|entry| (entry.id.as_str(), &entry.item, entry.state.clone()))
    }

    /// One item and its state.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<(&T, ItemState)> {
        self.entries.iter().find(|entry| entry.id == id).map(|entry| (&entry.item, entry.state.clone()))
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The places of the items whose turn it is: of each lane without one in flight the first that waits.
    fn heads(&self) -> impl Iterator<Item = usize> {
        let mut lanes: Vec<&str> = Vec::new();
        self.entries.iter().enumerate().filter_map(move |(at, entry)| {
            if matches!(entry.state, ItemState::Failed { .. }) || lanes.contains(&entry.lane.as_str()) {
                return None;
            }
            lanes.push(&entry.lane);
            (entry.state == ItemState::Waiting && !self.is_in_flight(&entry.lane)).then_some(at)
        })
    }

    /// An item that was retried into its old place may have a later one of its lane in flight.
    fn is_in_flight(&self, lane: &str) -> bool {
        self.entries.iter().any(|entry| entry.lane == lane && entry.state == ItemState::InFlight)
    }

    fn entry(&mut self, id: &str) -> Option<&mut Entry<T>> {
        self.entries.iter_mut().find(|entry| entry.id == id)
    }

    fn remove(&mut self, id: &str) -> Option<T> {
        let at = self.entries.iter().position(|entry| entry.id == id)?;
        Some(self.entries.remove(at).item)
    }

    fn observe(&mut self, now_ms: i64) {
        let shift = self.clock.observe(now_ms);
        if shift == 0 {
            return;
        }
        for entry in &mut self.entries {
            // i64::MIN says "at once" and stays.
            for at in [&mut entry.due_at, &mut entry.not_before] {
                *at = if *at == i64::MIN { *at } else { at.saturating_add(shift) };
            }
        }
    }
}
