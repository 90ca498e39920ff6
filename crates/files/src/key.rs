//! Where a file lies below its place.

use std::fmt;

use object_store::path::Path;

/// How long a key may be.
const LEN_MAX: usize = 300;

/// Where a file lies: parts of small letters, digits, `-`, `_` and `.`, with `/` between them, such as `prj_…/att_…`.
///
/// No part begins with a dot, so that no key leads out of its place or to a hidden file, and no two keys differ in a way that some
/// file system does not see.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

/// Why a text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a file's key has up to {LEN_MAX} small letters, digits, dashes, underscores and dots, in parts that begin with no dot"
)]
pub struct KeyRefused;

impl Key {
    /// Takes a text as a key.
    ///
    /// # Errors
    /// [`KeyRefused`] if it is none.
    pub fn new(text: &str) -> Result<Self, KeyRefused> {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
        let is_part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.chars().all(is_plain);
        if text.len() <= LEN_MAX && text.split('/').all(is_part) { Ok(Self(text.to_owned())) } else { Err(KeyRefused) }
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key as the store takes it: nothing in it needs an escape.
    pub(crate) fn path(&self) -> Path {
        Path::from(self.0.as_str())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stays_in_its_place_and_is_taken_as_it_is() {
        for good in ["a", "prj_0/att_1.png", "0/1/2-3", "a..b"] {
            assert_eq!(Key::new(good).unwrap().path().as_ref(), good);
        }
        let long = "a".repeat(LEN_MAX + 1);
        for bad in [
            "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/..", "a/.b", "A", "a b", "a\\b", "é", "a%2e", "a\0",
            &long,
        ] {
            assert_eq!(Key::new(bad), Err(KeyRefused), "{bad:?}");
        }
    }
}
