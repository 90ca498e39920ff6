//! Composing an answer: templates, which are made on the Control Panel, emoji, line ends and links (T1–T3).

use anyhow::{Result, ensure};
use serde_json::Value;
use testkit::World;
use testkit::agent::Agent;
use testkit::chromium::PATIENCE;
use testkit::eventually;
use testkit::gmail::Setup;
use thirtyfour::Key;

/// Where pictures are kept to look at.
const PICTURES: &str = "composing-pictures";
/// What is offered, by title.
const OFFERED: &str = "return [...document.querySelectorAll('[data-testid=template] .ds-template-list__title')].map((title) => title.textContent);";
/// The links of the first message: their texts, where they lead, and what they tell; and whether markup became an element.
const LINKS: &str = "
const bubble = document.querySelector('.ds-message__bubble');
return [...bubble.querySelectorAll('a')].map(({ textContent, href, target, rel }) => [textContent, href, target, rel].join(' '))
  .concat(bubble.querySelector('b') ? ['markup'] : []);";

#[tokio::test(flavor = "multi_thread")]
async fn templates_are_made_changed_and_deleted_on_the_control_panel() -> Result<()> {
    // T2
    World::run("templates", async |world| {
        let olga = world.agent("Olga").await?;
        let paul = world.agent("Paul").await?;
        olga.opens_control_panel().await?;
        olga.browser().find_test("no-templates").await?;
        olga.browser().press("[data-testid=\"new-template\"]").await?;
        olga.browser().press("[data-testid=\"save-template\"]").await?;
        olga.browser().reads("field-wrong", |words| words.contains("1 to 100 characters")).await?;
        olga.passes_axe("the form with errors").await?;
        olga.keeps_picture(PICTURES, "form").await?;
        writes(&olga, "Greeting", "Hello {client_name}", Some("Project")).await?;
        done(&olga, "“Greeting” is saved.").await?;
        makes(&olga, "Mine alone", "Only for me", "Mine").await?;
        olga.keeps_picture(PICTURES, "lists").await?;
        olga.passes_axe("the lists").await?;

        // Paul sees the project's, and not Olga's own. What he changes meanwhile is not overwritten unseen.
        paul.opens_control_panel().await?;
        ensure!(listed(&paul).await? == ["Greeting"], "Paul has {:?}", listed(&paul).await?);
        olga.browser().press("[data-testid=\"change-template\"][aria-label*=\"Greeting\"]").await?;
        paul.browser().press("[data-testid=\"change-template\"]").await?;
        writes(&paul, "Greeting", "Good day {client_name}", None).await?;
        done(&paul, "“Greeting” is saved.").await?;
        writes(&olga, "Greeting", "Hi {client_name}", None).await?;
        olga.browser().reads("not-saved", |words| words.contains("Somebody changed this meanwhile")).await?;
        olga.browser().reads("changed-meanwhile", |words| words.contains("Good day {client_name}")).await?;
        olga.keeps_picture(PICTURES, "changed-meanwhile").await?;
        olga.browser().press("[data-testid=\"save-template\"]").await?;
        done(&olga, "“Greeting” is saved.").await?;
        deletes(&olga).await
    })
    .await
}

async fn deletes(olga: &Agent) -> Result<()> {
    let delete = "[data-testid=\"delete-template\"][aria-label*=\"Mine alone\"]";
    olga.browser().press(delete).await?;
    olga.browser().reads("delete-question", |words| words.contains("Delete “Mine alone”?")).await?;
    olga.passes_axe("the question").await?;
    olga.keeps_picture(PICTURES, "question").await?;
    // The safe answer has the focus.
    olga.browser().driver().action_chain().send_keys(Key::Enter + "").perform().await?;
    olga.browser().press(delete).await?;
    olga.browser().press("[data-testid=\"really-delete\"]").await?;
    done(olga, "“Mine alone” is deleted.").await?;
    ensure!(listed(olga).await? == ["Greeting"], "left are {:?}", listed(olga).await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_are_found_and_put_in_with_their_variables() -> Result<()> {
    // T1 T3
    World::run("composing", async |world| {
        let olga = world.agent("Olga").await?;
        let paul = world.agent("Paul").await?;
        let ann = world.contact("Ann").await?;
        ann.writes("Do you deliver?").await?;
        olga.sees_popup("deliver").await?.click().await?;
        olga.accepts().await?;
        olga.browser().press("[data-testid=\"templates\"]").await?;
        olga.browser().reads("no-templates", |words| words.contains("Control Panel")).await?;
        olga.keeps_picture(PICTURES, "no-templates").await?;
        olga.enters_panel().await?;
        presses(&olga, Key::Escape).await?;
        focus_is(&olga, "composer").await?;

        // What Paul makes is there at once.
        paul.opens_control_panel().await?;
        makes(&paul, "Greeting", "Hello {client_name}, {agent_name} of {project_name}. {order}", "Project").await?;
        makes(&paul, "Delivery", "We deliver in 3 days.\nGreetings", "Project").await?;
        makes(&paul, "Paul's own", "x", "Mine").await?;
        types(&olga, "/gree").await?;
        offers(&olga, &["Greeting", "Delivery"]).await?;
        olga.keeps_picture(PICTURES, "by-slash").await?;
        olga.enters_panel().await?;
        presses(&olga, Key::Enter).await?;
        let name =
            olga.browser().driver().find(thirtyfour::By::Css(".ds-conversation-pane__name")).await?.text().await?;
        let greeting = format!("Hello {name}, Olga of Fennimore. {{order}}");
        has(&olga, &greeting).await?;

        // Several go into one message, at the cursor; a text that was chosen can be taken back.
        types(&olga, " ").await?;
        by_button(&olga).await?;
        has(&olga, &format!("{greeting} We deliver in 3 days.\nGreetings")).await?;
        let undo = olga.browser().driver().action_chain().key_down(Key::Control).send_keys("z").key_up(Key::Control);
        undo.perform().await?;
        has(&olga, &format!("{greeting} ")).await?;
        olga.sends_answer().await?;
        ann.sees(&greeting).await?;
        // What follows a slash and is no template stays as typed.
        types(&olga, "/etc").await?;
        olga.browser().reads("no-templates", |words| words.contains("“etc”")).await?;
        presses(&olga, Key::Escape).await?;
        has(&olga, "/etc").await
    })
    .await
}

/// Chooses the second template by the button and the arrow keys.
async fn by_button(olga: &Agent) -> Result<()> {
    olga.browser().press("[data-testid=\"templates\"]").await?;
    focus_is(olga, "find-template").await?;
    offers(olga, &["Greeting", "Delivery"]).await?;
    presses(olga, Key::Down).await?;
    presses(olga, Key::Enter).await?;
    focus_is(olga, "composer").await
}

#[tokio::test(flavor = "multi_thread")]
async fn emoji_lines_and_links() -> Result<()> {
    // G5
    World::run("emoji", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        for dark in [false, true] {
            let theme = if dark { "dark" } else { "light" };
            olga.gmail.show(Setup { dark, ..Setup::new(&olga.name, &olga.email) });
            olga.opens_gmail().await?;
            let text = format!(
                "In {theme}: <b>see</b> https://shop.example/a?b=1, (http://x.example/) or javascript:alert(1)"
            );
            ann.writes(&text).await?;
            olga.sees_popup(&format!("In {theme}")).await?.click().await?;
            olga.sees(&text).await?;
            if !dark {
                let links: Vec<String> = serde_json::from_value(olga.browser().run(LINKS).await?)?;
                let tells = "_blank noopener noreferrer nofollow";
                let wanted = ["https://shop.example/a?b=1", "http://x.example/"].map(|to| format!("{to} {to} {tells}"));
                ensure!(links == wanted, "the links are {links:?}");
                olga.accepts().await?;
                types(&olga, "one").await?;
                let chain = olga.browser().driver().action_chain().key_down(Key::Shift).send_keys(Key::Enter + "");
                chain.key_up(Key::Shift).send_keys("two ").perform().await?;
                has(&olga, "one\ntwo ").await?;
            }
            chooses_emoji(&olga, theme).await?;
        }
        has(&olga, "one\ntwo 😀😀").await?;
        presses(&olga, Key::Enter).await?;
        ann.sees("two 😀😀").await?;
        has(&olga, "").await
    })
    .await
}

/// The second one, by the keyboard.
async fn chooses_emoji(olga: &Agent, theme: &str) -> Result<()> {
    olga.browser().press("[data-testid=\"emoji\"]").await?;
    olga.browser().find_test("emoji-grid").await?;
    olga.passes_axe(&format!("the emoji, {theme}")).await?;
    olga.keeps_picture(PICTURES, &format!("emoji-{theme}")).await?;
    olga.enters_panel().await?;
    if theme == "light" {
        presses(olga, Key::Right).await?;
        presses(olga, Key::Escape).await?;
        focus_is(olga, "emoji").await?;
        olga.browser().press("[data-testid=\"emoji\"]").await?;
    } else {
        presses(olga, Key::Right).await?;
    }
    presses(olga, Key::Enter).await?;
    focus_is(olga, "composer").await?;
    olga.browser().press("[data-testid=\"templates\"]").await?;
    olga.browser().find_test("no-templates").await?;
    olga.passes_axe(&format!("the templates, {theme}")).await?;
    presses(olga, Key::Escape).await?;
    focus_is(olga, "composer").await
}

/// Makes a template on the Control Panel.
async fn makes(agent: &Agent, title: &str, text: &str, scope: &str) -> Result<()> {
    agent.browser().press("[data-testid=\"new-template\"]").await?;
    writes(agent, title, text, Some(scope)).await?;
    done(agent, &format!("“{title}” is saved.")).await
}

/// Fills the form that is open, and saves.
async fn writes(agent: &Agent, title: &str, text: &str, scope: Option<&str>) -> Result<()> {
    for (field, words) in [("template-title", title), ("template-text", text)] {
        let field = agent.browser().find_test(field).await?;
        field.clear().await?;
        field.send_keys(words).await?;
    }
    if let Some(scope) = scope {
        let path = format!("//label[normalize-space()=\"{scope}\"]/input");
        agent.browser().driver().find(thirtyfour::By::XPath(path)).await?.click().await?;
    }
    agent.browser().press("[data-testid=\"save-template\"]").await
}

async fn done(agent: &Agent, words: &str) -> Result<()> {
    agent.browser().reads("template-done", |told| told == words).await?;
    Ok(())
}

/// The titles on the Control Panel.
async fn listed(agent: &Agent) -> Result<Vec<String>> {
    agent.browser().find_test("template").await?;
    let script = "return [...document.querySelectorAll('[data-testid=template] .ds-control-panel__name')].map((title) => title.textContent);";
    Ok(serde_json::from_value(agent.browser().run(script).await?)?)
}

async fn offers(agent: &Agent, titles: &[&str]) -> Result<()> {
    agent.enters_panel().await?;
    eventually(format!("{titles:?} to be offered"), PATIENCE, || async move {
        let offered: Vec<String> = serde_json::from_value(agent.browser().run(OFFERED).await?)?;
        ensure!(offered == titles, "offered are {offered:?}");
        Ok(Some(()))
    })
    .await
}

async fn types(agent: &Agent, text: &str) -> Result<()> {
    agent.enters_panel().await?;
    Ok(agent.browser().find_test("composer").await?.send_keys(text).await?)
}

async fn presses(agent: &Agent, key: Key) -> Result<()> {
    Ok(agent.browser().driver().action_chain().send_keys(key + "").perform().await?)
}

/// Waits until this stands in the input.
async fn has(agent: &Agent, text: &str) -> Result<()> {
    agent.enters_panel().await?;
    eventually(format!("{text:?} in the input"), PATIENCE, || async move {
        let typed = agent.browser().find_test("composer").await?.prop("value").await?.unwrap_or_default();
        ensure!(typed == text, "it has {typed:?}");
        Ok(Some(()))
    })
    .await
}

async fn focus_is(agent: &Agent, testid: &str) -> Result<()> {
    agent.enters_panel().await?;
    eventually(format!("the focus on {testid:?}"), PATIENCE, || async move {
        let focused: Value = agent.browser().run("return document.activeElement.dataset.testid ?? '';").await?;
        ensure!(focused == testid, "it is on {focused}");
        Ok(Some(()))
    })
    .await
}
