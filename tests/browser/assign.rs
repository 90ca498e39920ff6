//! Giving a conversation to a colleague (A4, A6), and losing one (A7).

use anyhow::{Context as _, Result, ensure};
use e2e::people::Person;
use serde_json::json;
use testkit::World;
use testkit::chromium::PATIENCE;
use testkit::eventually;

#[tokio::test(flavor = "multi_thread")]
async fn who_is_given_a_conversation_is_told_also_if_he_has_read_it() -> Result<()> {
    World::run("assign", async |world| {
        let olga = world.agent("Olga").await?;
        let paul = world.agent("Paul").await?;
        let ann = world.contact("Ann").await?;
        ann.writes("Is the oak desk in stock?").await?;
        // Olga reads it, and leaves it in "New".
        olga.sees_popup("oak desk").await?.click().await?;
        olga.sees("Is the oak desk in stock?").await?;
        olga.sees_waiting(0).await?;
        olga.closes_panel().await?;
        ensure!(olga.popups().await?.is_empty(), "a pop-up stands before anything was given to Olga");

        paul.sees_popup("oak desk").await?.click().await?;
        paul.sees("Is the oak desk in stock?").await?;
        paul.widens().await?;
        paul.assigns_to("Olga").await?;
        // N3: she is told, and her counters rise (N8).
        olga.sees_popup("oak desk").await?;
        olga.sees_waiting(1).await?;
        paul.sees_waiting(0).await?;
        olga.sees_popup("oak desk").await?.click().await?;
        olga.sees("Is the oak desk in stock?").await?;
        olga.browser().find_test("composer").await?;
        olga.sees_waiting(0).await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_too_late_is_refused_by_name_and_stays_a_draft() -> Result<()> {
    // A6 A7
    World::run_over_two("lost-claim", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        ann.writes("Is the oak desk in stock?").await?;
        olga.sees_popup("oak desk").await?.click().await?;
        olga.accepts().await?;
        let (_, code) = world.invites("Paul").await?;
        let second = world.second.as_ref().context("there are two")?.url();
        let paul = Person::invited(&second, &code, "Paul").await;
        let mut at_paul = paul.works();
        at_paul.live().await;
        let conversation = at_paul.snapshot_conversations().pop().context("Paul sees no conversation")?;

        // Olga's relay is away: her page still says that she has it, and her answer waits. At the other relay Paul takes it over.
        world.relay.kill().await?;
        olga.answers("Yes, three of them.").await?;
        paul.acts("clear", &conversation, &json!({})).await.ok();
        let taken = paul.acts("accept", &conversation, &json!({})).await.ok();
        world.relay.start().await?;
        olga.sees_no_input().await?;
        olga.browser().reads("notice", |words| words.contains("Paul")).await?;
        let late = olga.message_texts().await?;
        ensure!(late.iter().all(|text| !text.contains("three of them")), "Olga's answer is shown among {late:?}");
        olga.looks_well("lost-claim", "taken").await?;

        // She is given it back, and her text is there.
        let offered = paul.get(&format!("/v1/conversations/{conversation}/assignable")).await.ok();
        let her_id = offered["agents"][0]["id"].as_str().context("Olga is not offered")?;
        let body = json!({ "agent_id": her_id, "fence": taken["conversation"]["fence"] });
        paul.acts("assign", &conversation, &body).await.ok();
        eventually("her text in the input", PATIENCE, || async {
            let typed = olga.browser().find_test("composer").await?.prop("value").await?.unwrap_or_default();
            ensure!(typed == "Yes, three of them.", "it has {typed:?}");
            Ok(Some(()))
        })
        .await?;
        olga.sends_answer().await?;
        ann.sees("Yes, three of them.").await?;
        let messages = ann.messages().await?;
        ensure!(messages.iter().filter(|text| text.contains("three of them")).count() == 1, "{messages:?}");
        Ok(())
    })
    .await
}
