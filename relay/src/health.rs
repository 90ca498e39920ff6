//! Whether the relay can serve, and what it does without at present.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use store::clock::Clock;
use store::{Store, StoreError};
use tokio::sync::Notify;
use tokio::time::{Instant, MissedTickBehavior};

/// So far the relay's clock may be from the database's (design rule 7).
pub(crate) const APART_MAX: Duration = Duration::from_secs(1);
/// How often the clocks are compared.
const COMPARE_EVERY: Duration = Duration::from_secs(10);
/// How often the record is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// An answer of the database that took longer tells its time too roughly.
const ANSWER_WITHIN: Duration = Duration::from_millis(500);

/// Shared by whoever asks how the relay is.
#[derive(Clone)]
pub(crate) struct Health {
    /// The way to other relays.
    pub(crate) bus: Arc<bus::Health>,
    /// The relay's clock less the database's, in ms.
    apart_ms: Arc<AtomicI64>,
    stops: Arc<AtomicBool>,
    replaced: Arc<Notify>,
}

impl Health {
    pub(crate) fn new(bus: Arc<bus::Health>) -> Self {
        Self { bus, apart_ms: Arc::default(), stops: Arc::default(), replaced: Arc::default() }
    }

    /// The relay's clock less the database's, in ms.
    pub(crate) fn apart_ms(&self) -> i64 {
        self.apart_ms.load(Ordering::Relaxed)
    }

    /// Whether deadlines can be trusted to this relay.
    pub(crate) fn clocks_agree(&self) -> bool {
        i128::from(self.apart_ms()).unsigned_abs() <= APART_MAX.as_millis()
    }

    /// Whether it is about to stop, or stops.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stops.load(Ordering::Relaxed)
    }

    /// The relay is about to stop: whoever spreads requests over relays sends it no more.
    pub(crate) fn stops(&self) {
        self.stops.store(true, Ordering::Relaxed);
    }

    /// Waits until a backup stands in the record's place.
    pub(crate) async fn replaced(&self) {
        self.replaced.notified().await;
    }

    /// Why the relay should be sent nothing, in words; nothing if it can serve.
    pub(crate) fn unready(&self) -> Option<&'static str> {
        if self.is_stopping() {
            return Some("the relay is about to stop");
        }
        (!self.clocks_agree()).then_some("the clocks of this relay and of the database are apart")
    }

    /// What the relay does without, in words; nothing if all is there.
    pub(crate) fn degraded(&self) -> Option<&'static str> {
        (!self.bus.is_up()).then_some("Redis is away: events of other relays come within a second")
    }

    /// Measures once.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the database does not answer.
    pub(crate) async fn compare(&self, store: &Store, clock: &dyn Clock) -> Result<(), StoreError> {
        let (asked, asked_at) = (Instant::now(), clock.now().as_ms());
        let Some(theirs) = store.database_time().await? else { return Ok(()) };
        if asked.elapsed() <= ANSWER_WITHIN {
            let apart = apart(asked_at, theirs.as_ms(), clock.now().as_ms());
            let agreed = self.clocks_agree();
            self.apart_ms.store(apart, Ordering::Relaxed);
            if agreed && !self.clocks_agree() {
                tracing::error!(
                    clock.apart_ms = apart,
                    "this machine's clock is {apart} ms from the database's: the relay is not ready until they agree; \
                     synchronise both by NTP"
                );
            }
        }
        Ok(())
    }

    /// Looks every second whether the record is still the one that was opened: a relay that was cut off from it while a backup was
    /// restored knows its epoch no more.
    pub(crate) async fn watch_record(self, store: Store) {
        let mut every = tokio::time::interval(LOOK_EVERY);
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            every.tick().await;
            match store.is_replaced().await {
                Ok(false) => {}
                Ok(true) => return self.replaced.notify_one(),
                Err(error) => tracing::debug!(cause = ?error, "the record could not be looked at"),
            }
        }
    }

    /// Measures every 10 s.
    pub(crate) async fn watch(self, store: Store, clock: Arc<dyn Clock>) {
        let mut every = tokio::time::interval(COMPARE_EVERY);
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            every.tick().await;
            if let Err(error) = self.compare(&store, &*clock).await {
                tracing::debug!(cause = ?error, "the clocks could not be compared");
            }
        }
    }
}

/// How far our clock is from theirs at least, if they said `theirs` at some moment between our `before` and `after`.
fn apart(before: i64, theirs: i64, after: i64) -> i64 {
    if theirs < before {
        before - theirs
    } else if theirs > after {
        after - theirs
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_the_way_is_not_counted_as_a_difference() {
        assert_eq!(apart(100, 120, 140), 0);
        assert_eq!(apart(100, 90, 140), 10, "ours is ahead");
        assert_eq!(apart(100, 150, 140), -10, "ours is behind");
    }
}
