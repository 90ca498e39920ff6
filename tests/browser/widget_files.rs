//! Files in the website's chat: chosen, pasted, refused, stopped, sent, received, saved (F1–F5).

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use testkit::World;
use testkit::artefacts;
use testkit::axe::violations;
use testkit::chromium::PATIENCE;
use testkit::contact::Contact;
use testkit::eventually;

/// The names above the input.
const CHOSEN: &str =
    "return [...document.querySelectorAll('#chosen [data-testid=chat-file] bdi')].map((name) => name.textContent);";
/// Those of the last message, with its state.
const LAST: &str = "
const last = [...document.querySelectorAll('[data-testid=chat-message]')].at(-1);
return [...(last ? [last.dataset.state] : []), ...[...last?.querySelectorAll('[data-testid=chat-file] bdi') ?? []].map((name) => name.textContent)];";
const PASTE: &str = "
const data = new DataTransfer(); data.items.add(new File(['x'], 'pasted.txt', { type: 'text/plain' }));
document.querySelector('#input').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));";
/// What browsers give for a folder that is dropped: a file of no content that cannot be read.
const DROP_FOLDER: &str = "
const folder = new File([], 'holiday'); folder.arrayBuffer = () => Promise.reject(new DOMException('', 'NotFoundError'));
const drop = new Event('drop', { bubbles: true, cancelable: true });
drop.dataTransfer = { files: [folder], getData: () => '', types: ['Files'] };
document.querySelector('#log').dispatchEvent(drop);";
/// Buttons that a finger would miss.
const SMALL: &str = "
return [...document.querySelectorAll('#composer button, .ds-file button')].map((one) => [one.ariaLabel ?? one.id, one.getBoundingClientRect()])
  .filter(([, { width, height }]) => width && (width < 44 || height < 44)).map(([name]) => name);";
const PHONE: ((u32, u32), &str) = ((390, 760), "phone");
const WIDE: ((u32, u32), &str) = ((1100, 900), "wide");

#[tokio::test(flavor = "multi_thread")]
async fn a_client_chooses_sends_and_saves_files() -> Result<()> {
    // F1 F2 F3 F4 F5
    World::run("widget-files", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        let folder = tempfile::tempdir()?;
        let picture = ann.browser().driver().screenshot_as_png().await?;
        let long = "A name that is longer than any row of the chat could ever show without cutting it off.pdf";
        let mut files = Vec::new();
        for (name, bytes) in [("over.bin", vec![7; 4_194_305]), ("Ёж.png", picture.clone()), (long, vec![1; 831_488])]
        {
            files.push(written(folder.path(), name, bytes).await?);
        }
        chooses(&ann, &files).await?;
        ann.browser().reads("chat-notice", |words| words.contains("“over.bin” is larger than 4 MB.")).await?;
        chosen_are(&ann, &["Ёж.png", long]).await?;
        looks(&ann, "chosen", &[PHONE, WIDE]).await?;
        ann.browser().run(PASTE).await?;
        chosen_are(&ann, &["Ёж.png", long, "pasted.txt"]).await?;
        ann.browser().press("[aria-label=\"Remove pasted.txt\"]").await?;
        chosen_are(&ann, &["Ёж.png", long]).await?;
        ensure!(ann.messages().await?.is_empty(), "something left before \"Send\"");
        ann.writes("Here they are").await?;
        last_is(&ann, &["sent", "Ёж.png", long]).await?;
        chosen_are(&ann, &[]).await?;
        ensure!(ann.typed().await?.is_empty(), "the text still stands in the input");
        shows_picture(&ann).await?;
        looks(&ann, "sent", &[PHONE]).await?;
        let small = ann.browser().run(SMALL).await?;
        ensure!(small == json!([]), "too small: {small}");
        olga.sees_popup("Here they are").await?.click().await?;
        olga.enters_panel().await?;
        olga.browser().find("[data-testid=\"thumbnail\"][data-state=\"there\"]").await?;

        // Files alone, and all again after a reload.
        ann.enters_chat().await?;
        chooses(&ann, &files[1..2]).await?;
        chosen_are(&ann, &["Ёж.png"]).await?;
        ann.browser().press("#send").await?;
        last_is(&ann, &["seen", "Ёж.png"]).await?;
        ann.opens_chat().await?;
        last_is(&ann, &["seen", "Ёж.png"]).await?;
        let place = tempfile::tempdir()?;
        let behaviour = json!({ "behavior": "allow", "downloadPath": place.path() });
        ann.browser().driver().cdp().send_raw("Browser.setDownloadBehavior", behaviour).await?;
        ann.browser().press("[aria-label=\"Download Ёж.png\"]").await?;
        saved(&place.path().join("Ёж.png"), &picture).await?;
        ann.sees("Here they are").await?;
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_its_way_is_stopped_and_outlasts_the_relay() -> Result<()> {
    // F3, and W6 for files.
    World::run("widget-files-stopped", async |world| {
        let ann = world.contact("Ann").await?;
        let folder = tempfile::tempdir()?;
        let plan = written(folder.path(), "plan.bin", vec![1; 4_194_304]).await?;
        // With an identity, which is asked for before files go.
        ann.opens_chat().await?;
        ann.writes("Hello").await?;
        last_is(&ann, &["sent"]).await?;
        chooses(&ann, std::slice::from_ref(&plan)).await?;
        chosen_are(&ann, &["plan.bin"]).await?;
        // What was chosen goes, whatever becomes of the original.
        tokio::fs::write(&plan, "something else").await?;
        world.relay.pause().await?;
        ann.writes("The plan:").await?;
        says(&ann, "#uploading", "Uploading “plan.bin”…").await?;
        looks(&ann, "going", &[PHONE]).await?;
        ann.browser().press("[aria-label=\"Stop plan.bin\"]").await?;
        last_is(&ann, &["failed", "plan.bin"]).await?;
        says(&ann, ".ds-failure__why", "Not sent. You stopped it.").await?;
        looks(&ann, "stopped", &[PHONE]).await?;
        world.relay.resume().await?;

        world.relay.kill().await?;
        ann.enters_chat().await?;
        ann.browser().press("[data-testid=chat-retry]").await?;
        last_is(&ann, &["sending", "plan.bin"]).await?;
        world.relay.start().await?;
        last_is(&ann, &["sent", "plan.bin"]).await?;
        ensure!(ann.messages().await?.len() == 2, "it was sent twice");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_whose_page_went_away_too_early_is_asked_for_again() -> Result<()> {
    // F4, W6
    World::run("widget-files-gone", async |world| {
        let ann = world.contact("Ann").await?;
        let folder = tempfile::tempdir()?;
        let plan = written(folder.path(), "plan.bin", vec![1; 4_194_304]).await?;
        // With an identity, which is asked for before files go.
        ann.opens_chat().await?;
        ann.writes("Hello").await?;
        last_is(&ann, &["sent"]).await?;
        chooses(&ann, &[plan]).await?;
        chosen_are(&ann, &["plan.bin"]).await?;
        // Not paused: the system's buffers of a relay that sleeps can take a whole file, and then it is not gone with its page.
        world.relay.kill().await?;
        ann.writes("The plan:").await?;
        last_is(&ann, &["sending", "plan.bin"]).await?;
        ann.browser().driver().goto("about:blank").await?;
        world.relay.start().await?;
        ann.opens_chat().await?;
        last_is(&ann, &["failed", "plan.bin"]).await?;
        says(&ann, ".ds-failure__why", "Not sent. Its files are gone with the page. Attach them again.").await?;
        ann.browser().press("[data-testid=chat-delete]").await?;
        last_is(&ann, &["sent"]).await?;
        // A folder is no file.
        ann.browser().run(DROP_FOLDER).await?;
        ann.browser().reads("chat-notice", |words| words == "“holiday” cannot be read.").await?;
        chosen_are(&ann, &[]).await?;
        Ok(())
    })
    .await
}

/// Waits until a part of the chat says this.
async fn says(ann: &Contact, part: &str, words: &str) -> Result<()> {
    ann.enters_chat().await?;
    let script = format!("return document.querySelector({})?.textContent;", json!(part));
    eventually(format!("{words:?} in the chat"), PATIENCE, || async {
        let found = ann.browser().run(&script).await?;
        Ok((found == json!(words)).then_some(()))
    })
    .await
}

async fn written(folder: &Path, name: &str, bytes: Vec<u8>) -> Result<PathBuf> {
    let path = folder.join(name);
    tokio::fs::write(&path, bytes).await?;
    Ok(path)
}

/// As by the clip and the browser's dialog.
async fn chooses(ann: &Contact, files: &[PathBuf]) -> Result<()> {
    ann.enters_chat().await?;
    ann.browser().find("[aria-label=\"Attach files\"]").await?;
    let paths: Vec<_> = files.iter().map(|path| path.to_string_lossy()).collect();
    let input = ann.browser().driver().find(thirtyfour::By::Css("[data-testid=\"chat-file-input\"]")).await?;
    Ok(input.send_keys(paths.join("\n")).await?)
}

async fn chosen_are(ann: &Contact, wanted: &[&str]) -> Result<()> {
    is_in_chat(ann, CHOSEN, wanted).await
}

async fn last_is(ann: &Contact, wanted: &[&str]) -> Result<()> {
    is_in_chat(ann, LAST, wanted).await
}

async fn is_in_chat(ann: &Contact, script: &str, wanted: &[&str]) -> Result<()> {
    ann.enters_chat().await?;
    eventually(format!("{wanted:?} in the chat"), PATIENCE, || async move {
        let found: Value = ann.browser().run(script).await?;
        ensure!(found == json!(wanted), "there is {found}");
        Ok(Some(()))
    })
    .await
}

async fn shows_picture(ann: &Contact) -> Result<()> {
    ann.enters_chat().await?;
    eventually("the thumbnail", PATIENCE, || async move {
        let width = ann.browser().run("return document.querySelector('.ds-file__picture').naturalWidth;").await?;
        Ok(width.as_u64().filter(|width| *width > 300))
    })
    .await?;
    Ok(())
}

async fn saved(path: &Path, bytes: &[u8]) -> Result<()> {
    eventually(format!("{} on the disk", path.display()), PATIENCE, || async move {
        let there = tokio::fs::read(path).await?;
        Ok((there == bytes).then_some(()))
    })
    .await
}

/// Pictures and axe-core, in light and in dark.
async fn looks(ann: &Contact, name: &str, sizes: &[((u32, u32), &str)]) -> Result<()> {
    for (size, width) in sizes {
        ann.browser().resizes(*size).await?;
        for theme in ["dark", "light"] {
            let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": theme }] });
            ann.browser().driver().cdp().send_raw("Emulation.setEmulatedMedia", media).await?;
            ann.browser().settles().await?;
            let file = artefacts::folder("widget-files-pictures")?.join(format!("{name}-{width}-{theme}.png"));
            ann.browser().screenshot(&file).await?;
            ann.enters_chat().await?;
            let found = violations(ann.browser(), "document").await?;
            ensure!(found.is_empty(), "axe-core on {name}, {width}, {theme}: {found:#?}");
        }
    }
    Ok(())
}
