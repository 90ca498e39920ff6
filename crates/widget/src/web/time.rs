//! The clock, chance, and days in the visitor's words.

use alloc::string::String;

use super::page;
use crate::id;
use crate::texts::Text;

#[expect(
    clippy::cast_possible_truncation,
    reason = "an instant lies far below 2^53 and a fraction of a millisecond is cut off"
)]
fn ms(value: f64) -> i64 {
    value as i64
}

/// An instant as JavaScript counts it.
#[expect(clippy::cast_precision_loss, reason = "an instant lies far below 2^53")]
pub(super) fn js(at: i64) -> f64 {
    at as f64
}

/// Milliseconds since 1970-01-01 UTC by this machine's clock.
pub(super) fn now() -> i64 {
    ms(page::now())
}

/// A new message's id.
pub(super) fn message_id(now: i64) -> String {
    id::message_id(now, [page::random(), page::random(), page::random()])
}

/// The day of an instant, counted in the visitor's time zone.
pub(super) fn day_of(at: i64) -> i64 {
    ms(page::day_of(at))
}

/// Writes the day into its row as the visitor writes it, "Today" and "Yesterday" in words.
pub(super) fn write_day(day: i64, at: i64) {
    match day_of(now()).saturating_sub(day) {
        0 => page::write("", Text::Today.english()),
        1 => page::write("", Text::Yesterday.english()),
        _ => page::write_day(at),
    }
}
