//! Texts put together and numbers written, without the size of `core::fmt` and of the library's general `concat`.

use alloc::string::String;

/// The parts one after the other.
#[must_use]
pub fn join(parts: &[&str]) -> String {
    let mut joined = String::new();
    for part in parts {
        joined.push_str(part);
    }
    joined
}

/// The decimal digits.
#[must_use]
pub fn digits(n: i64) -> String {
    let mut text = String::from(if n < 0 { "-" } else { "" });
    let n = n.unsigned_abs();
    let mut unit = 1;
    while n / unit > 9 {
        unit *= 10;
    }
    while unit > 0 {
        text.push(digit(n / unit % 10));
        unit /= 10;
    }
    text
}

/// The last hexadecimal digit.
#[must_use]
pub fn digit(n: u64) -> char {
    let digit = (n & 15) as u8;
    char::from(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn they_are_those_of_the_standard_library(n: i64) {
            prop_assert_eq!(digits(n), n.to_string());
        }
    }

    #[test]
    fn parts_follow_each_other_and_sixteen_digits_are_known() {
        let all: String = (0..16).map(digit).collect();
        assert_eq!(join(&["<", &all, "", ">"]), "<0123456789abcdef>");
    }

    #[test]
    fn the_ends_fit() {
        for n in [0, 9, 10, i64::MAX, i64::MIN] {
            assert_eq!(digits(n), n.to_string());
        }
    }
}
