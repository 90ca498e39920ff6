//! Ten thousand conversations, ten thousand messages in one: what stands in the document does not grow with them (L4).

use anyhow::{Result, ensure};
use e2e::crowded;
use serde_json::json;
use testkit::agent::Agent;
use testkit::chromium::PATIENCE;
use testkit::{World, eventually};

const MANY: usize = 10_000;
/// The first conversation, which waits longest and so stands on top.
const FIRST: &str = "cnv_00000000000000000000000001";
/// All of the panel's document: head, menus, list, and the messages of one conversation.
const MOST_NODES: u64 = 1_500;

async fn n_nodes(olga: &Agent) -> Result<u64> {
    let n = olga.browser().run("return document.querySelectorAll('*').length;").await?.as_u64().unwrap_or(u64::MAX);
    ensure!(n <= MOST_NODES, "the document has {n} elements");
    Ok(n)
}

/// Scrolls the list to a row and waits until it is drawn.
async fn sees_row_at(olga: &Agent, n: usize) -> Result<()> {
    let script = format!(
        "const list = document.getElementById('ds-conversations');
         list.scrollTop = list.scrollHeight * {n} / {MANY} - list.clientHeight / 2;
         return [...document.querySelectorAll('[data-testid=row-name]')].map((name) => name.textContent);"
    );
    eventually(format!("row {n}"), PATIENCE, || async {
        let names = olga.browser().run(&script).await?;
        ensure!(names.as_array().is_some_and(|names| names.contains(&json!(format!("Visitor {n}")))), "{names}");
        Ok(Some(()))
    })
    .await
}

/// Scrolls the conversation up until a message is drawn.
async fn reads_up_to(olga: &Agent, n: usize) -> Result<()> {
    let script = format!(
        "const list = document.querySelector('.ds-message-list__scroll'); list.scrollTop = -list.scrollHeight;
         return document.querySelector('[data-message-id$=\"{n:013}\"]') !== null;"
    );
    eventually(format!("message {n}"), PATIENCE, || async {
        n_nodes(olga).await?;
        Ok((olga.browser().run(&script).await? == true).then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_conversations_and_messages_leave_the_document_small() -> Result<()> {
    World::run("scale", async |world| {
        crowded::fill(&world.relay, MANY).await;
        crowded::writes_on(&world.relay, FIRST, MANY).await;
        crowded::says(&world.relay, FIRST, 5_000, "a needle in the haystack").await;
        let olga = world.agent("Olga").await?;
        olga.opens_panel().await?;
        olga.widens().await?;
        let row = olga.sees_row("that waits longest", |row| row.name == "Visitor 1").await?;
        ensure!(row.id == FIRST, "on top is {row:?}");
        for n in [1, 2_500, 5_000, 9_990, 3] {
            sees_row_at(&olga, n).await?;
            n_nodes(&olga).await?;
        }
        sees_row_at(&olga, 1).await?;
        olga.opens_row(&row).await?;
        olga.sees(&format!("Line {MANY}.")).await?;
        reads_up_to(&olga, 9_600).await?;

        // From far away into the middle, and back to the newest.
        olga.shows_tab("search").await?;
        olga.browser().find_test("search-input").await?.send_keys("needle\u{e007}").await?;
        olga.browser().click("[data-testid=\"found-message\"]").await?;
        olga.sees("a needle in the haystack").await?;
        n_nodes(&olga).await?;
        reads_up_to(&olga, 4_900).await?;
        olga.browser().press("[data-testid=\"to-newest\"]").await?;
        olga.sees(&format!("Line {MANY}.")).await?;
        let n = n_nodes(&olga).await?;
        println!("with {MANY} conversations and {MANY} messages the document has {n} elements");
        Ok(())
    })
    .await
}
