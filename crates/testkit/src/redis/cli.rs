//! Redis' own client.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use tokio::process::Command;

use crate::paths;

/// `redis-cli` with the address of a server.
#[derive(Clone, Debug)]
pub(super) struct Cli {
    program: PathBuf,
    url: String,
    ca: Option<PathBuf>,
}

impl Cli {
    /// The client of the server at this address, whose certificate is signed by an authority if it has one.
    ///
    /// # Errors
    /// When Redis is not installed.
    pub(super) fn of(url: String, ca: Option<PathBuf>) -> Result<Self> {
        let program = paths::program("redis-cli", "REDIS_CLI").context("Debian's package is `redis-server`")?;
        Ok(Self { program, url, ca })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn ca(&self) -> Option<&Path> {
        self.ca.as_deref()
    }

    /// Sends a command, whose words may follow options of the client, and gives the answer as the client prints it.
    ///
    /// # Errors
    /// When the server does not answer or refuses.
    pub(super) async fn run(&self, words: &[&str]) -> Result<String> {
        let mut command = Command::new(&self.program);
        // `-e`: what the server refuses is a failure.
        command.args(["-e", "-u", &self.url]);
        if let Some(ca) = &self.ca {
            command.arg("--cacert").arg(ca);
        }
        let output = command.args(words).stdin(Stdio::null()).kill_on_drop(true).output().await;
        let output = output.context("starting redis-cli")?;
        let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        ensure!(output.status.success(), "redis-cli {}: {} {}", words.join(" "), said.trim(), errors.trim());
        Ok(said.trim_end().to_owned())
    }
}
