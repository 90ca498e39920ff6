//! Instants in words: local time of day, days, waiting times.
//!
//! Instants are the relay's milliseconds; the browser's zone makes them local (L6). Outside a browser the zone is UTC.

use crate::text::{fill, texts, visit};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// After how long an unanswered client turns amber in a list (L3).
pub const AMBER_MS: i64 = 5 * MINUTE_MS;
/// After how long an unanswered client turns red in a list (L3).
pub const RED_MS: i64 = 10 * MINUTE_MS;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// How pressing a waiting client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Just came.
    Calm,
    /// Five minutes and more.
    Amber,
    /// Ten minutes and more.
    Red,
}

impl Urgency {
    /// The urgency of someone who has waited this long.
    #[must_use]
    pub const fn of(waited_ms: i64) -> Self {
        match waited_ms {
            ..AMBER_MS => Self::Calm,
            AMBER_MS..RED_MS => Self::Amber,
            _ => Self::Red,
        }
    }

    /// The suffix of a CSS class.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }
}

/// This machine's clock, in milliseconds. For the relay's, add the measured offset.
#[cfg(target_arch = "wasm32")]
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "Date.now() is a whole number far below 2^53")]
pub fn machine_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// This machine's clock. Outside a browser nothing is shown to anybody: the epoch, so that renderings are the same every time.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub const fn machine_ms() -> i64 {
    0
}

/// A local date and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Local {
    year: i64,
    /// 0 to 11.
    month: usize,
    day: i64,
    hour: i64,
    minute: i64,
}

#[cfg(target_arch = "wasm32")]
#[expect(clippy::cast_precision_loss, reason = "milliseconds of our time fit in 53 bits")]
fn local(at: i64) -> Local {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at as f64));
    Local {
        year: i64::from(date.get_full_year()),
        month: usize::try_from(date.get_month()).unwrap_or(0).min(11),
        day: i64::from(date.get_date()),
        hour: i64::from(date.get_hours()),
        minute: i64::from(date.get_minutes()),
    }
}

/// UTC by the civil calendar (Howard Hinnant's `civil_from_days`).
#[cfg(not(target_arch = "wasm32"))]
fn local(at: i64) -> Local {
    let days = at.div_euclid(DAY_MS) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 2 } else { shifted - 10 };
    Local {
        year: year_of_era + era * 400 + i64::from(month < 2),
        month: usize::try_from(month).unwrap_or(0),
        day: of_year - (153 * shifted + 2) / 5 + 1,
        hour: at.rem_euclid(DAY_MS) / HOUR_MS,
        minute: at.rem_euclid(HOUR_MS) / MINUTE_MS,
    }
}

/// Whether this browser's people count hours to twelve.
#[cfg(target_arch = "wasm32")]
fn counts_to_twelve() -> bool {
    thread_local! {
        static ANSWER: bool = String::from(js_sys::Date::new_0().to_locale_time_string("default")).to_ascii_lowercase().ends_with('m');
    }
    ANSWER.with(|answer| *answer)
}

#[cfg(not(target_arch = "wasm32"))]
const fn counts_to_twelve() -> bool {
    false
}

/// The time of day: `14:05`, or `2:05 PM` where people count so.
#[must_use]
pub fn time_of_day(at: i64) -> String {
    let Local { hour, minute, .. } = local(at);
    if counts_to_twelve() {
        let half = if hour < 12 { "AM" } else { "PM" };
        return format!("{}:{minute:02} {half}", (hour + 11) % 12 + 1);
    }
    format!("{hour:02}:{minute:02}")
}

/// A number that is the same for instants of one local day and differs between days.
#[must_use]
pub fn day_number(at: i64) -> i64 {
    let Local { year, month, day, .. } = local(at);
    year * 400 + i64::try_from(month).unwrap_or(0) * 32 + day
}

/// The day in words: "Today", "Yesterday", `Nov 21`, or with the year if it is another one.
#[must_use]
pub fn day(at: i64, now: i64) -> String {
    if day_number(at) == day_number(now) {
        return texts().today.to_owned();
    }
    if day_number(at) == day_number(now - DAY_MS) {
        return texts().yesterday.to_owned();
    }
    date(at, now)
}

fn date(at: i64, now: i64) -> String {
    let Local { year, month, day, .. } = local(at);
    let month = MONTHS[month];
    if year == local(now).year { format!("{month} {day}") } else { format!("{month} {day}, {year}") }
}

/// For a list: the time of day today, else the date.
#[must_use]
pub fn short(at: i64, now: i64) -> String {
    if day_number(at) == day_number(now) { time_of_day(at) } else { date(at, now) }
}

/// For a sentence: the day and the time of day.
#[must_use]
pub fn full(at: i64, now: i64) -> String {
    format!("{}, {}", day(at, now), time_of_day(at))
}

/// For a record that is read later and elsewhere: `2026-11-22 17:13`.
#[must_use]
pub fn stamp(at: i64) -> String {
    let Local { year, month, day, .. } = local(at);
    format!("{year}-{:02}-{day:02} {}", month + 1, time_of_day(at))
}

/// After "at": the time of day, and the date if it is not today.
#[must_use]
pub fn moment(at: i64, now: i64) -> String {
    if day_number(at) == day_number(now) {
        return time_of_day(at);
    }
    fill(texts().time_on, &[("time", &time_of_day(at)), ("date", &date(at, now))])
}

/// How long somebody has waited: `now`, `4 min`, `2 h`, `3 d`.
#[must_use]
pub fn waited(ms: i64) -> String {
    if ms < MINUTE_MS { "now".to_owned() } else { span(ms) }
}

/// How long something still lasts, rounded, and never nothing: `1 min`, `23 h`, `30 d`.
#[must_use]
pub fn left(ms: i64) -> String {
    let rounded = |unit: i64| (ms + unit / 2) / unit * unit;
    let minutes = rounded(MINUTE_MS).max(MINUTE_MS);
    let hours = rounded(HOUR_MS);
    span(match minutes {
        ..HOUR_MS => minutes,
        _ if hours < DAY_MS => hours,
        _ => rounded(DAY_MS),
    })
}

fn span(ms: i64) -> String {
    let (n, text) = match ms {
        ..HOUR_MS => (ms / MINUTE_MS, "{n} min"),
        HOUR_MS..DAY_MS => (ms / HOUR_MS, "{n} h"),
        _ => (ms / DAY_MS, "{n} d"),
    };
    fill(text, &[("n", &n.to_string())])
}

/// How long something took, by the second in its first hour: `12 s`, `4 min 12 s`, `1 h 4 min` (I1).
#[must_use]
pub fn took(seconds: i64) -> String {
    let (h, m, s) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let text = match seconds {
        ..60 => visit().seconds,
        60..3_600 => visit().minutes,
        _ => visit().hours,
    };
    fill(text, &[("h", &h.to_string()), ("m", &m.to_string()), ("s", &s.to_string())])
}

/// A count-down: `1:43`.
#[must_use]
pub fn minutes_and_seconds(seconds: i64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22 17:13:09 UTC.
    const NOW: i64 = 1_795_367_589_000;

    #[test]
    fn days_are_named_from_today_backwards() {
        assert_eq!(full(NOW, NOW), "Today, 17:13");
        assert_eq!(full(NOW - DAY_MS, NOW), "Yesterday, 17:13");
        assert_eq!(day(NOW - 2 * DAY_MS, NOW), "Nov 20");
        assert_eq!(day(NOW - 365 * DAY_MS, NOW), "Nov 22, 2025");
        assert_eq!(short(NOW - HOUR_MS, NOW), "16:13");
        assert_eq!(short(NOW - 18 * HOUR_MS, NOW), "Nov 21");
    }

    #[test]
    fn the_calendar_knows_leap_days_and_year_ends() {
        let cases = [
            (0, "Jan 1, 1970"),
            (951_782_400_000, "Feb 29, 2000"),
            (1_735_603_200_000, "Dec 31, 2024"),
            (1_735_689_600_000, "Jan 1, 2025"),
        ];
        for (at, words) in cases {
            assert_eq!(date(at, NOW), words);
        }
    }

    #[test]
    fn waiting_turns_amber_at_five_and_red_at_ten_minutes() {
        // L3
        assert_eq!(Urgency::of(AMBER_MS - 1), Urgency::Calm);
        assert_eq!(Urgency::of(AMBER_MS), Urgency::Amber);
        assert_eq!(Urgency::of(RED_MS), Urgency::Red);
        assert_eq!(
            [waited(-5), waited(61_000), waited(2 * HOUR_MS), waited(50 * HOUR_MS)],
            ["now", "1 min", "2 h", "2 d"]
        );
    }

    #[test]
    fn what_is_left_is_what_was_chosen_at_first() {
        // B1
        let just_begun = |term_ms: i64| left(term_ms - 900);
        assert_eq!(
            [15 * MINUTE_MS, HOUR_MS, DAY_MS, 7 * DAY_MS, 30 * DAY_MS].map(just_begun),
            ["15 min", "1 h", "1 d", "7 d", "30 d"]
        );
        assert_eq!(
            [left(23 * HOUR_MS), left(59 * MINUTE_MS), left(4_000), left(-7)],
            ["23 h", "59 min", "1 min", "1 min"]
        );
        assert_eq!([left(HOUR_MS - 20_000), left(DAY_MS - 20 * MINUTE_MS)], ["1 h", "1 d"]);
    }

    #[test]
    fn a_visit_is_told_by_the_second_in_its_first_hour() {
        // I1
        assert_eq!(
            [0, 59, 60, 3_599, 3_600, 90_061].map(took),
            ["0 s", "59 s", "1 min 0 s", "59 min 59 s", "1 h 0 min", "25 h 1 min"]
        );
    }

    #[test]
    fn a_count_down_has_minutes_and_two_digits_of_seconds() {
        // A10 X3
        assert_eq!([120, 103, 60, 9, 0].map(minutes_and_seconds), ["2:00", "1:43", "1:00", "0:09", "0:00"]);
    }
}
