//! What people set.

use protocol::command::SetAgentSettings;
use protocol::frame::{RelayFrame, SnapshotData};
use protocol::view::{AgentSettings, Due, ProjectSettings};

use super::world::{World, times};
use crate::catch_up::CatchUp;
use crate::{StoreError, Topic};

/// The settings of a new agent.
const AT_FIRST: AgentSettings = AgentSettings {
    offline_after_minutes: 15,
    detach_after_minutes: 15,
    sound_notifications: true,
    popup_notifications: true,
    repeat_until_seen: false,
};

pub(super) async fn a_changed_time_moves_the_clocks_that_run(world: World) {
    // A10 X2
    let shop = world.shop("Kettle").await;
    let begun = world.now().as_ms();
    let held = world.asks(&shop.visitor, "hello").await;
    world.store.accept(shop.mira.clone(), held.clone()).await.unwrap();
    let other = world.visitor(&shop.channel_key, None).await.unwrap();
    let answered = world.asks(&other, "hello").await;
    world.store.accept(shop.tom.clone(), answered.clone()).await.unwrap();
    world.answers(&shop.tom, &answered, 1).await.unwrap();
    world.heard.forget();

    let settings = AgentSettings { detach_after_minutes: 5, ..AT_FIRST };
    assert_eq!(world.store.set_agent_settings(shop.mira.clone(), settings.into()).await.unwrap(), settings);
    assert_eq!(world.store.agent_settings(&shop.mira).await.unwrap(), settings);
    let moved = world.heard.of("channel/", "deadline_moved");
    assert_eq!(moved.len(), 1, "only what he has");
    assert_eq!(moved[0].data.conversation.as_ref().unwrap().deadline_at, Some(begun + 5 * 60_000));
    assert_eq!(world.heard.of("agent/", "settings_changed")[0].data.settings, Some(settings));

    let settings = ProjectSettings { finish_after_minutes: 60, count_from_contact: false };
    world.store.set_project_settings(shop.owner.clone(), shop.id.clone(), settings).await.unwrap();
    assert_eq!(world.store.project_settings(&shop.mira, &shop.id).await.unwrap(), settings);
    let view = world.view(&answered).await;
    assert_eq!((view.due, view.deadline_at), (Some(Due::Finish), Some(begun + 60 * 60_000)));
    let settings = ProjectSettings { finish_after_minutes: 3, count_from_contact: true };
    world.store.set_project_settings(shop.owner.clone(), shop.id.clone(), settings).await.unwrap();
    let view = world.view(&held).await;
    assert_eq!((view.due, view.deadline_at), (Some(Due::Finish), Some(begun + 3 * 60_000)), "the earlier of both");
    world.minutes_pass(3);
    assert_eq!(world.store.fire_due(world.now()).await.unwrap(), 2);
}

pub(super) async fn a_switch_that_is_left_out_stays_and_a_change_is_told_to_all_machines(world: World) {
    // N6
    let shop = world.shop("Kettle").await;
    let set = |settings: SetAgentSettings| world.store.set_agent_settings(shop.mira.clone(), settings);
    assert_eq!(world.store.agent_settings(&shop.mira).await.unwrap(), AT_FIRST);
    let quiet =
        AgentSettings { sound_notifications: false, popup_notifications: false, repeat_until_seen: true, ..AT_FIRST };
    world.heard.forget();
    assert_eq!(set(quiet.into()).await.unwrap(), quiet);
    let told = world.heard.of("agent/", "settings_changed");
    assert_eq!(told.iter().map(|event| event.data.settings).collect::<Vec<_>>(), [Some(quiet)]);
    assert_eq!(told[0].topic, Topic::Agent(shop.mira.clone()).to_string(), "his machines are told, and nobody else");

    // An extension of the release before knows of no switches, and turns none.
    let older = AgentSettings { detach_after_minutes: 20, ..quiet };
    assert_eq!(set(times(15, 20)).await.unwrap(), older);
    let one = SetAgentSettings { popup_notifications: Some(true), ..times(15, 20) };
    let wanted = AgentSettings { popup_notifications: true, ..older };
    assert_eq!(set(one).await.unwrap(), wanted);
    assert_eq!(world.store.agent_settings(&shop.tom).await.unwrap(), AT_FIRST, "each has his own");

    // A machine that comes later starts from the same.
    let got = world.store.catch_up(&Topic::Agent(shop.mira.clone()), None).await.unwrap();
    let CatchUp::Snapshot { parts, .. } = got else { panic!("a new reader starts with a snapshot") };
    let RelayFrame::Snapshot(snapshot) = serde_json::from_slice(&parts[0]).unwrap() else { panic!("no snapshot") };
    assert!(matches!(snapshot.data, SnapshotData::Agent(agent) if agent.settings == Some(wanted)));
}

pub(super) async fn a_projects_time_moves_all_its_clocks_in_slices(world: World) {
    // X2
    let shop = world.shop("Kettle").await;
    let begun = (0..450).map(|_| async {
        let visitor = world.visitor(&shop.channel_key, None).await.unwrap();
        world.asks(&visitor, "hello").await;
    });
    futures_util::future::join_all(begun).await;
    world.heard.forget();
    let settings = ProjectSettings { finish_after_minutes: 30, count_from_contact: true };
    world.store.set_project_settings(shop.owner.clone(), shop.id.clone(), settings).await.unwrap();
    assert_eq!(world.heard.of("channel/", "deadline_moved").len(), 450);
    assert!(world.heard.sizes().iter().all(|size| *size <= 200), "no commit tells more than a slice");
    let gone = domain::id::ProjectId::new(world.now(), [7; 10]);
    let nothing = world.store.set_project_settings(shop.owner.clone(), gone, settings).await;
    assert!(matches!(nothing, Err(StoreError::NotFound)));
}

pub(super) async fn only_numbers_that_can_be_set_are_taken(world: World) {
    // P6 A10 X2
    let (shop, bank) = (world.shop("Kettle").await, world.shop("Bank").await);
    for (offline, detach, field) in [(0, 15, "offline_after_minutes"), (15, 1_441, "detach_after_minutes")] {
        let refused = world.store.set_agent_settings(shop.mira.clone(), times(offline, detach)).await;
        assert!(matches!(refused, Err(StoreError::Value { field: named, .. }) if named == field));
    }
    let set = |by: &domain::id::AgentId, minutes| {
        let settings = ProjectSettings { finish_after_minutes: minutes, count_from_contact: false };
        world.store.set_project_settings(by.clone(), shop.id.clone(), settings)
    };
    assert!(matches!(set(&shop.owner, 10_081).await, Err(StoreError::Value { .. })));
    assert!(set(&shop.owner, 10_080).await.is_ok());
    assert!(matches!(set(&shop.mira, 5).await, Err(StoreError::Forbidden)));
    assert!(matches!(set(&bank.owner, 5).await, Err(StoreError::NotFound)));
    assert!(matches!(world.store.project_settings(&bank.owner, &shop.id).await, Err(StoreError::NotFound)));
}
