//! Where the product stands in Gmail's page, and that it stays there whatever Gmail does (G1, G3).

mod alone;

use anyhow::{Context, Result, ensure};
use testkit::World;
use testkit::agent::Agent;
use testkit::chromium::PATIENCE;
use testkit::eventually;
use testkit::gmail::{Gmail, Page, Setup};
use thirtyfour::Key;

/// What stands first among the rail's icons, and whether it is what lies at its own middle.
const FIRST_IN_RAIL: &str = "
const list = document.querySelector('[role=complementary] [role=tablist]');
const first = document.querySelector('deskside-rail');
const { left, right, top, bottom } = first.getBoundingClientRect();
const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
const below = list.querySelector('[role=tab]').getBoundingClientRect();
return { isFirst: first.getBoundingClientRect().bottom <= below.top, isSeen: over === first, isOne: document.querySelectorAll('deskside-rail').length === 1 };";

/// Runs a line of the stand-in's own script.
async fn gmail(agent: &Agent, line: &str) -> Result<()> {
    agent.leaves_panel().await?;
    agent.browser().run(&format!("standin.{line};")).await?;
    Ok(())
}

/// Waits until the page's script returns true.
async fn holds(agent: &Agent, what: &str, script: &str) -> Result<()> {
    agent.leaves_panel().await?;
    eventually(what, PATIENCE, || async {
        let found = agent.browser().run(script).await?;
        ensure!(found == true, "it is {found}");
        Ok(Some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_icon_stands_in_the_rail_and_comes_back_with_it() -> Result<()> {
    World::run("rail", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        olga.sees_rail_icon(true).await?;
        let found = olga.browser().run(FIRST_IN_RAIL).await?;
        ensure!(found == serde_json::json!({ "isFirst": true, "isSeen": true, "isOne": true }), "in the rail: {found}");

        // It counts and opens as the floating one does, in whichever place it stands.
        ann.writes("Hello").await?;
        for (line, is_in_rail) in [
            ("rail('absent')", false),
            ("rail('shown')", true),
            ("rail('collapsed')", false),
            ("rail('shown')", true),
            ("companion(true)", true),
            ("companion(false)", true),
        ] {
            gmail(&olga, line).await?;
            olga.sees_rail_icon(is_in_rail).await.with_context(|| format!("after {line}"))?;
            let words = |words: &str| words == "Open Deskside, 1 waiting, Online";
            olga.launcher_says(words).await.with_context(|| format!("after {line}"))?;
            olga.sees_waiting(1).await?;
        }
        olga.opens_panel().await?;
        for (line, is_in_rail) in [("rail('absent')", false), ("rail('shown')", true)] {
            gmail(&olga, line).await?;
            olga.sees_rail_icon(is_in_rail).await.with_context(|| format!("with the panel open, after {line}"))?;
            ensure!(olga.has_panel_open().await?, "with the panel open, after {line}, it says that it is closed");
        }
        olga.closes_panel().await
    })
    .await
}

/// Whether the compose window is what lies at its own middle and at its head.
const COMPOSE_IS_ON_TOP: &str = "
const window = document.querySelector('[role=dialog][aria-label=\"New Message\"]');
const { left, right, top, bottom } = window.getBoundingClientRect();
const isOn = (x, y) => window.contains(document.elementFromPoint(x, y));
return isOn((left + right) / 2, (top + bottom) / 2) && isOn((left + right) / 2, top + 10) && isOn(right - 20, top + 20) && isOn(left + 20, bottom - 20);";

/// Whether there are pop-ups, wholly in the window, and none over the compose window.
const POPUPS_ARE_CLEAR: &str = "
const window = document.querySelector('[role=dialog][aria-label=\"New Message\"]').getBoundingClientRect();
const popups = [...document.querySelector('deskside-popups').shadowRoot.querySelectorAll('[data-testid=popup]')].map((popup) => popup.getBoundingClientRect());
const isClear = ({ left, right, top, bottom }) => right <= window.left || left >= window.right || bottom <= window.top || top >= window.bottom;
const isInside = ({ left, right, top, bottom }) => left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
return popups.length > 0 && popups.every((popup) => isClear(popup) && isInside(popup));";

#[tokio::test(flavor = "multi_thread")]
async fn a_compose_window_that_opens_by_itself_lies_above_the_panel() -> Result<()> {
    World::run("late-compose", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        let draft = format!("{}#inbox?compose=new", Gmail::url());
        for wide in [false, true] {
            // Another address first, or the browser would only go to another hash of the same page.
            olga.browser().driver().goto(format!("{}?draft={wide}#inbox?compose=new", Gmail::url())).await?;
            olga.opens_panel().await?;
            if wide {
                olga.widens().await?;
            }
            let what = if wide { "it to lie above the workspace" } else { "it to lie above the docked panel" };
            holds(&olga, what, COMPOSE_IS_ON_TOP).await?;
        }
        // Over the whole page, too, with the panel open behind it.
        gmail(&olga, "fillScreen(document.querySelector('[role=dialog]'))").await?;
        holds(&olga, "it to fill the screen above the workspace", COMPOSE_IS_ON_TOP).await?;
        gmail(&olga, "dock(document.querySelector('[role=dialog]'))").await?;
        olga.docks().await?;

        // It comes under a pop-up that stands already, and beside the panel of another companion.
        olga.browser().driver().goto(&draft).await?;
        olga.launcher().await?;
        ann.writes("Hello").await?;
        olga.sees_popup("Hello").await?;
        holds(&olga, "the pop-up to keep clear of it", POPUPS_ARE_CLEAR).await?;
        gmail(&olga, "companion(true)").await?;
        holds(&olga, "the pop-up to keep clear of it beside a companion", POPUPS_ARE_CLEAR).await?;

        // Where Gmail calls everything by other names, the role tells what it is.
        let renamed = Setup { page: Page::StandIn { renamed: true }, ..Setup::new(&olga.name, &olga.email) };
        olga.gmail.show(renamed);
        olga.opens_gmail().await?;
        ann.writes("Hello again").await?;
        olga.sees_popup("Hello again").await?;
        gmail(&olga, "compose()").await?;
        holds(&olga, "the pop-up to keep clear of it under other names", POPUPS_ARE_CLEAR).await
    })
    .await
}

/// Whether what is ours and shown lies in the window, clear of Gmail's header, and the launcher can be pressed.
const FITS: &str = "
const shown = [...document.querySelectorAll('html > deskside-popups, html > deskside-workspace')]
  .flatMap((host) => [...host.shadowRoot.querySelectorAll('[data-testid=popup], [data-testid=panel-frame]')])
  .filter((element) => element.checkVisibility({ visibilityProperty: true })).map((element) => element.getBoundingClientRect());
const header = document.querySelector('header').getBoundingClientRect().bottom;
return shown.length > 0 && shown.every(({ left, right, top, bottom }) => left >= 0 && top >= header && right <= innerWidth && bottom <= innerHeight);";

/// What of Gmail's own lies where.
const LAYOUT: &str = "return ['header', '.aeN.navigation', '.no > .nn.bkK', '.Tm', '.aUx', '[gh=cm]'].map((place) => {
  const { left, top, width, height } = document.querySelector(place).getBoundingClientRect();
  return [left, top, width, height];
});";

#[tokio::test(flavor = "multi_thread")]
async fn on_a_small_screen_all_fits_and_gmail_stays_as_it_is() -> Result<()> {
    World::run("small", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        for size in [(1024, 720), (800, 560)] {
            olga.browser().resizes(size).await?;
            olga.opens_gmail().await?;
            let before = olga.browser().run(LAYOUT).await?;
            let question = format!("Hello at {} pixels", size.0);
            ann.writes(&question).await?;
            let popup = olga.sees_popup(&question).await?;
            holds(&olga, "the pop-up to fit", FITS).await?;
            popup.click().await?;
            olga.sees(&question).await?;
            holds(&olga, "the docked panel to fit", FITS).await?;
            olga.enters_panel().await?;
            olga.browser().click("[data-testid=\"dock\"]").await?;
            olga.sees(&question).await?;
            holds(&olga, "the workspace to fit", FITS).await?;
            let after = olga.browser().run(LAYOUT).await?;
            ensure!(before == after, "Gmail's layout was {before}, and is {after}");
            olga.enters_panel().await?;
            olga.browser().click("[data-testid=\"dock\"]").await?;
            olga.closes_panel().await?;
        }
        Ok(())
    })
    .await
}

/// Which frame of the panel it is.
const MARK: &str = "return document.documentElement.dataset.mark ??= String(Math.random());";

#[tokio::test(flavor = "multi_thread")]
async fn the_panel_stays_through_gmails_views_and_gives_the_focus_back() -> Result<()> {
    World::run("views", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        let driver = olga.browser().driver();
        ann.writes("Hello").await?;
        olga.sees_popup("Hello").await?;

        // From the search field into the panel and back.
        olga.browser().click("[name=q]").await?;
        driver.action_chain().send_keys("ec").perform().await?;
        olga.sees_popup("Hello").await?.click().await?;
        olga.accepts().await?;
        olga.writes_answer("Half an answer").await?;
        let mark = olga.browser().run(MARK).await?;
        for hash in ["#sent", "#inbox/m2", "#inbox"] {
            olga.leaves_panel().await?;
            olga.browser().run(&format!("location.hash = '{hash}';")).await?;
            olga.enters_panel().await?;
            let text = olga.browser().find_test("composer").await?.prop("value").await?;
            ensure!(text.as_deref() == Some("Half an answer"), "at {hash} the input holds {text:?}");
            ensure!(olga.browser().run(MARK).await? == mark, "at {hash} the panel began anew");
        }
        olga.browser().find_test("composer").await?.send_keys(Key::Escape + "").await?;
        holds(&olga, "the focus to be in the search field", "return document.activeElement?.name === 'q';").await?;
        driver.action_chain().send_keys("#").perform().await?;
        let typed = olga.browser().find("[name=q]").await?.prop("value").await?;
        ensure!(typed.as_deref() == Some("ec#"), "the search field holds {typed:?}");

        // By keyboard from the launcher, and back to it.
        olga.launcher().await?.send_keys(Key::Enter + "").await?;
        olga.enters_panel().await?;
        olga.browser().find_test("composer").await?.send_keys(Key::Escape + "").await?;
        holds(
            &olga,
            "the focus to be on the launcher",
            "return document.activeElement?.localName === 'deskside-rail';",
        )
        .await?;
        ensure!(olga.fired_shortcuts().await?.is_empty(), "keys reached Gmail's shortcuts");
        Ok(())
    })
    .await
}
