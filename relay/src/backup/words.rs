//! Sizes and times for people.

use domain::time::Timestamp;

const DAY_MS: i64 = 86_400_000;

/// A number of bytes, such as `12.3 MB`.
pub(crate) fn size(bytes: u64) -> String {
    let mut tenths = u128::from(bytes) * 10;
    for unit in ["B", "kB", "MB", "GB"] {
        if tenths < 10_000 {
            return if unit == "B" { format!("{bytes} B") } else { format!("{}.{} {unit}", tenths / 10, tenths % 10) };
        }
        tenths /= 1_000;
    }
    format!("{}.{} TB", tenths / 10, tenths % 10)
}

/// A number of files, such as `1 file`.
pub(crate) fn n_files(n: usize) -> String {
    if n == 1 { "1 file".to_owned() } else { format!("{n} files") }
}

/// An instant as a part of a file's name that sorts by time, such as `20260418T101530Z`.
pub(crate) fn stamp(at: Timestamp) -> String {
    moment(at).replace(['-', ':'], "")
}

/// An instant in whole seconds, such as `2026-04-18T10:15:30Z`.
pub(crate) fn moment(at: Timestamp) -> String {
    let (year, month, day) = civil(at.as_ms().div_euclid(DAY_MS));
    let seconds = at.as_ms().rem_euclid(DAY_MS) / 1_000;
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Year, month and day of a day after 1970-01-01 (Howard Hinnant's `civil_from_days`).
fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, of_year - (153 * shifted_month + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        let sizes = [0, 999, 1_000, 12_345_678, 999_999_999, 20_000_000_000, 7_500_000_000_000_000];
        let said = ["0 B", "999 B", "1.0 kB", "12.3 MB", "999.9 MB", "20.0 GB", "7500.0 TB"];
        assert_eq!(sizes.map(size), said);
    }

    #[test]
    fn stamps_are_in_utc_and_sort_by_time() {
        let instants = [0, 951_782_399_000, 951_782_400_000, 1_776_507_330_999, 4_102_444_800_000];
        let said = ["19700101T000000Z", "20000228T235959Z", "20000229T000000Z", "20260418T101530Z", "21000101T000000Z"];
        assert_eq!(instants.map(|ms| stamp(Timestamp::from_ms(ms))), said);
    }
}
