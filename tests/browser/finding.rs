//! Search, the way into the middle of a long conversation and out of it again, and what is new (S1 to S4).
//!
//! Pictures go to `target/e2e/finding/`.

use anyhow::{Result, ensure};
use e2e::backups::sql;
use e2e::crowded;
use serde_json::{Value, json};
use testkit::agent::Agent;
use testkit::chromium::PATIENCE;
use testkit::gmail::Setup;
use testkit::visitor::Visitor;
use testkit::{World, eventually};
use thirtyfour::Key;

/// The messages that were found, each with what is marked in it.
const FOUND: &str = "return [...document.querySelectorAll('[data-testid=found-message]')].map((message) =>
    [message.textContent, [...message.querySelectorAll('mark')].map((mark) => mark.textContent).join('|')]);";
/// What stands in the search instead of results.
const WORDS: &str = "return document.querySelector('.ds-search__results').textContent;";
/// The message that has the focus, whether it is marked, and whether it is in sight.
const LED_TO: &str = "const message = document.activeElement, list = message.closest('.ds-message-list__scroll');
    if (!list) return ['', false, false];
    const [at, seen] = [message, list].map((element) => element.getBoundingClientRect());
    return [message.textContent, message.classList.contains('ds-message--marked'), at.top >= seen.top && at.bottom <= seen.bottom];";

#[tokio::test(flavor = "multi_thread")]
async fn a_search_leads_into_the_middle_of_a_long_conversation_and_back() -> Result<()> {
    World::run("finding", async |world| {
        let (ann, ben) = (visitor(world).await?, visitor(world).await?);
        ann.writes("Здравствуйте").await?;
        let long = crowded::conversation_of(&world.relay, "Здравствуйте").await;
        crowded::writes_on(&world.relay, &long, 99).await;
        ann.writes("Заказ 77-Б: где моя Посылка? Номер посылки я не знаю.").await?;
        crowded::writes_on(&world.relay, &long, 200).await;
        ben.writes("Is the oak desk in stock?").await?;
        let olga = world.agent("Olga").await?;
        olga.opens_panel().await?;
        olga.sees_row("of Ben", |row| row.preview.contains("oak desk")).await?;

        // S1: nothing before Enter.
        olga.shows_tab("search").await?;
        types(&olga, "ПОСЫЛК").await?;
        says(&olga, "press Enter").await?;
        presses(&olga, Key::Enter).await?;
        finds(&olga, "где моя", "Посылк|посылк").await?;
        olga.takes_picture("finding", "docked").await?;
        leads(&olga).await?;
        olga.takes_picture("finding", "led").await?;
        reads_on(&olga).await?;

        // Back at what was found; S4: each way to find nothing, and the list again.
        olga.browser().press("[data-testid=\"back\"]").await?;
        finds(&olga, "где моя", "Посылк|посылк").await?;
        // G5: and the keyboard goes on where it left.
        olga.browser().find("[data-testid=\"found-message\"]:focus").await?;
        searches(&olga, "teapot").await?;
        says(&olga, "Nothing found for “teapot”").await?;
        olga.takes_picture("finding", "nothing").await?;
        searches(&olga, "ab").await?;
        says(&olga, "at least 3 characters").await?;
        names(world, &olga, &long).await?;
        file_names(&olga, &ben).await?;
        presses(&olga, Key::Escape).await?;
        olga.sees_row("of Ben", |row| row.preview == "Oak-desk plan.pdf").await?;
        ensure!(olga.has_panel_open().await?, "Esc in the search closed the panel");
        away(world, &olga).await
    })
    .await
}

/// S2: a click on a message leads to it.
async fn leads(olga: &Agent) -> Result<()> {
    olga.browser().click("[data-testid=\"found-message\"]").await?;
    eventually("to be led to the message", PATIENCE, || async {
        let at = olga.browser().run(LED_TO).await?;
        let is_there = at[0].as_str().is_some_and(|text| text.contains("Заказ 77-Б")) && at[1] == true && at[2] == true;
        ensure!(is_there, "the focus is on {at}");
        Ok(Some(()))
    })
    .await?;
    let n = n_messages(olga).await?;
    ensure!(n <= 120, "{n} messages are drawn");
    ensure!(olga.browser().reads("to-newest", |_| true).await? == "To the newest messages", "the way down");
    Ok(())
}

/// Scrolled down, newer pages come until the newest message stands there, none left out.
async fn reads_on(olga: &Agent) -> Result<()> {
    let script = "const list = document.querySelector('.ds-message-list__scroll'); list.scrollTop = 0;
        return [...document.querySelectorAll('[data-testid=message]')].at(-1).textContent;";
    eventually("the newest message", PATIENCE, || async {
        let last = olga.browser().run(script).await?;
        ensure!(last.as_str().is_some_and(|last| last.contains("Line 200.")), "the last one is {last}");
        Ok(Some(()))
    })
    .await?;
    let script = "return [...document.querySelectorAll('[data-testid=message]')].map((message) => Number(/Line (\\d+)/.exec(message.textContent)?.[1] ?? 100));";
    let numbers: Vec<u64> = serde_json::from_value(olga.browser().run(script).await?)?;
    let is_whole = numbers.windows(2).all(|pair| pair[0] + 1 == pair[1]);
    ensure!(numbers.len() > 40 && is_whole, "drawn are {numbers:?}");
    Ok(())
}

/// S3: clients' names are searched, and without regard to case.
async fn names(world: &World, olga: &Agent, conversation: &str) -> Result<()> {
    let statement = format!(
        "SELECT name FROM contacts WHERE id = (SELECT contact_id FROM conversations WHERE id = '{conversation}')"
    );
    let name = sql(&world.relay, &statement).await.swap_remove(0);
    searches(olga, &name.to_lowercase()).await?;
    let script = "return [...document.querySelectorAll('[data-testid=found-open] mark')].map((mark) => mark.textContent).join(' ');";
    eventually(format!("{name:?} to be found"), PATIENCE, || async {
        let marked = olga.browser().run(script).await?;
        ensure!(marked == name.as_str(), "marked is {marked}");
        Ok(Some(()))
    })
    .await
}

/// S3: files' names are searched, and shown where there is no text.
async fn file_names(olga: &Agent, ben: &Visitor) -> Result<()> {
    ben.sends_file("Oak-desk plan.pdf", "application/pdf", vec![1; 300]).await?;
    searches(olga, "oak-desk").await?;
    let script = "const file = document.querySelector('[data-testid=found-file]'); return [file?.textContent, file?.querySelector('mark').textContent];";
    eventually("the file to be found", PATIENCE, || async {
        let found = olga.browser().run(script).await?;
        Ok((found == json!(["Oak-desk plan.pdf", "Oak-desk"])).then_some(()))
    })
    .await?;
    olga.takes_picture("finding", "file").await
}

/// Without the relay the words stay, and what they find comes when it is back.
async fn away(world: &mut World, olga: &Agent) -> Result<()> {
    olga.shows_tab("search").await?;
    world.relay.kill().await?;
    searches(olga, "посылк").await?;
    says(olga, "did not reach the relay").await?;
    olga.takes_picture("finding", "away").await?;
    world.relay.start().await?;
    finds(olga, "где моя", "Посылк|посылк").await
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_in_the_search_and_the_keyboard_goes_through_it() -> Result<()> {
    World::run("finding-keys", async |world| {
        let ann = visitor(world).await?;
        ann.writes("Where is my parcel?").await?;
        let olga = world.agent("Olga").await?;
        for dark in [false, true] {
            let theme = if dark { "dark" } else { "light" };
            olga.gmail.show(Setup { dark, ..Setup::new(&olga.name, &olga.email) });
            olga.opens_gmail().await?;
            olga.opens_panel().await?;
            if !dark {
                olga.widens().await?;
            }
            let keys = olga.browser().driver().action_chain().key_down(Key::Alt).key_down(Key::Shift).send_keys("4");
            keys.key_up(Key::Shift).key_up(Key::Alt).perform().await?;
            olga.browser().find("[data-testid=\"search-input\"]:focus").await?;
            checks(&olga, &format!("the empty search, {theme}")).await?;
            types(&olga, "parcel").await?;
            presses(&olga, Key::Enter).await?;
            finds(&olga, "Where is my", "parcel").await?;
            // The input, the conversation, its message.
            presses(&olga, Key::Down).await?;
            presses(&olga, Key::Down).await?;
            presses(&olga, Key::Enter).await?;
            eventually("to be led to the message", PATIENCE, || async {
                let at = olga.browser().run(LED_TO).await?;
                Ok((at[0].as_str().is_some_and(|text| text.contains("parcel")) && at[2] == true).then_some(()))
            })
            .await?;
            checks(&olga, &format!("what was found, {theme}")).await?;
            olga.takes_picture("finding", &format!("workspace-{theme}")).await?;
            olga.enters_panel().await?;
            olga.browser().press("[data-testid=\"search-clear\"]").await?;
            olga.sees_row("of Ann", |row| row.preview.contains("parcel")).await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_while_one_reads_above_waits_below_a_line_and_moves_nothing() -> Result<()> {
    World::run("finding-new", async |world| {
        let ann = visitor(world).await?;
        ann.writes("The beginning").await?;
        let id = crowded::conversation_of(&world.relay, "The beginning").await;
        crowded::writes_on(&world.relay, &id, 120).await;
        ann.writes("Unread one").await?;
        let olga = world.agent("Olga").await?;
        olga.opens_panel().await?;
        let row = olga.sees_row("of Ann", |row| row.preview.contains("Unread one")).await?;
        olga.opens_row(&row).await?;
        olga.sees("Unread one").await?;
        // N2: what was unread stands below the line.
        olga.browser().find_test("new-messages").await?;
        let scrolled = "const list = document.querySelector('.ds-message-list__scroll'); list.scrollTop = -1500;
            const top = list.getBoundingClientRect().top;
            window.__read = [...list.querySelectorAll('[data-testid=message]')].find((one) => one.getBoundingClientRect().top > top);
            return window.__read.getBoundingClientRect().top;";
        let at = olga.browser().run(scrolled).await?;
        olga.browser().reads("to-newest", |words| words == "To the newest messages").await?;
        for text in ["And one", "And two", "And three"] {
            ann.writes(text).await?;
        }
        olga.browser().reads("to-newest", |words| words == "3 new messages").await?;
        let stands = |value: &Value| value.as_f64().unwrap_or_default();
        let now = olga.browser().run("return window.__read.getBoundingClientRect().top;").await?;
        ensure!((stands(&now) - stands(&at)).abs() < 2.0, "what was read went from {at} to {now}");
        olga.takes_picture("finding", "new-below").await?;
        olga.enters_panel().await?;
        olga.browser().press("[data-testid=\"to-newest\"]").await?;
        olga.sees("And three").await?;
        let after = "const line = document.querySelector('[data-testid=new-messages]'); return line.nextElementSibling.textContent;";
        let first = olga.browser().run(after).await?;
        ensure!(first.as_str().is_some_and(|text| text.contains("And one")), "below the line stands {first}");
        olga.takes_picture("finding", "new-line").await
    })
    .await
}

async fn visitor(world: &World) -> Result<Visitor> {
    Visitor::new(&world.relay.url(), &world.project.channel_key).await
}

/// Types into the empty search.
async fn types(olga: &Agent, text: &str) -> Result<()> {
    olga.enters_panel().await?;
    let input = olga.browser().find_test("search-input").await?;
    input.clear().await?;
    Ok(input.send_keys(text).await?)
}

async fn searches(olga: &Agent, text: &str) -> Result<()> {
    types(olga, text).await?;
    presses(olga, Key::Enter).await
}

async fn presses(olga: &Agent, key: Key) -> Result<()> {
    olga.enters_panel().await?;
    Ok(olga.browser().driver().action_chain().send_keys(key + "").perform().await?)
}

/// Waits until one message is found, with these words in it and these pieces marked.
async fn finds(olga: &Agent, words: &str, marked: &str) -> Result<()> {
    olga.enters_panel().await?;
    eventually(format!("{words:?} to be found"), PATIENCE, || async {
        let found: Vec<(String, String)> = serde_json::from_value(olga.browser().run(FOUND).await?)?;
        ensure!(found.len() == 1 && found[0].0.contains(words) && found[0].1 == marked, "found are {found:?}");
        Ok(Some(()))
    })
    .await
}

/// Waits until the search says something instead of results.
async fn says(olga: &Agent, words: &str) -> Result<()> {
    olga.enters_panel().await?;
    eventually(format!("the search to say {words:?}"), PATIENCE, || async {
        let said = olga.browser().run(WORDS).await?;
        ensure!(said.as_str().is_some_and(|said| said.contains(words)), "it says {said}");
        Ok(Some(()))
    })
    .await
}

async fn n_messages(olga: &Agent) -> Result<usize> {
    Ok(olga.message_texts().await?.len())
}

async fn checks(olga: &Agent, what: &str) -> Result<()> {
    olga.enters_panel().await?;
    olga.passes_axe(what).await
}
