//! The programs that run until Ctrl-C.

use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::output;

/// How long a program may take to end by itself.
const GRACE: Duration = Duration::from_secs(10);

/// Programs that were started here, and end with this one.
#[derive(Debug)]
pub(super) struct Children {
    running: Vec<(&'static str, Child)>,
}

impl Children {
    /// Lets `start` start programs, then waits for Ctrl-C, or for one of them to end, and stops the others, last started first.
    ///
    /// # Errors
    /// One could not be started, or ended with a failure.
    pub(super) fn run(start: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        // Heard from before the first start on, so that nothing is left behind.
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP, SIGCHLD]).context("cannot listen for Ctrl-C")?;
        let mut children = Self { running: Vec::new() };
        let mut result = start(&mut children);
        if result.is_ok() {
            for signal in signals.forever() {
                if signal != SIGCHLD {
                    break;
                }
                result = children.check();
                if result.is_err() || children.running.iter_mut().any(|(_, child)| has_ended(child)) {
                    break;
                }
            }
        }
        children.stop(GRACE);
        result
    }

    /// Starts a program in a process group of its own: Ctrl-C reaches this tool alone, which then ends it once.
    ///
    /// # Errors
    /// It cannot be started.
    pub(super) fn start(&mut self, name: &'static str, command: &mut Command) -> Result<()> {
        let child =
            command.stdin(Stdio::null()).process_group(0).spawn().with_context(|| format!("cannot start {name}"))?;
        self.running.push((name, child));
        Ok(())
    }

    /// # Errors
    /// A program ended with a failure.
    pub(super) fn check(&mut self) -> Result<()> {
        for (name, child) in &mut self.running {
            match child.try_wait()? {
                Some(status) if !status.success() => bail!("{name} ended ({status})"),
                Some(_) | None => {}
            }
        }
        Ok(())
    }

    /// Asks each to end, and kills what does not within `grace`.
    fn stop(&mut self, grace: Duration) {
        while let Some((name, mut child)) = self.running.pop() {
            if has_ended(&mut child) {
                continue;
            }
            output::say(format!("stopping {name}"));
            signal(&child, "TERM");
            let asked = Instant::now();
            while !has_ended(&mut child) && asked.elapsed() < grace {
                std::thread::sleep(Duration::from_millis(20));
            }
            if !has_ended(&mut child) {
                output::warn(format!("{name} did not end by itself and is killed"));
                signal(&child, "KILL");
                if let Err(error) = child.wait() {
                    output::warn(format!("{name}: {error}"));
                }
            }
        }
    }
}

/// Whether a program has ended; one that cannot be asked has.
fn has_ended(child: &mut Child) -> bool {
    !matches!(child.try_wait(), Ok(None))
}

/// Sends a signal to a program, and when it kills, to all that it started. The shell has `kill` built in, so no package is needed.
fn signal(child: &Child, name: &str) {
    let target = if name == "KILL" { format!("-{}", child.id()) } else { child.id().to_string() };
    let status = Command::new("sh").args(["-c", &format!("kill -s {name} -- {target}")]).status();
    if let Err(error) = status {
        output::warn(format!("cannot stop process {}: {error}", child.id()));
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn when_one_ends_the_others_are_stopped() {
        let started = Instant::now();
        let result = Children::run(|children| {
            children.start("a server", Command::new("sleep").arg("600"))?;
            children.start("a browser", &mut Command::new("true"))
        });
        assert!(result.is_ok());
        assert!(started.elapsed() < GRACE);
    }

    #[test]
    fn what_does_not_end_is_killed_with_all_that_it_started() {
        let mut children = Children { running: Vec::new() };
        let script = "trap '' TERM; echo ready; sleep 600 & wait; sleep 600";
        let mut stubborn = Command::new("sh");
        children.start("a server", stubborn.args(["-c", script]).stdout(Stdio::piped())).unwrap();
        let mut said = children.running[0].1.stdout.take().unwrap();
        said.read_exact(&mut [0; 6]).unwrap();
        children.stop(Duration::from_millis(50));
        // The pipe closes once nobody holds its other end, the sleeping grandchild included.
        assert_eq!(said.read_to_end(&mut Vec::new()).unwrap(), 0);
    }

    #[test]
    fn a_failure_is_told() {
        let result = Children::run(|children| children.start("a server", &mut Command::new("false")));
        assert!(result.unwrap_err().to_string().starts_with("a server ended"));
    }
}
