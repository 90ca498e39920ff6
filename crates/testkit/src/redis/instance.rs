//! A Redis of our own: its folder, its port, its process.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::cli::Cli;
use super::tls;
use crate::paths;
use crate::port::on_free_port;
use crate::server::{Ending, Server};

/// It keeps all that it acknowledged through the end of its process, and as much as a second less through that of the machine.
const KEEPS: [&str; 4] = ["--appendonly", "yes", "--appendfsync", "everysec"];
/// It says when its memory is full instead of forgetting something.
const FORGETS_NOTHING: [&str; 4] = ["--save", "", "--maxmemory-policy", "noeviction"];

/// What a server is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// To keep data.
    Plain,
    /// The same over TLS alone.
    Tls,
    /// To watch others.
    Sentinel,
}

/// A server and its data.
#[derive(Debug)]
pub(super) struct Instance {
    program: PathBuf,
    role: Role,
    first: Vec<String>,
    port: u16,
    pub(super) server: Server,
}

impl Instance {
    /// A server that does not run yet, with these arguments before those that all of its role have.
    ///
    /// # Errors
    /// When Redis is not installed.
    pub(super) fn new(role: Role, arguments: &[&str]) -> Result<Self> {
        let program = paths::program("redis-server", "REDIS_SERVER").context("Debian's package is `redis-server`")?;
        let server = Server::new("Redis", &Ending::Kill)?;
        let first = arguments.iter().map(|&word| word.to_owned()).collect();
        Ok(Self { program, role, first, port: 0, server })
    }

    /// Starts it on a free port, and gives its client.
    ///
    /// # Errors
    /// When it does not start.
    pub(super) async fn start(&mut self) -> Result<Cli> {
        if self.role == Role::Tls {
            tls::write_certificate(self.server.folder())?;
        }
        on_free_port(async |port| {
            self.port = port;
            let cli = self.cli()?;
            self.start_again(&cli).await?;
            Ok(cli)
        })
        .await
    }

    /// Starts the server and waits until it has read its data.
    ///
    /// # Errors
    /// When it runs already, ends, or is not ready in time.
    pub(super) async fn start_again(&mut self, cli: &Cli) -> Result<()> {
        let mut command = Command::new(&self.program);
        command.args(&self.first).args(["--bind", "127.0.0.1"]);
        let port = self.port.to_string();
        match self.role {
            Role::Plain => command.args(["--port", &port]).args(KEEPS).args(FORGETS_NOTHING),
            Role::Tls => {
                command.args(["--port", "0", "--tls-port", &port]).args(tls::SETTINGS).args(KEEPS).args(FORGETS_NOTHING)
            }
            Role::Sentinel => command.args(["--port", &port, "--sentinel"]),
        };
        self.server
            .start(&mut command, |id| async move { cli.run(&["INFO"]).await.is_ok_and(|info| says_ready(&info, id)) })
            .await
    }

    fn cli(&self) -> Result<Cli> {
        match self.role {
            Role::Plain | Role::Sentinel => Cli::of(format!("redis://127.0.0.1:{}", self.port), None),
            Role::Tls => {
                Cli::of(format!("rediss://127.0.0.1:{}", self.port), Some(self.server.folder().join(tls::AUTHORITY)))
            }
        }
    }
}

/// Whether what a server says of itself is of this process, and it has read its data.
fn says_ready(info: &str, process: u32) -> bool {
    let is_it = format!("process_id:{process}");
    let mut lines = info.lines().map(str::trim_end);
    lines.clone().any(|line| line == is_it) && !lines.any(|line| line == "loading:1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_server_on_the_port_and_one_that_still_reads_are_not_ready() {
        let info = "# Server\r\nprocess_id:421\r\n# Persistence\r\nloading:0\r\n";
        assert!(says_ready(info, 421));
        assert!(!says_ready(info, 42));
        assert!(!says_ready(&info.replace("loading:0", "loading:1"), 421));
    }
}
