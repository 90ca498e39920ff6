//! Detaching and finishing by themselves, at their shortest, against a real clock.

use anyhow::{Result, ensure};
use testkit::World;
use testkit::agent::Agent;
use testkit::contact::Contact;
use testkit::visitor::Visitor;

/// What the panel says first of the time that is left.
const DETACHES: &str = "Goes back to New in ";
const FINISHES: &str = "Finishes in ";

#[tokio::test(flavor = "multi_thread")]
async fn conversations_detach_and_finish_by_themselves() -> Result<()> {
    World::run_waiting("clocks", async |world| {
        let olga = world.agent("Olga").await?;
        // A10, X2
        olga.opens_control_panel().await?;
        olga.sets_minutes("Detach my conversations", 1).await?;
        olga.sets_minutes("Finish after client inactivity", 1).await?;
        olga.opens_gmail().await?;
        let ann = world.contact("Ann").await?;
        let bea = Visitor::new(&world.relay.url(), &world.project.channel_key).await?;
        ann.writes("Is the oak desk in stock?").await?;
        bea.writes("Do you deliver?").await?;
        olga.opens_panel().await?;
        olga.widens().await?;
        takes(&olga, "Do you deliver?").await?;
        takes(&olga, "oak desk").await?;

        // A9, A10: the owner's typing begins the time anew.
        olga.sees_count_down(DETACHES, |left| left <= 50).await?;
        olga.writes_answer("Yes").await?;
        olga.sees_count_down(DETACHES, |left| left >= 55).await?;
        finishes(&olga, &ann).await?;

        // A9: the other one, which she never answered, is nobody's.
        olga.shows_tab("open").await?;
        let row = olga.sees_row("in New", |row| row.group.as_deref() == Some("New")).await?;
        ensure!(row.preview.contains("Do you deliver?") && row.owner.is_empty(), "in New is {row:?}");
        Ok(())
    })
    .await
}

/// Takes the conversation whose last message this is.
async fn takes(agent: &Agent, text: &str) -> Result<()> {
    let row = agent.sees_row("with it", |row| row.preview.contains(text)).await?;
    agent.opens_row(&row).await?;
    agent.sees(text).await?;
    agent.accepts().await
}

/// X2, X3: after the answer it is the client's turn; "Postpone" gives a whole minute, and then it is over.
async fn finishes(olga: &Agent, ann: &Contact) -> Result<()> {
    olga.answers(", three of them.").await?;
    ann.sees("Yes, three of them.").await?;
    olga.sees_count_down(FINISHES, |left| left <= 50).await?;
    olga.browser().press("[data-testid=\"postpone\"]").await?;
    olga.sees_count_down(FINISHES, |left| left >= 55).await?;
    // A client's typing does the same.
    olga.sees_count_down(FINISHES, |left| left <= 55).await?;
    ann.types("Let me").await?;
    olga.sees_count_down(FINISHES, |left| left >= 57).await?;
    olga.sees_state("Finished after the client’s silence · ").await?;
    olga.shows_tab("finished").await?;
    olga.sees_row("that says how it ended", |row| row.outcome == "Finished after the client’s silence").await?;
    ann.sees_end().await
}
