//! Keys typed in the panel never reach Gmail, and Gmail's own work again afterwards (G1).

use anyhow::{Result, ensure};
use testkit::World;
use testkit::agent::Agent;
use testkit::chromium::PATIENCE;
use testkit::eventually;
use thirtyfour::Key;

/// Keys that would archive, delete and compose.
const KEYS: &str = "e#c";

#[tokio::test(flavor = "multi_thread")]
async fn keys_typed_in_the_panel_never_reach_gmail() -> Result<()> {
    World::run("keys", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        ann.writes("Hello").await?;
        on_launcher_and_popup(&olga).await?;
        in_the_panel(&olga).await?;
        after_closing(&olga).await?;

        // The draft is where it was when the panel opens again.
        olga.opens_panel().await?;
        let draft = olga.browser().find_test("composer").await?.prop("value").await?;
        ensure!(draft.as_deref() == Some(KEYS), "the draft is {draft:?}");
        Ok(())
    })
    .await
}

/// There Gmail would see a key from an element that it does not know.
async fn on_launcher_and_popup(olga: &Agent) -> Result<()> {
    olga.sees_popup("Hello").await?.send_keys(KEYS).await?;
    olga.launcher().await?.send_keys(KEYS).await?;
    // Back to the mail: the focus is Gmail's when the panel opens.
    olga.browser().click("[gh=tm]").await?;
    let fired = olga.fired_shortcuts().await?;
    ensure!(fired.is_empty(), "keys on launcher or pop-up reached Gmail: {fired:?}");
    Ok(())
}

async fn in_the_panel(olga: &Agent) -> Result<()> {
    olga.sees_popup("Hello").await?.click().await?;
    olga.accepts().await?;
    olga.writes_answer(KEYS).await?;
    let typed = olga.browser().find_test("composer").await?.prop("value").await?;
    ensure!(typed.as_deref() == Some(KEYS), "the input took {typed:?}");
    for control in ["online-button", "close-conversation", "dock"] {
        olga.browser().find_test(control).await?.send_keys(KEYS).await?;
    }
    let fired = olga.fired_shortcuts().await?;
    ensure!(fired.is_empty(), "keys in the panel reached Gmail: {fired:?}");
    Ok(())
}

/// Esc closes the panel; then the focus is Gmail's again, and so are the keys.
async fn after_closing(olga: &Agent) -> Result<()> {
    olga.enters_panel().await?;
    let composer = olga.browser().find_test("composer").await?;
    composer.send_keys(Key::Escape + "").await?;
    eventually("Esc to close the panel", PATIENCE, || async { Ok((!olga.has_panel_open().await?).then_some(())) })
        .await?;
    let driver = olga.browser().driver();
    driver.action_chain().send_keys("jc").perform().await?;
    let fired = olga.fired_shortcuts().await?;
    ensure!(fired == ["j", "c"], "Gmail's shortcuts after closing the panel: {fired:?}");
    Ok(())
}
