//! Clocks that run out in the relay.

use domain::agent::Right;
use serde_json::json;

use crate::world::World;

const MINUTES: i64 = 60_000;

#[tokio::test]
async fn an_idle_agent_loses_the_conversation_and_an_idle_client_finishes_it() {
    // A9 A13 X2
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let client = world.visitor(&shop).await;
    let mut at_mira = mira.reads();
    at_mira.live().await;
    client.writes("Hello").await;
    let conversation = at_mira.conversation().await;
    mira.acts("accept", &conversation, &json!({})).await.ok();
    world.clock.advance_ms(15 * MINUTES - 1);
    assert_eq!(
        world
            .store
            .fire_due(domain::time::Timestamp::from_ms(crate::world::START.as_ms() + 15 * MINUTES - 1))
            .await
            .unwrap(),
        0
    );
    world.clock.advance_ms(1);
    let event = at_mira.event("detached", |event| event.kind == "conversation_unassigned").await;
    assert_eq!(event.data.conversation.unwrap().assignee_id, None);

    mira.acts("accept", &conversation, &json!({})).await.ok();
    mira.answers(&conversation, 3, "Sorry, here I am").await.ok();
    world.clock.advance_ms(15 * MINUTES);
    let event = at_mira.event("finished", |event| event.kind == "conversation_closed").await;
    let reason = event.data.conversation.unwrap().close_reason;
    assert_eq!(reason, Some(protocol::view::CloseReason::ContactIdle));
}

#[tokio::test]
async fn a_deadline_that_passed_while_the_relay_was_away_fires_after_the_start() {
    // A13
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let client = world.visitor(&shop).await;
    client.writes("Hello").await;
    let mut at_mira = mira.reads();
    at_mira.live().await;
    let conversation = at_mira.snapshot_conversations().remove(0);
    mira.acts("accept", &conversation, &json!({})).await.ok();
    drop(at_mira);
    world.clock.advance_ms(15 * MINUTES);
    let world = world.restarted().await;
    let mut at_mira = mira.at(&world.url).reads();
    at_mira
        .until("back in New", |delivered| {
            delivered
                .frames
                .iter()
                .any(|frame| {
                    let text = serde_json::to_string(frame).unwrap();
                    text.contains(&conversation) && text.contains("\"assignee_id\":null")
                })
                .then_some(())
        })
        .await;
}
