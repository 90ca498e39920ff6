//! How long to wait before the next attempt.

/// Seeded exponential back-off with jitter: each wait lies between the two bounds, and grows on average.
#[derive(Clone, Debug)]
pub struct Backoff {
    min_ms: i64,
    max_ms: i64,
    n_attempts: u32,
    random: Random,
}

impl Backoff {
    /// A back-off whose waits lie from `min_ms` to `max_ms`; equal seeds give equal waits.
    #[must_use]
    pub fn new(min_ms: i64, max_ms: i64, seed: u64) -> Self {
        let min_ms = min_ms.max(1);
        Self { min_ms, max_ms: max_ms.max(min_ms), n_attempts: 0, random: Random(seed) }
    }

    /// The wait before the next attempt, in milliseconds: evenly distributed from the lower bound to a ceiling that doubles each time.
    pub fn next_ms(&mut self) -> i64 {
        self.n_attempts = self.n_attempts.saturating_add(1);
        self.random.wait_ms(self.min_ms, self.max_ms, self.n_attempts)
    }

    /// Begins again with the shortest waits.
    pub fn reset(&mut self) {
        self.n_attempts = 0;
    }
}

/// A small seeded generator (splitmix64): spreads retries, guards no secret.
#[derive(Clone, Debug)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A wait for the `n_attempts`th failure in a row, from `min_ms` to at most `max_ms`.
    pub(crate) fn wait_ms(&mut self, min_ms: i64, max_ms: i64, n_attempts: u32) -> i64 {
        // Above 2^30 times the lower bound every ceiling is the upper bound.
        let ceiling = min_ms.saturating_mul(1 << n_attempts.min(30)).min(max_ms);
        let width = ceiling.saturating_sub(min_ms).max(0).unsigned_abs().saturating_add(1);
        min_ms.saturating_add_unsigned(self.next() % width)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_wait_lies_between_the_bounds(seed: u64, min in 1_i64..5_000, more in 0_i64..60_000, n in 1_usize..80) {
            let (mut first, mut second) = (Backoff::new(min, min + more, seed), Backoff::new(min, min + more, seed));
            for _ in 0..n {
                let wait = first.next_ms();
                prop_assert!((min..=min + more).contains(&wait), "{wait}");
                prop_assert_eq!(wait, second.next_ms(), "equal seeds give equal waits");
            }
            first.reset();
            prop_assert!(first.next_ms() <= (2 * min).min(min + more), "a reset begins with short waits");
        }
    }

    #[test]
    fn waits_grow_and_readers_spread() {
        let mean = |n_failures: u32| -> i64 {
            let waits = (0..1_000).map(|seed| {
                let mut backoff = Backoff::new(250, 10_000, seed);
                (0..n_failures).fold(0, |_, _| backoff.next_ms())
            });
            waits.sum::<i64>() / 1_000
        };
        assert!((300..=450).contains(&mean(1)), "{}", mean(1));
        assert!((4_500..=5_800).contains(&mean(10)), "{}", mean(10));
    }
}
