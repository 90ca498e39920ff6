//! The order and the times of an outbox, whatever its items are.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use crate::backoff::Random;
use crate::outbox::ItemState;
use crate::time::Clock;

const WAIT_MIN_MS: i64 = 500;
const WAIT_MAX_MS: i64 = 20_000;
/// No answer of a relay delays an item longer than this.
const RETRY_AFTER_MAX_MS: i64 = 3_600_000;

#[derive(Clone, Debug)]
struct Entry {
    lane: String,
    id: String,
    state: ItemState,
    n_attempts: u32,
    /// When the next attempt is due.
    due_at: i64,
    /// Before this the relay does not want it, whatever the network does.
    not_before: i64,
}

/// The items' ids, lanes and states, in the order of pushing.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    entries: Vec<Entry>,
    random: Random,
    clock: Clock,
}

impl Queue {
    pub(crate) fn new(seed: u64) -> Self {
        Self { entries: Vec::new(), random: Random(seed), clock: Clock::default() }
    }

    /// Appends an id to its lane, unless it is there.
    pub(crate) fn add(&mut self, lane: &str, id: &str, failed: Option<&str>) -> bool {
        if self.find(id).is_some() {
            return false;
        }
        let state = failed.map_or(ItemState::Waiting, |code| ItemState::Failed { code: code.to_owned() });
        let (lane, id) = (lane.to_owned(), id.to_owned());
        self.entries.push(Entry { lane, id, state, n_attempts: 0, due_at: i64::MIN, not_before: i64::MIN });
        true
    }

    /// The places and ids of what is to be sent now, now marked in flight.
    pub(crate) fn take_due(&mut self, now_ms: i64) -> Vec<(usize, String)> {
        self.observe(now_ms);
        let due = self.heads().filter(|(_, entry)| entry.due_at <= now_ms);
        let due: Vec<(usize, String)> = due.map(|(at, entry)| (at, entry.id.clone())).collect();
        for (at, _) in &due {
            if let Some(entry) = self.entries.get_mut(*at) {
                entry.state = ItemState::InFlight;
            }
        }
        due
    }

    /// Takes an id out and gives its place.
    pub(crate) fn remove(&mut self, id: &str) -> Option<usize> {
        let at = self.find(id)?;
        self.entries.remove(at);
        Some(at)
    }

    pub(crate) fn refused(&mut self, id: &str, code: &str) {
        if let Some(entry) = self.entry(id) {
            entry.state = ItemState::Failed { code: code.to_owned() };
        }
    }

    pub(crate) fn unreachable(&mut self, id: &str, now_ms: i64, retry_after_ms: Option<i64>) {
        self.observe(now_ms);
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.id == id) else {
            return;
        };
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

    pub(crate) fn retry(&mut self, id: &str) {
        if let Some(entry) = self.entry(id)
            && matches!(entry.state, ItemState::Failed { .. })
        {
            entry.state = ItemState::Waiting;
            entry.n_attempts = 0;
            entry.due_at = i64::MIN;
            entry.not_before = i64::MIN;
        }
    }

    pub(crate) fn wake(&mut self) {
        for entry in &mut self.entries {
            entry.n_attempts = 0;
            entry.due_at = entry.not_before;
        }
    }

    pub(crate) fn deadline(&self) -> Option<i64> {
        self.heads().map(|(_, entry)| entry.due_at).min()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &ItemState)> {
        self.entries.iter().map(|entry| (entry.id.as_str(), &entry.state))
    }

    pub(crate) fn get(&self, id: &str) -> Option<(usize, &ItemState)> {
        self.iter().enumerate().find(|(_, (other, _))| *other == id).map(|(at, (_, state))| (at, state))
    }

    /// What is next in its lane: of each lane without one in flight the first that waits.
    fn heads(&self) -> impl Iterator<Item = (usize, &Entry)> {
        let mut lanes: Vec<&str> = Vec::new();
        self.entries.iter().enumerate().filter(move |(_, entry)| {
            if matches!(entry.state, ItemState::Failed { .. }) || lanes.contains(&entry.lane.as_str()) {
                return false;
            }
            lanes.push(&entry.lane);
            entry.state == ItemState::Waiting && !self.is_in_flight(&entry.lane)
        })
    }

    /// An item that was retried into its old place may have a later one of its lane in flight.
    fn is_in_flight(&self, lane: &str) -> bool {
        self.entries.iter().any(|entry| entry.lane == lane && entry.state == ItemState::InFlight)
    }

    fn entry(&mut self, id: &str) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.id == id)
    }

    fn find(&self, id: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.id == id)
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
