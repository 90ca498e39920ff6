//! Running a test runner while listening to what it says.

use std::io::{BufRead, BufReader, IsTerminal as _, Read, Write};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use super::count::Count;
use crate::servers::Servers;
use crate::{output, process, tools};

/// Everything that runs on this machine, in one choice: cargo unites the features of what it builds together, and would build most
/// dependencies anew for each other choice.
pub(super) const WHOLE: [&str; 4] = ["--workspace", "--lib", "--bins", "--tests"];

/// Some of the tests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chosen {
    /// For nextest, which is given the whole and takes these.
    pub(super) filter: &'static str,
    /// The same for `cargo test`, which takes what it is given.
    pub(super) targets: &'static [&'static str],
}

/// Builds the tests and the programs that they start.
///
/// # Errors
/// Anything does not compile.
pub(super) fn build() -> Result<()> {
    process::run(process::cargo().arg("build").args(WHOLE))
}

/// Runs tests: by nextest, a process each, or else by `cargo test`. They use the servers that run.
///
/// # Errors
/// A test failed, or none could be built.
pub(super) fn tests(chosen: Chosen, servers: &Servers, count: &mut Count) -> Result<()> {
    counted(&mut command(chosen, servers), count)
}

/// The same for tests that go on for long: they do so much more, and may take hours.
///
/// # Errors
/// A test failed, or none could be built.
pub(super) fn soak(chosen: Chosen, servers: &Servers, count: &mut Count) -> Result<()> {
    // nextest ends tests that hang later by this profile.
    counted(command(chosen, servers).env("DESKSIDE_TEST_SOAK", "1").env("NEXTEST_PROFILE", "soak"), count)
}

fn command(chosen: Chosen, servers: &Servers) -> Command {
    let mut cargo = process::cargo();
    servers.tell(&mut cargo);
    if tools::has_nextest() {
        cargo.args(["nextest", "run", "--no-fail-fast"]).args(WHOLE).args(["--filterset", chosen.filter]);
    } else {
        cargo.args(["test", "--no-fail-fast"]).args(chosen.targets);
    }
    cargo
}

/// Runs a command whose closing lines count tests, and passes on everything it says.
///
/// # Errors
/// It cannot be started, or it fails.
pub(super) fn counted(command: &mut Command, count: &mut Count) -> Result<()> {
    listen(command, count, std::io::stdout(), std::io::stderr())
}

fn listen(command: &mut Command, count: &mut Count, out: impl Write, err: impl Write + Send + 'static) -> Result<()> {
    output::say(format!("$ {}", process::shown(command)));
    if std::io::stderr().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().context("cannot start cargo")?;
    let (stdout, stderr) = (child.stdout.take().context("no output")?, child.stderr.take().context("no error stream")?);
    let beside = std::thread::spawn(move || pass_on(stderr, err));
    let from_stdout = pass_on(stdout, out)?;
    let from_stderr = beside.join().ok().context("reading the error stream broke off")??;
    for part in [from_stdout, from_stderr] {
        count.n_passed += part.n_passed;
        count.n_failed += part.n_failed;
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{} failed ({status})", process::shown(command));
    }
    Ok(())
}

/// Copies line by line and counts on the way.
fn pass_on(from: impl Read, mut to: impl Write) -> Result<Count> {
    let mut count = Count::default();
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        to.write_all(&line)?;
        count.read(&String::from_utf8_lossy(&line));
        line.clear();
    }
    to.flush()?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_passed_on_and_counted_on_the_way() {
        let said = b"running\ntest result: ok. 2 passed; 0 failed; 0 ignored\nno newline \xff";
        let mut copy = Vec::new();
        let count = pass_on(&said[..], &mut copy).unwrap();
        assert_eq!((count.n_passed, count.n_failed), (2, 0));
        assert_eq!(copy, said);
    }

    #[test]
    fn a_failing_command_is_counted_all_the_same() {
        let mut count = Count::default();
        let script = "echo 'test result: FAILED. 1 passed; 2 failed; 0 ignored' && exit 3";
        let mut command = Command::new("sh");
        let result = listen(command.args(["-c", script]), &mut count, std::io::sink(), std::io::sink());
        assert!(result.is_err());
        assert_eq!((count.n_passed, count.n_failed), (1, 2));
    }
}
