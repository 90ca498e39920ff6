//! A wall clock that may jump back.

/// Watches the driver's clock, so that a jump back moves deadlines along instead of stretching them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clock {
    last_ms: Option<i64>,
}

impl Clock {
    /// Takes the present time; gives by how much deadlines made before must move (zero or negative).
    pub(crate) fn observe(&mut self, now_ms: i64) -> i64 {
        let shift = self.last_ms.map_or(0, |last| now_ms.saturating_sub(last).min(0));
        self.last_ms = Some(now_ms);
        shift
    }
}
