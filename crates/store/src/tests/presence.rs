//! Online and Offline in the record.

use domain::agent::{Availability, Right};
use protocol::view::OfflineCause;

use super::world::{World, times};
use crate::StoreError;

pub(super) async fn offline_comes_after_his_own_time_from_the_last_sign_of_life(world: World) {
    // P5 P6 P10
    let shop = world.shop("Kettle").await;
    world.store.set_agent_settings(shop.mira.clone(), times(3, 15)).await.unwrap();
    world.minutes_pass(100);
    let closed_at = world.now();
    let seen = vec![(shop.mira.clone(), closed_at), (shop.tom.clone(), closed_at), (shop.owner.clone(), closed_at)];
    world.store.note_seen(seen).await.unwrap();
    // What comes late and says less takes nothing away.
    world.store.note_seen(vec![(shop.mira.clone(), domain::time::Timestamp::from_ms(5))]).await.unwrap();
    world.clock.advance_ms(3 * 60_000 - 1);
    assert_eq!(world.store.due_offline(world.now()).await.unwrap(), []);
    assert!(!world.store.fire_offline(shop.mira.clone()).await.unwrap(), "an early alarm does nothing");
    world.clock.advance_ms(1);
    assert_eq!(world.store.due_offline(world.now()).await.unwrap(), std::slice::from_ref(&shop.mira));
    world.heard.forget();
    assert!(world.store.fire_offline(shop.mira.clone()).await.unwrap());
    assert!(!world.store.fire_offline(shop.mira.clone()).await.unwrap(), "once");
    let me = world.store.me(&shop.mira).await.unwrap();
    let offline = me.offline.unwrap();
    assert_eq!((offline.cause, offline.at), (OfflineCause::LastPageClosed, closed_at.as_ms()));
    let seen = world.heard.of("project/", "availability_changed");
    assert_eq!(seen.len(), 1, "P8: his colleagues see it");
    assert_eq!(
        world.heard.of("agent/", "availability_changed")[0].data.offline.as_ref().unwrap().at,
        closed_at.as_ms()
    );
    // P3: opening Gmail makes nobody Online.
    world.store.note_seen(vec![(shop.mira.clone(), world.now())]).await.unwrap();
    assert_eq!(world.store.me(&shop.mira).await.unwrap().availability, protocol::view::Availability::Offline);
}

pub(super) async fn going_offline_returns_what_he_has_if_he_wants(world: World) {
    // P11 P3 P10 A12
    let shop = world.shop("Kettle").await;
    let bank = world.shop("Bank").await;
    world.joins(&bank.id, "mira@Kettle.example", Right::Agent, Some(shop.mira.clone())).await;
    let mut held = Vec::new();
    for visitor in [&shop.visitor, &bank.visitor] {
        let conversation = world.asks(visitor, "hello").await;
        world.store.accept(shop.mira.clone(), conversation.clone()).await.unwrap();
        held.push(conversation);
    }
    world.goes(&shop.mira, Availability::Offline).await;
    assert!(world.view(&held[0]).await.assignee_id.is_some(), "he keeps what he has");
    world.goes(&shop.mira, Availability::Online).await;
    world.heard.forget();
    world.store.set_availability(shop.mira.clone(), Availability::Offline, true).await.unwrap();
    for conversation in &held {
        assert_eq!(world.view(conversation).await.assignee_id, None);
    }
    let back = world.heard.of("channel/", "conversation_unassigned");
    assert_eq!(back.len(), 2);
    assert!(back.iter().all(|event| event.alert == protocol::view::Audience::Subscribed));
    let offline = world.store.me(&shop.mira).await.unwrap().offline.unwrap();
    assert_eq!((offline.cause, offline.at), (OfflineCause::ByHand, world.now().as_ms()));
}

pub(super) async fn an_administrator_sets_offline_only_who_is_all_his(world: World) {
    // P10
    let (shop, bank) = (world.shop("Kettle").await, world.shop("Bank").await);
    let conversation = world.asks(&shop.visitor, "hello").await;
    world.store.accept(shop.tom.clone(), conversation.clone()).await.unwrap();
    let set = |by: &domain::id::AgentId| world.store.set_offline(by.clone(), shop.id.clone(), shop.tom.clone());
    assert!(matches!(set(&shop.mira).await, Err(StoreError::Forbidden)));
    assert!(matches!(set(&bank.owner).await, Err(StoreError::NotFound)));

    world.joins(&bank.id, "tom@Kettle.example", Right::Agent, Some(shop.tom.clone())).await;
    let done = set(&shop.owner).await.unwrap();
    assert_eq!((done.set_offline, done.n_cleared), (false, 1), "he works elsewhere too");
    assert_eq!(world.view(&conversation).await.assignee_id, None);
    assert_eq!(world.store.me(&shop.tom).await.unwrap().availability, protocol::view::Availability::Online);

    world.store.remove_agent(bank.owner.clone(), bank.id.clone(), shop.tom.clone()).await.unwrap();
    assert!(set(&shop.owner).await.unwrap().set_offline);
    let offline = world.store.me(&shop.tom).await.unwrap().offline.unwrap();
    assert_eq!((offline.cause, offline.by_name.as_deref()), (OfflineCause::Administrator, Some("owner")));
}
