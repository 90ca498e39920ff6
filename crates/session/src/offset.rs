//! How far the relay's clock is from ours (L6).

/// The relay's clock against ours. Each sample is too small by the frame's way here, so the largest of the last few is the best.
#[derive(Clone, Debug, Default)]
pub(crate) struct Offset {
    samples: [Option<i64>; Offset::N_SAMPLES],
    next: usize,
}

impl Offset {
    const N_SAMPLES: usize = 8;
    /// No frame is so late: one of the two clocks was set.
    const JUMP_MS: i64 = 5_000;

    pub(crate) fn ms(&self) -> i64 {
        self.samples.iter().copied().flatten().max().unwrap_or(0)
    }

    pub(crate) fn restart(&mut self, ms: i64) {
        *self = Self::default();
        self.sample(ms);
    }

    pub(crate) fn sample(&mut self, ms: i64) {
        if self.samples[0].is_some() && (ms.saturating_sub(self.ms())).saturating_abs() > Self::JUMP_MS {
            *self = Self::default();
        }
        self.samples[self.next] = Some(ms);
        self.next = (self.next + 1) % Self::N_SAMPLES;
    }
}
