//! Two accounts in one browser, and five Gmail pages of theirs: one connection an account, one sound an event, to each page its own (G3, N6, P4).

use anyhow::{Result, ensure};
use testkit::World;
use testkit::agent::Agent;
use testkit::chromium::PATIENCE;
use testkit::devtools::{Devtools, HubFigures};
use testkit::eventually;
use testkit::gmail::{MailAccount, Setup};
use testkit::relay::Relay;
use testkit::visitor::Visitor;
use thirtyfour::WindowHandle;

/// Whose pages stand open, by the number in the address.
const TABS: [usize; 5] = [0, 1, 0, 1, 0];

/// Opens the pages; the first takes the place of the one that stands.
async fn opens_tabs(agent: &Agent) -> Result<Vec<WindowHandle>> {
    let driver = agent.browser().driver();
    let mut tabs = vec![driver.window().await?];
    agent.opens_gmail_of(TABS[0]).await?;
    for account in &TABS[1..] {
        let tab = driver.new_tab().await?;
        agent.browser().shows_tab(&tab).await?;
        agent.opens_gmail_of(*account).await?;
        tabs.push(tab);
    }
    Ok(tabs)
}

/// Waits until the hub holds so many connections, and no more.
async fn connects(devtools: &Devtools, n: u32) -> Result<HubFigures> {
    eventually(format!("{n} connections"), PATIENCE, || async {
        let figures = devtools.hub().await?;
        ensure!(figures.n_connections == n, "there are {figures:?}");
        Ok(Some(figures))
    })
    .await
}

/// Waits until so many sounds were played.
async fn sounds(devtools: &Devtools, n: u32) -> Result<()> {
    eventually(format!("{n} sounds"), PATIENCE, || async {
        let figures = devtools.hub().await?;
        ensure!(figures.n_sounds == n, "there were {figures:?}");
        Ok(Some(()))
    })
    .await
}

/// What the pages of an account show: how many wait, how many pop-ups stand, and what the launcher ends with.
type Shown = (u32, usize, &'static str);

/// Brings each page to the front: it shows what is its own account's.
async fn each_shows(agent: &Agent, tabs: &[WindowHandle], shown: [Shown; 2]) -> Result<()> {
    for (tab, account) in tabs.iter().zip(TABS) {
        let (n_waiting, n_popups, state) = shown[account];
        agent.browser().shows_tab(tab).await?;
        agent.sees_waiting(n_waiting).await?;
        agent.launcher_says(|words| words.ends_with(state)).await?;
        eventually(format!("{n_popups} pop-ups on a page of account {account}"), PATIENCE, || async {
            let stand = agent.popups().await?.len();
            ensure!(stand == n_popups, "there are {stand}");
            Ok(Some(()))
        })
        .await?;
    }
    Ok(())
}

/// Makes the agent of this page Online.
async fn goes_online(agent: &Agent, tab: &WindowHandle) -> Result<()> {
    agent.browser().shows_tab(tab).await?;
    agent.opens_panel().await?;
    agent.sees_himself("Offline").await?;
    agent.goes_online().await?;
    agent.closes_panel().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_agents_of_one_relay_share_a_browser_and_not_their_pages() -> Result<()> {
    World::run("crowd", async |world| {
        let olga = world.agent("Olga").await?;
        let (email, code) = world.invites("Nora").await?;
        olga.signs_in_as("Nora", &world.relay.url(), &code).await?;
        let mut setup = Setup::new(&olga.name, &olga.email);
        setup.accounts.push(MailAccount::new("Nora", &email));
        olga.gmail.show(setup);
        let tabs = opens_tabs(&olga).await?;
        let devtools = olga.browser().devtools()?;
        let before = connects(&devtools, 2).await?;

        // Who is Offline is not alerted, but it counts for her (N3).
        let ann = Visitor::new(&world.relay.url(), &world.project.channel_key).await?;
        ann.writes("Hello").await?;
        sounds(&devtools, before.n_sounds + 1).await?;
        each_shows(&olga, &tabs, [(1, 1, ", Online"), (1, 0, ", Offline")]).await?;
        // The same event for both, and one sound; the third message shows that there was no other in between.
        goes_online(&olga, &tabs[1]).await?;
        ann.writes("Is anybody there?").await?;
        sounds(&devtools, before.n_sounds + 2).await?;
        each_shows(&olga, &tabs, [(1, 1, ", Online"), (1, 1, ", Online")]).await?;
        ann.writes("Somebody?").await?;
        sounds(&devtools, before.n_sounds + 3).await?;

        // Nora takes it in a page of hers: it waits for nobody then, and Olga's page says whose it is.
        olga.browser().shows_tab(&tabs[3]).await?;
        olga.sees_popup("Somebody?").await?.click().await?;
        olga.accepts().await?;
        olga.closes_panel().await?;
        each_shows(&olga, &tabs, [(0, 0, ", Online"), (0, 0, ", Online")]).await?;
        olga.opens_panel().await?;
        olga.sees_row("of Nora", |row| row.owner.contains("Nora")).await?;
        let after = connects(&devtools, 2).await?;
        ensure!(after.n_sounds == before.n_sounds + 3, "after three messages {after:?}, before them {before:?}");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_of_two_relays_share_a_browser_and_not_their_pages() -> Result<()> {
    World::run("crowd-of-two-relays", async |world| {
        let olga = world.agent("Olga").await?;
        let mut other = Relay::new()?;
        let email = "nora@harbour.example";
        let harbour = other.create_project("Harbour", email, &["https://harbour.example"]).await?;
        other.start().await?;
        olga.signs_in_as("Nora", &other.url(), &harbour.owner_code).await?;
        let mut setup = Setup::new(&olga.name, &olga.email);
        setup.accounts.push(MailAccount::new("Nora", email));
        olga.gmail.show(setup);
        let tabs = opens_tabs(&olga).await?;
        let devtools = olga.browser().devtools()?;
        let before = connects(&devtools, 2).await?;

        let ann = Visitor::new(&world.relay.url(), &world.project.channel_key).await?;
        let ben = Visitor::new(&other.url(), &harbour.channel_key).await?;
        goes_online(&olga, &tabs[1]).await?;
        ann.writes("Is the oak desk in stock?").await?;
        sounds(&devtools, before.n_sounds + 1).await?;
        each_shows(&olga, &tabs, [(1, 1, ", Online"), (0, 0, ", Online")]).await?;
        ben.writes("When does the ferry leave?").await?;
        sounds(&devtools, before.n_sounds + 2).await?;
        each_shows(&olga, &tabs, [(1, 1, ", Online"), (1, 1, ", Online")]).await?;
        for (tab, question) in [(&tabs[3], "ferry"), (&tabs[4], "oak desk")] {
            olga.browser().shows_tab(tab).await?;
            olga.sees_popup(question).await?.click().await?;
            olga.sees(question).await?;
            let rows = olga.rows().await?;
            ensure!(rows.iter().all(|row| row.preview.contains(question)), "beside {question:?} there are {rows:?}");
            olga.closes_panel().await?;
        }

        // One relay away: the other account does not feel it, and the lost one comes back by itself.
        other.kill().await?;
        connects(&devtools, 1).await?;
        ann.writes("Or the ash one?").await?;
        sounds(&devtools, before.n_sounds + 3).await?;
        other.start().await?;
        connects(&devtools, 2).await?;
        each_shows(&olga, &tabs, [(1, 1, ", Online"), (0, 0, ", Online")]).await
    })
    .await
}
