//! What an agent sets on the Control Panel, and what comes of it in Gmail.

use anyhow::{Result, ensure};
use testkit::World;
use testkit::agent::Agent;
use testkit::axe::violations;
use testkit::chromium::PATIENCE;
use testkit::devtools::Devtools;
use testkit::eventually;
use thirtyfour::{By, WebElement};

#[tokio::test(flavor = "multi_thread")]
async fn sound_and_popups_go_by_what_the_agent_set_at_once() -> Result<()> {
    // N4 N6
    World::run("settings-alerts", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        let devtools = olga.browser().devtools()?;
        let driver = olga.browser().driver();
        let gmail = driver.window().await?;
        let panel = driver.new_tab().await?;
        driver.switch_to_window(panel.clone()).await?;
        olga.opens_control_panel().await?;
        let at_first = [ticked(&olga, "Sound notifications").await?, ticked(&olga, "Pop-up notifications").await?];
        ensure!(at_first == [true, true] && !ticked(&olga, "Repeat until seen").await?, "at first {at_first:?}");

        // Without sound: a pop-up alone.
        sets(&olga, &["Sound notifications"]).await?;
        let before = devtools.hub().await?.n_sounds;
        olga.browser().shows_tab(&gmail).await?;
        ann.writes("Can you hear me?").await?;
        olga.sees_popup("Can you hear me?").await?;

        // Without pop-ups: a sound alone, and it is the first one.
        olga.browser().shows_tab(&panel).await?;
        sets(&olga, &["Sound notifications", "Pop-up notifications"]).await?;
        olga.browser().shows_tab(&gmail).await?;
        ann.writes("And now?").await?;
        sounds(&devtools, before + 1).await?;
        for popup in olga.popups().await? {
            let text = popup.text().await?;
            ensure!(!text.contains("And now?"), "{text:?} pops up although pop-ups are off");
        }

        // What is on again is on again.
        olga.browser().shows_tab(&panel).await?;
        sets(&olga, &["Pop-up notifications"]).await?;
        olga.browser().shows_tab(&gmail).await?;
        ann.writes("Both?").await?;
        olga.sees_popup("Both?").await?;
        sounds(&devtools, before + 2).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_and_theme_are_kept_and_the_theme_is_worn() -> Result<()> {
    // N6 G3 G5
    World::run("settings", async |world| {
        let olga = world.agent("Olga").await?;
        olga.opens_control_panel().await?;
        check(&olga, "light").await?;
        chooses(&olga, "Dark").await?;
        sets(&olga, &["Pop-up notifications", "Repeat until seen"]).await?;
        ensure!(worn(&olga, "html").await? == "dark", "the Control Panel does not wear it");
        check(&olga, "dark").await?;

        olga.browser().driver().refresh().await?;
        olga.browser().find_test("save-settings").await?;
        ensure!(choice(&olga, "Dark").await?.is_selected().await?, "the theme was forgotten");
        let kept = [
            ticked(&olga, "Sound notifications").await?,
            ticked(&olga, "Pop-up notifications").await?,
            ticked(&olga, "Repeat until seen").await?,
        ];
        ensure!(kept == [true, false, true], "kept is {kept:?}");

        // Gmail's page is light, and the panel is dark all the same.
        olga.opens_gmail().await?;
        wears(&olga, "dark").await?;
        olga.opens_panel().await?;
        ensure!(worn(&olga, "html").await? == "dark", "the panel does not wear it");
        olga.opens_control_panel().await?;
        chooses(&olga, "Like Gmail").await?;
        sets(&olga, &[]).await?;
        olga.opens_gmail().await?;
        wears(&olga, "light").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sound_can_be_tried() -> Result<()> {
    // N6
    World::run("settings-sound", async |world| {
        let olga = world.agent("Olga").await?;
        olga.opens_control_panel().await?;
        olga.browser().click("[data-testid=\"try-sound\"]").await?;
        eventually("the sound to be heard", PATIENCE, || async {
            let script = "return document.querySelector('audio').played.length > 0;";
            Ok((olga.browser().run(script).await? == true).then_some(()))
        })
        .await?;
        let complaints = olga.browser().driver().find_all(By::Css("[data-testid=\"not-played\"]")).await?;
        ensure!(complaints.is_empty(), "it is said to have failed");
        // A sound that cannot be had is told.
        olga.browser().run("document.querySelector('audio').src = 'sounds/none.wav';").await?;
        olga.browser().click("[data-testid=\"try-sound\"]").await?;
        olga.browser().reads("not-played", |words| words.contains("could not play the sound")).await?;
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_without_subscription_is_seen_and_not_heard() -> Result<()> {
    // N1 N3
    World::run("settings-subscriptions", async |world| {
        let olga = world.agent("Olga").await?;
        let (ann, ben) = (world.contact("Ann").await?, world.contact("Ben").await?);
        let devtools = olga.browser().devtools()?;
        let driver = olga.browser().driver();
        let gmail = driver.window().await?;
        let panel = driver.new_tab().await?;
        driver.switch_to_window(panel.clone()).await?;
        olga.opens_control_panel().await?;
        subscribes(&olga, false).await?;
        check(&olga, "light").await?;
        olga.keeps_picture("settings-subscriptions", "control-panel").await?;
        driver.refresh().await?;
        ensure!(!olga.browser().find_test("subscribed").await?.is_selected().await?, "the choice was forgotten");

        // The conversation is there, and nothing counts it, sounds or pops up.
        let before = devtools.hub().await?.n_sounds;
        olga.browser().shows_tab(&gmail).await?;
        ann.writes("Does anybody hear me?").await?;
        olga.opens_panel().await?;
        let row = olga.sees_row("Ann's", |row| row.preview == "Does anybody hear me?").await?;
        ensure!(row.unread.is_empty(), "{row:?}: unread in a channel without subscription");
        olga.browser().find_test("not-subscribed").await?;
        olga.looks_well("settings-subscriptions", "panel").await?;
        olga.closes_panel().await?;
        olga.sees_waiting(0).await?;

        // Subscribed again, the next message alerts, and it is the first that does.
        olga.browser().shows_tab(&panel).await?;
        subscribes(&olga, true).await?;
        olga.browser().shows_tab(&gmail).await?;
        ben.writes("And me?").await?;
        olga.sees_popup("And me?").await?;
        sounds(&devtools, before + 1).await?;
        for popup in olga.popups().await? {
            let text = popup.text().await?;
            ensure!(!text.contains("hear me"), "{text:?} pops up although it was no alert");
        }
        olga.sees_waiting(2).await
    })
    .await
}

/// Ticks the project's channel, or not, and saves.
async fn subscribes(agent: &Agent, on: bool) -> Result<()> {
    let channel = agent.browser().find_test("subscribed").await?;
    ensure!(channel.is_selected().await? != on, "subscribed: {on} already");
    channel.click().await?;
    agent.browser().click("[data-testid=\"save-subscriptions\"]").await?;
    agent.browser().find_test("saved").await?;
    Ok(())
}

/// The box or button of this label.
async fn choice(agent: &Agent, label: &str) -> Result<WebElement> {
    let path = format!("//label[normalize-space()=\"{label}\"]/input");
    eventually(format!("{label:?}"), PATIENCE, || {
        let path = path.clone();
        async move { Ok(Some(agent.browser().driver().find(By::XPath(path)).await?)) }
    })
    .await
}

async fn ticked(agent: &Agent, label: &str) -> Result<bool> {
    Ok(choice(agent, label).await?.is_selected().await?)
}

async fn chooses(agent: &Agent, label: &str) -> Result<()> {
    Ok(choice(agent, label).await?.click().await?)
}

/// Turns these switches, each to the other side, and saves.
async fn sets(agent: &Agent, turned: &[&str]) -> Result<()> {
    for label in turned {
        chooses(agent, label).await?;
    }
    agent.browser().click("[data-testid=\"save-settings\"]").await?;
    agent.browser().find_test("saved").await?;
    Ok(())
}

/// Waits until the hub has played so many sounds, and no more.
async fn sounds(devtools: &Devtools, n: u32) -> Result<()> {
    eventually(format!("{n} sounds"), PATIENCE, || async {
        let n_sounds = devtools.hub().await?.n_sounds;
        ensure!(n_sounds == n, "there were {n_sounds}");
        Ok(Some(()))
    })
    .await
}

/// The theme of an element.
async fn worn(agent: &Agent, css: &str) -> Result<String> {
    let script = format!("return document.querySelector('{css}').dataset.theme ?? '';");
    Ok(agent.browser().run(&script).await?.as_str().unwrap_or_default().to_owned())
}

/// Waits until what stands in Gmail's page has a theme.
async fn wears(agent: &Agent, theme: &str) -> Result<()> {
    eventually(format!("{theme} in Gmail"), PATIENCE, || async {
        let worn = worn(agent, "deskside-popups").await?;
        ensure!(worn == theme, "it is {worn:?}");
        Ok(Some(()))
    })
    .await
}

async fn check(agent: &Agent, theme: &str) -> Result<()> {
    let found = violations(agent.browser(), "document").await?;
    ensure!(found.is_empty(), "axe-core on the Control Panel, {theme}: {found:#?}");
    Ok(())
}
