//! Clocks that run out in the relay.

use domain::agent::Right;
use protocol::frame::ClientFrame;
use protocol::view::Due;
use serde_json::json;

use e2e::world::World;

const MINUTES: i64 = 60_000;

pub(crate) async fn an_idle_agent_loses_the_conversation_and_an_idle_client_finishes_it(world: World) {
    // A9 A13 X2
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let client = world.visitor(&shop).await;
    let mut at_mira = mira.works();
    at_mira.live().await;
    client.writes("Hello").await;
    let conversation = at_mira.conversation().await;
    mira.acts("accept", &conversation, &json!({})).await.ok();
    world.clock.advance_ms(15 * MINUTES - 1);
    assert_eq!(
        world
            .store
            .fire_due(domain::time::Timestamp::from_ms(e2e::world::START.as_ms() + 15 * MINUTES - 1))
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

pub(crate) async fn a_deadline_that_passed_while_the_relay_was_away_fires_after_the_start(world: World) {
    // A13
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let client = world.visitor(&shop).await;
    client.writes("Hello").await;
    let mut at_mira = mira.works();
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

pub(crate) async fn typing_moves_both_clocks_and_postponing_the_clients(world: World) {
    // A9 X2 X3
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let client = world.visitor(&shop).await;
    let (mut at_mira, mut at_client) = (mira.works(), client.reads());
    at_mira.live().await;
    at_client.live().await;
    client.writes("Hello").await;
    let conversation = at_mira.conversation().await;
    let start = e2e::world::START.as_ms();
    mira.acts("accept", &conversation, &json!({})).await.ok();
    world.clock.advance_ms(10 * MINUTES);
    let typing = |conversation_id| ClientFrame::Typing { conversation_id };
    at_mira.says(typing(Some(conversation.clone())));
    let moved = at_mira.event("typing", |event| event.kind == "agent_active").await.data.conversation.unwrap();
    assert_eq!((moved.due, moved.deadline_at), (Some(Due::Detach), Some(start + 25 * MINUTES)));
    mira.answers(&conversation, 1, "Hello to you").await.ok();
    world.clock.advance_ms(5 * MINUTES);
    at_client.says(typing(None));
    let moved = at_mira.event("the client types", |event| event.kind == "contact_active").await;
    let view = moved.data.conversation.unwrap();
    assert_eq!((view.due, view.deadline_at), (Some(Due::Finish), Some(start + 30 * MINUTES)));
    world.clock.advance_ms(14 * MINUTES);
    let postponed = mira.acts("postpone", &conversation, &json!({ "fence": 1 })).await.ok();
    assert_eq!(postponed["conversation"]["deadline_at"], start + 44 * MINUTES);
    world.clock.advance_ms(15 * MINUTES);
    at_mira.event("finished", |event| event.kind == "conversation_closed").await;
    let late = mira.acts("postpone", &conversation, &json!({})).await;
    assert_eq!(late.code(), protocol::error::ErrorCode::ConversationFinished);
    // A sign for what is finished, or for nothing at all, does no harm.
    at_mira.says(typing(Some(conversation)));
    at_mira.says(typing(None));
    at_mira.says(typing(Some("cnv_x".to_owned())));
    client.writes("Hello again").await;
    at_mira
        .event("still connected", |event| event.data.conversation.as_ref().is_some_and(|it| it.previous_id.is_some()))
        .await;
    at_mira.with(|delivered| assert_eq!(delivered.n_connects, 1));
}

pub(crate) async fn a_setting_moves_the_alarm(world: World) {
    // A10 X2 A13
    let shop = world.project("Kettle").await;
    let (boss, mira) = (world.agent(&shop, "Boss", Right::Owner).await, world.agent(&shop, "Mira", Right::Agent).await);
    let client = world.visitor(&shop).await;
    let mut at_mira = mira.works();
    at_mira.live().await;
    client.writes("Hello").await;
    let conversation = at_mira.conversation().await;
    mira.acts("accept", &conversation, &json!({})).await.ok();
    mira.put("/v1/me/settings", &json!({ "offline_after_minutes": 15, "detach_after_minutes": 1 })).await.ok();
    world.clock.advance_ms(MINUTES);
    at_mira.event("detached", |event| event.kind == "conversation_unassigned").await;
    mira.acts("accept", &conversation, &json!({})).await.ok();
    mira.answers(&conversation, 3, "Here I am").await.ok();
    let path = format!("/v1/projects/{}/settings", shop.id);
    boss.put(&path, &json!({ "finish_after_minutes": 2, "count_from_contact": false })).await.ok();
    world.clock.advance_ms(2 * MINUTES);
    at_mira.event("finished", |event| event.kind == "conversation_closed").await;
}

#[tokio::test]
async fn a_deadline_whose_alarm_was_lost_is_found_by_the_sweep() {
    // A13: nothing rings for what is changed behind the relay's back, so only the sweep, every 15 s of real time, can find it.
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let client = world.visitor(&shop).await;
    let mut at_mira = mira.works();
    at_mira.live().await;
    client.writes("Hello").await;
    let conversation = at_mira.conversation().await;
    mira.acts("accept", &conversation, &json!({})).await.ok();
    world.sql("UPDATE conversations SET taken_at = taken_at - 900000, unanswered_since = unanswered_since - 900000, deadline_at = deadline_at - 900000").await;
    at_mira.event("detached", |event| event.kind == "conversation_unassigned").await;
}
