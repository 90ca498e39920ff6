//! What runs beside the routes: deadlines, signs of life, and what is kept for a time only.

use std::sync::Arc;
use std::time::Duration;

use bus::{AlarmClock, Presence};
use domain::time::Timestamp;
use files::{Files, Key};
use store::clock::Clock;
use store::{Store, StoreError};
use tokio::time::MissedTickBehavior;

/// How often the deadlines are swept although no alarm rang.
const SWEEP_EVERY: Duration = Duration::from_secs(15);
/// How often the signs of life of connected agents are written down: so much a crash can hide (P5).
const NOTE_EVERY: Duration = Duration::from_secs(20);
/// How often messages are looked for that cannot be searched yet.
const MAKE_UP_EVERY: Duration = Duration::from_secs(10);
/// How often what is kept for a time only is looked for.
const FORGET_EVERY: Duration = Duration::from_secs(60 * 60);
/// The pause between two slices of such work.
const SLICE_PAUSE: Duration = Duration::from_millis(50);
/// How often files are looked for that nobody sent.
const PURGE_EVERY: Duration = Duration::from_secs(600);

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
            self.fire(self.clock.now()).await;
        }
    }

    /// Fires what is due, each kind by itself, and arms the next instant that is still to come. After a fault the next sweep tries
    /// again: a full disk is not asked without pause.
    async fn fire(&self, now: Timestamp) {
        let n_fired = told(self.store.fire_due(now).await, "firing clocks and blocks").unwrap_or(0);
        let n_offline = told(self.fire_offline(now).await, "setting agents Offline").unwrap_or(0);
        if n_fired + n_offline > 0 {
            tracing::info!(fired = n_fired, offline = n_offline, "fired {n_fired} deadlines, set {n_offline} Offline");
        }
        if let Some(next) = told(self.store.next_deadline(now).await, "looking for the next deadline").flatten() {
            self.alarms.arm(next);
        }
    }

    /// Sets agents Offline whose last page has been gone for their time (P5). Who is connected is not gone, whatever a clock says.
    async fn fire_offline(&self, now: Timestamp) -> Result<usize, StoreError> {
        let (mut n_offline, mut here) = (0, Vec::new());
        for agent in self.store.due_offline(now).await? {
            if self.presence.is_here(&agent).await {
                here.push((agent, now));
            } else {
                let fired = told(self.store.fire_offline(agent).await, "setting an agent Offline");
                n_offline += usize::from(fired == Some(true));
            }
        }
        if !here.is_empty() {
            self.store.note_seen(here).await?;
        }
        Ok(n_offline)
    }
}

/// What came of it, unless it failed; then the log is told.
fn told<T>(result: Result<T, StoreError>, what: &str) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            tracing::error!(cause = ?error, "{what}");
            None
        }
    }
}

/// Puts messages where one searches that an older release wrote, or that were there before one could search: the newest first, in slices
/// with pauses, so that nobody waits for it.
pub(crate) async fn make_up_for_search(store: Store) {
    let mut every = tokio::time::interval(MAKE_UP_EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        while told(store.make_up_for_search().await, "making up for what cannot be searched yet") == Some(true) {
            tokio::time::sleep(SLICE_PAUSE).await;
        }
    }
}

/// Deletes visits whose time is over: at the start, and every hour, in slices with pauses.
pub(crate) async fn forget_visits(store: Store, clock: Arc<dyn Clock>) {
    let mut every = tokio::time::interval(FORGET_EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        while told(store.forget_visits(clock.now()).await, "deleting visits whose time is over") == Some(true) {
            tokio::time::sleep(SLICE_PAUSE).await;
        }
    }
}

/// Takes away files that were uploaded more than 24 hours ago and never sent, and bytes of which nothing came.
pub(crate) async fn purge_files(store: Store, files: Files, clock: Arc<dyn Clock>) {
    let mut every = tokio::time::interval(PURGE_EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        while purge_some(&store, &files, clock.now()).await == Some(true) {
            tokio::time::sleep(SLICE_PAUSE).await;
        }
    }
}

/// Takes some of them away; says whether there may be more.
async fn purge_some(store: &Store, files: &Files, now: Timestamp) -> Option<bool> {
    let keys = told(store.unsent_files(now).await, "looking for files that nobody sent")?;
    let mut gone = Vec::with_capacity(keys.len());
    for text in keys {
        let deleted = match Key::new(&text) {
            Ok(key) => files.delete(&key).await,
            Err(_) => Ok(()),
        };
        match deleted {
            Ok(()) => gone.push(text),
            // The others are not to wait for it.
            Err(error) => {
                tracing::error!(cause = %error, "deleting a file that nobody sent; the next time is in 10 minutes");
            }
        }
    }
    if !gone.is_empty() {
        tracing::info!(files = gone.len(), "purged {} files that nobody sent", gone.len());
    }
    let is_more = !gone.is_empty();
    told(store.forget_files(gone).await, "forgetting files that are gone")?;
    Some(is_more)
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
