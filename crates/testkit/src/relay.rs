//! A relay as a process of its own, so that it can be killed as a machine would lose it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::eventually::eventually;
use crate::paths;
use crate::port::free_port;

const START: Duration = Duration::from_secs(30);

/// What whoever runs the tests may have set for a relay of his own.
const OTHERS_SETTINGS: [&str; 5] =
    ["DESKSIDE_LISTEN", "DESKSIDE_PUBLIC_URL", "DESKSIDE_ASSETS", "DESKSIDE_SECRET_KEY", "DESKSIDE_DATABASE_URL"];

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

/// A relay with its own data on a port of its own; it ends when dropped.
#[derive(Debug)]
pub struct Relay {
    binary: PathBuf,
    assets: PathBuf,
    data: TempDir,
    database_url: Option<String>,
    port: u16,
    running: Option<Child>,
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
        let data = tempfile::Builder::new().prefix("deskside-relay-").tempdir()?;
        // Free now; the relay takes it a moment later, and again after each restart.
        let port = free_port()?;
        Ok(Self { binary, assets, data, database_url: None, port, running: None })
    }

    /// A relay on a PostgreSQL database, by its address.
    ///
    /// # Errors
    /// When it is not built, or no port is free.
    pub fn on_postgres(url: String) -> Result<Self> {
        Ok(Self { database_url: Some(url), ..Self::new()? })
    }

    /// Where it is reached.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its program.
    #[must_use]
    pub fn binary(&self) -> &Path {
        &self.binary
    }

    /// The file that its log goes to.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.data.path().join("relay.log")
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
    /// When it does not become ready.
    pub async fn start(&mut self) -> Result<()> {
        ensure!(self.running.is_none(), "the relay runs already");
        let log = File::options().create(true).append(true).open(self.log())?;
        let mut command = self.command();
        command.args(["serve", "--listen", &format!("127.0.0.1:{}", self.port), "--public-url", &self.url()]);
        command.arg("--assets").arg(&self.assets).stdout(log.try_clone()?).stderr(log);
        self.running = Some(command.spawn().context("starting the relay")?);
        let ready = format!("{}/readyz", self.url());
        eventually("the relay to be ready", START, || async {
            Ok(reqwest::get(&ready).await?.status().is_success().then_some(()))
        })
        .await
    }

    /// Kills it as `kill -9` does, and waits until it is gone.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn kill(&mut self) -> Result<()> {
        let mut running = self.running.take().context("the relay does not run")?;
        running.kill().await?;
        Ok(())
    }

    async fn ask(&self, arguments: &[&str]) -> Result<Value> {
        let output = self.command().args(arguments).output().await.context("running the relay's command line")?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "deskside {}: {errors}", arguments.join(" "));
        serde_json::from_slice(&output.stdout)
            .with_context(|| format!("deskside {} did not print JSON", arguments.join(" ")))
    }

    /// The relay's program with this one's data; it ends with its owner.
    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        for name in OTHERS_SETTINGS {
            command.env_remove(name);
        }
        if let Some(url) = &self.database_url {
            command.env("DESKSIDE_DATABASE_URL", url);
        }
        command.env("DESKSIDE_DATA", self.data.path().join("data")).stdin(Stdio::null()).kill_on_drop(true);
        command
    }
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
