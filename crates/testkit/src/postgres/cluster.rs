//! A PostgreSQL of our own: its folder, its port, its process.

use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::programs::{self, Account};
use crate::port::on_free_port;
use crate::server::{Ending, Server};

const USER: &str = "deskside";
/// The server's own note of its process and state, relative to its folder.
const LOCK: &str = "data/postmaster.pid";

/// A server and its data.
#[derive(Debug)]
pub(super) struct Cluster {
    programs: PathBuf,
    account: Option<Account>,
    port: u16,
    server: Server,
}

impl Cluster {
    /// Makes a folder with an empty database and serves it.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, or fails; the end of its log is in the error.
    pub(super) async fn start() -> Result<Self> {
        let programs = programs::folder()?;
        let server = Server::new("PostgreSQL", &Ending::Quit { lock: LOCK })?;
        let account = Account::for_server_in(server.folder())?;
        let mut cluster = Self { programs, account, port: 0, server };
        cluster.init().await?;
        on_free_port(async |port| {
            cluster.port = port;
            cluster.start_again().await
        })
        .await?;
        Ok(cluster)
    }

    /// The address of the first database.
    pub(super) fn url(&self) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/postgres", self.port)
    }

    /// Closes all connections and ends the server in order.
    ///
    /// # Errors
    /// When it does not run or does not end.
    pub(super) async fn stop(&mut self) -> Result<()> {
        self.server.end("INT").await.map(drop)
    }

    /// Ends the server without a word.
    ///
    /// # Errors
    /// When it does not run.
    pub(super) async fn crash(&mut self) -> Result<()> {
        // Not SIGKILL, which would leave its children running for a moment, and a segment of shared memory for ever.
        self.server.end("QUIT").await.map(drop)
    }

    /// Starts the server and waits until it takes connections.
    ///
    /// # Errors
    /// When it runs already, ends, or is not ready in time.
    pub(super) async fn start_again(&mut self) -> Result<()> {
        let mut command = self.command("postgres");
        command.arg("-D").arg(self.data()).arg("-k").arg(self.server.folder()).args(["-p", &self.port.to_string()]);
        command.args(["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"]);
        let lock = self.server.folder().join(LOCK);
        let is_ready = |id| {
            let is_ready = std::fs::read_to_string(&lock).is_ok_and(|lock| says_ready(&lock, id));
            std::future::ready(is_ready)
        };
        self.server.start(&mut command, is_ready).await
    }

    async fn init(&self) -> Result<()> {
        let mut command = self.command("initdb");
        command.current_dir(self.server.folder()).stdin(Stdio::null());
        command.arg("-D").arg(self.data());
        command.args(["--username", USER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]);
        // An empty database need not survive anything; once it runs, all commits do.
        command.arg("--no-sync");
        let output = tokio::process::Command::from(command).output().await.context("starting initdb")?;
        ensure!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr).trim());
        Ok(())
    }

    /// One of PostgreSQL's programs, as the user who may run it.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        if let Some(account) = self.account {
            command.uid(account.uid).gid(account.gid);
        }
        command
    }

    fn data(&self) -> PathBuf {
        self.server.folder().join("data")
    }
}

/// Whether the server's lock file says that this process takes connections: its first line is the process, its eighth the state.
fn says_ready(lock: &str, process: u32) -> bool {
    let mut lines = lock.lines().map(str::trim);
    lines.next() == Some(process.to_string().as_str()) && lines.nth(6) == Some("ready")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_file_of_an_earlier_process_says_nothing() {
        let lock = "28326\n/tmp/data\n1795809549\n25999\n/tmp\n127.0.0.1\n 10051703         4\nready   \n";
        assert!(says_ready(lock, 28_326));
        assert!(!says_ready(lock, 28_327));
        assert!(!says_ready(&lock.replace("ready   ", "starting"), 28_326));
        assert!(!says_ready("28326\n", 28_326));
    }
}
