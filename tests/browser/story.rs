//! The main job on the Gmail stand-in: a client writes on a website, an agent answers inside Gmail.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use testkit::World;
use testkit::agent::Agent;
use testkit::contact::Contact;

/// From the agent's click on "Send" to the client's screen.
const ANSWER: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread")]
async fn a_client_writes_and_an_agent_answers() -> Result<()> {
    World::run("story", async |world| {
        let olga = world.agent("Olga").await?;
        let paul = world.agent("Paul").await?;
        let ann = world.contact("Ann").await?;

        // N1, N2, N4, N8: both agents are told.
        ann.writes("Is the oak desk in stock?").await?;
        for agent in [&olga, &paul] {
            agent.sees_popup("Is the oak desk in stock?").await?;
            agent.sees_waiting(1).await?;
        }
        let conversation = take(&olga, &paul).await?;
        answer(&olga, &ann).await?;
        finish(&olga, &paul, &conversation).await?;
        write_again(&olga, &paul, &ann, &conversation).await
    })
    .await
}

/// Olga takes it from the pop-up; at Paul's it moves to "Worked on" with her name (A1, A2, L1, L4). Returns its id.
async fn take(olga: &Agent, paul: &Agent) -> Result<String> {
    paul.opens_panel().await?;
    paul.widens().await?;
    let row = paul.sees_row("in New", |row| row.group.as_deref() == Some("New")).await?;
    ensure!(row.unread == "1", "Paul's unread counter shows {row:?}");
    ensure!(row.preview.contains("oak desk"), "Paul's preview is {row:?}");

    olga.sees_popup("oak desk").await?.click().await?;
    olga.sees("Is the oak desk in stock?").await?;
    olga.widens().await?;
    olga.accepts().await?;
    let owned = paul
        .sees_row("of Olga in Worked on", |row| row.group.as_deref() == Some("Worked on") && row.owner.contains("Olga"))
        .await?;
    ensure!(owned.id == row.id, "another conversation moved: {owned:?}");
    olga.shows_tab("my").await?;
    olga.sees_row("in My", |mine| mine.id == row.id).await?;
    Ok(row.id)
}

/// The answer reaches the client in under a second, and shows as sent to the agent.
async fn answer(olga: &Agent, ann: &Contact) -> Result<()> {
    ann.enters_chat().await?;
    olga.writes_answer("Yes, three of them.").await?;
    let started = Instant::now();
    olga.sends_answer().await?;
    ann.sees_within("Yes, three of them.", Duration::from_secs(10)).await?;
    let took = started.elapsed();
    ensure!(took < ANSWER, "the answer took {took:?}");
    ann.writes("Then I take one.").await?;
    olga.sees("Then I take one.").await?;
    // W6: seen by the agent who has it before him.
    ann.sees_state("Then I take one.", &["seen"]).await
}

/// "Close" moves it to "Finished", at both (X1, X4).
async fn finish(olga: &Agent, paul: &Agent, conversation: &str) -> Result<()> {
    olga.closes().await?;
    for agent in [olga, paul] {
        agent.shows_tab("finished").await?;
        agent.sees_row("that is finished", |row| row.id == conversation).await?;
        agent.shows_tab("open").await?;
        agent.sees_no_row(conversation).await?;
    }
    Ok(())
}

/// The client writes again: a new conversation in "New", the old one above it (X5).
async fn write_again(olga: &Agent, paul: &Agent, ann: &Contact, finished: &str) -> Result<()> {
    ann.writes("One more thing: do you deliver?").await?;
    let row = paul
        .sees_row("in New again", |row| row.group.as_deref() == Some("New") && row.preview.contains("do you deliver"))
        .await?;
    ensure!(row.id != finished, "the finished conversation was opened again");
    olga.sees_row("in New again", |new| new.id == row.id).await?;
    olga.opens_row(&row).await?;
    olga.sees("One more thing: do you deliver?").await?;
    olga.sees("Is the oak desk in stock?").await?;
    olga.browser().find_test("earlier").await?;
    Ok(())
}
