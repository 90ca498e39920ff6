//! What needs no account: where the launcher stands, what everything wears, and where nothing of ours may be.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use testkit::agent::Agent;
use testkit::chromium::{Launch, PATIENCE};
use testkit::gmail::{Gmail, Page, Rail, Setup};
use testkit::{artefacts, eventually, paths};
use tokio::time::interval;

use super::{gmail, holds};

/// Somebody who has the extension and is signed in nowhere.
async fn alone(test: &str, body: impl AsyncFnOnce(&Agent) -> Result<()>) -> Result<()> {
    let launch = Launch { extension: Some(paths::extension()?), ..Launch::default() };
    let eve = Agent::start("Eve", "eve@fennimore.example", launch).await?;
    let outcome = body(&eve).await;
    if outcome.is_err() {
        artefacts::save(&artefacts::folder(test)?, &eve.name, eve.browser()).await;
    }
    outcome
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rail_may_come_late_or_never_or_under_other_names() -> Result<()> {
    // G1, G2
    alone("no-rail", async |eve| {
        let plain = Setup::new(&eve.name, &eve.email);
        for (setup, is_in_rail) in [
            (Setup { rail: Rail::Late, ..plain.clone() }, true),
            (Setup { rail: Rail::Absent, ..plain.clone() }, false),
            (Setup { rail: Rail::Collapsed, ..plain.clone() }, false),
            (Setup { language: "de", ..plain.clone() }, true),
            (Setup { page: Page::StandIn { renamed: true }, language: "de", ..plain.clone() }, false),
            (Setup { rtl: true, language: "he", ..plain.clone() }, true),
        ] {
            eve.gmail.show(setup.clone());
            eve.opens_gmail().await?;
            eve.sees_rail_icon(is_in_rail).await.with_context(|| format!("{setup:?}"))?;
            for opens in [true, false] {
                eve.presses_launcher().await?;
                let is_open = eve.has_panel_open().await?;
                ensure!(is_open == opens, "after a press the panel is open: {is_open}; {setup:?}");
            }
        }
        Ok(())
    })
    .await
}

/// What our hosts wear, both alike.
const WORN: &str = "
const worn = ['deskside-popups', 'deskside-workspace'].map((name) => document.querySelector(name)).map(({ dataset, dir }) => `${dataset.theme} ${dir}`);
return worn[0] === worn[1] ? worn[0] : worn;";

/// What the panel wears.
const PANEL_WEARS: &str = "
const { dataset, dir } = document.documentElement;
return `${dataset.theme} ${dir} ${dataset.density ?? 'comfortable'}`;";

/// Waits until the script returns this text, in the document where the driver stands.
async fn wears(agent: &Agent, script: &str, expected: &str) -> Result<()> {
    eventually(format!("it to wear {expected:?}"), PATIENCE, || async {
        let worn = agent.browser().run(script).await?;
        ensure!(worn == expected, "it wears {worn}");
        Ok(Some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_that_gmail_changes_while_it_runs_reaches_panel_and_pop_ups() -> Result<()> {
    // G3
    alone("look", async |eve| {
        eve.opens_gmail().await?;
        eve.presses_launcher().await?;
        for (line, theme, dir, density) in [
            ("look({})", "light", "ltr", "comfortable"),
            ("look({ dark: true })", "dark", "ltr", "comfortable"),
            ("look({ compact: true })", "dark", "ltr", "compact"),
            ("look({ rtl: true })", "dark", "rtl", "compact"),
            ("look({ dark: false, rtl: false, compact: false })", "light", "ltr", "comfortable"),
        ] {
            gmail(eve, line).await?;
            wears(eve, WORN, &format!("{theme} {dir}")).await.with_context(|| format!("the hosts after {line}"))?;
            eve.enters_panel().await?;
            let panel = format!("{theme} {dir} {density}");
            wears(eve, PANEL_WEARS, &panel).await.with_context(|| format!("the panel after {line}"))?;
        }
        Ok(())
    })
    .await
}

/// Which hosts of ours stand in the page.
const HOSTS: &str = "return [...document.querySelectorAll('*')].map(({ localName }) => localName).filter((name) => name.startsWith('deskside'));";

#[tokio::test(flavor = "multi_thread")]
async fn windows_of_their_own_and_prints_get_nothing() -> Result<()> {
    // G1
    alone("windows", async |eve| {
        // Gmail's own page is joined as soon as its body has a class, and one that never gets any after three seconds.
        for (window, is_drawn, n_looks) in [
            ("popout?search=inbox", "document.body.matches('.xE.xp')", 10),
            ("popout?search=inbox&th=%23thread-f%3A1", "document.body.matches('.aAU.xE.Su')", 10),
            ("?ui=2&view=pt&search=all", "document.title.startsWith('Mail - ')", 40),
        ] {
            eve.browser().driver().goto(format!("{}{window}", Gmail::url())).await?;
            holds(eve, window, &format!("return {is_drawn};")).await?;
            let mut looks = interval(Duration::from_millis(100));
            for _ in 0..n_looks {
                let hosts = eve.browser().run(HOSTS).await?;
                ensure!(hosts == json!([]), "in {window} stand {hosts}");
                looks.tick().await;
            }
        }
        eve.opens_gmail().await
    })
    .await
}
