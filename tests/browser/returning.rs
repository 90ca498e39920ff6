//! A panel that is made anew stands where it stood, and leaves Gmail the focus (G1, G3).

use anyhow::{Context, Result, ensure};
use testkit::World;
use testkit::agent::Agent;
use testkit::chromium::PATIENCE;
use testkit::devtools::{Devtools, Target};
use testkit::eventually;
use thirtyfour::By;

const DRAFT: &str = "It is in stock";

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_of_gmail_keeps_tab_channel_conversation_and_draft() -> Result<()> {
    World::run("returning", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        ann.writes("Is the oak desk in stock?").await?;
        olga.opens_panel().await?;
        olga.widens().await?;
        let row = olga.sees_row("of Ann", |row| row.preview.contains("oak desk")).await?;
        olga.opens_row(&row).await?;
        olga.accepts().await?;
        olga.writes_answer(DRAFT).await?;
        olga.shows_tab("my").await?;
        chooses_channel(&olga).await?;

        olga.opens_gmail().await?;
        olga.opens_panel().await?;
        olga.sees("oak desk").await?;
        let draft = olga.browser().find_test("composer").await?.prop("value").await?;
        ensure!(draft.as_deref() == Some(DRAFT), "the draft is {draft:?}");
        for chosen in ["[data-testid=\"tab-my\"][aria-selected=\"true\"]", CHANNEL_CHOSEN] {
            olga.browser().find(chosen).await.with_context(|| format!("{chosen} is not chosen"))?;
        }

        // Closed and opened again it is the same page.
        olga.browser().run("window.__same = true;").await?;
        olga.closes_panel().await?;
        olga.opens_panel().await?;
        ensure!(olga.browser().run("return window.__same === true;").await? == true, "the frame was made anew");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panel_that_comes_back_behind_gmail_leaves_it_the_focus() -> Result<()> {
    World::run("quiet-return", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        ann.writes("Hello").await?;
        olga.sees_popup("Hello").await?.click().await?;
        olga.accepts().await?;
        olga.closes_panel().await?;
        let search = olga.browser().find("input[name=\"q\"]").await?;
        search.click().await?;
        search.send_keys("invoice").await?;

        let devtools = olga.browser().devtools()?;
        let frame = panel(&devtools).await?;
        // The frame's document is gone, and does not answer any more.
        devtools.evaluate(&frame, "window.isOld = true; location.replace('about:blank')").await?;
        eventually("another frame with the conversation", PATIENCE, || async {
            let again = panel(&devtools).await?;
            let script = "window.isOld === undefined && document.querySelector('[data-testid=composer]') !== null";
            Ok((devtools.evaluate(&again, script).await? == true).then_some(()))
        })
        .await?;
        olga.leaves_panel().await?;
        olga.browser().driver().action_chain().send_keys(" 4471").perform().await?;
        let typed = search.prop("value").await?;
        ensure!(typed.as_deref() == Some("invoice 4471"), "Gmail's search has {typed:?}");

        // With the panel the keyboard comes to the reply field.
        olga.opens_panel().await?;
        eventually("the focus in the reply field", PATIENCE, || async {
            let focused = olga.browser().run("return document.activeElement.dataset.testid ?? null;").await?;
            ensure!(focused == "composer", "it is on {focused}");
            Ok(Some(()))
        })
        .await
    })
    .await
}

const CHANNEL_CHOSEN: &str = "[data-testid=\"channel\"]:not([data-channel-id=\"\"])[aria-current=\"true\"]";

/// Chooses the first channel.
async fn chooses_channel(olga: &Agent) -> Result<()> {
    let channels =
        olga.browser().driver().find_all(By::Css("[data-testid=\"channel\"]:not([data-channel-id=\"\"])")).await?;
    channels.first().context("there is no channel")?.click().await?;
    olga.browser().find(CHANNEL_CHOSEN).await?;
    Ok(())
}

async fn panel(devtools: &Devtools) -> Result<Target> {
    let targets = devtools.targets().await?;
    let found =
        targets.into_iter().find(|target| target.kind == "iframe" && target.url.contains("/extension/panel.html"));
    found.context("there is no panel")
}
