//! A whole shift by the keyboard alone, in the docked panel (G5): after each step the focus stands where the next one begins, in sight and
//! with a ring around it.

use anyhow::{Result, ensure};
use e2e::people::Person;
use serde::Deserialize;
use testkit::agent::Agent;
use testkit::chromium::PATIENCE;
use testkit::visitor::Visitor;
use testkit::{World, artefacts, eventually};
use thirtyfour::{By, Key, TypingData};

/// Chromium takes shortcuts of extensions from the keyboard itself, which DevTools do not reach; this is what it does then.
const COMMAND: &str = "chrome.tabs.query({ url: 'https://mail.google.com/mail/*' })
  .then(([tab]) => chrome.commands.onCommand.dispatch('toggle-panel', tab))";
/// What has the focus: its name, the text in it, whether it is on the screen, and whether a ring is drawn: around it, or around what it
/// marks inside, such as a row of a list.
const FOCUSED: &str = "
const at = document.activeElement, { left, top, right, bottom, width, height } = at.getBoundingClientRect();
const has_ring = (element) => { const { outlineStyle, outlineWidth } = getComputedStyle(element); return outlineStyle !== 'none' && outlineWidth !== '0px'; };
const of = (ids) => ids.split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
const labelled = at.getAttribute('aria-labelledby'), label = at.labels?.[0]?.textContent;
return {
  has_keyboard: document.hasFocus(), is_lost: at === document.body,
  name: (at.ariaLabel ?? (labelled === null ? label ?? at.textContent : of(labelled))).trim(), text: at.textContent,
  is_in_sight: width > 0 && height > 0 && right > 0 && bottom > 0 && left < innerWidth && top < innerHeight,
  has_ring: getComputedStyle(at).boxShadow !== 'none' || [at, ...at.querySelectorAll('*')].some(has_ring),
};";
/// More stops than any pane has.
const STOPS: usize = 60;

/// What has the focus.
#[derive(Debug, Deserialize)]
struct Focused {
    has_keyboard: bool,
    is_lost: bool,
    name: String,
    text: String,
    is_in_sight: bool,
    has_ring: bool,
}

/// An agent who has no mouse.
struct Hands<'a>(&'a Agent);

impl Hands<'_> {
    async fn presses(&self, keys: impl Into<TypingData>) -> Result<()> {
        Ok(self.0.browser().driver().action_chain().send_keys(keys).perform().await?)
    }

    async fn holds(&self, key: Key, other: impl Into<TypingData>) -> Result<()> {
        let keys = self.0.browser().driver().action_chain().key_down(key.clone()).send_keys(other).key_up(key);
        Ok(keys.perform().await?)
    }

    async fn focused(&self) -> Result<Focused> {
        let focused: Focused = serde_json::from_value(self.0.browser().run(FOCUSED).await?)?;
        ensure!(focused.has_keyboard && !focused.is_lost, "the focus is lost: {focused:?}");
        ensure!(focused.is_in_sight && focused.has_ring, "the focus is not seen: {focused:?}");
        Ok(focused)
    }

    /// Waits until what has this name has the focus.
    async fn is_at(&self, name: &str) -> Result<()> {
        eventually(format!("the focus on {name:?}"), PATIENCE, || async move {
            let focused = self.focused().await?;
            ensure!(focused.name == name, "it is on {focused:?}");
            Ok(Some(()))
        })
        .await
    }

    /// Waits until what has these words in it has the focus.
    async fn is_at_words(&self, words: &str) -> Result<()> {
        eventually(format!("the focus on {words:?}"), PATIENCE, || async move {
            let focused = self.focused().await?;
            ensure!(focused.text.contains(words), "it is on {focused:?}");
            Ok(Some(()))
        })
        .await
    }

    /// Goes on by Tab until there; the focus is seen at each stop.
    async fn goes_to(&self, name: &str) -> Result<()> {
        self.goes(name, false).await
    }

    /// The same backwards.
    async fn goes_back_to(&self, name: &str) -> Result<()> {
        self.goes(name, true).await
    }

    async fn goes(&self, name: &str, backwards: bool) -> Result<()> {
        let mut passed = Vec::new();
        for _ in 0..STOPS {
            if backwards {
                self.holds(Key::Shift, Key::Tab).await?;
            } else {
                self.presses(Key::Tab).await?;
            }
            let focused = self.focused().await.map_err(|error| error.context(format!("{name:?}: after {passed:?}")))?;
            if focused.name == name {
                return Ok(());
            }
            passed.push(focused.name);
        }
        anyhow::bail!("Tab does not lead to {name:?}, but to {passed:?}")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_shift_by_the_keyboard_alone() -> Result<()> {
    // G5 P1 A2 F1 T1 O1 I4 S1 S2 K2 K5 A6 X1
    World::run("shift", async |world| {
        let olga = world.agent("Olga").await?;
        keeps_template(&olga).await?;
        let (_, code) = world.invites("Paul").await?;
        let paul = Person::invited(&world.relay.url(), &code, "Paul").await;
        let at_work = paul.works();
        let (relay, key) = (world.relay.url(), world.project.channel_key.as_str());
        let (ann, ben) = (Visitor::new(&relay, key).await?, Visitor::new(&relay, key).await?);
        let hands = Hands(&olga);
        begins(&hands).await?;
        ann.writes("Is the oak desk in stock?").await?;
        takes(&hands, "oak desk").await?;
        answers(&hands).await?;
        attaches(&hands).await?;
        knows_client(&hands).await?;
        finds(&hands).await?;
        copies(&hands).await?;
        hands_on(&hands).await?;
        ben.writes("Do you ship to Lisbon?").await?;
        closes(&hands).await?;
        drop(at_work);
        ends(&hands).await
    })
    .await
}

/// Beforehand, on the Control Panel.
async fn keeps_template(olga: &Agent) -> Result<()> {
    olga.opens_panel().await?;
    olga.leaves().await?;
    olga.sees_himself("Offline").await?;
    olga.opens_control_panel().await?;
    let browser = olga.browser();
    browser.press("[data-testid=\"new-template\"]").await?;
    for (field, words) in [("template-title", "Greeting"), ("template-text", "Good day from {agent_name}!")] {
        browser.find_test(field).await?.send_keys(words).await?;
    }
    browser.press("[data-testid=\"save-template\"]").await?;
    browser.reads("template-done", |told| told.contains("is saved")).await?;
    olga.opens_gmail().await
}

/// The shortcut that works in all of Gmail, then the first stop.
async fn begins(hands: &Hands<'_>) -> Result<()> {
    let olga = hands.0;
    let devtools = olga.browser().devtools()?;
    let worker = devtools.target("service_worker", "/extension/worker.js").await?;
    devtools.evaluate(&worker, COMMAND).await?;
    olga.enters_panel().await?;
    olga.sees_himself("Offline").await?;
    hands.goes_to("Offline").await?;
    hands.presses(" ").await?;
    hands.is_at("Online").await
}

/// From the list to the reply field.
async fn takes(hands: &Hands<'_>, words: &str) -> Result<()> {
    hands.0.sees_row("that waits", |row| row.preview.contains(words)).await?;
    hands.goes_to("Conversations").await?;
    hands.presses(Key::Home + Key::Enter).await?;
    hands.0.sees(words).await?;
    hands.is_at("Messages").await?;
    hands.goes_to("Accept conversation").await?;
    hands.presses(Key::Enter).await?;
    hands.is_at("Your answer").await
}

/// With a template, which is chosen by "/".
async fn answers(hands: &Hands<'_>) -> Result<()> {
    hands.presses("Yes, it is." + Key::Enter).await?;
    hands.0.sees("Yes, it is.").await?;
    hands.is_at("Your answer").await?;
    hands.presses("/gree").await?;
    hands.0.browser().find_test("template").await?;
    hands.presses(Key::Enter).await?;
    hands.is_at("Your answer").await?;
    hands.presses(" Olga" + Key::Enter).await?;
    hands.0.sees("Good day from Olga! Olga").await?;
    hands.is_at("Your answer").await
}

/// The clip is pressed by the keyboard; the dialog that it opens is the system's, and `WebDriver` gives the input the file in its place.
async fn attaches(hands: &Hands<'_>) -> Result<()> {
    let browser = hands.0.browser();
    hands.goes_to("Attach files").await?;
    hands.presses(" ").await?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("plan.txt");
    tokio::fs::write(&path, "oak").await?;
    let input = browser.driver().find(By::Css("[data-testid=\"file-input\"]")).await?;
    input.send_keys(path.to_string_lossy()).await?;
    hands.is_at("Your answer").await?;
    browser.find_test("chosen-file").await?;
    hands.presses(Key::Enter).await?;
    hands.0.sees("plan.txt").await?;
    hands.is_at("Your answer").await
}

/// A note, and the client's right name.
async fn knows_client(hands: &Hands<'_>) -> Result<()> {
    let browser = hands.0.browser();
    hands.goes_back_to("Details").await?;
    hands.presses(Key::Enter).await?;
    hands.is_at("Information").await?;
    hands.goes_to("Leave a note").await?;
    hands.presses(Key::Enter).await?;
    hands.is_at("Leave a note").await?;
    hands.presses("Asks for the oak desk.").await?;
    hands.goes_to("Save").await?;
    hands.presses(Key::Enter).await?;
    browser.reads("note-words", |words| words.contains("Saved")).await?;
    hands.is_at("Leave a note").await?;
    hands.goes_back_to("Edit client data").await?;
    hands.presses(Key::Enter).await?;
    hands.is_at("Name").await?;
    hands.holds(Key::Control, "a").await?;
    hands.presses("Ann Lee" + Key::Enter).await?;
    browser.reads("contact-name", |name| name == "Ann Lee").await?;
    hands.is_at("Edit client data").await?;
    hands.goes_back_to("Back to the conversation").await?;
    hands.presses(Key::Enter).await?;
    // Whoever has the conversation goes on with his answer.
    hands.is_at("Your answer").await
}

/// By the tabs, whose arrows go round, to a message.
async fn finds(hands: &Hands<'_>) -> Result<()> {
    hands.goes_back_to("Back to the list").await?;
    hands.presses(Key::Enter).await?;
    hands.is_at("Conversations").await?;
    hands.goes_back_to("Open").await?;
    hands.presses(Key::Left).await?;
    hands.is_at("Search").await?;
    hands.presses(Key::Tab).await?;
    hands.presses("oak desk" + Key::Enter).await?;
    hands.0.browser().find_test("found-message").await?;
    hands.presses(Key::Down).await?;
    hands.is_at_words("Ann Lee").await?;
    hands.presses(Key::Down).await?;
    hands.is_at_words("Is the oak desk in stock?").await?;
    hands.presses(Key::Enter).await?;
    hands.is_at("Ann Lee").await?;
    hands.is_at_words("Is the oak desk in stock?").await
}

/// The message and the next one.
async fn copies(hands: &Hands<'_>) -> Result<()> {
    hands.presses(" ").await?;
    hands.is_at("Ann Lee, selected").await?;
    hands.presses(Key::Down + " ").await?;
    hands.is_at_words("Yes, it is.").await?;
    hands.goes_back_to("Copy selected").await?;
    hands.presses(Key::Enter).await?;
    hands.0.browser().reads("copied", |words| words == "2 messages copied").await?;
    hands.is_at("Copy selected").await?;
    hands.presses(Key::Escape).await?;
    hands.is_at("Messages").await
}

/// To a colleague; what he has can be read along.
async fn hands_on(hands: &Hands<'_>) -> Result<()> {
    hands.goes_back_to("Assign").await?;
    hands.presses(Key::Enter).await?;
    hands.is_at_words("Paul").await?;
    hands.presses(Key::Enter).await?;
    hands.0.sees_state("With Paul").await?;
    // She administers the project, and could take it back.
    hands.is_at("Assign").await?;
    hands.goes_to("Back to the list").await?;
    hands.presses(Key::Enter).await?;
    // What was found is there again, at what was pressed, and the tabs lead out of it.
    hands.is_at_words("oak desk").await?;
    hands.goes_back_to("Search").await?;
    hands.presses(Key::Right).await?;
    hands.is_at("Open").await
}

/// Another one, from "New" to "Finished".
async fn closes(hands: &Hands<'_>) -> Result<()> {
    takes(hands, "Lisbon").await?;
    hands.goes_back_to("Close").await?;
    hands.presses(Key::Enter).await?;
    hands.0.sees_state("Closed by an agent").await?;
    hands.is_at("Messages").await
}

/// Offline, and out of the panel.
async fn ends(hands: &Hands<'_>) -> Result<()> {
    hands.goes_back_to("Online").await?;
    hands.presses(" ").await?;
    hands.is_at("Offline").await?;
    hands.0.browser().screenshot(&artefacts::folder("shift")?.join("end.png")).await?;
    hands.0.enters_panel().await?;
    hands.presses(Key::Escape).await?;
    eventually("Esc to close the panel", PATIENCE, || async { Ok((!hands.0.has_panel_open().await?).then_some(())) })
        .await?;
    hands.0.leaves_panel().await?;
    hands.presses("j").await?;
    ensure!(hands.0.fired_shortcuts().await? == ["j"], "Gmail has not the keyboard again, or heard the panel's keys");
    Ok(())
}
