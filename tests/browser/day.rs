//! A day's work in five Gmail tabs, driven fast: what the pages and the hub hold does not grow with it (G4).

use anyhow::{Context, Result, ensure};
use e2e::people::Person;
use serde_json::json;
use testkit::World;
use testkit::agent::Agent;
use testkit::devtools::Devtools;
use thirtyfour::WindowHandle;

const N_TABS: usize = 5;
/// Eight hours of twenty minutes each.
const N_SLOTS: usize = 24;
/// Messages in each; 480 in a day.
const N_MESSAGES: usize = 20;
/// The agent looks into the panel so often.
const OPENS_EVERY: usize = 4;
/// How much more anything may hold at the end than at the beginning.
const MOST_GROWTH_KB: f64 = 10.0 * 1_024.0;

/// What each page holds, and last the extension's own process with the hub and all panels, in KiB.
async fn memory(devtools: &Devtools) -> Result<Vec<f64>> {
    let mut pages = devtools.targets().await?;
    pages.retain(|target| target.kind == "page" && target.url.contains("/mail/u/"));
    // The list begins with the one that was in front last.
    pages.sort_by(|a, b| a.id.cmp(&b.id));
    let mut held = Vec::new();
    for page in &pages {
        held.push(devtools.memory(page).await?.heap_kb);
    }
    ensure!(held.len() == N_TABS, "there are {} Gmail pages", held.len());
    let hub = devtools.target("background_page", "/extension/hub.html").await?;
    let hub = devtools.memory(&hub).await?;
    ensure!(hub.wasm_kb > 0.0, "the hub's own memory is not seen: {hub:?}");
    held.push(hub.heap_kb + hub.wasm_kb);
    Ok(held)
}

/// Twenty minutes: a client writes, the agent reads mail in another tab, a colleague answers and closes.
async fn slot(olga: &Agent, paul: &Person, tab: &WindowHandle, n: usize, client: &Person) -> Result<()> {
    olga.browser().shows_tab(tab).await?;
    for message in 1..=N_MESSAGES {
        client.writes(&format!("Message {message} of client {n}, who writes a little more than a few words.")).await;
    }
    let popup = olga.sees_popup(&format!("Message {N_MESSAGES} of client {n},")).await?;
    let conversation = popup.attr("data-conversation-id").await?.context("the pop-up names its conversation")?;
    olga.browser()
        .run(&format!("for (const view of ['#inbox/m{}', '#sent', '#inbox']) location.hash = view;", n % 16))
        .await?;
    if n.is_multiple_of(OPENS_EVERY) {
        popup.click().await?;
        olga.sees(&format!("Message {N_MESSAGES} of client {n},")).await?;
        olga.closes_panel().await?;
    }
    let taken = paul.acts("accept", &conversation, &json!({})).await.ok();
    let fence = taken["conversation"]["fence"].as_u64().context("a conversation that was taken has a fence")?;
    paul.answers(&conversation, u32::try_from(fence)?, &format!("Answer to client {n}.")).await.ok();
    paul.acts("close", &conversation, &json!({})).await.ok();
    olga.sees_no_popup().await?;
    olga.sees_waiting(0).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_days_work_leaves_no_memory_behind() -> Result<()> {
    World::run_alone("day", async |world| {
        let olga = world.agent("Olga").await?;
        let (_, code) = world.invites("Paul").await?;
        let paul = Person::invited(&world.relay.url(), &code, "Paul").await;
        let driver = olga.browser().driver();
        let mut tabs = vec![driver.window().await?];
        for _ in 1..N_TABS {
            let tab = driver.new_tab().await?;
            olga.browser().shows_tab(&tab).await?;
            olga.opens_gmail().await?;
            // Each page's panel stays once it was opened; the first one's was.
            olga.opens_panel().await?;
            olga.closes_panel().await?;
            tabs.push(tab);
        }
        let devtools = olga.browser().devtools()?;
        let mut held = vec![memory(&devtools).await?];
        for n in 0..N_SLOTS {
            let client = Person::visitor(&world.relay.url(), &world.project.channel_key).await;
            slot(&olga, &paul, &tabs[n % N_TABS], n, &client).await.with_context(|| format!("in slot {n}"))?;
            if n + 1 == N_SLOTS / 2 || n + 1 == N_SLOTS {
                held.push(memory(&devtools).await?);
            }
        }
        for (n, at) in held.iter().enumerate() {
            let (hub, pages) = at.split_last().context("the hub is last")?;
            println!(
                "after {} of the day: pages {pages:.0?} KiB, hub and panels {hub:.0} KiB",
                ["nothing", "half", "all"][n]
            );
        }
        let (first, last) = (&held[0], &held[held.len() - 1]);
        for (before, after) in first.iter().zip(last) {
            ensure!(after - before <= MOST_GROWTH_KB, "from {before:.0} to {after:.0} KiB; all: {held:.0?}");
        }
        Ok(())
    })
    .await
}
