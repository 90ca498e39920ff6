//! Rate limits that all relays count together.

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use redis::Script;
use store::clock::Clock;

use crate::keys::Keys;
use crate::rate::{LocalRateLimiter, Rate, RateLimiter};
use crate::redis::link::{Away, Link};

static TAKE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("../lua/take_rate.lua")));

/// Buckets in Redis; while it is away, each relay counts by itself.
pub(crate) struct RedisRateLimiter {
    local: LocalRateLimiter,
    link: Arc<Link>,
    keys: Keys,
}

impl RedisRateLimiter {
    pub(crate) fn new(clock: Arc<dyn Clock>, link: Arc<Link>, keys: Keys) -> Self {
        Self { local: LocalRateLimiter::new(clock), link, keys }
    }
}

#[async_trait]
impl RateLimiter for RedisRateLimiter {
    async fn allow_many(&self, key: &str, rate: Rate, n: u32) -> Result<(), u32> {
        let args = [rate.refill_ms, rate.burst, n.min(rate.burst)].map(|number| number.to_string());
        match self.link.run_script::<i64>(&TAKE, &self.keys.rate(key), &args).await {
            Ok(0) => Ok(()),
            Ok(wait_ms) => Err(u32::try_from(wait_ms).unwrap_or(u32::MAX)),
            Err(Away) => self.local.allow_many(key, rate, n).await,
        }
    }
}
