//! Alerts where no Gmail page is in sight: a desktop notification and the way back from it, and one sound for all that was missed.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use e2e::people::Person;
use serde_json::Value;
use testkit::World;
use testkit::chromium::PATIENCE;
use testkit::devtools::Devtools;
use testkit::eventually;

/// From a message to the alert of a hidden page (N7).
const AT_ONCE: Duration = Duration::from_secs(2);
/// How many messages are written while the agent's machine is away.
const MISSED: usize = 40;

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_page_is_told_by_the_desktop_and_a_click_leads_back() -> Result<()> {
    // N5 N7
    World::run("desktop", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        let devtools = olga.browser().devtools()?;
        let gmail = olga.opens_another_tab().await?;
        let written = Instant::now();
        ann.writes("<b>Is the oak desk in stock?</b>").await?;
        let notification = notification(&devtools).await?;
        ensure!(written.elapsed() < AT_ONCE, "the notification took {:?}", written.elapsed());

        let worker = devtools.target("service_worker", "/extension/worker.js").await?;
        let click = format!("chrome.notifications.onClicked.dispatch({})", Value::from(notification));
        devtools.evaluate(&worker, &click).await?;
        let page = devtools.target("page", "/mail/u/0/").await?;
        eventually("Gmail to be in front", PATIENCE, || async {
            Ok((devtools.evaluate(&page, "document.visibilityState").await? == "visible").then_some(()))
        })
        .await?;
        olga.browser().driver().switch_to_window(gmail).await?;
        olga.sees("<b>Is the oak desk in stock?</b>").await?;
        eventually("no notification", PATIENCE, || async {
            Ok(notifications(&devtools).await?.is_empty().then_some(()))
        })
        .await?;

        // In sight again, there is none; the next pop-up is Gmail's own.
        olga.closes_panel().await?;
        ann.writes("And in walnut?").await?;
        olga.sees_popup("And in walnut?").await?;
        ensure!(notifications(&devtools).await?.is_empty(), "a notification beside the pop-up");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn waking_up_to_forty_missed_messages_is_one_sound_and_one_notification() -> Result<()> {
    // N6
    World::run_over_two("missed", async |world| {
        let olga = world.agent("Olga").await?;
        let devtools = olga.browser().devtools()?;
        olga.opens_another_tab().await?;
        let before = devtools.hub().await?;
        // To the hub a machine that slept is a connection that is gone, and forty messages when it is back.
        world.relay.kill().await?;
        let clients = world.second.as_ref().context("there are two")?.url();
        for n in 0..MISSED {
            let visitor = Person::visitor(&clients, &world.project.channel_key).await;
            visitor.writes(&format!("Question {n}")).await;
        }
        world.relay.start().await?;
        let notification = notification(&devtools).await?;
        ensure!(notification.starts_with(' '), "the notification is of one conversation: {notification:?}");
        eventually("all to be counted", PATIENCE, || async {
            let worker = devtools.target("service_worker", "/extension/worker.js").await?;
            let badge = devtools.evaluate(&worker, "chrome.action.getBadgeText({})").await?;
            Ok((badge.as_str() == Some(&MISSED.to_string())).then_some(()))
        })
        .await?;
        eventually("a sound", PATIENCE, || async {
            Ok((devtools.hub().await?.n_sounds > before.n_sounds).then_some(()))
        })
        .await?;
        let all = notifications(&devtools).await?;
        ensure!(all.len() == 1, "notifications: {all:?}");
        let hub = devtools.hub().await?;
        ensure!(hub.n_sounds == before.n_sounds + 1, "{before:?}, then {hub:?}");
        Ok(())
    })
    .await
}

/// Waits for a desktop notification, and gives its id.
async fn notification(devtools: &Devtools) -> Result<String> {
    eventually("a desktop notification", PATIENCE, || async { Ok(notifications(devtools).await?.into_iter().next()) })
        .await
}

/// The ids of those that stand.
async fn notifications(devtools: &Devtools) -> Result<Vec<String>> {
    let worker = devtools.target("service_worker", "/extension/worker.js").await?;
    let all = devtools.evaluate(&worker, "chrome.notifications.getAll().then(Object.keys)").await?;
    Ok(serde_json::from_value(all)?)
}
