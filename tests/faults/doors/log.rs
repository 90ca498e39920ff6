//! What the relay wrote down of a storm: nothing that came from outside, no panic, nothing that went wrong.

use super::MARK;
use super::nasty::TEXTS;
use super::text;

/// Shorter texts stand in any log by chance.
const TOLD_APART_CHARS: usize = 8;

/// Looks through a log, and gives how many lines it has.
pub(crate) fn check(log: &[u8], secrets: &[String]) -> usize {
    let log = std::str::from_utf8(log).unwrap_or_else(|_| panic!("the log is no text: {}", text::of(log)));
    if let Some(found) = find(log, secrets) {
        panic!("the log holds {found}");
    }
    log.lines().count()
}

/// What a log must not hold, if it holds it.
fn find(log: &str, secrets: &[String]) -> Option<String> {
    let lower = log.to_lowercase();
    let hostile = TEXTS.iter().filter(|text| text.chars().count() >= TOLD_APART_CHARS).map(|text| text.to_lowercase());
    let ours = [MARK, "@example.com", "2001:db8:", "198.51.100."].map(str::to_lowercase);
    if let Some(found) = hostile.chain(ours).chain(secrets.iter().cloned()).find(|text| lower.contains(text.as_str())) {
        return Some(format!("what came from outside: {found:?}"));
    }
    let wrong = |line: &&str| line.contains("panicked") || line.contains(" ERROR ") || line.contains(" WARN ");
    if let Some(line) = log.lines().find(wrong) {
        return Some(format!("something that went wrong: {line}"));
    }
    log.chars().find(|letter| letter.is_control() && *letter != '\n').map(|letter| format!("the character {letter:?}"))
}

#[test]
fn what_must_not_stand_in_a_log_is_found() {
    let secrets = ["dsv_1".to_owned()];
    let line = "2030-01-01T00:00:00Z  INFO relay::routes::invitations: an invitation was taken agent.id=agt_1\n";
    assert_eq!(find(line, &secrets), None);
    for bad in [
        "GET /mohnkipferl",
        "token=dsv_1",
        "'; drop table messages; --",
        "2030 ERROR relay: a request failed",
        "thread 'main' panicked at relay/src/lib.rs",
        "\u{1b}[2J",
        "from 2001:db8:1::",
    ] {
        assert!(find(&format!("{line}{bad}\n"), &secrets).is_some(), "{bad}");
    }
}
