//! The clock, chance, and times in the visitor's words.

use domain::id::MessageId;
use domain::time::Timestamp;
use js_sys::{Date, Object, Reflect};
use wasm_bindgen::JsValue;

use super::dom::window;
use crate::texts::Text;

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: f64 = 60_000.0;

#[expect(
    clippy::cast_possible_truncation,
    reason = "an instant lies far below 2^53 and a fraction of a millisecond is cut off"
)]
fn ms(value: f64) -> i64 {
    value as i64
}

#[expect(clippy::cast_precision_loss, reason = "an instant lies far below 2^53")]
fn date(at: i64) -> Date {
    Date::new(&JsValue::from_f64(at as f64))
}

/// Milliseconds since 1970-01-01 UTC by this machine's clock.
pub(super) fn now() -> i64 {
    ms(Date::now())
}

/// Random bytes; if the browser has no source of them, the time and a weak one.
pub(super) fn random() -> [u8; 10] {
    let mut bytes = [0; 10];
    let drawn = window().crypto().and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    if drawn.is_err() {
        for byte in &mut bytes {
            *byte = u8::try_from(ms(js_sys::Math::random() * 256.0)).unwrap_or(0);
        }
    }
    bytes
}

/// A new message's id.
pub(super) fn message_id() -> String {
    MessageId::new(Timestamp::from_ms(now()), random()).into()
}

/// The day of an instant, counted in the visitor's time zone.
pub(super) fn day_of(at: i64) -> i64 {
    let offset = date(at).get_timezone_offset() * MINUTE_MS;
    at.saturating_sub(ms(offset)).div_euclid(DAY_MS)
}

/// The time of day as the visitor writes it.
pub(super) fn clock(at: i64) -> String {
    localised(at, &[("hour", "2-digit"), ("minute", "2-digit")])
}

/// The day as the visitor writes it, "Today" and "Yesterday" in words.
pub(super) fn day(at: i64) -> String {
    let now = now();
    match day_of(now) - day_of(at) {
        0 => Text::Today.english().to_owned(),
        1 => Text::Yesterday.english().to_owned(),
        _ if date(now).get_full_year() == date(at).get_full_year() => {
            localised(at, &[("weekday", "long"), ("day", "numeric"), ("month", "long")])
        }
        _ => localised(at, &[("day", "numeric"), ("month", "long"), ("year", "numeric")]),
    }
}

/// The whole instant as the visitor writes it, for a tooltip.
pub(super) fn full(at: i64) -> String {
    localised(at, &[("dateStyle", "long"), ("timeStyle", "short")])
}

fn localised(at: i64, options: &[(&str, &str)]) -> String {
    let object = Object::new();
    for (name, value) in options {
        // A plain object takes every property.
        Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(value)).unwrap_or(false);
    }
    let locale = window().navigator().language().unwrap_or_else(|| String::from("en"));
    date(at).to_locale_string(&locale, &object).into()
}
