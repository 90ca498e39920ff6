//! Files in the agent's panel: chosen, pasted, dropped, sent, stopped; shown, saved, and never run (F1–F3, F5).

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::World;
use testkit::agent::Agent;
use testkit::chromium::PATIENCE;
use testkit::eventually;
use testkit::visitor::Visitor;
use thirtyfour::{By, Key};

/// Where pictures are kept to look at.
const PICTURES: &str = "files-pictures";
/// The names above the input, with where each file stands.
const CHIPS: &str = "return [...document.querySelectorAll('[data-testid=chosen-file]')].map((chip) => chip.querySelector('bdi').textContent + ' ' + chip.dataset.state);";
/// The names of the files of the last message.
const SENT: &str = "return [...[...document.querySelectorAll('[data-testid=message][data-state=sent], [data-testid=message][data-state=seen]')].at(-1)?.querySelectorAll('[data-testid=file] bdi') ?? []].map((name) => name.textContent);";
/// Files that are pasted into the input, and dropped onto the messages; a text with a picture of itself is pasted as text.
const PASTE: &str = "
const input = document.querySelector('[data-testid=composer]');
const of = (name, type) => { const data = new DataTransfer(); data.items.add(new File([name], name, { type })); return data; };
const paste = (data) => input.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
const cells = of('cells.png', 'image/png'); cells.setData('text/plain', '1 2');
return [paste(cells), paste(of('pasted.txt', 'text/plain'))];";
const DRAG: &str = "
const data = new DataTransfer(); data.items.add(new File(['x'], 'dropped.txt', { type: 'text/plain' }));
const over = document.querySelector('.ds-message-list__scroll');
return over.dispatchEvent(new DragEvent('dragover', { dataTransfer: data, bubbles: true, cancelable: true }));";
const DROP: &str = "
const data = new DataTransfer(); data.items.add(new File(['x'], 'dropped.txt', { type: 'text/plain' }));
return document.querySelector('.ds-message-list__scroll').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));";
/// What runs if a file ever does.
const EVIL: &str = "window.__ran = 1; top.__ran = 1;";

#[tokio::test(flavor = "multi_thread")]
async fn files_are_chosen_sent_and_refused_by_name_and_limit() -> Result<()> {
    // F1 F2
    World::run("files", async |world| {
        let olga = world.agent("Olga").await?;
        let client = Visitor::new(&world.relay.url(), &world.project.channel_key).await?;
        client.writes("Have you a picture of it?").await?;
        olga.sees_popup("picture").await?.click().await?;
        olga.accepts().await?;
        let folder = tempfile::tempdir()?;
        let picture = olga.browser().driver().screenshot_as_png().await?;
        let long = "A name that is longer than any row of the panel could ever show without cutting it off.pdf";
        let five = [("whole.bin", vec![7; 4_194_304]), ("Ёж.png", picture), (long, vec![1; 831_488])];
        let mut files = vec![written(&folder, "over.bin", vec![7; 4_194_305]).await?];
        for (name, bytes) in five.into_iter().chain([("a.html", vec![b'a']), ("b.txt", vec![b'b'; 2_000])]) {
            files.push(written(&folder, name, bytes).await?);
        }
        chooses(&olga, &files).await?;
        let refused = "“over.bin” is larger than 4 MB.";
        olga.browser().reads("notice", |words| words == refused).await?;
        let waiting = ["whole.bin waiting", "Ёж.png waiting", &format!("{long} waiting"), "a.html waiting", "b.txt waiting"];
        chips_are(&olga, &waiting).await?;
        olga.looks_well(PICTURES, "chosen").await?;
        olga.widens().await?;
        olga.takes_picture(PICTURES, "chosen-wide").await?;
        olga.docks().await?;
        // Nothing leaves before "Send".
        ensure!(olga.message_texts().await?.len() == 1, "something was sent");
        named(&olga, "Remove b.txt").await?;
        olga.answers("Here you are.").await?;
        sent_are(&olga, &["whole.bin", "Ёж.png", long, "a.html"]).await?;
        chips_are(&olga, &[]).await?;
        olga.looks_well(PICTURES, "sent").await?;

        let went_on: Value = olga.browser().run(PASTE).await?;
        ensure!(went_on == json!([true, false]), "the browser pastes by itself: {went_on}");
        let went_on: Value = olga.browser().run(DRAG).await?;
        ensure!(went_on == json!(false), "the browser takes the drag: {went_on}");
        olga.browser().find_test("drop-here").await?;
        olga.takes_picture(PICTURES, "drop").await?;
        ensure!(olga.browser().run(DROP).await? == json!(false), "the browser opens what is dropped");
        chips_are(&olga, &["pasted.txt waiting", "dropped.txt waiting"]).await?;
        // A message of files alone.
        olga.sends_answer().await?;
        sent_are(&olga, &["pasted.txt", "dropped.txt"]).await?;
        let empty = olga.browser().run("return [...document.querySelectorAll('.ds-message__bubble')].filter((one) => !one.textContent).length;").await?;
        ensure!(empty == json!(0), "{empty} bubbles are empty");
        olga.sees_row("with the file's name", |row| row.preview.contains("pasted.txt")).await?;
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clients_files_are_shown_saved_and_never_run() -> Result<()> {
    // F3 F5
    World::run("files-received", async |world| {
        let olga = world.agent("Olga").await?;
        let client = Visitor::new(&world.relay.url(), &world.project.channel_key).await?;
        let picture = olga.browser().driver().screenshot_as_png().await?;
        let page = format!("<script>{EVIL}</script>").into_bytes();
        let drawing = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"{EVIL}\"/>").into_bytes();
        client.sends_file("Ёж picture.png", "image/png", picture.clone()).await?;
        client.sends_file("page.html", "text/html", page.clone()).await?;
        client.sends_file("drawing.svg", "image/svg+xml", drawing.clone()).await?;
        olga.sees_popup("drawing.svg").await?.click().await?;
        olga.enters_panel().await?;
        olga.browser().find("[data-testid=\"thumbnail\"][data-state=\"there\"]").await?;
        let thumbnails = olga.browser().driver().find_all(By::Css("[data-testid=\"thumbnail\"]")).await?;
        ensure!(thumbnails.len() == 1, "of the picture alone: {}", thumbnails.len());
        olga.looks_well(PICTURES, "received").await?;
        views(&olga).await?;

        let folder = tempfile::tempdir()?;
        let behaviour = json!({ "behavior": "allow", "downloadPath": folder.path() });
        let tabs = olga.browser().driver().windows().await?.len();
        olga.browser().driver().cdp().send_raw("Browser.setDownloadBehavior", behaviour).await?;
        for (name, bytes) in [("Ёж picture.png", &picture), ("page.html", &page), ("drawing.svg", &drawing)] {
            named(&olga, &format!("Download {name}")).await?;
            saved(&folder.path().join(name), bytes).await?;
        }
        ensure!(olga.browser().driver().windows().await?.len() == tabs, "a file was opened");
        olga.enters_panel().await?;
        ensure!(olga.browser().run("return window.__ran ?? 0;").await? == json!(0), "a file ran in the panel");
        olga.leaves_panel().await?;
        ensure!(olga.browser().run("return window.__ran ?? 0;").await? == json!(0), "a file ran in Gmail");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_its_way_is_stopped_and_what_fails_is_tried_again() -> Result<()> {
    // F1 F3
    World::run("files-stopped", async |world| {
        let olga = world.agent("Olga").await?;
        let client = Visitor::new(&world.relay.url(), &world.project.channel_key).await?;
        client.writes("Send me the plan").await?;
        olga.sees_popup("the plan").await?.click().await?;
        olga.accepts().await?;
        let folder = tempfile::tempdir()?;
        chooses(&olga, &[written(&folder, "plan.bin", vec![1; 4_194_304]).await?]).await?;
        olga.writes_answer("The plan:").await?;
        world.relay.pause().await?;
        olga.sends_answer().await?;
        chips_are(&olga, &["plan.bin going"]).await?;
        olga.looks_well(PICTURES, "going").await?;
        olga.browser().press("[data-testid=\"stop\"]").await?;
        chips_are(&olga, &["plan.bin waiting"]).await?;
        world.relay.resume().await?;

        world.relay.kill().await?;
        olga.sends_answer().await?;
        olga.browser().reads("notice", |words| words.contains("“plan.bin” was not sent")).await?;
        chips_are(&olga, &["plan.bin failed"]).await?;
        olga.looks_well(PICTURES, "failed").await?;
        let typed = olga.browser().find_test("composer").await?.prop("value").await?;
        ensure!(typed.as_deref() == Some("The plan:"), "the text is {typed:?}");
        world.relay.start().await?;
        olga.sends_answer().await?;
        sent_are(&olga, &["plan.bin"]).await?;
        olga.sees("The plan:").await?;
        chips_are(&olga, &[]).await
    })
    .await
}

/// The picture bigger, by the keyboard.
async fn views(olga: &Agent) -> Result<()> {
    let browser = olga.browser();
    browser.find_test("thumbnail").await?.send_keys(Key::Enter + "").await?;
    browser.find_test("picture-view").await?;
    eventually("the picture", PATIENCE, || async move {
        let width = browser.run("return document.querySelector('[data-testid=picture]')?.naturalWidth ?? 0;").await?;
        Ok(width.as_u64().filter(|width| *width > 300))
    })
    .await?;
    olga.looks_well(PICTURES, "view").await?;
    browser.driver().action_chain().send_keys(Key::Escape + "").perform().await?;
    eventually("the view to close", PATIENCE, || async move {
        let focused = browser.run("return document.querySelector('[data-testid=picture-view]') ? '' : document.activeElement.dataset.testid;").await?;
        Ok((focused == "thumbnail").then_some(()))
    })
    .await?;
    ensure!(olga.has_panel_open().await?, "Escape closed the panel");
    olga.enters_panel().await
}

async fn written(folder: &TempDir, name: &str, bytes: Vec<u8>) -> Result<PathBuf> {
    let path = folder.path().join(name);
    tokio::fs::write(&path, bytes).await?;
    Ok(path)
}

/// As by the clip and the browser's dialog.
async fn chooses(olga: &Agent, files: &[PathBuf]) -> Result<()> {
    olga.enters_panel().await?;
    olga.browser().find("[aria-label=\"Attach files\"]").await?;
    let paths: Vec<_> = files.iter().map(|path| path.to_string_lossy()).collect();
    let input = olga.browser().driver().find(By::Css("[data-testid=\"file-input\"]")).await?;
    Ok(input.send_keys(paths.join("\n")).await?)
}

async fn chips_are(olga: &Agent, wanted: &[&str]) -> Result<()> {
    olga.enters_panel().await?;
    eventually(format!("the files {wanted:?} above the input"), PATIENCE, || async move {
        let chips: Vec<String> = serde_json::from_value(olga.browser().run(CHIPS).await?)?;
        ensure!(chips == wanted, "they are {chips:?}");
        Ok(Some(()))
    })
    .await
}

async fn sent_are(olga: &Agent, wanted: &[&str]) -> Result<()> {
    olga.enters_panel().await?;
    eventually(format!("{wanted:?} to be sent"), PATIENCE, || async move {
        let sent: Vec<String> = serde_json::from_value(olga.browser().run(SENT).await?)?;
        ensure!(sent == wanted, "sent are {sent:?}");
        Ok(Some(()))
    })
    .await
}

/// Presses what has this name.
async fn named(olga: &Agent, name: &str) -> Result<()> {
    olga.enters_panel().await?;
    olga.browser().press(&format!("[aria-label=\"{name}\"]")).await
}

async fn saved(path: &Path, bytes: &[u8]) -> Result<()> {
    eventually(format!("{} on the disk", path.display()), PATIENCE, || async move {
        let there = tokio::fs::read(path).await?;
        Ok((there == bytes).then_some(()))
    })
    .await
}
