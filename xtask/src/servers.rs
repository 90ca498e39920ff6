//! One PostgreSQL and one Redis for a whole run of tests or benches.
//!
//! Tests would start their own, but each is a process of its own under nextest, and a start takes up to two seconds. The programs
//! that start them are testkit's, so that how to start one is written once.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::tools::Tool;
use crate::{output, process, workspace};

/// A server that testkit starts.
#[derive(Debug, PartialEq, Eq)]
struct Kind {
    tool: Tool,
    name: &'static str,
    /// The program that starts one, prints its address, and ends when its input does.
    program: &'static str,
    /// Where a test finds its address.
    address: &'static str,
}

const KINDS: [Kind; 2] = [
    Kind { tool: Tool::Postgres, name: "PostgreSQL", program: "test-postgres", address: "DESKSIDE_TEST_DATABASE_URL" },
    Kind { tool: Tool::Redis, name: "Redis", program: "test-redis", address: "DESKSIDE_TEST_REDIS_URL" },
];

/// The servers that run until this is dropped, or that the environment names, which are left as they are.
#[derive(Debug, Default)]
pub(crate) struct Servers {
    servers: Vec<Server>,
    /// Whether the programs that start them are built already.
    is_built: bool,
}

/// One of them.
#[derive(Debug)]
struct Server {
    kind: &'static Kind,
    url: String,
    running: Option<Child>,
}

impl Servers {
    /// None yet; the programs that start them are built before the first is needed.
    pub(crate) fn built() -> Self {
        Self { is_built: true, ..Self::default() }
    }

    /// Sees to it that those among the tools that are servers run.
    ///
    /// # Errors
    /// One does not build or does not start.
    pub(crate) fn need(&mut self, tools: &[Tool]) -> Result<()> {
        let runs = |kind: &Kind| self.servers.iter().any(|server| server.kind == kind);
        let missing: Vec<_> = KINDS.iter().filter(|kind| tools.contains(&kind.tool) && !runs(kind)).collect();
        let (named, unnamed): (Vec<_>, Vec<_>) =
            missing.into_iter().map(|kind| (kind, std::env::var(kind.address))).partition(|(_, url)| url.is_ok());
        for (kind, url) in named {
            self.servers.push(Server { kind, url: url?, running: None });
        }
        if unnamed.is_empty() {
            return Ok(());
        }
        if !self.is_built {
            let mut build = process::cargo();
            build.args(["build", "--workspace", "--exclude", "e2e"]);
            for (kind, _) in &unnamed {
                build.args(["--bin", kind.program]);
            }
            process::run(&mut build)?;
        }
        for (kind, _) in unnamed {
            let program = workspace::cargo_target().join("debug").join(kind.program);
            self.servers.push(Server::started_by(kind, &mut Command::new(program))?);
        }
        Ok(())
    }

    /// Lets a command, and all that it starts, find the servers.
    pub(crate) fn tell(&self, command: &mut Command) {
        for server in &self.servers {
            command.env(server.kind.address, &server.url);
        }
    }
}

impl Server {
    /// Runs a program that prints an address and ends when its input does.
    fn started_by(kind: &'static Kind, command: &mut Command) -> Result<Self> {
        let Kind { name, program, .. } = kind;
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {program}"))?;
        let output = child.stdout.take().with_context(|| format!("{program} has no output"))?;
        let mut url = String::new();
        BufReader::new(output).read_line(&mut url)?;
        let server = Self { kind, url: url.trim().to_owned(), running: Some(child) };
        if server.url.is_empty() {
            bail!("{program} gave no address");
        }
        output::say(format!("{name} for this run: {}", server.url));
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.running {
            drop(child.stdin.take());
            if let Err(error) = child.wait() {
                output::warn(format!("{}: {error}", self.kind.program));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started_by(kind: &'static Kind, script: &str) -> Result<Server> {
        Server::started_by(kind, Command::new("sh").args(["-c", script]))
    }

    #[test]
    fn commands_are_told_the_addresses_and_the_programs_end_with_them() {
        let folder = tempfile::tempdir().unwrap();
        let mut servers = Servers::default();
        for kind in &KINDS {
            let ended = folder.path().join(kind.program);
            let script = format!("echo at://{}; read -r _; touch {}", kind.program, ended.display());
            servers.servers.push(started_by(kind, &script).unwrap());
        }
        // All are there.
        servers.need(&[Tool::Postgres, Tool::Redis, Tool::Clippy]).unwrap();
        let mut command = Command::new("sh");
        servers.tell(command.args(["-c", "echo $DESKSIDE_TEST_DATABASE_URL $DESKSIDE_TEST_REDIS_URL"]));
        assert_eq!(process::read(&mut command).unwrap(), "at://test-postgres at://test-redis\n");
        assert_eq!(workspace::files(folder.path()).unwrap().len(), 0);
        drop(servers);
        assert_eq!(workspace::files(folder.path()).unwrap().len(), 2);
    }

    #[test]
    fn a_program_that_fails_is_no_server() {
        assert!(started_by(&KINDS[0], "exit 1").is_err());
    }
}
