//! A client's visit in the agent's "Information" (I1).

use anyhow::{Context as _, Result, ensure};
use testkit::World;
use testkit::agent::Agent;
use testkit::artefacts;
use testkit::axe::violations;
use testkit::chromium::{Launch, PATIENCE};
use testkit::contact::Contact;
use testkit::eventually;
use testkit::gmail::Setup;

/// The names of the listed pages, and how each leads out.
const LISTED: &str = "
const pages = [...document.querySelectorAll('[data-testid=visit-page] a')];
return pages.map((it) => `${it.textContent} ${it.target} ${it.rel}`);";
/// What the button of the list is named by.
const NAME: &str = "
const ids = document.querySelector('[data-testid=visit-pages-opened]').getAttribute('aria-labelledby').split(' ');
return ids.map((id) => document.getElementById(id).textContent.trim()).join(' ');";

#[tokio::test(flavor = "multi_thread")]
async fn information_follows_the_client_from_page_to_page() -> Result<()> {
    World::run("visit-panel", async |world| {
        // I1
        let olga = world.agent_in("Olga", Launch { size: (1760, 1000), ..Launch::default() }).await?;
        let ann = world.contact_in("Ann", Launch::default()).await?;
        ann.visits_shop().await?;
        ann.visits_page("?cup=1#reviews").await?.click().await?;
        ann.enters_chat().await?;
        ann.writes("Is the blue one in stock?").await?;
        olga.sees_popup("blue one").await?.click().await?;
        olga.accepts().await?;
        olga.widens().await?;
        let browser = olga.browser();
        browser.reads("visit-start", |page| page.starts_with("Fennimore")).await?;
        browser.reads("visit-current", |page| page.ends_with("?cup=1")).await?;
        browser.reads("visit-pages-opened", |n| n.trim() == "2").await?;
        browser.reads("visit-presence", |words| words == "On the website now").await?;
        browser.reads("visit-ip", |ip| ip == "127.0.0.1").await?;
        browser.reads("visit-browser", |name| name.starts_with("Chrome ") && name.ends_with(" on Linux")).await?;
        browser.reads("visit-language", |language| language == "en-US").await?;
        browser.reads("visit-screen", |size| size.contains(" × ")).await?;
        // Between two reports it goes on by itself.
        let before = browser.reads("visit-time", |time| !time.is_empty()).await?;
        browser.reads("visit-time", |time| time != before).await?;
        takes_picture(&olga, "information").await?;

        // Without a load of the page, and without a reload of the panel.
        ann.browser().driver().enter_default_frame().await?;
        ann.browser().run("history.pushState(null, '', '/?basket'); document.title = 'Basket'; return null;").await?;
        browser.reads("visit-current", |page| page.starts_with("Basket") && page.ends_with("?basket")).await?;
        browser.reads("visit-pages-opened", |n| n.trim() == "3").await?;
        let name = browser.run(NAME).await?;
        ensure!(name == "Pages opened 3", "the list's button is called {name}");
        browser.find_test("visit-pages-opened").await?.send_keys(" ").await?;
        lists(&olga, 3, "Basket").await?;
        browser.reads("visit-page", |page| page.contains(" · ") && page.ends_with(" s")).await?;
        check(&olga, "the visit, light").await?;
        takes_picture(&olga, "list").await?;
        // The unfolded list goes on as well.
        ann.visits_page("?cup=2").await?.click().await?;
        lists(&olga, 4, "").await?;
        in_the_dark(&olga, &ann).await
    })
    .await
}

/// Docked, in the dark: the client is not listed anew, and once his page is out of sight he is not there.
async fn in_the_dark(olga: &Agent, ann: &Contact) -> Result<()> {
    olga.gmail.show(Setup { dark: true, ..Setup::new(&olga.name, &olga.email) });
    olga.opens_gmail().await?;
    ann.enters_chat().await?;
    ann.writes("And by night?").await?;
    olga.sees_popup("And by night?").await?.click().await?;
    olga.sees("And by night?").await?;
    // It has come back as wide as it was.
    olga.docks().await?;
    let browser = olga.browser();
    browser.click("[data-testid=\"details\"]").await?;
    browser.reads("visit-pages-opened", |n| n.trim() == "4").await?;
    browser.click("[data-testid=\"visit-pages-opened\"]").await?;
    check(olga, "the visit, dark").await?;
    takes_picture(olga, "docked-dark").await?;
    ann.browser().driver().enter_default_frame().await?;
    let elsewhere = ann.browser().driver().new_tab().await?;
    ann.browser().shows_tab(&elsewhere).await?;
    browser.reads("visit-presence", |words| words.starts_with("Last on the website: Today")).await?;
    takes_picture(olga, "left-dark").await
}

/// Waits for so many listed pages, of which the first has this name; each leads out and tells nothing.
async fn lists(olga: &Agent, n: usize, first: &str) -> Result<()> {
    eventually(format!("{n} listed pages"), PATIENCE, || async move {
        let listed: Vec<String> = serde_json::from_value(olga.browser().run(LISTED).await?)?;
        ensure!(listed.len() == n, "there are {listed:?}");
        let top = listed.first().context("a page")?;
        ensure!(top.starts_with(first), "on top is {top:?}");
        let is_careful = |page: &String| page.ends_with(" _blank noopener noreferrer nofollow");
        ensure!(listed.iter().all(is_careful), "a link tells where one came from: {listed:?}");
        Ok(Some(()))
    })
    .await
}

async fn check(agent: &Agent, what: &str) -> Result<()> {
    let found = violations(agent.browser(), "document").await?;
    ensure!(found.is_empty(), "axe-core on {what}: {found:#?}");
    Ok(())
}

async fn takes_picture(agent: &Agent, what: &str) -> Result<()> {
    agent.browser().settles().await?;
    agent.browser().screenshot(&artefacts::folder("visit-panel")?.join(format!("{what}.png"))).await?;
    agent.enters_panel().await
}
