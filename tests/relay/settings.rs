//! How an agent wants to be alerted: his own, wherever he sits (N6).

use domain::agent::Right;
use e2e::reader::Reader;
use e2e::world::World;
use protocol::frame::{RelayFrame, SnapshotData};
use protocol::view::AgentSettings;
use serde_json::{Value, json};

const PATH: &str = "/v1/me/settings";

/// Waits until a machine has been told that these are the agent's settings, at its start or later.
async fn knows(machine: &mut Reader, settings: &Value) {
    let wanted: AgentSettings = serde_json::from_value(settings.clone()).unwrap();
    let told = |frame: &RelayFrame| match frame {
        RelayFrame::Event(event) => event.data.settings,
        RelayFrame::Snapshot(snapshot) => match &snapshot.data {
            SnapshotData::Agent(agent) => agent.settings,
            _ => None,
        },
        _ => None,
    };
    machine
        .until("the settings", |delivered| {
            (delivered.frames.iter().filter_map(told).next_back() == Some(wanted)).then_some(())
        })
        .await;
}

pub(crate) async fn a_switch_reaches_all_machines_at_once_and_an_older_extension_turns_none(world: World) {
    // N6
    let shop = world.project("Kettle").await;
    let (mira, tom) = (world.agent(&shop, "Mira", Right::Agent).await, world.agent(&shop, "Tom", Right::Agent).await);
    let at_first = json!({
        "offline_after_minutes": 15, "detach_after_minutes": 15,
        "sound_notifications": true, "popup_notifications": true, "repeat_until_seen": false,
    });
    assert_eq!(mira.get(PATH).await.ok(), at_first);
    let (mut home, mut office) = (mira.works(), mira.at(world.visitors_url()).reads());
    let mut at_tom = tom.works();
    knows(&mut home, &at_first).await;
    knows(&mut office, &at_first).await;
    at_tom.live().await;

    let mut quiet = at_first.clone();
    (quiet["sound_notifications"], quiet["repeat_until_seen"]) = (json!(false), json!(true));
    assert_eq!(mira.put(PATH, &quiet).await.ok(), quiet);
    knows(&mut home, &quiet).await;
    knows(&mut office, &quiet).await;

    // The extension of the release before knows two numbers only.
    let older = mira.put(PATH, &json!({ "offline_after_minutes": 20, "detach_after_minutes": 15 })).await.ok();
    quiet["offline_after_minutes"] = json!(20);
    assert_eq!(older, quiet);
    knows(&mut office, &quiet).await;
    let mut elsewhere = mira.reads();
    knows(&mut elsewhere, &quiet).await;

    // What comes to Tom after all that would stand behind whatever leaked.
    assert_eq!(tom.put(PATH, &at_first).await.ok(), at_first);
    at_tom.event("his own settings", |event| event.kind == "settings_changed").await;
    let events =
        at_tom.with(|delivered| e2e::reader::events(delivered).filter(|event| event.data.settings.is_some()).count());
    assert_eq!(events, 1, "only his own: {}", at_tom.everything());
}
