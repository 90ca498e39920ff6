//! A server as a process of its own: started, asked whether it is ready, stopped and killed, and gone with its owner.

use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::eventually::eventually;

mod keeper;

pub(crate) use keeper::Ending;
use keeper::Keeper;

/// How long it may take to start, with all to recover that a crash left, or to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server and its folder, which holds its data and its log.
#[derive(Debug)]
pub(crate) struct Server {
    /// What people call it.
    name: &'static str,
    running: Option<Child>,
    /// Removes the folder; after `running`, which it ends first.
    keeper: Keeper,
}

impl Server {
    /// A server that does not run yet, with a new folder, which goes with it.
    ///
    /// # Errors
    /// When the folder cannot be made, or there is no shell.
    pub(crate) fn new(name: &'static str, ending: &Ending) -> Result<Self> {
        let prefix = format!("deskside-{}-", name.to_lowercase());
        let folder = tempfile::Builder::new().prefix(&prefix).tempdir()?.keep();
        Ok(Self { name, running: None, keeper: Keeper::of(folder, ending)? })
    }

    /// Its folder.
    pub(crate) fn folder(&self) -> &Path {
        self.keeper.folder()
    }

    /// The process that runs.
    ///
    /// # Errors
    /// When none does.
    pub(crate) fn id(&self) -> Result<u32> {
        let server = self.running.as_ref();
        server.map(Child::id).with_context(|| format!("{} does not run", self.name))
    }

    /// Runs the command in the folder, and waits until the process of this number is ready.
    ///
    /// # Errors
    /// When it runs already, ends, or is not ready in time; the end of its log is in the error.
    pub(crate) async fn start<F: Future<Output = bool>>(
        &mut self,
        command: &mut Command,
        mut is_ready: impl FnMut(u32) -> F,
    ) -> Result<()> {
        let name = self.name;
        ensure!(self.running.is_none(), "{name} runs already");
        let log = File::options().create(true).append(true).open(self.log())?;
        // In a group of its own: Ctrl-C is for the tests, and the server ends after them.
        command.current_dir(self.folder()).stdin(Stdio::null()).process_group(0);
        command.stdout(log.try_clone()?).stderr(log);
        let server = command.spawn().with_context(|| format!("starting {name}"))?;
        let id = server.id();
        self.keeper.watch(Some(id))?;
        let server = self.running.insert(server);
        let mut has_ended = false;
        let outcome = eventually(format!("{name} to be ready"), PATIENCE, || {
            has_ended = matches!(server.try_wait(), Ok(Some(_)));
            let ready = is_ready(id);
            async move { Ok((has_ended || ready.await).then_some(())) }
        })
        .await;
        outcome.with_context(|| self.last_words())?;
        if has_ended {
            self.forget()?;
            bail!("{name} ended: {}", self.last_words());
        }
        Ok(())
    }

    /// Sends a signal, waits until the server has ended, and says how it did.
    ///
    /// # Errors
    /// When it does not run or does not end.
    pub(crate) async fn end(&mut self, signal: &str) -> Result<ExitStatus> {
        self.signal(signal).await?;
        self.ended().await
    }

    /// Waits until the server has ended by itself, and says how it did.
    ///
    /// # Errors
    /// When it does not run or does not end.
    pub(crate) async fn ended(&mut self) -> Result<ExitStatus> {
        let server = self.running.as_mut().with_context(|| format!("{} does not run", self.name))?;
        let status = eventually(format!("{} to end", self.name), PATIENCE, || {
            let ended = server.try_wait();
            async move { Ok(ended?) }
        })
        .await?;
        self.forget()?;
        Ok(status)
    }

    /// Sends a signal, such as `STOP`.
    ///
    /// # Errors
    /// When it does not run.
    pub(crate) async fn signal(&self, signal: &str) -> Result<()> {
        // The shell has `kill` built in, so no package is needed.
        let kill = format!("kill -s {signal} {}", self.id()?);
        let sent = tokio::process::Command::new("sh").args(["-c", &kill]).status().await.context("starting a shell")?;
        ensure!(sent.success(), "{kill} failed");
        Ok(())
    }

    /// Notes that the server is gone, before the system gives its number to another process.
    fn forget(&mut self) -> Result<()> {
        self.running = None;
        self.keeper.watch(None)
    }

    /// The file of what it has said through all its starts.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder().join("server.log")
    }

    /// The end of the log.
    fn last_words(&self) -> String {
        let log = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(12)..].join("\n")
    }
}

impl Drop for Server {
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
