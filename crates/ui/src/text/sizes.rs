//! How large files are, in words.

use super::{files, fill};

const KB: u64 = 1024;
const MB: u64 = KB * KB;

/// A size as people say it, rounded: to one decimal below ten megabytes.
#[must_use]
pub fn size(bytes: u64) -> String {
    if bytes == 1 {
        return files().one_byte.to_owned();
    }
    if bytes < KB {
        return with(files().bytes, &bytes.to_string());
    }
    // What rounds to a thousand and more is said in the next unit.
    let (kilobytes, tenths) = (bytes.saturating_add(KB / 2) / KB, bytes.saturating_mul(10).saturating_add(MB / 2) / MB);
    match (tenths / 10, tenths % 10) {
        _ if kilobytes < 1_000 => with(files().kilobytes, &kilobytes.to_string()),
        (whole @ 0..10, tenth @ 1..) => with(files().megabytes, &format!("{whole}.{tenth}")),
        (whole, _) => with(files().megabytes, &whole.to_string()),
    }
}

/// A limit as people say it; exact, since one byte more is refused.
#[must_use]
pub fn limit(bytes: u64) -> String {
    match bytes {
        0 => with(files().bytes, "0"),
        1 => files().one_byte.to_owned(),
        _ if bytes.is_multiple_of(MB) => with(files().megabytes, &(bytes / MB).to_string()),
        _ if bytes.is_multiple_of(KB) => with(files().kilobytes, &(bytes / KB).to_string()),
        _ => with(files().bytes, &bytes.to_string()),
    }
}

fn with(text: &str, n: &str) -> String {
    fill(text, &[("n", n)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_in_words_and_limits_exactly() {
        // F2, F3
        let said = [0, 1, 1_023, 1_024, 831_488, 1_023_487, 1_023_488, 1_048_576, 1_572_864, 4_194_304, 4_194_305];
        insta::assert_snapshot!(said.map(size).join(", "), @"0 bytes, 1 byte, 1023 bytes, 1 KB, 812 KB, 999 KB, 1 MB, 1 MB, 1.5 MB, 4 MB, 4 MB");
        assert_eq!([10_485_761, 20_971_520, u64::MAX].map(size)[..2], ["10 MB", "20 MB"]);
        assert_eq!([4_194_304, 4_194_305, 10_240, 0].map(limit), ["4 MB", "4194305 bytes", "10 KB", "0 bytes"]);
    }
}
