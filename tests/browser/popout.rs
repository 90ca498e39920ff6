//! The panel in a window of its own (G1). ChromeDriver does not see such windows, so the DevTools look into them.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use testkit::World;
use testkit::agent::Agent;
use testkit::axe::violations;
use testkit::chromium::PATIENCE;
use testkit::devtools::{Devtools, Target};
use testkit::eventually;

const DRAFT: &str = "Let me look";

/// A window of the panel's own.
struct OwnWindow {
    devtools: Devtools,
    target: Target,
}

impl OwnWindow {
    /// The only one, as soon as it is there.
    async fn of(agent: &Agent) -> Result<Self> {
        let devtools = agent.browser().devtools()?;
        let target = eventually("a window of its own", PATIENCE, || async {
            let mut windows = windows(agent).await?;
            ensure!(windows.len() < 2, "there are {}", windows.len());
            Ok(windows.pop())
        })
        .await?;
        Ok(Self { devtools, target })
    }

    async fn run(&self, script: &str) -> Result<Value> {
        self.devtools.evaluate(&self.target, script).await
    }

    /// Waits until an expression has this value in the window.
    async fn shows(&self, what: &str, expression: &str, value: impl Into<Value>) -> Result<()> {
        let value = &value.into();
        eventually(format!("{what} in the window"), PATIENCE, || async move {
            let shown = self.run(expression).await?;
            ensure!(shown == *value, "it is {shown}");
            Ok(Some(()))
        })
        .await
    }

    async fn shows_message(&self, text: &str) -> Result<()> {
        let words =
            "[...document.querySelectorAll('[data-testid=message]')].map((message) => message.textContent).join('\\n')";
        self.shows(text, &format!("({words}).includes({})", json!(text)), true).await
    }

    async fn shows_title(&self, title: &str) -> Result<()> {
        self.shows("the title", "document.title", title).await
    }

    async fn presses(&self, testid: &str) -> Result<()> {
        let button = format!("[data-testid={testid}]:not(:disabled)");
        self.shows(testid, &format!("document.querySelector('{button}') !== null"), true).await?;
        self.run(&format!("document.querySelector('{button}').click()")).await?;
        Ok(())
    }

    /// Types at the end of the reply field.
    async fn types(&self, text: &str) -> Result<()> {
        self.run("document.querySelector('[data-testid=composer]').focus()").await?;
        self.devtools.call(&self.target, "Input.insertText", json!({ "text": text })).await?;
        Ok(())
    }

    async fn presses_escape(&self) -> Result<()> {
        for kind in ["rawKeyDown", "keyUp"] {
            let key = json!({ "type": kind, "key": "Escape", "code": "Escape", "windowsVirtualKeyCode": 27 });
            self.devtools.call(&self.target, "Input.dispatchKeyEvent", key).await?;
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_panel_pops_out_with_conversation_and_draft() -> Result<()> {
    World::run("pop-out", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        let ben = world.contact("Ben").await?;
        ann.writes("Is the oak desk in stock?").await?;
        olga.sees_popup("oak desk").await?.click().await?;
        olga.accepts().await?;
        olga.writes_answer(DRAFT).await?;
        olga.browser().press("[data-testid=\"pop-out\"]").await?;
        let window = OwnWindow::of(&olga).await?;

        // The same conversation, with the draft in it.
        window.shows_message("oak desk").await?;
        window.shows("the draft", "document.querySelector('[data-testid=composer]')?.value", DRAFT).await?;
        window.shows_title("Deskside – Olga").await?;
        let in_gmail = "document.querySelectorAll('[data-testid=dock], [data-testid=pop-out]').length";
        ensure!(window.run(in_gmail).await? == 0, "a window has a place in Gmail to go to");
        // Esc does not close it; what waits stands in its title (N8).
        window.presses_escape().await?;
        ben.writes("Good morning").await?;
        window.shows_title("(1) Deskside – Olga").await?;
        // What is typed in the window stands in Gmail's panel too, and once it is sent there it can be sent nowhere else.
        window.types(" for you").await?;
        holds_in_gmail(&olga, "Let me look for you").await?;
        window.presses("send").await?;
        ann.sees("Let me look for you").await?;
        holds_in_gmail(&olga, "").await?;

        // In Gmail the panel has closed. Popped out from there once more, the window that stands shows the other conversation.
        ensure!(!olga.has_panel_open().await?, "the panel stayed open in Gmail");
        olga.opens_panel().await?;
        olga.browser().press("[data-testid=\"back\"]").await?;
        let row = olga.sees_row("of Ben", |row| row.preview.contains("Good morning")).await?;
        olga.opens_row(&row).await?;
        olga.browser().press("[data-testid=\"pop-out\"]").await?;
        window.shows_message("Good morning").await?;
        let again = OwnWindow::of(&olga).await?;
        ensure!(again.target.id == window.target.id, "another window came");

        // Loaded again it stands where it stood, and not where it was opened.
        window.run("window.isOld = true").await?;
        window.devtools.call(&window.target, "Page.reload", json!({})).await?;
        window.shows("another document", "window.isOld === undefined", true).await?;
        window.shows_message("Good morning").await?;
        window.presses("close-panel").await?;
        eventually("the window to close", PATIENCE, || async { Ok(windows(&olga).await?.is_empty().then_some(())) })
            .await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_wears_the_chosen_colours_and_axe_finds_nothing_in_it() -> Result<()> {
    World::run("pop-out-look", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        ann.writes("Hello").await?;
        olga.sees_popup("Hello").await?.click().await?;
        olga.sees("Hello").await?;
        olga.browser().press("[data-testid=\"pop-out\"]").await?;
        let window = OwnWindow::of(&olga).await?;
        window.shows_message("Hello").await?;
        // The same page, where ChromeDriver can see it.
        let browser = olga.browser();
        browser.driver().goto(&window.target.url).await?;
        for theme in ["light", "dark"] {
            browser.run(&format!("chrome.storage.sync.set({{ look: {{ theme: '{theme}' }} }});")).await?;
            browser.find(&format!("html[data-theme=\"{theme}\"]")).await?;
            window.shows("the same colours", "document.documentElement.dataset.theme", theme).await?;
            browser.click("[data-testid=\"row\"]").await?;
            browser.find_test("message").await?;
            let found = violations(browser, "document").await?;
            ensure!(found.is_empty(), "axe-core on the window, {theme}: {found:#?}");
        }
        // Like Gmail: here there is no Gmail, so as the browser is.
        browser.run("chrome.storage.sync.set({ look: { theme: 'gmail' } });").await?;
        browser.find("html:not([data-theme])").await.context("the colours stayed")?;
        Ok(())
    })
    .await
}

/// Waits until the reply field of Gmail's panel, open or closed, holds this text.
async fn holds_in_gmail(agent: &Agent, text: &str) -> Result<()> {
    agent.enters_panel().await?;
    eventually(format!("{text:?} in Gmail"), PATIENCE, || async move {
        let held = agent.browser().find_test("composer").await?.prop("value").await?;
        ensure!(held.as_deref() == Some(text), "it is {held:?}");
        Ok(Some(()))
    })
    .await
}

/// The windows in which a panel stands by itself.
async fn windows(agent: &Agent) -> Result<Vec<Target>> {
    let targets = agent.browser().devtools()?.targets().await?.into_iter();
    Ok(targets
        .filter(|target| target.kind == "page" && target.url.contains("/extension/panel.html#account="))
        .collect())
}
