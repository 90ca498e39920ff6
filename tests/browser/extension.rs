//! The extension in the page: what it costs, its shortcut, its own update.

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

#[tokio::test(flavor = "multi_thread")]
async fn the_page_carries_nothing_until_the_shortcut_opens_the_panel() -> Result<()> {
    World::run("shortcut", async |world| {
        let olga = world.agent("Olga").await?;
        olga.opens_gmail().await?;
        let browser = olga.browser();
        // G4: no frame, and so no wasm, before the first open.
        let frames = browser
            .run("return document.querySelector('deskside-workspace').shadowRoot.querySelectorAll('iframe').length;")
            .await?;
        ensure!(frames == 0, "{frames} frames stand in the page before the panel was opened");
        // Of the extension the page can reach the panel, which it may frame, and nothing else.
        for (file, seen) in
            [("panel.html", "seen"), ("hub.html", "hidden"), ("options.html", "hidden"), ("worker.js", "hidden")]
        {
            let address = format!("chrome-extension://{}/extension/{file}", testkit::extension_id());
            let probe = format!(
                "const done = arguments[0]; fetch('{address}').then(() => done('seen'), () => done('hidden'));"
            );
            let found = browser.driver().execute_async(&probe, Vec::new()).await?.json().clone();
            ensure!(found == seen, "to the page {file} is {found}");
        }

        let devtools = browser.devtools()?;
        for opens in [true, false] {
            let worker = devtools.target("service_worker", "/extension/worker.js").await?;
            devtools.evaluate(&worker, SHORTCUT).await?;
            eventually("the shortcut to work", PATIENCE, || async {
                Ok((olga.has_panel_open().await? == opens).then_some(()))
            })
            .await?;
        }
        Ok(())
    })
    .await
}

/// Chromium takes shortcuts of extensions from the keyboard itself, which DevTools do not reach; this is what it does then.
const SHORTCUT: &str = "chrome.tabs.query({ url: 'https://mail.google.com/mail/*' })
  .then(([tab]) => chrome.commands.onCommand.dispatch('toggle-panel', tab))";
