//! One PostgreSQL for a whole run of tests or benches.
//!
//! Tests would start their own, but each is a process of its own under nextest, and a start takes a second or two. The program
//! that starts it is testkit's, so that how to start one is written once.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::{output, process, workspace};

/// Where a test finds the server's address.
const ADDRESS: &str = "DESKSIDE_TEST_DATABASE_URL";

/// A server that runs until this is dropped, or one that the environment names, which is left as it is.
#[derive(Debug)]
pub(crate) struct Postgres {
    url: String,
    running: Option<Child>,
}

impl Postgres {
    /// Starts one, unless the environment has an address already.
    ///
    /// # Errors
    /// It does not build or does not start.
    pub(crate) fn start() -> Result<Self> {
        if let Ok(url) = std::env::var(ADDRESS) {
            return Ok(Self { url, running: None });
        }
        process::run(process::cargo().args(["build", "--workspace", "--exclude", "e2e", "--bin", "test-postgres"]))?;
        Self::started_by(&mut Command::new(workspace::cargo_target().join("debug/test-postgres")))
    }

    /// Runs a program that prints an address and ends when its input does.
    fn started_by(program: &mut Command) -> Result<Self> {
        let mut child =
            program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("cannot start test-postgres")?;
        let output = child.stdout.take().context("test-postgres has no output")?;
        let mut url = String::new();
        BufReader::new(output).read_line(&mut url)?;
        let server = Self { url: url.trim().to_owned(), running: Some(child) };
        if server.url.is_empty() {
            bail!("test-postgres gave no address");
        }
        output::say(format!("PostgreSQL for this run: {}", server.url));
        Ok(server)
    }

    /// Lets a command, and all that it starts, find the server.
    pub(crate) fn tell(&self, command: &mut Command) {
        command.env(ADDRESS, &self.url);
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(child) = &mut self.running {
            drop(child.stdin.take());
            if let Err(error) = child.wait() {
                output::warn(format!("test-postgres: {error}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started_by(script: &str) -> Result<Postgres> {
        Postgres::started_by(Command::new("sh").args(["-c", script]))
    }

    #[test]
    fn commands_are_told_the_address_and_the_program_ends_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let ended = folder.path().join("ended");
        let server = started_by(&format!("echo postgres://x; read -r _; touch {}", ended.display())).unwrap();
        let mut command = Command::new("sh");
        server.tell(command.args(["-c", &format!("echo ${ADDRESS}")]));
        assert_eq!(process::read(&mut command).unwrap(), "postgres://x\n");
        assert!(!ended.exists());
        drop(server);
        assert!(ended.exists());
    }

    #[test]
    fn a_program_that_fails_is_no_server() {
        assert!(started_by("exit 1").is_err());
    }
}
