//! What the commands tell the person at the terminal.

use std::fmt::Display;
use std::time::Duration;

/// Prints a line.
#[expect(clippy::print_stdout, reason = "a command-line tool speaks through its standard output")]
pub(crate) fn say(text: impl Display) {
    println!("{text}");
}

/// Prints a line on the error stream.
#[expect(clippy::print_stderr, reason = "a command-line tool complains through its error stream")]
pub(crate) fn warn(text: impl Display) {
    eprintln!("{text}");
}

/// A duration as people read it: `0.4 s`, `12 s`, `3 min 05 s`.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", duration.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        assert_eq!(duration(Duration::from_millis(440)), "0.4 s");
        assert_eq!(duration(Duration::from_millis(12_900)), "12 s");
        assert_eq!(duration(Duration::from_secs(185)), "3 min 05 s");
    }
}
