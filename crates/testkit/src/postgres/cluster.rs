//! A PostgreSQL of our own: its folder, its port, its process.

use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::keeper::Keeper;
use super::programs::{self, Account};
use crate::eventually::eventually;
use crate::port::free_port;

/// How long it may take to start, with all to recover that a crash left, or to end.
const PATIENCE: Duration = Duration::from_secs(60);
const USER: &str = "deskside";
/// How many ports are tried: another program may take one just before PostgreSQL does.
const TRIES: usize = 5;

/// A server and its data.
#[derive(Debug)]
pub(super) struct Cluster {
    programs: PathBuf,
    account: Option<Account>,
    port: u16,
    running: Option<Child>,
    /// Removes the folder; after `running`, which it ends first.
    keeper: Keeper,
}

impl Cluster {
    /// Makes a folder with an empty database and serves it.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, or fails; the end of its log is in the error.
    pub(super) async fn start() -> Result<Self> {
        let programs = programs::folder()?;
        let folder = tempfile::Builder::new().prefix("deskside-postgres-").tempdir()?;
        let account = Account::for_server_in(folder.path())?;
        let keeper = Keeper::of(folder.keep())?;
        let mut cluster = Self { programs, account, port: 0, running: None, keeper };
        cluster.init().await?;
        let mut outcome = Ok(());
        for _ in 0..TRIES {
            cluster.port = free_port()?;
            outcome = cluster.start_again().await;
            if outcome.is_ok() {
                break;
            }
        }
        outcome.map(|()| cluster)
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
        self.end("INT").await
    }

    /// Ends the server without a word.
    ///
    /// # Errors
    /// When it does not run.
    pub(super) async fn crash(&mut self) -> Result<()> {
        // Not SIGKILL, which would leave its children running for a moment, and a segment of shared memory for ever.
        self.end("QUIT").await
    }

    /// Starts the server and waits until it takes connections.
    ///
    /// # Errors
    /// When it runs already, ends, or is not ready in time.
    pub(super) async fn start_again(&mut self) -> Result<()> {
        ensure!(self.running.is_none(), "PostgreSQL runs already");
        let log = File::options().create(true).append(true).open(self.log())?;
        let mut command = self.command("postgres");
        command.arg("-D").arg(self.data()).arg("-k").arg(self.folder()).args(["-p", &self.port.to_string()]);
        command.args(["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"]);
        let server = command.stdout(log.try_clone()?).stderr(log).spawn().context("starting postgres")?;
        let id = server.id();
        self.running = Some(server);
        self.keeper.watch(Some(id))?;
        let lock = self.data().join("postmaster.pid");
        let mut has_ended = false;
        let server = self.running.as_mut().context("PostgreSQL does not run")?;
        eventually("PostgreSQL to be ready", PATIENCE, || {
            has_ended = matches!(server.try_wait(), Ok(Some(_)));
            let is_ready = std::fs::read_to_string(&lock).is_ok_and(|lock| says_ready(&lock, id));
            let is_over = has_ended || is_ready;
            async move { Ok(is_over.then_some(())) }
        })
        .await
        .with_context(|| self.last_words())?;
        if has_ended {
            self.forget()?;
            bail!("PostgreSQL ended: {}", self.last_words());
        }
        Ok(())
    }

    async fn init(&self) -> Result<()> {
        let mut command = self.command("initdb");
        command.arg("-D").arg(self.data());
        command.args(["--username", USER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]);
        // An empty database need not survive anything; once it runs, all commits do.
        command.arg("--no-sync");
        let output = tokio::process::Command::from(command).output().await.context("starting initdb")?;
        ensure!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr).trim());
        Ok(())
    }

    async fn end(&mut self, signal: &str) -> Result<()> {
        let server = self.running.as_mut().context("PostgreSQL does not run")?;
        // The shell has `kill` built in, so no package is needed.
        let kill = format!("kill -s {signal} {}", server.id());
        let sent = tokio::process::Command::new("sh").args(["-c", &kill]).status().await.context("starting a shell")?;
        ensure!(sent.success(), "{kill} failed");
        eventually("PostgreSQL to end", PATIENCE, || {
            let ended = server.try_wait();
            async move { Ok(ended?.map(drop)) }
        })
        .await?;
        self.forget()
    }

    /// Notes that the server is gone, before the system gives its number to another process.
    fn forget(&mut self) -> Result<()> {
        self.running = None;
        self.keeper.watch(None)
    }

    /// One of PostgreSQL's programs, as the user who may run it.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        // In a group of its own: Ctrl-C is for the tests, and the server ends after them.
        command.current_dir(self.folder()).stdin(Stdio::null()).process_group(0);
        if let Some(account) = self.account {
            command.uid(account.uid).gid(account.gid);
        }
        command
    }

    fn folder(&self) -> &Path {
        self.keeper.folder()
    }

    fn data(&self) -> PathBuf {
        self.folder().join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder().join("postgres.log")
    }

    /// The end of the log.
    fn last_words(&self) -> String {
        let log = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(12)..].join("\n")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut server) = self.running.take() {
            if matches!(server.try_wait(), Ok(Some(_))) {
                // A keeper that was killed needs no word.
                self.keeper.watch(None).ok();
            }
            self.keeper.let_go();
            // The keeper has it end at once.
            server.wait().ok();
        }
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
