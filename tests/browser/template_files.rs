//! Files of templates: put there on the Control Panel, and sent with an answer (T2).

use std::path::PathBuf;

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::World;
use testkit::agent::Agent;
use testkit::artefacts;
use testkit::axe::violations;
use testkit::chromium::PATIENCE;
use testkit::eventually;
use thirtyfour::{By, Key};

/// The names of the files that are chosen, with where each stands.
const CHIPS: &str = "return [...document.querySelectorAll('[data-testid=chosen-file]')].map((chip) => chip.querySelector('bdi').textContent + ' ' + chip.dataset.state);";
/// What the list of templates says of files: a title and a number.
const CLIPS: &str = "return [...document.querySelectorAll('[data-testid=template]')].map((one) => one.querySelector('.ds-template-list__title').textContent + ' ' + (one.querySelector('.ds-template-list__files')?.ariaLabel ?? ''));";
/// The names of the files of the last message.
const SENT: &str = "return [...[...document.querySelectorAll('[data-testid=message][data-state=sent], [data-testid=message][data-state=seen]')].at(-1)?.querySelectorAll('[data-testid=file] bdi') ?? []].map((name) => name.textContent);";
/// The same in the client's chat.
const RECEIVED: &str = "return [...[...document.querySelectorAll('[data-testid=chat-message]')].at(-1)?.querySelectorAll('[data-testid=chat-file] bdi') ?? []].map((name) => name.textContent);";
const LONG: &str = "Terms of delivery and of payment, for all countries, in the version that holds since spring.pdf";

#[tokio::test(flavor = "multi_thread")]
async fn a_templates_files_are_kept_once_and_go_with_answers() -> Result<()> {
    // T1 T2 F1 F2
    World::run("template-files", async |world| {
        let olga = world.agent("Olga").await?;
        let paul = world.agent("Paul").await?;
        let ann = world.contact("Ann").await?;
        ann.writes("What does it cost?").await?;
        olga.sees_popup("cost").await?.click().await?;
        olga.accepts().await?;
        let folder = tempfile::tempdir()?;
        paul.opens_control_panel().await?;
        makes_prices(&paul, &folder).await?;
        let note = written(&folder, "Note.txt", vec![b'n'; 2_000]).await?;
        makes(&paul, "Terms", "Our terms:", &[note]).await?;
        saves(&paul, "Terms").await?;
        changes(&paul).await?;

        // Both templates, and a file of hers, in one message; nothing of it leaves before "Send".
        olga.enters_panel().await?;
        olga.browser().find_test("composer").await?.send_keys("/").await?;
        reads(&olga, CLIPS, &["Prices Files: 2", "Terms Files: 1"]).await?;
        panel_looks(&olga, "menu").await?;
        presses(&olga, Key::Enter).await?;
        let prices = ["Prices.pdf waiting", &format!("{LONG} waiting")];
        reads(&olga, CHIPS, &prices).await?;
        olga.browser().press("[data-testid=\"templates\"]").await?;
        reads(&olga, CLIPS, &["Prices Files: 2", "Terms Files: 1"]).await?;
        presses(&olga, Key::Down).await?;
        presses(&olga, Key::Enter).await?;
        chooses(&olga, "file-input", &[written(&folder, "mine.txt", vec![b'm'; 300]).await?]).await?;
        reads(&olga, CHIPS, &[prices[0], prices[1], "Note.txt waiting", "mine.txt waiting"]).await?;
        panel_looks(&olga, "chosen").await?;
        olga.widens().await?;
        shot(&olga, "chosen-wide").await?;
        olga.enters_panel().await?;
        olga.docks().await?;
        olga.enters_panel().await?;
        ensure!(olga.message_texts().await?.len() == 1, "something was sent");

        // One leaves its template meanwhile: it is named, and the rest stays until she sends it.
        deletes(&paul, "Terms").await?;
        olga.sends_answer().await?;
        let gone = "“Note.txt” was not sent. It is not in its template any more.";
        olga.browser().reads("notice", |words| words.starts_with(gone)).await?;
        panel_looks(&olga, "gone").await?;
        let typed = olga.browser().find_test("composer").await?.prop("value").await?.unwrap_or_default();
        ensure!(typed == "Our prices:Our terms:", "the text is {typed:?}");
        olga.browser().press("[aria-label=\"Remove Note.txt\"]").await?;
        olga.sends_answer().await?;
        reads(&olga, SENT, &["Prices.pdf", LONG, "mine.txt"]).await?;
        reads(&olga, CHIPS, &[]).await?;
        panel_looks(&olga, "sent").await?;
        ann.sees("Our prices:Our terms:").await?;
        let received: Value = ann.browser().run(RECEIVED).await?;
        ensure!(received == json!(["Prices.pdf", LONG, "mine.txt"]), "the client has {received}");
        Ok(())
    })
    .await
}

/// A template with two files; of the four that were chosen one is too large, and one is taken away again.
async fn makes_prices(paul: &Agent, folder: &TempDir) -> Result<()> {
    let mut files = Vec::new();
    let all = [("Prices.pdf", vec![1; 831_488]), ("over.bin", vec![7; 4_194_305]), (LONG, vec![2; 3_000_000])];
    for (name, bytes) in all.into_iter().chain([("other.txt", vec![3; 10])]) {
        files.push(written(folder, name, bytes).await?);
    }
    makes(paul, "Prices", "Our prices:", &files).await?;
    paul.browser().reads("files-wrong", |words| words == "“over.bin” is larger than 4 MB.").await?;
    looks(paul, "form").await?;
    paul.browser().press("[aria-label=\"Remove other.txt\"]").await?;
    reads(paul, CHIPS, &["Prices.pdf waiting", &format!("{LONG} waiting")]).await?;
    saves(paul, "Prices").await?;
    paul.browser().reads("template-file-names", |words| words.contains("Prices.pdf") && words.contains(LONG)).await?;
    looks(paul, "list").await
}

/// What is stored shows again, and stays though only the text changes.
async fn changes(paul: &Agent) -> Result<()> {
    paul.browser().press("[data-testid=\"change-template\"][aria-label*=\"Prices\"]").await?;
    reads(paul, CHIPS, &["Prices.pdf there", &format!("{LONG} there")]).await?;
    looks(paul, "changed").await?;
    let text = paul.browser().find_test("template-text").await?;
    text.clear().await?;
    text.send_keys("Our prices: ").await?;
    saves(paul, "Prices").await?;
    paul.browser().reads("template-file-names", |words| words.contains("Prices.pdf") && words.contains(LONG)).await?;
    Ok(())
}

async fn makes(paul: &Agent, title: &str, text: &str, files: &[PathBuf]) -> Result<()> {
    paul.browser().press("[data-testid=\"new-template\"]").await?;
    for (field, words) in [("template-title", title), ("template-text", text)] {
        paul.browser().find_test(field).await?.send_keys(words).await?;
    }
    chooses(paul, "template-file-input", files).await?;
    let project = By::XPath("//label[normalize-space()=\"Project\"]/input");
    Ok(paul.browser().driver().find(project).await?.click().await?)
}

async fn saves(paul: &Agent, title: &str) -> Result<()> {
    paul.browser().press("[data-testid=\"save-template\"]").await?;
    paul.browser().reads("template-done", |told| told == format!("“{title}” is saved.")).await?;
    Ok(())
}

async fn deletes(paul: &Agent, title: &str) -> Result<()> {
    paul.browser().press(&format!("[data-testid=\"delete-template\"][aria-label*=\"{title}\"]")).await?;
    paul.browser().press("[data-testid=\"really-delete\"]").await?;
    paul.browser().reads("template-done", |told| told == format!("“{title}” is deleted.")).await?;
    Ok(())
}

async fn written(folder: &TempDir, name: &str, bytes: Vec<u8>) -> Result<PathBuf> {
    let path = folder.path().join(name);
    tokio::fs::write(&path, bytes).await?;
    Ok(path)
}

/// As by the browser's dialog.
async fn chooses(agent: &Agent, input: &str, files: &[PathBuf]) -> Result<()> {
    let paths: Vec<_> = files.iter().map(|path| path.to_string_lossy()).collect();
    let input = agent.browser().driver().find(By::Css(format!("[data-testid=\"{input}\"]"))).await?;
    Ok(input.send_keys(paths.join("\n")).await?)
}

/// Waits until a script gives these.
async fn reads(agent: &Agent, script: &str, wanted: &[&str]) -> Result<()> {
    eventually(format!("{wanted:?}"), PATIENCE, || async move {
        let there: Vec<String> = serde_json::from_value(agent.browser().run(script).await?)?;
        ensure!(there == wanted, "there are {there:?}");
        Ok(Some(()))
    })
    .await
}

async fn presses(agent: &Agent, key: Key) -> Result<()> {
    Ok(agent.browser().driver().action_chain().send_keys(key + "").perform().await?)
}

/// The same in the panel, which is left for the picture.
async fn panel_looks(olga: &Agent, name: &str) -> Result<()> {
    for theme in ["dark", "light"] {
        olga.enters_panel().await?;
        looks_in(olga, name, theme).await?;
    }
    olga.enters_panel().await
}

/// A picture and axe-core, in dark and in light.
async fn looks(paul: &Agent, name: &str) -> Result<()> {
    for theme in ["dark", "light"] {
        looks_in(paul, name, theme).await?;
    }
    Ok(())
}

async fn looks_in(agent: &Agent, name: &str, theme: &str) -> Result<()> {
    agent.browser().run(&format!("document.documentElement.dataset.theme = '{theme}';")).await?;
    let found = violations(agent.browser(), "document").await?;
    ensure!(found.is_empty(), "axe-core on {name} in {theme}: {found:#?}");
    shot(agent, &format!("{name}-{theme}")).await
}

/// Keeps a picture to look at.
async fn shot(agent: &Agent, name: &str) -> Result<()> {
    agent.browser().settles().await?;
    agent.browser().screenshot(&artefacts::folder("template-files-pictures")?.join(format!("{name}.png"))).await
}
