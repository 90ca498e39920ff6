//! Opens Chromium with signed-in agents in a Gmail of our own, and the shop with the chat: what `cargo xtask demo --browser` shows.
//!
//! With `--headless --screenshots FOLDER` it plays the story of one conversation instead, and takes the README's pictures of it.

mod arguments;
mod story;

use anyhow::{Context, Result, bail};
use testkit::agent::Agent;
use testkit::chromium::{Browser, Launch};
use tokio::signal::unix::{SignalKind, signal};

use arguments::Arguments;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::read(std::env::args().skip(1))?;
    if !arguments.headless && std::env::var_os("DISPLAY").is_none() && std::env::var_os("WAYLAND_DISPLAY").is_none() {
        bail!("there is no display to open windows on; use --headless with --screenshots FOLDER");
    }
    // Heard from before the first start on, so that no browser is left behind.
    let (mut terminated, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        ended = run(&arguments) => ended,
        _ = terminated.recv() => Ok(()),
        _ = interrupted.recv() => Ok(()),
    }
}

async fn run(arguments: &Arguments) -> Result<()> {
    let launch = Launch { headless: arguments.headless, ..Launch::default() };
    let mut agents = Vec::new();
    for invited in &arguments.agents {
        let launch = Launch { extension: Some(arguments.extension.clone()), ..launch.clone() };
        let agent = Agent::start(&invited.name(), &invited.email, launch).await?;
        agent
            .signs_in(&arguments.relay, &invited.code)
            .await
            .with_context(|| format!("signing in {}", invited.email))?;
        agent.opens_gmail().await?;
        agent.opens_panel().await?;
        agent.goes_online().await?;
        agent.closes_panel().await?;
        agents.push(agent);
    }
    let shop = Browser::launch(&Launch { size: (1180, 900), ..launch }).await?;
    shop.driver().goto(&arguments.shop).await?;
    match &arguments.screenshots {
        Some(folder) => story::play(&agents, shop, &arguments.relay, &arguments.shop, folder).await,
        None => std::future::pending().await,
    }
}
