//! One hub per browser profile: one connection and one sound, however many Gmail tabs stand open (N6).

use anyhow::{Result, ensure};
use testkit::World;
use testkit::chromium::PATIENCE;
use testkit::devtools::Devtools;
use testkit::eventually;
use testkit::gmail::Setup;

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_share_one_connection_and_one_sound() -> Result<()> {
    World::run("hub", async |world| {
        let olga = world.agent("Olga").await?;
        let driver = olga.browser().driver();
        let first = driver.window().await?;
        let second = driver.new_tab().await?;
        driver.switch_to_window(second).await?;
        olga.opens_gmail().await?;
        let ann = world.contact("Ann").await?;
        let devtools = olga.browser().devtools()?;
        let before = devtools.hub().await?;
        ensure!(before.n_connections == 1, "two tabs, {before:?}");

        ann.writes("Hello").await?;
        olga.sees_popup("Hello").await?;
        // N8: the tab's title and the toolbar's badge.
        eventually("the title", PATIENCE, || async {
            Ok(driver.title().await?.starts_with("(1) Inbox").then_some(()))
        })
        .await?;
        shows_badge(&devtools, "1").await?;
        driver.execute("location.hash = '#sent';", Vec::new()).await?;
        eventually("the title of Gmail's next view", PATIENCE, || async {
            Ok(driver.title().await?.starts_with("(1) Sent").then_some(()))
        })
        .await?;
        eventually("one sound", PATIENCE, || async {
            Ok((devtools.hub().await?.n_sounds > before.n_sounds).then_some(()))
        })
        .await?;
        // N4: as text.
        ann.writes("<b>Is</b> anybody there?").await?;
        olga.sees_popup("<b>Is</b> anybody there?").await?;
        eventually("the second sound", PATIENCE, || async {
            Ok((devtools.hub().await?.n_sounds == before.n_sounds + 2).then_some(()))
        })
        .await?;
        // Pop-ups of one conversation replace one another (N4).
        ensure!(olga.popups().await?.len() == 1, "the second pop-up did not replace the first");

        // The panel opened there: the pop-up goes, also in the other tab once the conversation was read.
        olga.sees_popup("<b>Is</b> anybody there?").await?.click().await?;
        olga.sees("<b>Is</b> anybody there?").await?;
        driver.switch_to_window(first).await?;
        olga.sees_no_popup().await?;
        olga.sees_waiting(0).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_address_counts_for_nobody() -> Result<()> {
    World::run("address", async |world| {
        let olga = world.agent("Olga").await?;
        let somebody = "somebody@elsewhere.example";
        olga.gmail.show(Setup::new("Somebody", somebody));
        olga.opens_gmail().await?;
        olga.presses_launcher().await?;
        olga.enters_panel().await?;
        eventually("the panel to say so", PATIENCE, || async {
            Ok(olga.browser().find("body").await?.text().await?.contains(somebody).then_some(()))
        })
        .await?;
        olga.launcher_says(|words| words == "Close Deskside").await?;

        // Back at the agent's own address he is as Online as he was (P3).
        olga.gmail.show(Setup::new(&olga.name, &olga.email));
        olga.opens_gmail().await?;
        olga.launcher_says(|words| words.ends_with(", Online")).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_hub_and_a_stopped_worker_come_back() -> Result<()> {
    World::run("lost-hub", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        let devtools = olga.browser().devtools()?;
        lose(&devtools, "background_page", "/extension/hub.html").await?;
        ann.writes("Hello").await?;
        olga.sees_popup("Hello").await?;
        shows_badge(&devtools, "1").await?;

        lose(&devtools, "service_worker", "/extension/worker.js").await?;
        olga.sees_popup("Hello").await?.click().await?;
        olga.sees("Hello").await?;
        shows_badge(&devtools, "").await?;
        let hub = devtools.hub().await?;
        ensure!(hub.n_connections == 1, "after the losses the hub has {hub:?}");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_panicked_begins_anew() -> Result<()> {
    World::run("panic", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        let devtools = olga.browser().devtools()?;
        let hub = devtools.target("background_page", "/extension/hub.html").await?;
        // A stream that ends in the middle of being written to: browsers do not do that, and the hub is not made for it.
        let trap = "document.documentElement.dataset.old = '';
          WebSocket.prototype.send = function () { this.onclose(new CloseEvent('close')); };";
        devtools.evaluate(&hub, trap).await?;
        world.relay.kill().await?;
        world.relay.start().await?;
        eventually("a new document", PATIENCE, || async {
            let hub = devtools.target("background_page", "/extension/hub.html").await?;
            let is_old = devtools.evaluate(&hub, "document.documentElement.dataset.old !== undefined").await?;
            Ok((is_old == false).then_some(()))
        })
        .await?;
        ann.writes("Hello").await?;
        olga.sees_popup("Hello").await?.click().await?;
        olga.sees("Hello").await?;
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_tells_the_hub_nothing_about_accounts() -> Result<()> {
    World::run("accounts", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        let driver = olga.browser().driver();
        let gmail = driver.window().await?;
        let tab = driver.new_tab().await?;
        driver.switch_to_window(tab).await?;
        driver.goto(format!("chrome-extension://{}/extension/options.html", testkit::extension_id())).await?;
        let forged = "const done = arguments[0];
          chrome.runtime.sendMessage({ to: 'hub', kind: 'accounts_changed', accounts: {} }).then(() => done(null), () => done(null));";
        driver.execute_async(forged, Vec::new()).await?;
        driver.switch_to_window(gmail).await?;
        ann.writes("Hello").await?;
        olga.sees_popup("Hello").await?;
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_becomes_anothers_loses_the_pop_ups() -> Result<()> {
    World::run("former", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        ann.writes("Hello").await?;
        olga.sees_popup("Hello").await?;
        olga.browser().run(&format!("const mine = '{}'; {OTHER_ADDRESS}", olga.email)).await?;
        olga.sees_no_popup().await
    })
    .await
}

/// Shows another address wherever the page shows `mine`.
const OTHER_ADDRESS: &str = "
  const swap = (text) => text.replaceAll(mine, 'somebody@elsewhere.example');
  document.title = swap(document.title);
  for (const element of document.querySelectorAll('[aria-label], [title]')) {
    for (const name of ['aria-label', 'title']) {
      if (element.hasAttribute(name)) element.setAttribute(name, swap(element.getAttribute(name)));
    }
  }";

/// Ends a part of the extension, as Chromium may at any time.
async fn lose(devtools: &Devtools, kind: &str, url: &str) -> Result<()> {
    let lost = devtools.target(kind, url).await?;
    devtools.close(&lost).await?;
    eventually(format!("{url} to be gone"), PATIENCE, || async {
        Ok((!devtools.targets().await?.iter().any(|target| target.id == lost.id)).then_some(()))
    })
    .await
}

/// Waits until the toolbar's badge says so.
async fn shows_badge(devtools: &Devtools, text: &str) -> Result<()> {
    eventually(format!("the badge {text:?}"), PATIENCE, || async {
        let worker = devtools.target("service_worker", "/extension/worker.js").await?;
        Ok((devtools.evaluate(&worker, "chrome.action.getBadgeText({})").await? == text).then_some(()))
    })
    .await
}
