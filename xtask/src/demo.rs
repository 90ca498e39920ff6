//! `cargo xtask demo`: the whole product on this machine, ready to be tried.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use crate::args::Args;
use crate::build::{self, Profile};
use crate::tools;
use crate::{output, process, workspace};

mod children;
mod guide;
mod relay;

/// What the demo shop is called.
const PROJECT: &str = "Fennimore";
/// Who answers unless `--agent` names others. Nobody has these addresses.
const AGENTS: [&str; 2] = ["anna@fennimore.example", "boris@fennimore.example"];

/// An agent and the code that lets him in once.
#[derive(Debug, PartialEq, Eq)]
struct Invited {
    email: String,
    code: String,
}

/// Where everything stands while the demo runs.
#[derive(Debug)]
struct Demo {
    port: u16,
    agents: Vec<Invited>,
    channel_key: String,
}

impl Demo {
    /// What agents type as the relay's address.
    fn relay(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The shop, under another name than the relay's, so that it is another site to the browser as a customer's would be.
    fn shop(&self) -> String {
        format!("http://localhost:{}/demo/{}", self.port, self.channel_key)
    }
}

/// Builds everything, runs it and tells how to use it.
pub(crate) fn run(mut args: Args) -> Result<()> {
    let port = args.option("--port")?.unwrap_or(8080);

    let screenshots: Option<PathBuf> = args.option("--screenshots")?;
    let with_browser = args.flag("--browser") || screenshots.is_some();
    let is_reset = args.flag("--reset");
    let mut emails: Vec<String> = Vec::new();
    while let Some(email) = args.option("--agent")? {
        emails.push(email);
    }
    args.finish()?;
    if emails.is_empty() {
        emails = AGENTS.map(str::to_owned).to_vec();
    }
    if with_browser {
        tools::ensure(&tools::BROWSER)?;
        tools::check_browser()?;
        require_display(screenshots.is_some())?;
    }
    require_free(port)?;
    let binary = build(with_browser)?;
    // The build may have taken minutes.
    require_free(port)?;
    let data = workspace::made("demo").join(port.to_string());
    if is_reset {
        workspace::remove(&data)?;
    }
    let relay = relay::Relay { binary, data, port };
    let demo = relay.prepare(&emails)?;
    children::Children::run(|children| {
        children.start("the relay", &mut relay.serve())?;
        relay.wait_until_ready(children)?;
        output::say(guide::text(&demo, &relay.data));
        if with_browser {
            children.start("the browser", &mut browser(&demo, screenshots.as_deref()))?;
        }
        Ok(())
    })
}

/// Says early, and in words, what would otherwise be an error of the relay.
fn require_free(port: u16) -> Result<()> {
    TcpListener::bind(("127.0.0.1", port))
        .map(drop)
        .with_context(|| format!("port {port} is taken; choose another by --port"))
}

/// Says before the build what the browser would say after it.
fn require_display(is_headless: bool) -> Result<()> {
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    ensure!(
        is_headless || has_display,
        "there is no display to open windows on; with --screenshots FOLDER none is needed"
    );
    Ok(())
}

/// Builds what browsers load and what serves it; gives the server.
fn build(with_browser: bool) -> Result<PathBuf> {
    drop(build::everything(Profile::Dev)?);
    let mut cargo = process::cargo();
    cargo.args(["build", "--package", "relay", "--bin", "deskside"]);
    process::run(&mut cargo)?;
    if with_browser {
        process::run(process::cargo().args(["build", "--package", "testkit", "--bin", "demo-browser"]))?;
    }
    Ok(workspace::cargo_target().join("debug/deskside"))
}

/// Chromium with the agents' Gmail pages, signed in, and the shop.
fn browser(demo: &Demo, screenshots: Option<&Path>) -> std::process::Command {
    let mut command = std::process::Command::new(workspace::cargo_target().join("debug/demo-browser"));
    command.args(["--relay", &demo.relay(), "--shop", &demo.shop()]).arg("--extension").arg(workspace::root());
    for agent in &demo.agents {
        command.arg("--agent").arg(format!("{}={}", agent.email, agent.code));
    }
    if let Some(folder) = screenshots {
        command.arg("--headless").arg("--screenshots").arg(folder);
    }
    command
}
