//! A relay as a process of its own, so that it can be killed as a machine would lose it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tokio::time::Instant;

use crate::paths;
use crate::port::free_port;
use crate::server::{Ending, Server};

const DATABASE_URL: &str = "DESKSIDE_DATABASE_URL";
const PUBLIC_URL: &str = "DESKSIDE_PUBLIC_URL";
const SECRET_KEY: &str = "DESKSIDE_SECRET_KEY";

/// What the names of a relay's settings begin with, and the one that whoever runs the tests may have set for them too.
const OURS: &str = "DESKSIDE_";
const LOG: &str = "DESKSIDE_LOG";

/// What `deskside project create` made.
#[derive(Clone, Debug)]
pub struct Project {
    /// `prj_…`
    pub id: String,
    /// The public key of its online chat.
    pub channel_key: String,
    /// The owner's invitation.
    pub owner_code: String,
}

/// How a relay ended that was asked to.
#[derive(Clone, Copy, Debug)]
pub struct Ended {
    /// How long it took.
    pub took: Duration,
    /// What it ended with.
    pub status: ExitStatus,
}

/// A relay with its own data on a port of its own; it ends when dropped.
#[derive(Debug)]
pub struct Relay {
    binary: PathBuf,
    assets: PathBuf,
    /// Environment of all its commands.
    settings: BTreeMap<String, String>,
    port: u16,
    server: Server,
}

impl Relay {
    /// A relay that does not run yet.
    ///
    /// # Errors
    /// When it is not built, or no port is free.
    pub fn new() -> Result<Self> {
        let binary = match std::env::var_os("DESKSIDE_BIN") {
            Some(path) => PathBuf::from(path),
            None => beside_this_program("deskside")?,
        };
        let assets = paths::assets()?;
        // Free now; the relay takes it a moment later, and again after each restart.
        let port = free_port()?;
        let server = Server::new("Relay", &Ending::Kill)?;
        Ok(Self { binary, assets, settings: BTreeMap::new(), port, server })
    }

    /// A relay on a PostgreSQL database, by its address, with a key that others beside it can share.
    ///
    /// # Errors
    /// When it is not built, or no port is free.
    pub fn on_postgres(url: String) -> Result<Self> {
        Ok(Self::new()?.with(DATABASE_URL, url).with(SECRET_KEY, new_key()?))
    }

    /// A second relay of the same desk: with the same settings and public address, but a port and a data folder of its own.
    /// Settings that only one may have, such as another port, are set anew by [`Relay::with`].
    ///
    /// # Errors
    /// When the other has its record in its own folder, or this one cannot be made.
    pub fn beside(other: &Self) -> Result<Self> {
        ensure!(
            other.settings.contains_key(DATABASE_URL),
            "relays beside each other need a database: `Relay::on_postgres`"
        );
        let relay = Self { settings: other.settings.clone(), ..Self::new()? };
        Ok(relay.public_url(other.public()))
    }

    /// Sets an environment variable for all its commands.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.settings.insert(name.to_owned(), value.into());
        self
    }

    /// Sets several, such as [`S3::settings`](crate::s3::S3::settings).
    #[must_use]
    pub fn with_all<'a>(mut self, settings: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        self.settings.extend(settings.into_iter().map(|(name, value)| (name.to_owned(), value)));
        self
    }

    /// Sets the address under which clients and agents reach it, such as a proxy's.
    #[must_use]
    pub fn public_url(self, url: impl Into<String>) -> Self {
        self.with(PUBLIC_URL, url)
    }

    /// Where it is reached.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The address under which clients and agents reach it: its own, unless another was set.
    #[must_use]
    pub fn public(&self) -> String {
        self.settings.get(PUBLIC_URL).cloned().unwrap_or_else(|| self.url())
    }

    /// Its program.
    #[must_use]
    pub fn binary(&self) -> &Path {
        &self.binary
    }

    /// The file that its log goes to.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.server.log()
    }

    /// What it has logged since it was made, through all its starts.
    ///
    /// # Errors
    /// When it never ran.
    pub fn log_text(&self) -> Result<String> {
        std::fs::read_to_string(self.log()).context("reading the relay's log")
    }

    /// Makes a project with an online chat that `origins` may embed.
    ///
    /// # Errors
    /// When the relay refuses.
    pub async fn create_project(&self, name: &str, owner: &str, origins: &[&str]) -> Result<Project> {
        let mut arguments = vec!["project", "create", name, "--owner", owner, "--json"];
        for origin in origins {
            arguments.extend(["--origin", origin]);
        }
        let made = self.ask(&arguments).await?;
        Ok(Project {
            id: text(&made, "project_id")?,
            channel_key: text(&made, "channel_key")?,
            owner_code: text(&made, "invitation_code")?,
        })
    }

    /// Invites an agent to a project and returns the code.
    ///
    /// # Errors
    /// When the relay refuses.
    pub async fn invite(&self, project: &str, email: &str, right: &str) -> Result<String> {
        let made = self.ask(&["invite", "--project", project, "--email", email, "--right", right, "--json"]).await?;
        text(&made, "invitation_code")
    }

    /// Starts it and waits until it is ready.
    ///
    /// # Errors
    /// When it ends, which is told with its last words, or does not become ready.
    pub async fn start(&mut self) -> Result<()> {
        let mut command = self.command();
        command.args(["serve", "--listen", &format!("127.0.0.1:{}", self.port), "--public-url", &self.public()]);
        command.arg("--assets").arg(&self.assets);
        let ready = format!("{}/readyz", self.url());
        let is_ready = |_| async { reqwest::get(&ready).await.is_ok_and(|answer| answer.status().is_success()) };
        self.server.start(&mut command, is_ready).await
    }

    /// Kills it as `kill -9` does, and waits until it is gone.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn kill(&mut self) -> Result<()> {
        self.server.end("KILL").await.map(drop)
    }

    /// Asks it to end as a service manager does (SIGTERM), and waits until it is gone.
    ///
    /// # Errors
    /// When it does not run or does not end within a minute.
    pub async fn terminate(&mut self) -> Result<Ended> {
        let began = Instant::now();
        let status = self.server.end("TERM").await?;
        Ok(Ended { took: began.elapsed(), status })
    }

    /// Waits until it has ended by itself.
    ///
    /// # Errors
    /// When it does not run or does not end within a minute.
    pub async fn ended(&mut self) -> Result<ExitStatus> {
        self.server.ended().await
    }

    /// Freezes it, as a machine that hangs: its connections stay, and nothing answers.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn pause(&mut self) -> Result<()> {
        self.server.signal("STOP").await
    }

    /// Lets a frozen relay go on.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn resume(&mut self) -> Result<()> {
        self.server.signal("CONT").await
    }

    /// The number of its process.
    ///
    /// # Errors
    /// When it does not run.
    pub fn id(&self) -> Result<u32> {
        self.server.id()
    }

    /// How much memory it has now, in KiB.
    ///
    /// # Errors
    /// When it does not run, or the system does not say.
    pub fn resident_kb(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()?))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("the relay has ended")?;
        line.trim().trim_end_matches(" kB").parse().with_context(|| format!("{line:?} is no size"))
    }

    async fn ask(&self, arguments: &[&str]) -> Result<Value> {
        let mut command = tokio::process::Command::from(self.command());
        command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
        let output = command.output().await.context("running the relay's command line")?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "deskside {}: {errors}", arguments.join(" "));
        serde_json::from_slice(&output.stdout)
            .with_context(|| format!("deskside {} did not print JSON", arguments.join(" ")))
    }

    /// The relay's program with this one's data and settings.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        // Others are meant for a relay of his own.
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with(OURS) && name != LOG {
                command.env_remove(name.as_ref());
            }
        }
        command.envs(&self.settings).env("DESKSIDE_DATA", self.server.folder().join("data"));
        command
    }
}

/// A key for sealed secrets.
fn new_key() -> Result<String> {
    let mut key = String::new();
    for _ in 0..4 {
        key.push_str(&format!("{:016x}", getrandom::u64()?));
    }
    Ok(key)
}

/// A program of this build: in the folder of the running one, or the folder above for a test.
fn beside_this_program(name: &str) -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let found = program.ancestors().skip(1).take(2).map(|folder: &Path| folder.join(name)).find(|path| path.is_file());
    found.with_context(|| format!("`{name}` is not built: run `cargo build --package relay` first"))
}

fn text(value: &Value, field: &str) -> Result<String> {
    value[field].as_str().map(str::to_owned).with_context(|| format!("{field} is missing in {value}"))
}
