//! The right chat panel: what is known of a client, notes about him, and who else is in the conversation (A8, I3, I4, O1–O3).

use anyhow::{Result, ensure};
use testkit::World;
use testkit::agent::Agent;
use testkit::chromium::{Launch, PATIENCE};
use testkit::contact::Contact;
use testkit::eventually;
use testkit::gmail::Setup;
use thirtyfour::{By, Key};

const NOTE: &str = "Wants the walnut one; call when it is back.\nNot before ten.";

/// Wide enough for all panes side by side.
fn wide() -> Launch {
    Launch { size: (1760, 1000), ..Launch::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_corrected_and_noted_for_everybody() -> Result<()> {
    World::run("aside", async |world| {
        let olga = world.agent_in("Olga", wide()).await?;
        let paul = world.agent("Paul").await?;
        let ann = world.contact("Ann").await?;
        ann.writes("Is the oak desk in stock?").await?;
        paul.opens_panel().await?;
        let row = paul.sees_row("of the client", |row| row.name.starts_with("Visitor ")).await?;
        olga.sees_popup("oak desk").await?.click().await?;
        olga.accepts().await?;
        olga.widens().await?;

        // Where there is room it stands beside the conversation.
        olga.browser().find_test("aside").await?;
        olga.browser().find_test("composer").await?;
        ensure!(words(&olga, "no-earlier").await?.contains("first conversation"), "there are earlier ones");
        corrects(&olga).await?;
        // L4: in the list of a colleague at once.
        paul.sees_row("with the name", |other| other.id == row.id && other.name == "Ann Lee").await?;
        olga.takes_picture("aside", "information").await?;
        leaves_note(&olga).await?;
        olga.takes_picture("aside", "left").await?;

        // P7, O3: an Offline agent reads it, and leaves one of his own on what somebody else has.
        paul.opens_row(&row).await?;
        reads_notes(&paul, &olga).await?;
        is_in_company(&olga, &paul, &ann).await
    })
    .await
}

/// I4: what cannot be taken is said beside its field, and nothing is lost.
async fn corrects(olga: &Agent) -> Result<()> {
    let browser = olga.browser();
    named(olga, "Edit client data").await?.click().await?;
    focus_is(olga, "field-name").await?;
    let name = browser.find_test("field-name").await?;
    name.clear().await?;
    name.send_keys("Ann Lee").await?;
    browser.find_test("field-email").await?.send_keys("ann").await?;
    browser.find_test("field-about").await?.send_keys("Prefers mornings.").await?;
    browser.find_test("field-email").await?.send_keys(Key::Enter + "").await?;
    browser.reads("wrong-email", |words| words.contains("ann@example.com")).await?;
    olga.takes_picture("aside", "refused").await?;
    let kept = browser.find_test("field-name").await?.prop("value").await?;
    ensure!(kept.as_deref() == Some("Ann Lee"), "the name in the form is {kept:?}");
    browser.find_test("field-email").await?.send_keys("@example.com").await?;
    browser.press("[data-testid=\"save-contact\"]").await?;
    browser.reads("contact-name", |name| name == "Ann Lee").await?;
    browser.reads("contact-email", |email| email == "ann@example.com").await?;
    focus_is(olga, "edit-contact").await?;
    let phones = browser.driver().find_all(By::Css("[data-testid=\"contact-phone\"]")).await?;
    ensure!(phones.is_empty(), "a telephone number that nobody knows is drawn");
    // Escape gives up, and the panel stays.
    named(olga, "Edit client data").await?.click().await?;
    browser.find_test("field-phone").await?.send_keys("1" + Key::Escape).await?;
    browser.find_test("edit-contact").await?;
    ensure!(olga.has_panel_open().await?, "Escape in the form closed the panel");
    olga.enters_panel().await
}

/// O1, by the keyboard.
async fn leaves_note(olga: &Agent) -> Result<()> {
    let browser = olga.browser();
    let keys = browser.driver().action_chain().key_down(Key::Alt).key_down(Key::Shift).send_keys("e");
    keys.key_up(Key::Shift).key_up(Key::Alt).perform().await?;
    focus_is(olga, "note-text").await?;
    let save = browser.find_test("save-note").await?;
    let why = save.attr("title").await?.unwrap_or_default();
    ensure!(!save.is_enabled().await? && why.contains("empty note"), "an empty note can be saved: {why:?}");
    let [first, second] = NOTE.split('\n').collect::<Vec<_>>()[..] else { unreachable!("it has two lines") };
    browser.find_test("note-text").await?.send_keys(first.to_owned() + Key::Enter + second).await?;
    olga.takes_picture("aside", "note").await?;
    browser.press("[data-testid=\"save-note\"]:not(:disabled)").await?;
    browser.reads("note-words", |words| words.contains("Saved")).await?;
    focus_is(olga, "leave-note").await?;
    // The tabs are one stop of the keyboard, and arrows go between them.
    browser.find_test("tab-information").await?.send_keys(Key::Right + "").await?;
    focus_is(olga, "tab-notes").await?;
    browser.reads("notes", |notes| notes.contains("Olga") && notes.contains("Not before ten.")).await?;
    Ok(())
}

/// In the conversation's place, where there is no room; live, once it is open.
async fn reads_notes(paul: &Agent, olga: &Agent) -> Result<()> {
    let browser = paul.browser();
    paul.leaves().await?;
    paul.sees_himself("Offline").await?;
    named(paul, "Details").await?.click().await?;
    focus_is(paul, "tab-information").await?;
    paul.takes_picture("aside", "docked-information").await?;
    browser.click("[data-testid=\"tab-notes\"]").await?;
    browser.reads("notes", |notes| notes.contains("Olga") && notes.contains("Not before ten.")).await?;
    paul.takes_picture("aside", "docked-notes").await?;
    browser.click("[data-testid=\"tab-information\"]").await?;
    named(paul, "Leave a note").await?.click().await?;
    browser.find_test("note-text").await?.send_keys("Paid already.").await?;
    browser.press("[data-testid=\"save-note\"]:not(:disabled)").await?;
    browser.reads("note-words", |words| words.contains("Saved")).await?;
    olga.enters_panel().await?;
    olga.browser().reads("notes", |notes| notes.starts_with("Paul") && notes.contains("Paid already.")).await?;
    named(paul, "Back to the conversation").await?.click().await?;
    paul.sees("oak desk").await?;
    focus_is(paul, "details").await
}

/// A8: each sees the other, and who types; nobody sees himself.
async fn is_in_company(olga: &Agent, paul: &Agent, ann: &Contact) -> Result<()> {
    olga.browser().reads("who-looks", |words| words == "Paul is looking").await?;
    paul.browser().reads("who-looks", |words| words == "Olga is looking").await?;
    ann.types("Or").await?;
    for agent in [olga, paul] {
        agent.browser().reads("who-types", |words| words == "Ann Lee is typing…").await?;
    }
    olga.takes_picture("aside", "company").await?;
    olga.writes_answer("It").await?;
    paul.browser().reads("who-types", |words| words.contains("Olga")).await?;
    paul.takes_picture("aside", "docked-company").await?;
    // Writing a note is nobody's business, and who closes the panel does not look any more.
    ann.writes(" the walnut one?").await?;
    olga.sees("walnut").await?;
    paul.closes_panel().await?;
    eventually("Paul not to look any more", PATIENCE, || async {
        let words = olga.browser().run("return document.querySelector('[data-testid=signals]').textContent;").await?;
        Ok((!words.as_str().unwrap_or_default().contains("Paul")).then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn earlier_conversations_are_read_on_and_their_notes_stay() -> Result<()> {
    World::run("aside-earlier", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        ann.writes("Do you ship to Lisbon?").await?;
        olga.sees_popup("Lisbon").await?.click().await?;
        olga.accepts().await?;
        named(&olga, "Details").await?.click().await?;
        notes(&olga, "Asked for Lisbon.").await?;
        named(&olga, "Back to the conversation").await?.click().await?;
        olga.closes().await?;
        ann.sees_end().await?;
        ann.writes("One more thing").await?;
        olga.browser().press("[data-testid=\"open-newer\"]").await?;
        olga.sees("One more thing").await?;

        // I3: when, and how it ended; O3: its notes are marked.
        named(&olga, "Details").await?.click().await?;
        olga.browser()
            .reads("earlier-conversation", |row| row.contains("Today") && row.contains("Closed by an agent"))
            .await?;
        olga.takes_picture("aside-earlier", "list").await?;
        olga.browser().click("[data-testid=\"tab-notes\"]").await?;
        olga.browser()
            .reads("note", |note| note.contains("Asked for Lisbon.") && note.contains("Earlier conversation"))
            .await?;
        olga.takes_picture("aside-earlier", "notes").await?;
        olga.browser().click("[data-testid=\"tab-information\"]").await?;
        // A note that was begun waits with its conversation.
        named(&olga, "Leave a note").await?.click().await?;
        olga.browser().find_test("note-text").await?.send_keys("Half a thought").await?;
        olga.browser().click("[data-testid=\"earlier-conversation\"]").await?;
        olga.sees_state("Closed by an agent").await?;
        olga.sees("Do you ship to Lisbon?").await?;
        olga.browser().press("[data-testid=\"open-newer\"]").await?;
        named(&olga, "Details").await?.click().await?;
        holds_note(&olga, "Half a thought").await?;
        a_note_outlives_its_page(&olga).await
    })
    .await
}

/// O1: it waits behind its button, is there when that is pressed, and is gone once it was saved.
async fn a_note_outlives_its_page(olga: &Agent) -> Result<()> {
    loads_gmail_again(olga).await?;
    olga.browser().reads("note-words", |words| words.contains("not saved yet")).await?;
    olga.browser().find_test("earlier-conversation").await?;
    olga.takes_picture("aside-earlier", "kept-note").await?;
    named(olga, "Leave a note").await?.click().await?;
    holds_note(olga, "Half a thought").await?;
    olga.browser().find_test("note-text").await?.send_keys(" and the rest").await?;
    loads_gmail_again(olga).await?;
    named(olga, "Leave a note").await?.click().await?;
    holds_note(olga, "Half a thought and the rest").await?;
    olga.browser().press("[data-testid=\"save-note\"]:not(:disabled)").await?;
    olga.browser().reads("note-words", |words| words.contains("Saved")).await?;
    loads_gmail_again(olga).await?;
    named(olga, "Leave a note").await?.click().await?;
    holds_note(olga, "").await
}

/// The panel stands at the same conversation in a new page.
async fn loads_gmail_again(olga: &Agent) -> Result<()> {
    olga.opens_gmail().await?;
    olga.opens_panel().await?;
    olga.sees("One more thing").await?;
    named(olga, "Details").await?.click().await?;
    Ok(())
}

async fn holds_note(agent: &Agent, text: &str) -> Result<()> {
    eventually(format!("the note {text:?} at {}", agent.name), PATIENCE, || async move {
        let held = agent.browser().find_test("note-text").await?.prop("value").await?;
        ensure!(held.as_deref() == Some(text), "it is {held:?}");
        Ok(Some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_in_the_right_panel() -> Result<()> {
    // G5
    World::run("aside-axe", async |world| {
        let olga = world.agent_in("Olga", wide()).await?;
        let ann = world.contact("Ann").await?;
        for dark in [false, true] {
            let theme = if dark { "dark" } else { "light" };
            olga.gmail.show(Setup { dark, ..Setup::new(&olga.name, &olga.email) });
            olga.opens_gmail().await?;
            let question = format!("Can you read this in {theme}?");
            ann.writes(&question).await?;
            olga.sees_popup(&question).await?.click().await?;
            olga.sees(&question).await?;
            // It stays wide in the next page.
            if !dark {
                olga.widens().await?;
            }
            olga.browser().find_test("contact-name").await?;
            olga.passes_axe(&format!("information, {theme}")).await?;
            named(&olga, "Edit client data").await?.click().await?;
            olga.browser().find_test("field-email").await?.send_keys("ann" + Key::Enter).await?;
            olga.browser().find_test("wrong-email").await?;
            named(&olga, "Leave a note").await?.click().await?;
            olga.passes_axe(&format!("the forms, {theme}")).await?;
            olga.takes_picture("aside-axe", theme).await?;
            olga.browser().find_test("note-text").await?.send_keys("One, two.").await?;
            olga.browser().press("[data-testid=\"save-note\"]:not(:disabled)").await?;
            olga.browser().click("[data-testid=\"tab-notes\"]").await?;
            olga.browser().find_test("note").await?;
            olga.passes_axe(&format!("notes, {theme}")).await?;
            olga.takes_picture("aside-axe", &format!("notes-{theme}")).await?;
        }
        olga.docks().await?;
        named(&olga, "Details").await?.click().await?;
        olga.browser().find_test("note").await?;
        olga.passes_axe("docked, dark").await?;
        olga.takes_picture("aside-axe", "docked-dark").await
    })
    .await
}

/// Writes a note and saves it, where the panel is shown.
async fn notes(agent: &Agent, text: &str) -> Result<()> {
    named(agent, "Leave a note").await?.click().await?;
    agent.browser().find_test("note-text").await?.send_keys(text).await?;
    agent.browser().press("[data-testid=\"save-note\"]:not(:disabled)").await?;
    agent.browser().reads("note-words", |words| words.contains("Saved")).await?;
    Ok(())
}

async fn words(agent: &Agent, testid: &str) -> Result<String> {
    agent.browser().reads(testid, |words| !words.is_empty()).await
}

/// Waits for the shown button of this name.
async fn named(agent: &Agent, name: &str) -> Result<thirtyfour::WebElement> {
    let path = format!("//button[@aria-label=\"{name}\" or normalize-space()=\"{name}\"]");
    eventually(format!("the button {name:?} at {}", agent.name), PATIENCE, || {
        let path = path.clone();
        async move {
            for button in agent.browser().driver().find_all(By::XPath(path)).await? {
                if button.is_displayed().await? {
                    return Ok(Some(button));
                }
            }
            Ok(None)
        }
    })
    .await
}

/// Waits until something has the focus.
async fn focus_is(agent: &Agent, testid: &str) -> Result<()> {
    eventually(format!("the focus on {testid:?} at {}", agent.name), PATIENCE, || async move {
        let focused = agent.browser().run("return document.activeElement.dataset.testid ?? 'nothing';").await?;
        ensure!(focused == testid, "it is on {focused}");
        Ok(Some(()))
    })
    .await
}
