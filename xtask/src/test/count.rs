//! How many tests ran, as the runners themselves say.

use std::fmt::{Display, Formatter};

/// Tests that ran.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) n_passed: u64,
    pub(crate) n_failed: u64,
}

impl Count {
    /// Adds what a line of a runner's output says, if it is a closing line of `cargo test` or of nextest.
    pub(crate) fn read(&mut self, line: &str) {
        let line = without_colours(line);
        let line = line.trim();
        let closing = line.strip_prefix("test result:").or_else(|| {
            let (ran, result) = line.strip_prefix("Summary [")?.split_once(" run: ")?;
            (ran.ends_with("test") || ran.ends_with("tests")).then_some(result)
        });
        if let Some(closing) = closing {
            self.n_passed += number_before("passed", closing);
            self.n_failed +=
                ["failed", "timed out", "exec failed"].map(|word| number_before(word, closing)).iter().sum::<u64>();
        }
    }
}

impl Display for Count {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} passed, {} failed", self.n_passed, self.n_failed)
    }
}

/// The number that stands right before a word: 3 for "failed" in `7 passed (1 slow), 3 failed`.
fn number_before(word: &str, text: &str) -> u64 {
    let part =
        text.split([',', ';', '.', '(']).map(str::trim).find(|part| part.strip_suffix(word).is_some_and(is_number));
    part.and_then(|part| part.strip_suffix(word)).and_then(|number| number.trim().parse().ok()).unwrap_or(0)
}

fn is_number(text: &str) -> bool {
    text.ends_with(' ') && text.trim().bytes().all(|byte| byte.is_ascii_digit())
}

/// The text without what colours it on a terminal.
fn without_colours(line: &str) -> String {
    let mut plain = String::new();
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            letters.find(char::is_ascii_alphabetic);
        } else {
            plain.push(letter);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(lines: &[&str]) -> (u64, u64) {
        let mut count = Count::default();
        for line in lines {
            count.read(line);
        }
        (count.n_passed, count.n_failed)
    }

    #[test]
    fn cargo_test_is_understood() {
        let passed = "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        let failed =
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 4 filtered out; finished in 1.00s";
        assert_eq!(count(&[passed, failed]), (15, 2));
    }

    #[test]
    fn nextest_is_understood() {
        assert_eq!(count(&["     Summary [   0.005s] 8 tests run: 8 passed, 0 skipped"]), (8, 0));
        assert_eq!(count(&["     Summary [   0.005s] 1 test run: 1 passed, 3 skipped"]), (1, 0));
        let bad = "Summary [ 12.1s] 9/12 tests run: 5 passed (1 slow, 2 leaky), 2 failed, 1 timed out, 1 exec failed, 3 skipped";
        assert_eq!(count(&[bad]), (5, 4));
    }

    #[test]
    fn colours_do_not_disturb() {
        let line = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.005s] \u{1b}[1m8\u{1b}[0m tests run: \u{1b}[1m8\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, 0 skipped";
        assert_eq!(count(&[line]), (8, 0));
    }

    #[test]
    fn other_lines_say_nothing() {
        assert_eq!(
            count(&["running 8 tests", "test a ... ok", "12 passed, 0 failed", "Summary [1s] 8 pages run: 8 passed"]),
            (0, 0)
        );
    }

    #[test]
    fn the_closing_line_is_plain() {
        assert_eq!(Count { n_passed: 7, n_failed: 1 }.to_string(), "7 passed, 1 failed");
    }
}
