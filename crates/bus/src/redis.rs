//! The bus of several relays, on Redis or Valkey.
//!
//! Nothing here is the record. Redis may be away, paused, or lose everything: events are then found in the log within a second, deadlines
//! by the sweep, presence stands on what relays write into the database every 20 s, and each relay counts its own rate limits.

pub(crate) mod address;
mod alarm;
mod doorbell;
mod link;
mod packet;
mod presence;
mod rate;

use std::sync::Arc;
use std::time::Duration;

use store::clock::Clock;

use crate::bus::Bus;
use crate::health::Health;
use crate::keys::Keys;
use crate::presence::LEASE;
use crate::redis::address::RedisAddress;
use crate::redis::alarm::RedisAlarmClock;
use crate::redis::doorbell::RedisDoorbell;
use crate::redis::link::Link;
use crate::redis::presence::RedisPresence;
use crate::redis::rate::RedisRateLimiter;

/// What the bus needs to know.
#[derive(Clone, Debug)]
pub struct RedisSettings {
    /// Where Redis is.
    pub address: RedisAddress,
    /// What all keys begin with.
    pub prefix: String,
    /// How long an agent's connection counts after its last sign of life.
    pub lease: Duration,
}

impl RedisSettings {
    /// The usual settings for an address.
    #[must_use]
    pub fn new(address: RedisAddress, prefix: &str) -> Self {
        Self { address, prefix: prefix.to_owned(), lease: LEASE }
    }
}

/// The bus; it does not wait for Redis, which may come later.
pub(crate) fn bus(settings: RedisSettings, clock: &Arc<dyn Clock>) -> Bus {
    let health = Arc::new(Health::new(true));
    let keys = Keys::new(&settings.prefix);
    let link = Arc::new(Link::new(settings.address, Arc::clone(&health)));
    let doorbell = Arc::new(RedisDoorbell::new(Arc::clone(&link), &keys));
    let alarms = Arc::new(RedisAlarmClock::new(Arc::clone(clock), Arc::clone(&link), &keys));
    let presence = Arc::new(RedisPresence::new(Arc::clone(clock), Arc::clone(&link), keys.clone(), settings.lease));
    let rates = Arc::new(RedisRateLimiter::new(Arc::clone(clock), Arc::clone(&link), keys));
    Bus {
        doorbell: doorbell.clone(),
        alarms: alarms.clone(),
        presence: presence.clone(),
        rates,
        health,
        jobs: vec![
            Box::pin(link.run()),
            Box::pin(doorbell.clone().publish()),
            Box::pin(doorbell.hear()),
            Box::pin(alarms.pass_on()),
            Box::pin(presence.rebuild()),
        ],
    }
}
