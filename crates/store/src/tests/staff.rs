//! Rights, removal, channel access.

use domain::agent::Right;
use protocol::view::Audience;

use super::world::World;
use crate::{Principal, StoreError};

pub(super) async fn a_removed_agent_loses_his_conversations_at_once(world: World) {
    // A15 J2
    let shop = world.shop("Kettle").await;
    let conversation = world.asks(&shop.visitor, "hello").await;
    world.store.accept(shop.mira.clone(), conversation.clone()).await.unwrap();
    let remove = |by: &domain::id::AgentId| world.store.remove_agent(by.clone(), shop.id.clone(), shop.mira.clone());
    assert!(matches!(remove(&shop.tom).await, Err(StoreError::Forbidden)));
    let boss = world.joins(&shop.id, "boss@example.com", Right::Administrator, None).await;
    assert!(matches!(remove(&boss).await, Err(StoreError::Forbidden)), "owners only");
    world.heard.forget();
    remove(&shop.owner).await.unwrap();
    assert_eq!(world.view(&conversation).await.assignee_id, None);
    assert_eq!(world.heard.of("channel/", "conversation_unassigned")[0].alert, Audience::Subscribed);
    let gone = &world.heard.of("project/", "agent_removed")[0];
    assert_eq!(gone.data.removed_agent_id.as_deref(), Some(shop.mira.as_str()));
    let principal =
        Principal::Agent { agent: shop.mira.clone(), token: domain::id::TokenId::new(world.now(), [0; 10]) };
    assert_eq!(world.store.topics_of(&principal).await.unwrap().len(), 1, "only his own topic is left");
    let late = world.store.accept(shop.mira.clone(), conversation.clone()).await;
    assert!(matches!(late, Err(StoreError::NotFound)));
    assert!(matches!(remove(&shop.owner).await, Err(StoreError::NotFound)), "he is gone");
    world.store.accept(shop.tom.clone(), conversation).await.unwrap();
}

pub(super) async fn who_loses_a_channel_loses_its_conversations(world: World) {
    // A15 N1
    let shop = world.shop("Kettle").await;
    let conversation = world.asks(&shop.visitor, "hello").await;
    world.store.accept(shop.mira.clone(), conversation.clone()).await.unwrap();
    let assign = |by: &domain::id::AgentId, assigned| {
        world.store.set_assigned(by.clone(), shop.channel.clone(), shop.mira.clone(), assigned)
    };
    assert!(matches!(assign(&shop.tom, false).await, Err(StoreError::Forbidden)));
    world.heard.forget();
    assign(&shop.owner, false).await.unwrap();
    assert_eq!(world.view(&conversation).await.assignee_id, None);
    assert_eq!(world.heard.of("agent/", "rights_changed").len(), 1, "his readers prove themselves again");
    assert!(matches!(world.store.history(&shop.mira, &conversation, None).await, Err(StoreError::NotFound)));
    assign(&shop.owner, true).await.unwrap();
    world.store.accept(shop.mira.clone(), conversation).await.unwrap();
    world.heard.forget();
    assign(&shop.owner, true).await.unwrap();
    assert!(world.heard.events().is_empty(), "what is so already is no news");
}

pub(super) async fn each_chooses_his_subscriptions_among_the_channels_that_he_has(world: World) {
    // N1
    let shop = world.shop("Kettle").await;
    let subscribed = async || {
        let me = world.store.me(&shop.mira).await.unwrap();
        me.memberships[0].subscriptions.clone().unwrap()
    };
    let channel = shop.channel.to_string();
    assert_eq!(subscribed().await, std::slice::from_ref(&channel), "who is assigned starts subscribed");
    let set = |on| world.store.set_subscription(shop.mira.clone(), shop.channel.clone(), on);
    world.heard.forget();
    set(false).await.unwrap();
    set(false).await.unwrap();
    assert!(subscribed().await.is_empty());
    let told = world.heard.of("agent/", "subscription_changed");
    assert_eq!(told.len(), 1, "what is so already is no news");
    assert_eq!(told[0].data.subscription.as_ref().map(|it| it.subscribed), Some(false));
    assert_eq!(
        world.store.me(&shop.tom).await.unwrap().memberships[0].subscriptions,
        Some(vec![channel]),
        "each his own"
    );

    // Who lost the access is not subscribed, whatever he chose; he gets his choice back with it.
    set(true).await.unwrap();
    let assign = |on| world.store.set_assigned(shop.owner.clone(), shop.channel.clone(), shop.mira.clone(), on);
    assign(false).await.unwrap();
    assert!(subscribed().await.is_empty());
    assert!(matches!(set(true).await, Err(StoreError::NotFound)));
    assign(true).await.unwrap();
    assert_eq!(subscribed().await.len(), 1);
}

pub(super) async fn rights_are_changed_by_who_may_and_an_owner_stays(world: World) {
    // J2 A15
    let shop = world.shop("Kettle").await;
    let set = |by: &domain::id::AgentId, whose: &domain::id::AgentId, right| {
        world.store.set_right(by.clone(), shop.id.clone(), whose.clone(), right)
    };
    assert!(matches!(set(&shop.owner, &shop.owner, Right::Agent).await, Err(StoreError::LastOwner)));
    set(&shop.owner, &shop.mira, Right::Administrator).await.unwrap();
    assert!(matches!(set(&shop.mira, &shop.owner, Right::Agent).await, Err(StoreError::Forbidden)));
    assert!(matches!(set(&shop.mira, &shop.tom, Right::Owner).await, Err(StoreError::Forbidden)));
    assert!(matches!(set(&shop.tom, &shop.mira, Right::Agent).await, Err(StoreError::Forbidden)));
    // An administrator has access to all channels; without the right, only to those that he is assigned to.
    world.store.set_assigned(shop.owner.clone(), shop.channel.clone(), shop.mira.clone(), false).await.unwrap();
    let conversation = world.asks(&shop.visitor, "hello").await;
    world.store.accept(shop.mira.clone(), conversation.clone()).await.unwrap();
    set(&shop.owner, &shop.mira, Right::Agent).await.unwrap();
    assert_eq!(world.view(&conversation).await.assignee_id, None);
    set(&shop.owner, &shop.tom, Right::Owner).await.unwrap();
    set(&shop.tom, &shop.owner, Right::Agent).await.unwrap();
    let last = world.store.remove_agent(shop.tom.clone(), shop.id.clone(), shop.tom.clone()).await;
    assert!(matches!(last, Err(StoreError::LastOwner)));
}
