//! The extension in the page across its own update.

use anyhow::{Result, ensure};
use testkit::World;
use testkit::chromium::PATIENCE;
use testkit::eventually;

/// How many hosts of ours stand in the page.
const HOSTS: &str = "return document.querySelectorAll('html > deskside-popups, html > deskside-workspace').length;";

#[tokio::test(flavor = "multi_thread")]
async fn an_update_renews_what_stands_in_open_pages() -> Result<()> {
    World::run("update", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        olga.leaves_panel().await?;
        olga.browser().run("document.querySelector('html > deskside-popups').dataset.old = '';").await?;
        let devtools = olga.browser().devtools()?;
        let worker = devtools.target("service_worker", "/extension/worker.js").await?;
        devtools.evaluate(&worker, "void setTimeout(() => chrome.runtime.reload())").await?;

        // The old hosts go with the old script, and Gmail's page, which was not loaded again, gets new ones.
        let fresh = "return document.querySelector('html > deskside-popups:not([data-old])') !== null;";
        eventually("new hosts in the open page", PATIENCE, || async {
            Ok((olga.browser().run(fresh).await? == true).then_some(()))
        })
        .await?;
        let n = olga.browser().run(HOSTS).await?;
        ensure!(n == 2, "{n} hosts stand in the page");

        ann.writes("Still there?").await?;
        olga.sees_popup("Still there?").await?.click().await?;
        olga.sees("Still there?").await?;
        Ok(())
    })
    .await
}
