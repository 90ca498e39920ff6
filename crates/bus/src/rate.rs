//! Rate limits: a bucket per key that fills evenly.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use store::clock::Clock;

/// When more keys than this are kept, those whose bucket is full again are forgotten.
const KEYS_MAX: usize = 10_000;

/// How much of something is allowed.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// How many at once.
    pub burst: u32,
    /// After how many milliseconds one more is allowed.
    pub refill_ms: u32,
}

/// Counts what somebody does.
#[async_trait]
pub trait RateLimiter: Send + Sync + 'static {
    /// Takes one from the key's bucket.
    ///
    /// # Errors
    /// The milliseconds until one more is allowed, if the bucket is empty.
    async fn allow(&self, key: &str, rate: Rate) -> Result<(), u32> {
        self.allow_many(key, rate, 1).await
    }

    /// Takes so many from the key's bucket, or none. More than the whole bucket counts as the whole bucket.
    ///
    /// # Errors
    /// The milliseconds until so many are allowed.
    async fn allow_many(&self, key: &str, rate: Rate, n: u32) -> Result<(), u32>;
}

/// The rate limiter of a single process.
pub struct LocalRateLimiter {
    clock: Arc<dyn Clock>,
    /// Key → the instant at which its bucket is full again.
    full_at: Mutex<HashMap<String, i64>>,
}

impl LocalRateLimiter {
    /// A limiter that goes by this clock.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, full_at: Mutex::default() }
    }
}

#[async_trait]
impl RateLimiter for LocalRateLimiter {
    async fn allow_many(&self, key: &str, rate: Rate, n: u32) -> Result<(), u32> {
        let now = self.clock.now().as_ms();
        let mut buckets = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= KEYS_MAX {
            buckets.retain(|_, full_at| *full_at > now);
        }
        let refill = i64::from(rate.refill_ms);
        let full_at = buckets.get(key).copied().unwrap_or(now).max(now) + refill * i64::from(n.min(rate.burst));
        let over = full_at - now - refill * i64::from(rate.burst);
        if over > 0 {
            return Err(u32::try_from(over).unwrap_or(u32::MAX));
        }
        buckets.insert(key.to_owned(), full_at);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::time::Timestamp;
    use store::clock::TestClock;

    use super::*;

    #[tokio::test]
    async fn a_burst_is_allowed_and_then_one_at_a_time() {
        let clock = Arc::new(TestClock::at(Timestamp::from_ms(5)));
        let limiter = LocalRateLimiter::new(clock.clone());
        let rate = Rate { burst: 3, refill_ms: 100 };
        for _ in 0..3 {
            assert_eq!(limiter.allow("a", rate).await, Ok(()));
        }
        assert_eq!(limiter.allow("a", rate).await, Err(100));
        assert_eq!(limiter.allow("b", rate).await, Ok(()), "keys do not share");
        assert_eq!(limiter.allow_many("c", rate, 2).await, Ok(()));
        assert_eq!(limiter.allow_many("c", rate, 2).await, Err(100), "all or none");
        assert_eq!(limiter.allow("c", rate).await, Ok(()));
        assert_eq!(limiter.allow_many("d", rate, 9).await, Ok(()), "no more than there is room for");
        clock.advance_ms(99);
        assert_eq!(limiter.allow("a", rate).await, Err(1));
        clock.advance_ms(1);
        assert_eq!(limiter.allow("a", rate).await, Ok(()));
    }
}
