//! Parts of the extension end while an agent writes: each comes back by itself, and the draft is there (G3).

use anyhow::{Result, ensure};
use testkit::World;
use testkit::agent::Agent;
use testkit::chromium::PATIENCE;
use testkit::contact::Contact;
use testkit::devtools::{Devtools, Target};
use testkit::eventually;

/// The panel's frame, as a script of the page finds it.
const FRAME: &str = "const frame = document.querySelector('deskside-workspace').shadowRoot.querySelector('iframe');";
const DRAFT: &str = "Let me look for you, one moment";

#[tokio::test(flavor = "multi_thread")]
async fn worker_hub_and_frame_end_in_turn_and_the_draft_stays() -> Result<()> {
    // G3, P2
    World::run("survival", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        let devtools = olga.browser().devtools()?;
        begins_to_answer(&olga, &ann).await?;

        let worker = devtools.target("service_worker", "/extension/worker.js").await?;
        ends(&devtools, &worker).await?;
        goes_on(&olga, &ann, "after the worker").await?;
        let hub = devtools.target("background_page", "/extension/hub.html").await?;
        ends(&devtools, &hub).await?;
        goes_on(&olga, &ann, "after the hub").await?;
        // A script of the page leads the frame away, and takes it out. (A crash of its process is the whole extension's end in Chromium.)
        for end in ["frame.src = 'about:blank'", "frame.remove()"] {
            let frame = panel(&devtools).await?;
            olga.leaves_panel().await?;
            olga.browser().run(&format!("{FRAME} {end};")).await?;
            eventually(format!("another frame after {end}"), PATIENCE, || async {
                Ok((panel(&devtools).await?.id != frame.id).then_some(()))
            })
            .await?;
            goes_on(&olga, &ann, end).await?;
        }
        olga.sees_himself("Online").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_and_a_reload_of_gmail_keep_the_draft_and_the_place() -> Result<()> {
    // G3
    World::run("renewal", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        let devtools = olga.browser().devtools()?;
        begins_to_answer(&olga, &ann).await?;
        let frame = panel(&devtools).await?;
        let worker = devtools.target("service_worker", "/extension/worker.js").await?;
        devtools.evaluate(&worker, "void setTimeout(() => chrome.runtime.reload())").await?;
        eventually("the old frame to be gone", PATIENCE, || async {
            Ok((!devtools.targets().await?.iter().any(|target| target.id == frame.id)).then_some(()))
        })
        .await?;
        olga.opens_panel().await?;
        goes_on(&olga, &ann, "after the update").await?;
        olga.opens_gmail().await?;
        olga.opens_panel().await?;
        goes_on(&olga, &ann, "after the reload").await
    })
    .await
}

/// Olga takes Ann's conversation and types a part of an answer.
async fn begins_to_answer(olga: &Agent, ann: &Contact) -> Result<()> {
    ann.writes("Is the oak desk in stock?").await?;
    olga.sees_popup("oak desk").await?.click().await?;
    olga.accepts().await?;
    olga.writes_answer(DRAFT).await
}

/// The panel shows the conversation with the draft, and what the client writes now.
async fn goes_on(olga: &Agent, ann: &Contact, when: &str) -> Result<()> {
    ann.writes(when).await?;
    eventually(format!("the draft {when}"), PATIENCE, || async {
        olga.enters_panel().await?;
        let draft = olga.browser().find_test("composer").await?.prop("value").await?;
        ensure!(draft.as_deref() == Some(DRAFT), "the draft is {draft:?}");
        Ok(Some(()))
    })
    .await?;
    olga.sees(when).await?;
    Ok(())
}

/// The frame with the panel.
async fn panel(devtools: &Devtools) -> Result<Target> {
    let frames = devtools.targets().await?.into_iter();
    let found =
        frames.into_iter().find(|target| target.kind == "iframe" && target.url.contains("/extension/panel.html"));
    found.ok_or_else(|| anyhow::anyhow!("no panel"))
}

/// Ends a part of the extension, as Chromium may at any time.
async fn ends(devtools: &Devtools, target: &Target) -> Result<()> {
    devtools.close(target).await?;
    eventually(format!("{} to be gone", target.url), PATIENCE, || async {
        Ok((!devtools.targets().await?.iter().any(|it| it.id == target.id)).then_some(()))
    })
    .await
}
