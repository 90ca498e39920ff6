//! What runs beside the routes: deadlines.

use std::sync::Arc;
use std::time::Duration;

use bus::AlarmClock;
use store::Store;
use store::clock::Clock;

/// How often the deadlines are swept although no alarm rang.
const SWEEP_EVERY: Duration = Duration::from_secs(15);

/// Asks the rules again whenever an alarm rings, and every 15 s in case one was lost (A13).
pub(crate) async fn fire_deadlines(store: Store, clock: Arc<dyn Clock>, alarms: Arc<dyn AlarmClock>) {
    let mut sweep = tokio::time::interval(SWEEP_EVERY);
    sweep.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = alarms.rings() => {}
            _ = sweep.tick() => {}
        }
        match store.fire_due(clock.now()).await {
            Ok(0) => {}
            Ok(n) => tracing::info!(conversations = n, "fired {n} deadlines"),
            Err(error) => tracing::error!(%error, "firing deadlines; the next sweep tries again"),
        }
        match store.next_deadline().await {
            Ok(Some(at)) => alarms.arm(at),
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "reading the next deadline; the next sweep tries again"),
        }
    }
}
