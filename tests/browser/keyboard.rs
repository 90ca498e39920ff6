//! The panel by the keyboard alone: its shortcuts, the map of them, and where the focus goes (G1, G5).

use anyhow::{Result, ensure};
use serde_json::json;
use testkit::World;
use testkit::agent::Agent;
use testkit::axe::violations;
use testkit::chromium::PATIENCE;
use testkit::eventually;
use testkit::gmail::Setup;
use thirtyfour::Key;

/// What has the focus in the document, by its test id or its role.
const FOCUSED: &str = "const { dataset, role } = document.activeElement; return dataset.testid ?? role ?? 'nothing';";
/// What was read out last of a shortcut that could do nothing.
const TOLD: &str = "return document.querySelector('[data-testid=told]').textContent;";
/// Alt and Shift, as the DevTools count them.
const ALT_SHIFT: u32 = 1 + 8;

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_goes_from_new_to_finished_by_shortcuts() -> Result<()> {
    World::run("shortcuts", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        ann.writes("Is the oak desk in stock?").await?;
        olga.opens_panel().await?;
        olga.sees_row("of Ann", |row| row.preview.contains("oak desk")).await?;

        holds(&olga, "j").await?;
        olga.sees("oak desk").await?;
        holds(&olga, "y").await?;
        focus_is(&olga, "composer").await?;
        // While he types the shortcuts work, and leave the text alone.
        olga.browser().find_test("composer").await?.send_keys("It is").await?;
        holds(&olga, "g").await?;
        olga.browser().find_test("assign-menu").await?;
        presses(&olga, Key::Escape).await?;
        focus_is(&olga, "assign").await?;
        holds(&olga, "x").await?;
        olga.browser().find_test("block-menu").await?;
        presses(&olga, Key::Escape).await?;
        holds(&olga, "r").await?;
        focus_is(&olga, "composer").await?;
        let typed = olga.browser().find_test("composer").await?.prop("value").await?;
        ensure!(typed.as_deref() == Some("It is"), "the input has {typed:?}");
        ensure!(olga.has_panel_open().await?, "Esc in a menu closed the panel");

        holds(&olga, "w").await?;
        olga.sees_state("Closed by an agent").await?;
        // Once more there is nothing to close; he is told, politely.
        holds(&olga, "w").await?;
        eventually("to be told", PATIENCE, || async {
            Ok((olga.browser().run(TOLD).await? == "Not possible now: Close conversation.").then_some(()))
        })
        .await?;
        holds(&olga, "3").await?;
        focus_is(&olga, "listbox").await?;
        olga.sees_row("that is finished", |row| row.outcome == "Closed by an agent" && row.owner == "Olga").await?;
        ensure!(olga.fired_shortcuts().await?.is_empty(), "Gmail heard shortcuts of the panel");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn shortcuts_work_on_another_layout_and_ask_what_their_buttons_ask() -> Result<()> {
    World::run("layouts", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        ann.writes("Hello").await?;
        olga.sees_popup("Hello").await?.click().await?;
        olga.accepts().await?;
        // The key between I and P on a Russian keyboard. P11: who has work is asked.
        types_russian_o(&olga).await?;
        olga.browser().find_test("offline-dialog").await?;
        // Behind the dialog nothing happens.
        holds(&olga, "w").await?;
        olga.browser().driver().action_chain().send_keys("?").perform().await?;
        olga.answers_leaving("Keep it").await?;
        olga.sees_himself("Offline").await?;
        olga.sees_state("With you").await?;
        ensure!(!has_map(&olga).await?, "the map opened behind a dialog");
        types_russian_o(&olga).await?;
        olga.sees_himself("Online").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_map_of_the_shortcuts_opens_everywhere_but_in_a_text_field() -> Result<()> {
    World::run("map", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        for dark in [false, true] {
            let theme = if dark { "dark" } else { "light" };
            olga.gmail.show(Setup { dark, ..Setup::new(&olga.name, &olga.email) });
            olga.opens_gmail().await?;
            let question = format!("Can you read this in {theme}?");
            ann.writes(&question).await?;
            olga.sees_popup(&question).await?.click().await?;
            olga.sees(&question).await?;
            if !dark {
                olga.accepts().await?;
            }
            stays_in_the_map(&olga).await?;
            let found = violations(olga.browser(), "document").await?;
            ensure!(found.is_empty(), "axe-core on the map of the shortcuts, {theme}: {found:#?}");
            presses(&olga, Key::Escape).await?;
            focus_is(&olga, "show-shortcuts").await?;
            ensure!(
                !has_map(&olga).await? && olga.has_panel_open().await?,
                "Esc closed more than the map, or not even that"
            );
        }
        olga.enters_panel().await?;
        let composer = olga.browser().find_test("composer").await?;
        composer.send_keys("Why?").await?;
        ensure!(composer.prop("value").await?.as_deref() == Some("Why?"), "the question mark did not come to the text");
        ensure!(!has_map(&olga).await?, "the map opened while typing");
        ensure!(olga.fired_shortcuts().await?.is_empty(), "Gmail heard keys of the panel");
        Ok(())
    })
    .await
}

/// Opens the map with "?" and goes round in it.
async fn stays_in_the_map(olga: &Agent) -> Result<()> {
    olga.enters_panel().await?;
    olga.browser().run("document.querySelector('[data-testid=\"show-shortcuts\"]').focus();").await?;
    olga.browser().driver().action_chain().send_keys("?").perform().await?;
    olga.browser().find_test("shortcuts").await?;
    for _ in 0..3 {
        focus_is(olga, "hide-shortcuts").await?;
        presses(olga, Key::Tab).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_focus_goes_along_from_the_list_to_the_conversation_and_back() -> Result<()> {
    World::run("panes", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        let ben = world.contact("Ben").await?;
        ann.writes("I am the first").await?;
        ben.writes("I am the second").await?;
        olga.opens_panel().await?;
        olga.sees_row("of Ben", |row| row.preview.contains("second")).await?;
        // Just opened, nothing in it has the focus, but the panel has the keyboard.
        focus_is(&olga, "nothing").await?;
        presses(&olga, Key::Escape).await?;
        eventually("Esc to close the panel", PATIENCE, || async { Ok((!olga.has_panel_open().await?).then_some(())) })
            .await?;
        olga.opens_panel().await?;

        // Docked, one pane at a time. With the mouse the focus goes along, and is not seen.
        let row = olga.sees_row("of Ann", |row| row.preview.contains("first")).await?;
        olga.opens_row(&row).await?;
        focus_is(&olga, "region").await?;
        ensure!(
            olga.browser().run("return document.activeElement.matches(':focus-visible');").await? == false,
            "a ring"
        );
        holds(&olga, "c").await?;
        focus_is(&olga, "listbox").await?;
        presses(&olga, Key::Enter).await?;
        olga.sees("I am the first").await?;
        focus_is(&olga, "region").await?;
        olga.browser().press("[data-testid=\"back\"]").await?;
        focus_is(&olga, "listbox").await?;
        presses(&olga, Key::Down).await?;
        presses(&olga, Key::Enter).await?;
        olga.sees("I am the second").await?;
        holds(&olga, "k").await?;
        olga.sees("I am the first").await?;
        // There is none before the first.
        holds(&olga, "k").await?;
        eventually("to be told", PATIENCE, || async {
            Ok((olga.browser().run(TOLD).await? == "Not possible now: Previous conversation.").then_some(()))
        })
        .await?;
        // Wide, the list stays where it is, and so does the focus.
        olga.widens().await?;
        holds(&olga, "c").await?;
        focus_is(&olga, "listbox").await?;
        holds(&olga, "j").await?;
        olga.sees("I am the second").await?;
        focus_is(&olga, "listbox").await?;
        presses(&olga, Key::Up).await?;
        presses(&olga, Key::Enter).await?;
        olga.sees("I am the first").await?;
        Ok(())
    })
    .await
}

/// Presses a letter or digit with Alt and Shift held, wherever the focus is in the panel.
async fn holds(agent: &Agent, key: &str) -> Result<()> {
    agent.enters_panel().await?;
    let keys = agent.browser().driver().action_chain().key_down(Key::Alt).key_down(Key::Shift).send_keys(key);
    Ok(keys.key_up(Key::Shift).key_up(Key::Alt).perform().await?)
}

async fn presses(agent: &Agent, key: Key) -> Result<()> {
    agent.enters_panel().await?;
    Ok(agent.browser().driver().action_chain().send_keys(key + "").perform().await?)
}

/// Alt+Shift and the key that is O on an English keyboard, as a browser tells it on a Russian one.
async fn types_russian_o(agent: &Agent) -> Result<()> {
    let key = |kind: &str| json!({ "type": kind, "modifiers": ALT_SHIFT, "key": "Щ", "code": "KeyO", "windowsVirtualKeyCode": 79 });
    for kind in ["rawKeyDown", "keyUp"] {
        agent.browser().driver().cdp().send_raw("Input.dispatchKeyEvent", key(kind)).await?;
    }
    Ok(())
}

/// Waits until what has this test id or role has the focus.
async fn focus_is(agent: &Agent, name: &str) -> Result<()> {
    agent.enters_panel().await?;
    eventually(format!("the focus on {name:?}"), PATIENCE, || async {
        let focused = agent.browser().run(FOCUSED).await?;
        ensure!(focused == name, "it is on {focused}");
        Ok(Some(()))
    })
    .await
}

async fn has_map(agent: &Agent) -> Result<bool> {
    agent.enters_panel().await?;
    Ok(agent.browser().run("return document.querySelector('[data-testid=shortcuts]') !== null;").await? == true)
}
