//! Clocks of conversations.

use domain::block::BlockTerm;
use protocol::view::{CloseReason, ProjectSettings};

use super::world::World;
use crate::{NewBlock, StoreError};

pub(super) async fn an_idle_agent_is_cleared_on_time_and_typing_moves_it(world: World) {
    // A9: 14:59 no, 15:00 yes; typing at 10:00 moves it to 25:00; an answer stops it.
    let shop = world.shop("Kettle").await;
    let fire = || async { world.store.fire_due(world.now()).await.unwrap() };
    let conversation = world.asks(&shop.visitor, "hello").await;
    world.store.accept(shop.mira.clone(), conversation.clone()).await.unwrap();
    world.clock.advance_ms(15 * 60_000 - 1);
    assert_eq!(fire().await, 0);
    world.clock.advance_ms(1);
    assert_eq!(fire().await, 1);
    assert_eq!(world.view(&conversation).await.assignee_id, None);

    world.store.accept(shop.mira.clone(), conversation.clone()).await.unwrap();
    world.minutes_pass(10);
    world.store.agent_active(shop.tom.clone(), conversation.clone()).await.unwrap();
    world.store.agent_active(shop.mira.clone(), conversation.clone()).await.unwrap();
    world.clock.advance_ms(15 * 60_000 - 1);
    assert_eq!(fire().await, 0);
    world.answers(&shop.mira, &conversation, 3).await.unwrap();
    world.minutes_pass(14);
    assert_eq!(fire().await, 0, "an answer stops it");
    assert_eq!(world.view(&conversation).await.assignee_id.as_deref(), Some(shop.mira.as_str()));
}

pub(super) async fn an_idle_client_is_finished_and_postponing_moves_it(world: World) {
    // X2 X3
    let shop = world.shop("Kettle").await;
    let conversation = world.asks(&shop.visitor, "hello").await;
    world.store.accept(shop.mira.clone(), conversation.clone()).await.unwrap();
    let early = world.store.postpone(shop.mira.clone(), conversation.clone(), Some(1)).await;
    assert!(matches!(early, Err(StoreError::Refused(_))));
    world.answers(&shop.mira, &conversation, 1).await.unwrap();
    world.minutes_pass(14);
    world.store.postpone(shop.mira.clone(), conversation.clone(), Some(1)).await.unwrap();
    world.minutes_pass(10);
    world.store.contact_active(shop.visitor.clone()).await.unwrap();
    world.clock.advance_ms(15 * 60_000 - 1);
    assert_eq!(world.store.fire_due(world.now()).await.unwrap(), 0, "the client typed");
    world.clock.advance_ms(1);
    assert_eq!(world.store.fire_due(world.now()).await.unwrap(), 1);
    assert_eq!(world.view(&conversation).await.close_reason, Some(CloseReason::ContactIdle));
    world.store.contact_active(shop.visitor.clone()).await.unwrap();
}

pub(super) async fn two_sweeps_at_once_fire_once(world: World) {
    // A13
    let shop = world.shop("Kettle").await;
    for _ in 0..20 {
        let visitor = world.visitor(&shop.channel_key, None).await.unwrap();
        let conversation = world.asks(&visitor, "hello").await;
        world.store.accept(shop.mira.clone(), conversation).await.unwrap();
    }
    world.minutes_pass(15);
    let now = world.now();
    // As two relays on the same record would.
    let other = world.open(&world.database, &world.key).await;
    let second = match &other {
        Ok(other) => other,
        Err(error) => panic!("{error}"),
    };
    let (first, second) = tokio::join!(world.store.fire_due(now), second.fire_due(now));
    assert_eq!(first.unwrap() + second.unwrap(), 20);
    assert_eq!(world.heard.of("channel/", "conversation_unassigned").len(), 20);
}

pub(super) async fn both_clocks_that_ran_out_fire_one_after_the_other(world: World) {
    // X2: "Count from the client's last message"; detach goes first when both are due.
    let shop = world.shop("Kettle").await;
    let settings = ProjectSettings { finish_after_minutes: 20, count_from_contact: true };
    world.store.set_project_settings(shop.owner.clone(), shop.id.clone(), settings).await.unwrap();
    let conversation = world.asks(&shop.visitor, "hello").await;
    world.store.accept(shop.mira.clone(), conversation.clone()).await.unwrap();
    world.minutes_pass(25);
    assert_eq!(world.store.fire_due(world.now()).await.unwrap(), 1);
    let view = world.view(&conversation).await;
    assert_eq!((view.assignee_id, view.close_reason), (None, Some(CloseReason::ContactIdle)));
    assert_eq!(world.heard.of("channel/", "conversation_unassigned").len(), 1);
    assert_eq!(world.heard.of("channel/", "conversation_closed").len(), 1);
}

pub(super) async fn the_next_deadline_is_the_earliest_of_all_kinds(world: World) {
    // A13 B5 P5
    let shop = world.shop("Kettle").await;
    let next = || async { world.store.next_deadline(world.now()).await.unwrap().unwrap().as_ms() - 1_000_000 };
    assert_eq!(next().await, 15 * 60_000, "agents who are Online without a page");
    world.minutes_pass(1);
    let all = [&shop.owner, &shop.mira, &shop.tom].map(|agent| (agent.clone(), world.now()));
    world.store.note_seen(all.to_vec()).await.unwrap();
    assert_eq!(next().await, 16 * 60_000);
    let conversation = world.asks(&shop.visitor, "hello").await;
    assert_eq!(next().await, 16 * 60_000, "our turn without an owner: no clock");
    world.store.accept(shop.mira.clone(), conversation.clone()).await.unwrap();
    world.minutes_pass(5);
    let all = [&shop.owner, &shop.mira, &shop.tom].map(|agent| (agent.clone(), world.now()));
    world.store.note_seen(all.to_vec()).await.unwrap();
    assert_eq!(next().await, 16 * 60_000, "the conversation's");
    let new = NewBlock { term: BlockTerm::Minutes15, reason: None, also_ip: false };
    world.store.block(shop.mira.clone(), conversation.clone(), new).await.unwrap();
    world.store.close_conversation(shop.mira.clone(), conversation, None).await.unwrap();
    world.minutes_pass(14);
    let all = [&shop.owner, &shop.mira, &shop.tom].map(|agent| (agent.clone(), world.now()));
    world.store.note_seen(all.to_vec()).await.unwrap();
    assert_eq!(next().await, 21 * 60_000, "the block's");
}

pub(super) async fn more_than_a_page_of_due_clocks_fire_in_one_sweep(world: World) {
    // A13: on time after the relay was away.
    let shop = world.shop("Kettle").await;
    let begun = (0..1_100).map(|_| async {
        let visitor = world.visitor(&shop.channel_key, None).await.unwrap();
        let conversation = world.asks(&visitor, "hello").await;
        world.store.accept(shop.mira.clone(), conversation).await.unwrap();
    });
    futures_util::future::join_all(begun).await;
    world.minutes_pass(60);
    assert_eq!(world.store.fire_due(world.now()).await.unwrap(), 1_100);
}
