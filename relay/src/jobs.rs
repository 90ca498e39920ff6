//! What runs beside the routes: deadlines.

use std::sync::Arc;
use std::time::Duration;

use bus::AlarmClock;
use domain::time::Timestamp;
use store::clock::Clock;
use store::{Store, StoreError};

/// How often the deadlines are swept although no alarm rang.
const SWEEP_EVERY: Duration = Duration::from_secs(15);

/// Fires what is due; gives the next instant that is still to come.
async fn fire(store: &Store, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let n = store.fire_due(now).await?;
    if n > 0 {
        tracing::info!(conversations = n, "fired {n} deadlines");
    }
    store.next_deadline(now).await
}

/// Asks the rules again whenever an alarm rings, and every 15 s in case one was lost (A13).
pub(crate) async fn fire_deadlines(store: Store, clock: Arc<dyn Clock>, alarms: Arc<dyn AlarmClock>) {
    let mut sweep = tokio::time::interval(SWEEP_EVERY);
    sweep.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = alarms.rings() => {}
            _ = sweep.tick() => {}
        }
        match fire(&store, clock.now()).await {
            Ok(Some(next)) => alarms.arm(next),
            Ok(None) => {}
            // Nothing is armed: a full disk is not asked without pause.
            Err(error) => tracing::error!(cause = ?error, "firing deadlines; the next sweep tries again"),
        }
    }
}
