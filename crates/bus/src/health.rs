//! How the bus is, for `/readyz`, the metrics and the log.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// What is known of the way to other relays. In a single process there is none, and it is never down.
#[derive(Debug)]
pub struct Health {
    is_shared: bool,
    is_up: AtomicBool,
    /// Whether the first connection was tried, so that the first word is said either way.
    was_told: AtomicBool,
    round_trip_us: AtomicU64,
    n_connections: AtomicU64,
    n_lost: AtomicU64,
}

impl Health {
    /// Of a bus that relays share, which is down until it is up, or of one process.
    pub(crate) fn new(is_shared: bool) -> Self {
        Self {
            is_shared,
            is_up: AtomicBool::new(!is_shared),
            was_told: AtomicBool::new(false),
            round_trip_us: AtomicU64::new(0),
            n_connections: AtomicU64::new(0),
            n_lost: AtomicU64::new(0),
        }
    }

    /// Whether relays share it, by Redis.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.is_shared
    }

    /// Whether Redis answers. Always, where none is used.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.is_up.load(Ordering::Relaxed)
    }

    /// How long the last sign of life took.
    #[must_use]
    pub fn last_round_trip(&self) -> Duration {
        Duration::from_micros(self.round_trip_us.load(Ordering::Relaxed))
    }

    /// How many connections were made.
    #[must_use]
    pub fn n_connections(&self) -> u64 {
        self.n_connections.load(Ordering::Relaxed)
    }

    /// How many events did not go out by the doorbell, and were found by comparing heads.
    #[must_use]
    pub fn n_lost(&self) -> u64 {
        self.n_lost.load(Ordering::Relaxed)
    }

    pub(crate) fn lost(&self, n_events: usize) {
        self.n_lost.fetch_add(n_events as u64, Ordering::Relaxed);
    }

    pub(crate) fn round_trip(&self, took: Duration) {
        self.round_trip_us.store(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Says whether that is news.
    pub(crate) fn came_up(&self) -> bool {
        self.n_connections.fetch_add(1, Ordering::Relaxed);
        self.was_told.store(true, Ordering::Relaxed);
        !self.is_up.swap(true, Ordering::Relaxed)
    }

    /// Says whether that is news.
    pub(crate) fn went_down(&self) -> bool {
        let was_up = self.is_up.swap(false, Ordering::Relaxed);
        !self.was_told.swap(true, Ordering::Relaxed) || was_up
    }
}
