//! Gmail's compose windows go on working beside the panel and the pop-ups (G1).

use anyhow::{Result, ensure};
use testkit::World;
use testkit::agent::Agent;

/// Whether the compose window is what lies at its own middle.
const IS_ON_TOP: &str = "
const window = document.querySelector('[role=dialog][aria-label=\"New Message\"]');
const { left, right, top, bottom } = window.getBoundingClientRect();
return window.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));";

/// Whether no pop-up lies over the compose window.
const IS_CLEAR: &str = "
const window = document.querySelector('[role=dialog][aria-label=\"New Message\"]').getBoundingClientRect();
const popups = document.querySelector('deskside-popups').shadowRoot.querySelectorAll('[data-testid=popup]');
return popups.length > 0 && [...popups].every((popup) => popup.getBoundingClientRect().bottom <= window.top);";

#[tokio::test(flavor = "multi_thread")]
async fn compose_windows_stay_on_top() -> Result<()> {
    World::run("compose", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        composes(&olga).await?;
        ann.writes("Hello").await?;
        olga.sees_popup("Hello").await?;
        ensure!(olga.browser().run(IS_CLEAR).await? == true, "the pop-up lies over the compose window");

        for wide in [false, true] {
            olga.opens_panel().await?;
            if wide {
                olga.widens().await?;
            }
            olga.leaves_panel().await?;
            ensure!(
                olga.browser().run(IS_ON_TOP).await? == true,
                "the panel lies over the compose window, wide: {wide}"
            );
            olga.browser().click("[aria-label=\"Subject\"]").await?;
            olga.browser().driver().action_chain().send_keys("ec#").perform().await?;
        }
        let subject = olga.browser().find("[aria-label=\"Subject\"]").await?.prop("value").await?;
        ensure!(subject.as_deref() == Some("ec#ec#"), "the subject is {subject:?}");
        ensure!(olga.fired_shortcuts().await?.is_empty(), "typing in the compose window fired shortcuts");
        Ok(())
    })
    .await
}

/// Opens a compose window with Gmail's own button.
async fn composes(agent: &Agent) -> Result<()> {
    agent.leaves_panel().await?;
    agent.browser().click("[gh=cm]").await?;
    agent.browser().find("[role=dialog][aria-label=\"New Message\"]").await?;
    Ok(())
}
