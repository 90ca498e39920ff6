//! Instants and spans in whole milliseconds.

/// An instant: whole milliseconds since 1970-01-01 UTC, by the relay's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A span of time in whole milliseconds, never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(u32);

impl Timestamp {
    /// The instant `ms` milliseconds after 1970-01-01 UTC.
    #[must_use]
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub const fn as_ms(self) -> i64 {
        self.0
    }

    /// How long after `earlier` it is; nothing if it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Span {
        Span(u32::try_from(self.0.saturating_sub(earlier.0).max(0)).unwrap_or(u32::MAX))
    }

    /// The instant `span` later.
    #[must_use]
    pub const fn plus(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0 as i64))
    }
}

impl Span {
    /// A span of whole minutes; above 71,582 minutes it stays at the largest span.
    #[must_use]
    pub const fn from_minutes(minutes: u32) -> Self {
        Self(minutes.saturating_mul(60_000))
    }

    /// A span of milliseconds.
    #[must_use]
    pub const fn from_ms(ms: u32) -> Self {
        Self(ms)
    }

    /// The span in milliseconds.
    #[must_use]
    pub const fn as_ms(self) -> u32 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_moves_an_instant_and_saturates() {
        let start = Timestamp::from_ms(1_000);
        assert_eq!(start.plus(Span::from_minutes(15)).as_ms(), 901_000);
        assert_eq!(start.plus(Span::from_ms(7)).since(start), Span::from_ms(7));
        assert_eq!(start.since(start.plus(Span::from_ms(7))), Span::from_ms(0));
        assert_eq!(Timestamp::from_ms(i64::MAX).plus(Span::from_ms(1)).as_ms(), i64::MAX);
    }
}
