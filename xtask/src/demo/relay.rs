//! The demo's relay: its data, its project, its agents' invitations.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::children::Children;
use super::{Demo, Invited, PROJECT};
use crate::{process, workspace};

/// How long a first start may take, on a slow machine, before it is called a failure.
const START: Duration = Duration::from_secs(30);

/// The server and where it keeps what.
#[derive(Debug)]
pub(super) struct Relay {
    pub(super) binary: PathBuf,
    /// One folder for each port, since the shop's address is part of the project's settings.
    pub(super) data: PathBuf,
    pub(super) port: u16,
}

impl Relay {
    /// Makes the project, or takes the one of an earlier run, and invites everybody afresh: a code works once.
    ///
    /// # Errors
    /// The relay refuses; `--reset` begins anew.
    pub(super) fn prepare(&self, emails: &[String]) -> Result<Demo> {
        let note = self.data.join("project.json");
        let is_new = !note.exists();
        let owner = emails.first().context("somebody must answer")?;
        if is_new {
            self.create_project(owner)?;
        }
        let project: Value =
            serde_json::from_str(&workspace::read(&note)?).context("project.json; --reset begins anew")?;
        let mut agents = Vec::new();
        for email in emails {
            let code = match &project["invitation_code"] {
                Value::String(code) if is_new && email == owner => code.clone(),
                _ => {
                    self.invite(&text(&project, "project_id")?, email, email == owner).context("--reset begins anew")?
                }
            };
            agents.push(Invited { email: email.clone(), code });
        }
        Ok(Demo { port: self.port, agents, channel_key: text(&project, "channel_key")? })
    }

    fn create_project(&self, owner: &str) -> Result<()> {
        let mut command = self.command();
        command.args(["project", "create", PROJECT, "--owner", owner]);
        for host in ["localhost", "127.0.0.1"] {
            command.args(["--origin", &format!("http://{host}:{}", self.port)]);
        }
        // A project without the note of it, from a run that was cut off, is left alone: names need not be unique.
        let made = process::read(command.arg("--json"))?;
        workspace::write(&self.data.join("project.json"), made.as_bytes())
    }

    fn invite(&self, project: &str, email: &str, is_owner: bool) -> Result<String> {
        let right = if is_owner { "owner" } else { "agent" };
        let made = process::read(self.command().args([
            "invite",
            "--project",
            project,
            "--email",
            email,
            "--right",
            right,
            "--json",
        ]))?;
        text(&serde_json::from_str(&made).with_context(|| format!("the invitation is {made:?}"))?, "invitation_code")
    }

    /// The command that serves.
    pub(super) fn serve(&self) -> Command {
        let mut command = self.command();
        command.args(["serve", "--listen", &format!("127.0.0.1:{}", self.port)]);
        command.args(["--public-url", &format!("http://127.0.0.1:{}", self.port)]);
        command.arg("--assets").arg(workspace::made("assets"));
        command
    }

    /// The server's program with the demo's data, whatever the environment says.
    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        let settings = std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned());
        for name in settings.filter(|name| name.starts_with("DESKSIDE_") && name != "DESKSIDE_LOG") {
            command.env_remove(name);
        }
        command.env("DESKSIDE_DATA", self.data.join("data"));
        command
    }

    /// Returns once the relay says that it is ready.
    ///
    /// # Errors
    /// It ended, or did not come up in time.
    pub(super) fn wait_until_ready(&self, children: &mut Children) -> Result<()> {
        let started = Instant::now();
        while !self.is_ready() {
            children.check()?;
            if started.elapsed() > START {
                bail!("the relay was not ready after {} seconds", START.as_secs());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn is_ready(&self) -> bool {
        let ask = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
            stream.set_read_timeout(Some(Duration::from_secs(1)))?;
            stream.write_all(b"GET /readyz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")?;
            let mut first = [0; 12];
            stream.read_exact(&mut first)?;
            Ok(String::from_utf8_lossy(&first).into_owned())
        };
        ask().is_ok_and(|answer| answer.ends_with("200"))
    }
}

/// A text field of what the relay printed.
fn text(value: &Value, field: &str) -> Result<String> {
    value[field].as_str().map(str::to_owned).with_context(|| format!("{field} is missing in {value}"))
}
