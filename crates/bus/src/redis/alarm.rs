//! The alarm clock of several relays: each rings for what it armed itself, and one of them for what nobody took.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use domain::time::Timestamp;
use redis::Script;
use store::clock::Clock;
use tokio::sync::{Mutex, mpsc};

use crate::alarm::{AlarmClock, LocalAlarmClock};
use crate::keys::Keys;
use crate::redis::link::{Away, Link};

/// Alarms in Redis are rounded up to this many ms, so that their number is bounded by time and not by traffic.
const GRAIN_MS: i64 = 250;
/// How many alarms may wait to be set in Redis. What does not fit is found by the sweep.
const QUEUE: usize = 4_096;
/// The longest wait between two looks at what other relays armed.
const LOOK_EVERY: Duration = Duration::from_secs(1);

static ARM: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("../lua/arm_alarms.lua")));
static TAKE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("../lua/take_alarms.lua")));

/// Alarms in this process and in Redis' sorted set.
pub(crate) struct RedisAlarmClock {
    local: LocalAlarmClock,
    link: Arc<Link>,
    key: String,
    armed: mpsc::Sender<i64>,
    /// Taken by the one job that sets them in Redis.
    queue: Mutex<mpsc::Receiver<i64>>,
}

impl RedisAlarmClock {
    pub(crate) fn new(clock: Arc<dyn Clock>, link: Arc<Link>, keys: &Keys) -> Self {
        let (armed, queue) = mpsc::channel(QUEUE);
        Self { local: LocalAlarmClock::new(clock), link, key: keys.alarms(), armed, queue: Mutex::new(queue) }
    }

    /// Sets in Redis what was armed here, for the case that this relay does not live to see it.
    pub(crate) async fn pass_on(self: Arc<Self>) {
        let mut queue = self.queue.lock().await;
        let mut waiting = Vec::new();
        while queue.recv_many(&mut waiting, QUEUE).await > 0 {
            let instants: BTreeSet<i64> = waiting.drain(..).map(rounded_up).collect();
            let args: Vec<String> = instants.iter().map(i64::to_string).collect();
            if self.link.run_script::<i64>(&ARM, &self.key, &args).await == Err(Away) {
                tracing::debug!("{} alarms stand in the record alone", args.len());
            }
        }
    }

    /// Waits until this relay has taken an alarm from Redis.
    async fn rings_in_redis(&self) {
        loop {
            let wait = match self.link.run_script::<(i64, i64)>(&TAKE, &self.key, &[]).await {
                Ok((due, _)) if due > 0 => return,
                Ok((_, next)) => u64::try_from(next).map_or(LOOK_EVERY, Duration::from_millis),
                Err(Away) => LOOK_EVERY,
            };
            tokio::time::sleep(wait.min(LOOK_EVERY)).await;
        }
    }
}

fn rounded_up(at: i64) -> i64 {
    at.div_euclid(GRAIN_MS).saturating_add(1).saturating_mul(GRAIN_MS)
}

#[async_trait]
impl AlarmClock for RedisAlarmClock {
    fn arm(&self, at: Timestamp) {
        self.local.arm(at);
        if self.armed.try_send(at.as_ms()).is_err() {
            tracing::debug!("an alarm stands in this relay and the record alone");
        }
    }

    async fn rings(&self) {
        tokio::select! {
            () = self.local.rings() => {}
            () = self.rings_in_redis() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_in_redis_is_never_too_early_and_at_most_a_grain_late() {
        for at in [0, 1, 249, 250, 251, 1_800_000_000_123] {
            assert!(rounded_up(at) > at && rounded_up(at) <= at + GRAIN_MS, "{at}");
            assert_eq!(rounded_up(at) % GRAIN_MS, 0);
        }
    }
}
