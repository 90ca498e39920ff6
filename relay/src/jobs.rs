//! What runs beside the routes: deadlines, and signs of life.

use std::sync::Arc;
use std::time::Duration;

use bus::{AlarmClock, Presence};
use domain::time::Timestamp;
use store::clock::Clock;
use store::{Store, StoreError};
use tokio::time::MissedTickBehavior;

/// How often the deadlines are swept although no alarm rang.
const SWEEP_EVERY: Duration = Duration::from_secs(15);
/// How often the signs of life of connected agents are written down: so much a crash can hide (P5).
const NOTE_EVERY: Duration = Duration::from_secs(20);

/// Fires what is due, by alarm or by sweep.
pub(crate) struct Clocks {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) alarms: Arc<dyn AlarmClock>,
    pub(crate) presence: Arc<dyn Presence>,
}

impl Clocks {
    /// Asks the rules again whenever an alarm rings, and every 15 s in case one was lost (A13).
    pub(crate) async fn run(self) {
        let mut sweep = tokio::time::interval(SWEEP_EVERY);
        sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = self.alarms.rings() => {}
                _ = sweep.tick() => {}
            }
            match self.fire(self.clock.now()).await {
                Ok(Some(next)) => self.alarms.arm(next),
                Ok(None) => {}
                // Nothing is armed: a full disk is not asked without pause.
                Err(error) => tracing::error!(cause = ?error, "firing deadlines; the next sweep tries again"),
            }
        }
    }

    /// Fires what is due; gives the next instant that is still to come.
    async fn fire(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let n_fired = self.store.fire_due(now).await?;
        let n_offline = self.fire_offline(now).await?;
        if n_fired + n_offline > 0 {
            tracing::info!(fired = n_fired, offline = n_offline, "fired {n_fired} deadlines, set {n_offline} Offline");
        }
        self.store.next_deadline(now).await
    }

    /// Sets agents Offline whose last page has been gone for their time (P5). Who is connected is not gone, whatever a clock says.
    async fn fire_offline(&self, now: Timestamp) -> Result<usize, StoreError> {
        let (mut n_offline, mut here) = (0, Vec::new());
        for agent in self.store.due_offline(now).await? {
            if self.presence.is_here(&agent).await {
                here.push((agent, now));
            } else {
                n_offline += usize::from(self.store.fire_offline(agent).await?);
            }
        }
        if !here.is_empty() {
            self.store.note_seen(here).await?;
        }
        Ok(n_offline)
    }
}

/// Writes down every 20 s when each connected agent showed life, so that a crash of this relay does not count against him (P5).
pub(crate) async fn note_presence(store: Store, presence: Arc<dyn Presence>) {
    let mut every = tokio::time::interval(NOTE_EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        let seen = presence.seen().await;
        if seen.is_empty() {
            continue;
        }
        if let Err(error) = store.note_seen(seen).await {
            tracing::error!(cause = ?error, "writing down signs of life; the next time is in 20 s");
        }
    }
}
