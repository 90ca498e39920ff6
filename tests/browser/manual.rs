//! The pictures of `docs/agent.md`, from small stories: they fail if a state cannot be reached. `DESKSIDE_PICTURES=docs/images` writes them
//! there; otherwise they go to `target/e2e/manual/`.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use e2e::backups::sql;
use e2e::crowded::conversation_of;
use e2e::people::{Person, note_id, template_id};
use serde_json::json;
use testkit::agent::Agent;
use testkit::chromium::Launch;
use testkit::contact::Contact;
use testkit::relay::Relay;
use testkit::visitor::Visitor;
use testkit::{World, artefacts, paths};
use thirtyfour::{By, Key};

/// Where they are to go.
const FOLDER: &str = "DESKSIDE_PICTURES";
/// No picture is larger: people read the page in a browser.
const LARGEST: usize = 150 * 1024;
/// A window in which the panel fills a picture.
const WINDOW: (u32, u32) = (1320, 860);
const QUESTION: &str = "Hello! Will the tall terracotta vase be in Friday’s firing?";
const THANKS: &str = "Oh lovely, yes please. I would pick it up on Saturday.";
const OTHERS: [(&str, &str); 3] = [
    ("Jonas Weber", "My parcel arrived, thank you! One bowl has a hairline crack, what now?"),
    ("Олена Шевчук", "Чи можна надіслати цю вазу до Львова?"),
    ("Aino Virtanen", "Do you deliver to Finland, and how long does a terracotta planter take?"),
];
const SHELF: &str = "This is the shelf. Which glaze would you take, and what does it cost?";
/// A vase on a shelf, as somebody photographs it.
const VASE: &str = "document.body.innerHTML = `<svg xmlns='http://www.w3.org/2000/svg' width='320' height='240'>
  <rect width='320' height='240' fill='#e9e2d6'/><rect y='196' width='320' height='44' fill='#b58f63'/>
  <path d='M140 40h40l-4 26c34 22 40 92 8 130h-48c-32-38-26-108 8-130z' fill='#c4623f'/>
  <path d='M124 110c20 8 52 8 72 0' stroke='#e7b08f' stroke-width='4' fill='none'/></svg>`; document.body.style.margin = 0;";

#[tokio::test(flavor = "multi_thread")]
async fn the_manual_shows_what_there_is() -> Result<()> {
    World::run("manual", async |world| {
        let anna = world.agent_in("Anna", Launch { size: WINDOW, ..Launch::default() }).await?;
        let (_, code) = world.invites("Boris").await?;
        let boris = Person::invited(&world.relay.url(), &code, "Boris").await;
        let marta = world.contact("Marta").await?;
        marta.writes(QUESTION).await?;
        for (name, text) in OTHERS {
            Visitor::new(&world.relay.url(), &world.project.channel_key).await?.writes(text).await?;
            is_known(&boris, &world.relay, text, json!({ "rev": 0, "name": name })).await?;
        }
        let id = conversation_of(&world.relay, QUESTION).await;
        let known = json!({ "rev": 0, "name": "Marta Nowak", "email": "marta@nowak.example", "about": "Opens her café in spring." });
        is_known(&boris, &world.relay, QUESTION, known).await?;
        helps_out(&boris, &conversation_of(&world.relay, OTHERS[0].1).await, &id).await?;
        keeps_templates(&boris, &world.project.id).await?;
        let sofia = Visitor::new(&world.relay.url(), &world.project.channel_key).await?;
        sofia.sends_file("shelf.png", "image/png", photographs(&marta).await?).await?;
        sofia.writes(SHELF).await?;
        is_known(&boris, &world.relay, SHELF, json!({ "rev": 0, "name": "Sofia Marino" })).await?;

        converses(&anna, &marta).await?;
        details_and_notes(&anna).await?;
        selects_and_blocks(&anna).await?;
        writes_with(&anna).await?;
        searches(&anna).await?;
        sends_files(&anna).await
    })
    .await
}

/// What is written down of the client who wrote this.
async fn is_known(boris: &Person, relay: &Relay, text: &str, data: serde_json::Value) -> Result<()> {
    let ids = sql(relay, &format!("SELECT contact_id FROM messages WHERE text = '{text}'")).await;
    let id = ids.first().with_context(|| format!("nobody wrote {text:?}"))?;
    boris.put(&format!("/v1/contacts/{id}"), &data).await.ok();
    Ok(())
}

/// A colleague has a conversation of his own, and leaves a note on another.
async fn helps_out(boris: &Person, his: &str, hers: &str) -> Result<()> {
    boris.acts("accept", his, &json!({})).await.ok();
    boris.answers(his, 1, "I am sorry! A new one leaves today, keep the other as a gift.").await.ok();
    let note = json!({ "id": note_id(), "text": "Rang on Monday: she would take four of the small bowls too." });
    boris.acts("notes", hers, &note).await.ok();
    Ok(())
}

async fn keeps_templates(boris: &Person, project: &str) -> Result<()> {
    for (title, text) in [
        ("Firing days", "We fire on Tuesdays and Fridays; whatever is ordered by noon the day before is in it."),
        ("Greeting", "Good morning {client_name}, this is {agent_name} of {project_name}."),
        ("Opening hours", "Our shop is open from 10 to 6, on Saturdays until 4."),
    ] {
        let template = json!({ "id": template_id(), "title": title, "text": text, "project_id": project });
        boris.post("/v1/templates", &template).await.ok();
    }
    Ok(())
}

/// Draws a photograph, in a tab of the client's.
async fn photographs(marta: &Contact) -> Result<Vec<u8>> {
    let driver = marta.browser().driver();
    let shop = driver.window().await?;
    let tab = driver.new_tab().await?;
    driver.switch_to_window(tab).await?;
    marta.browser().run(VASE).await?;
    let picture = driver.find(By::Css("svg")).await?.screenshot_as_png().await?;
    driver.close_window().await?;
    driver.switch_to_window(shop).await?;
    Ok(picture)
}

/// The list and a conversation, in the wide panel.
async fn converses(anna: &Agent, marta: &Contact) -> Result<()> {
    anna.opens_panel().await?;
    let row = anna.sees_row("of Marta", |row| row.name == "Marta Nowak").await?;
    anna.opens_row(&row).await?;
    anna.accepts().await?;
    anna.answers("Good morning! It will: twelve of them. Shall I put one aside for you?").await?;
    marta.sees("put one aside").await?;
    marta.writes(THANKS).await?;
    anna.sees(THANKS).await?;
    anna.widens().await?;
    anna.sees_row("of Aino", |row| row.name == "Aino Virtanen").await?;
    takes(anna, "agent-conversation").await?;
    anna.docks().await
}

/// The right chat panel, in the conversation's place.
async fn details_and_notes(anna: &Agent) -> Result<()> {
    let browser = anna.browser();
    browser.press("[data-testid=\"details\"]").await?;
    browser.reads("contact-email", |email| email == "marta@nowak.example").await?;
    browser.find(".ds-visit-card").await?;
    takes(anna, "agent-details").await?;
    browser.press("[data-testid=\"leave-note\"]").await?;
    browser.find_test("note-text").await?.send_keys("Put a tall vase aside until Saturday.").await?;
    browser.press("[data-testid=\"save-note\"]:not(:disabled)").await?;
    browser.reads("note-words", |words| words.contains("Saved")).await?;
    browser.click("[data-testid=\"tab-notes\"]").await?;
    browser.reads("notes", |notes| notes.contains("Boris") && notes.contains("until Saturday")).await?;
    takes(anna, "agent-notes").await?;
    browser.press("[aria-label=\"Back to the conversation\"]").await
}

/// Templates, by a slash.
async fn writes_with(anna: &Agent) -> Result<()> {
    let browser = anna.browser();
    browser.find_test("composer").await?.send_keys("/").await?;
    browser.find_test("template").await?;
    takes(anna, "agent-templates").await?;
    Ok(browser.driver().action_chain().send_keys(Key::Escape).perform().await?)
}

/// Two messages are selected; then the terms of a block.
async fn selects_and_blocks(anna: &Agent) -> Result<()> {
    let browser = anna.browser();
    let pointer = || browser.driver().action_chain();
    let message = anna.sees("put one aside").await?.find(By::Css(".ds-message__bubble")).await?;
    pointer().move_to_element_center(&message).click_and_hold().perform().await?;
    browser.find("[data-testid=\"message\"][data-selected=\"true\"]").await?;
    let next = anna.sees(THANKS).await?.find(By::Css(".ds-message__bubble")).await?;
    pointer().move_to_element_center(&next).release().perform().await?;
    browser.reads("n-selected", |words| words.contains('2')).await?;
    takes(anna, "agent-selection").await?;
    pointer().send_keys(Key::Escape).perform().await?;
    anna.opens_block_menu().await?;
    takes(anna, "agent-block").await?;
    anna.browser().press("[data-testid=\"block\"]").await
}

async fn searches(anna: &Agent) -> Result<()> {
    let browser = anna.browser();
    browser.press("[data-testid=\"back\"]").await?;
    anna.shows_tab("search").await?;
    browser.find_test("search-input").await?.send_keys("terracotta" + Key::Enter).await?;
    browser.find_test("found-message").await?;
    takes(anna, "agent-search").await?;
    browser.press("[data-testid=\"search-clear\"]").await?;
    anna.shows_tab("open").await
}

/// A photograph that came, and files that are to go.
async fn sends_files(anna: &Agent) -> Result<()> {
    let browser = anna.browser();
    let row = anna.sees_row("of Sofia", |row| row.name == "Sofia Marino").await?;
    anna.opens_row(&row).await?;
    anna.accepts().await?;
    browser.find("[data-testid=\"thumbnail\"][data-state=\"there\"]").await?;
    let folder = tempfile::tempdir()?;
    let mut paths = Vec::new();
    for (name, size) in [("Glazes.pdf", 831_488), ("Price list 2027.pdf", 214_016)] {
        let path = folder.path().join(name);
        tokio::fs::write(&path, vec![0; size]).await?;
        paths.push(path.to_string_lossy().into_owned());
    }
    let input = browser.driver().find(By::Css("[data-testid=\"file-input\"]")).await?;
    input.send_keys(paths.join("\n")).await?;
    browser.find_test("chosen-file").await?;
    anna.writes_answer("Ash glaze would suit it. The prices are in the list.").await?;
    takes(anna, "agent-files").await
}

/// Keeps a picture of the panel and nothing around it.
async fn takes(anna: &Agent, name: &str) -> Result<()> {
    let browser = anna.browser();
    browser.settles().await?;
    let root = browser.driver().find(By::Css("deskside-workspace")).await?.get_shadow_root().await?;
    let frame = root.find(By::Css("[data-testid=\"panel-frame\"]")).await?;
    let picture = frame.screenshot_as_png().await?;
    ensure!(picture.len() <= LARGEST, "{name} has {} bytes", picture.len());
    let folder = match std::env::var_os(FOLDER) {
        Some(folder) => paths::root()?.join(PathBuf::from(folder)),
        None => artefacts::folder("manual")?,
    };
    tokio::fs::create_dir_all(&folder).await?;
    tokio::fs::write(folder.join(format!("{name}.png")), picture).await?;
    anna.enters_panel().await
}
