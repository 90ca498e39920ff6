//! Chance that can be had again: every run has its own, from one seed and the run's number.

/// A small generator of even numbers (`SplitMix64`).
pub(crate) struct Chance(u64);

impl Chance {
    /// The chance of one run, the same whatever runs beside it.
    pub(crate) fn of(seed: u64, run: u64) -> Self {
        let mut chance = Self(seed ^ run.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        chance.next();
        chance
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 if there is none.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap()
    }

    /// Whether the one of `n` cases is met.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of several.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Any byte.
    pub(crate) fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    /// Any bytes, fewer than `end`.
    pub(crate) fn bytes(&mut self, end: usize) -> Vec<u8> {
        let n = self.below(end);
        (0..n).map(|_| self.byte()).collect()
    }

    /// Somewhere in something of this length: where it begins and where it ends.
    pub(crate) fn range(&mut self, len: usize) -> std::ops::Range<usize> {
        let start = self.below(len);
        // Mostly short ones: what is far away still fits.
        let span = if self.one_in(4) { len } else { 16 };
        start..len.min(start + 1 + self.below(span))
    }
}

#[test]
fn the_chance_of_a_run_can_be_had_again_and_is_no_other_runs() {
    let draw = |run: u64| {
        let mut chance = Chance::of(7, run);
        (0..8).map(|_| chance.next()).collect::<Vec<_>>()
    };
    assert_eq!(draw(3), draw(3));
    assert!((0..1_000).all(|run| run == 3 || draw(run) != draw(3)));
}
