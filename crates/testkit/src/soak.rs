//! Longer runs, when somebody asks for them.

/// Set in the environment of tests that are to go on for long: `cargo xtask test soak`.
pub const SOAK: &str = "DESKSIDE_TEST_SOAK";

/// How much more is done then.
const FACTOR: usize = 20;

/// How often a test does something: so many times, and twenty times as often in a soak.
#[must_use]
pub fn times(n: usize) -> usize {
    if std::env::var_os(SOAK).is_some_and(|value| value == "1") { n * FACTOR } else { n }
}
