//! The parts of the bus together, of one process or of several.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use store::clock::Clock;

use crate::health::Health;
use crate::redis::{self, RedisSettings};
use crate::{
    AlarmClock, Doorbell, LocalAlarmClock, LocalDoorbell, LocalPresence, LocalRateLimiter, Presence, RateLimiter,
};

/// What a relay shares with others.
pub struct Bus {
    /// Tells of new events.
    pub doorbell: Arc<dyn Doorbell>,
    /// Says when to look at deadlines.
    pub alarms: Arc<dyn AlarmClock>,
    /// Knows which agents have a Gmail page open.
    pub presence: Arc<dyn Presence>,
    /// Counts what somebody does.
    pub rates: Arc<dyn RateLimiter>,
    /// How it is.
    pub health: Arc<Health>,
    /// What has to run beside it as long as the relay does.
    pub jobs: Vec<BoxFuture<'static, ()>>,
}

impl Bus {
    /// The bus of a single process.
    #[must_use]
    pub fn local(clock: &Arc<dyn Clock>) -> Self {
        Self {
            doorbell: Arc::new(LocalDoorbell::default()),
            alarms: Arc::new(LocalAlarmClock::new(Arc::clone(clock))),
            presence: Arc::new(LocalPresence::new(Arc::clone(clock))),
            rates: Arc::new(LocalRateLimiter::new(Arc::clone(clock))),
            health: Arc::new(Health::new(false)),
            jobs: Vec::new(),
        }
    }

    /// The bus of several processes. It is made at once and works alone until Redis is there.
    #[must_use]
    pub fn redis(settings: RedisSettings, clock: &Arc<dyn Clock>) -> Self {
        redis::bus(settings, clock)
    }
}
