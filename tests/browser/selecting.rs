//! Selecting messages and copying them (K2, K5).

use anyhow::{Result, ensure};
use testkit::World;
use testkit::agent::Agent;
use testkit::chromium::PATIENCE;
use testkit::eventually;
use testkit::gmail::Setup;
use thirtyfour::{By, Key, WebElement};

/// The texts of the selected messages.
const SELECTED: &str = "return [...document.querySelectorAll('[data-testid=message][data-selected=true] .ds-message__bubble')].map((it) => it.textContent);";

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_selected_with_the_mouse() -> Result<()> {
    // K2
    World::run("selecting", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        let texts = ["The first of five messages", "the second", "the third", "the fourth", "the fifth"];
        for text in texts {
            ann.writes(text).await?;
        }
        olga.sees_popup("the fifth").await?.click().await?;
        olga.sees("the fifth").await?;
        let [first, second, third, fourth, fifth] = bubbles(&olga, texts).await?;

        // Quick dragging inside one selects text.
        let pointer = || olga.browser().driver().action_chain();
        let drag = pointer().move_to_element_center(&first).click_and_hold().move_by_offset(40, 0).release();
        drag.perform().await?;
        ensure!(!text_selection(&olga).await?.is_empty(), "no text was selected");
        pointer().move_to_element_center(&first).click().perform().await?;
        selected(&olga, &[]).await?;

        // Held, then dragged on and back.
        pointer().move_to_element_center(&second).click_and_hold().perform().await?;
        selected(&olga, &["the second"]).await?;
        pointer().move_to_element_center(&fourth).perform().await?;
        selected(&olga, &["the second", "the third", "the fourth"]).await?;
        pointer().move_to_element_center(&third).perform().await?;
        selected(&olga, &["the second", "the third"]).await?;
        pointer().release().perform().await?;
        selected(&olga, &["the second", "the third"]).await?;
        ensure!(text_selection(&olga).await?.is_empty(), "text was selected as well");

        pointer().move_to_element_center(&fifth).click().perform().await?;
        selected(&olga, &["the second", "the third", "the fifth"]).await?;
        pointer().move_to_element_center(&second).click().perform().await?;
        selected(&olga, &["the third", "the fifth"]).await?;
        let shift = pointer().key_down(Key::Shift).move_to_element_center(&first).click().key_up(Key::Shift);
        shift.perform().await?;
        selected(&olga, &["The first of five messages", "the second", "the third", "the fifth"]).await?;
        // Esc clears, and closes nothing; the next one closes the panel.
        pointer().send_keys(Key::Escape + "").perform().await?;
        selected(&olga, &[]).await?;
        ensure!(olga.has_panel_open().await?, "Esc closed the panel");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_selected_by_the_keyboard_and_copied() -> Result<()> {
    // K2 K5 G5
    World::run("copying", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        for dark in [false, true] {
            let theme = if dark { "dark" } else { "light" };
            olga.gmail.show(Setup { dark, ..Setup::new(&olga.name, &olga.email) });
            olga.opens_gmail().await?;
            let text = format!("<i>In {theme}</i>");
            ann.writes(&text).await?;
            olga.sees_popup(&text).await?.click().await?;
            olga.sees(&text).await?;
            if dark {
                olga.widens().await?;
            } else {
                olga.accepts().await?;
                olga.answers("I see").await?;
                // One that is still on its way cannot be selected.
                olga.browser().find("[data-author=\"agent\"][data-state=\"sent\"]").await?;
            }
            let copy = olga.browser().find_test("copy-selected").await?;
            let reason = copy.attr("title").await?.unwrap_or_default();
            ensure!(!copy.is_enabled().await? && reason.contains("Select messages first"), "it says {reason:?}");
            copies(&olga, &text, theme).await?;
        }
        Ok(())
    })
    .await
}

/// Selects the last two messages by the keyboard, copies them and pastes them into the input.
async fn copies(olga: &Agent, text: &str, theme: &str) -> Result<()> {
    olga.browser().run("document.querySelector('.ds-message[tabindex=\"0\"]').focus();").await?;
    olga.browser().driver().action_chain().send_keys(" ").perform().await?;
    olga.browser().driver().action_chain().send_keys(Key::Up + " ").perform().await?;
    eventually("two selected", PATIENCE, || async {
        let n: Vec<String> = serde_json::from_value(olga.browser().run(SELECTED).await?)?;
        ensure!(n.len() == 2, "selected are {n:?}");
        Ok(Some(()))
    })
    .await?;
    olga.passes_axe(&format!("selected messages, {theme}")).await?;
    olga.keeps_picture("selecting-pictures", &format!("selected-{theme}")).await?;
    olga.enters_panel().await?;
    olga.browser().press("[data-testid=\"copy-selected\"]").await?;
    olga.browser().reads("copied", |words| words == "2 messages copied").await?;
    olga.keeps_picture("selecting-pictures", &format!("copied-{theme}")).await?;
    olga.enters_panel().await?;
    let input = olga.browser().find_test("composer").await?;
    input.clear().await?;
    input.send_keys(Key::Control + "v").await?;
    let pasted = input.prop("value").await?.unwrap_or_default();
    let lines: Vec<&str> = pasted.lines().collect();
    ensure!(pasted.contains(text) && pasted.contains("Olga, 20") && pasted.contains("\n\n"), "pasted is {lines:?}");
    olga.browser().driver().action_chain().send_keys(Key::Escape + "").perform().await?;
    selected(olga, &[]).await?;
    input.clear().await?;
    Ok(())
}

/// The bubbles of these messages.
async fn bubbles(agent: &Agent, texts: [&str; 5]) -> Result<[WebElement; 5]> {
    let mut found = Vec::new();
    for text in texts {
        found.push(agent.sees(text).await?.find(By::Css(".ds-message__bubble")).await?);
    }
    found.try_into().map_err(|_| anyhow::anyhow!("not five"))
}

async fn text_selection(agent: &Agent) -> Result<String> {
    let text = agent.browser().run("return getSelection().toString();").await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

async fn selected(agent: &Agent, texts: &[&str]) -> Result<()> {
    eventually(format!("{texts:?} to be selected"), PATIENCE, || async move {
        let found: Vec<String> = serde_json::from_value(agent.browser().run(SELECTED).await?)?;
        ensure!(found == texts, "selected are {found:?}");
        Ok(Some(()))
    })
    .await
}
