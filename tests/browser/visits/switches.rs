//! A channel's switches on the Control Panel, and what comes of them for clients (F4, W2, W3).

use anyhow::{Context as _, Result, ensure};
use e2e::people::{Person, attachment_id};
use protocol::error::ErrorCode;
use serde_json::json;
use testkit::World;
use testkit::agent::Agent;
use testkit::artefacts;
use testkit::axe::violations;
use testkit::chromium::{Launch, PATIENCE};
use testkit::eventually;
use thirtyfour::{By, WebElement};

use super::{NOTED, invited, is_not_followed};

const FILES: &str = "Clients may send files";
const VISITS: &str = "Note the pages that clients open";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_switched_off_is_refused_and_not_noted() -> Result<()> {
    World::run("channel-switches", async |world| {
        // F4 W2 W3
        let olga = world.agent("Olga").await?;
        let visitor = Person::visitor(&world.relay.url(), &world.project.channel_key).await;
        visitor.uploads(&attachment_id(), "a.txt", "text/plain", b"one".to_vec()).await.ok();

        olga.opens_control_panel().await?;
        let before = [ticked(&olga, FILES).await?, ticked(&olga, VISITS).await?];
        ensure!(before == [true, true], "at first they stand at {before:?}");
        check(&olga, "light").await?;
        takes_picture(&olga, "light").await?;
        turns(&olga, &[FILES, VISITS]).await?;
        let refused = visitor.uploads(&attachment_id(), "b.txt", "text/plain", b"two".to_vec()).await;
        ensure!(refused.code() == ErrorCode::FilesNotAllowed, "{refused:?}");
        let otto = invited(world).await?;
        let ann = world.contact_in("Ann", Launch::default()).await?;
        ann.visits_shop().await?;
        is_not_followed(&otto, &ann).await?;

        // It is kept, and what is on again is on again.
        olga.browser().driver().refresh().await?;
        let kept = [ticked(&olga, FILES).await?, ticked(&olga, VISITS).await?];
        ensure!(kept == [false, false], "they are kept as {kept:?}");
        turns(&olga, &[FILES, VISITS]).await?;
        visitor.uploads(&attachment_id(), "c.txt", "text/plain", b"three".to_vec()).await.ok();
        let bob = world.contact_in("Bob", Launch::default()).await?;
        bob.visits_shop().await?;
        let noted = bob.browser().run(NOTED).await?;
        ensure!(noted == json!([["/", true]]), "noted: {noted}");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_administer_sees_the_switches_and_why_they_are_fixed() -> Result<()> {
    World::run("channel-switches-locked", async |world| {
        // J2 W2
        let _owner = world.agent("Olga").await?;
        let paul = world.agent("Paul").await?;
        paul.opens_control_panel().await?;
        let id = "return chrome.storage.local.get('accounts').then((it) => Object.values(it.accounts)[0].agent_id);";
        let id = paul.browser().run(id).await?;
        let id = id.as_str().context("an agent's id")?;
        let otto = invited(world).await?;
        let me = otto.get("/v1/me").await.ok();
        let channel = me["memberships"][0]["channels"][0]["id"].as_str().context("a channel")?;
        otto.put(&format!("/v1/channels/{channel}/agents/{id}"), &json!({ "assigned": true })).await.ok();
        let right = format!("/v1/projects/{}/agents/{id}/right", world.project.id);
        otto.put(&right, &json!({ "right": "agent" })).await.ok();

        paul.browser().driver().refresh().await?;
        paul.browser().reads("administrators-only", |why| why.contains("administrators and owners")).await?;
        for label in [FILES, VISITS] {
            let switch = switch(&paul, label).await?;
            let why = switch.attr("aria-describedby").await?.unwrap_or_default();
            ensure!(switch.is_selected().await? && !switch.is_enabled().await?, "{label:?} can be turned");
            ensure!(why.contains("locked-"), "{label:?} does not say why: {why:?}");
        }
        let buttons = paul.browser().driver().find_all(By::Css("[data-testid=\"save-channel\"]")).await?;
        ensure!(buttons.is_empty(), "there is something to save");
        wears(&paul, "Dark").await?;
        check(&paul, "locked, dark").await?;
        takes_picture(&paul, "locked-dark").await
    })
    .await
}

/// The box of this label.
async fn switch(agent: &Agent, label: &str) -> Result<WebElement> {
    let path = format!("//label[normalize-space()=\"{label}\"]/input");
    eventually(format!("{label:?}"), PATIENCE, || {
        let path = path.clone();
        async move { Ok(Some(agent.browser().driver().find(By::XPath(path)).await?)) }
    })
    .await
}

async fn ticked(agent: &Agent, label: &str) -> Result<bool> {
    Ok(switch(agent, label).await?.is_selected().await?)
}

/// Turns these switches, each to the other side, and saves.
async fn turns(agent: &Agent, labels: &[&str]) -> Result<()> {
    for label in labels {
        switch(agent, label).await?.click().await?;
    }
    agent.browser().click("[data-testid=\"save-channel\"]").await?;
    agent.browser().find("[data-testid=\"channel\"] [data-testid=\"saved\"]").await?;
    Ok(())
}

/// The theme is worn at once when it is saved.
async fn wears(agent: &Agent, name: &str) -> Result<()> {
    switch(agent, name).await?.click().await?;
    agent.browser().click("[data-testid=\"save-settings\"]").await?;
    agent.browser().find_test("saved").await?;
    Ok(())
}

async fn check(agent: &Agent, what: &str) -> Result<()> {
    let found = violations(agent.browser(), "document").await?;
    ensure!(found.is_empty(), "axe-core on the Control Panel, {what}: {found:#?}");
    Ok(())
}

async fn takes_picture(agent: &Agent, what: &str) -> Result<()> {
    let card = agent.browser().find_test("channels").await?;
    card.scroll_into_view().await?;
    agent.browser().settles().await?;
    agent.browser().screenshot(&artefacts::folder("channel-switches")?.join(format!("{what}.png"))).await
}
