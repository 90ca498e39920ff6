//! Rights that change, while an agent is connected and while he is away.

use domain::agent::Right;
use e2e::world::World;
use protocol::error::ErrorCode;
use protocol::frame::{RelayFrame, StartOver};
use serde_json::json;
use session::State;

pub(crate) async fn what_an_agent_may_see_follows_his_rights_while_he_is_connected(world: World) {
    // A15 J2 J5 N1, design rule 4
    let shop = world.project("Kettle").await;
    let (boss, mira) = (world.agent(&shop, "Boss", Right::Owner).await, world.agent(&shop, "Mira", Right::Agent).await);
    let client = world.visitor(&shop).await;
    let (mut at_boss, mut at_mira) = (boss.works(), mira.works());
    at_boss.live().await;
    at_mira.live().await;
    client.writes("Hello").await;
    let conversation = at_mira.conversation().await;
    mira.acts("accept", &conversation, &json!({})).await.ok();
    let channel = format!("channel/{}", shop.channel_id);
    let path = format!("/v1/channels/{}/agents/{}", shop.channel_id, mira.id);
    boss.put(&path, &json!({ "assigned": false })).await.ok();
    let left = |frame: &RelayFrame| matches!(frame, RelayFrame::Left { topic } if *topic == channel);
    at_mira.until("left", |delivered| delivered.frames.iter().any(left).then_some(())).await;
    at_boss.event("back in New", |event| event.kind == "conversation_unassigned").await;
    assert_eq!(mira.history_code(&conversation).await, ErrorCode::NotFound);
    client.writes("a secret of the channel").await;
    at_boss.event("the secret", |event| event.data.message.as_ref().is_some_and(|it| it.text.contains("secret"))).await;

    boss.put(&path, &json!({ "assigned": true })).await.ok();
    let joined = |frame: &RelayFrame| matches!(frame, RelayFrame::Snapshot(it) if it.topic == channel && it.reason == StartOver::Joined);
    // The first was at the beginning.
    at_mira.until("joined", |it| (it.frames.iter().filter(|frame| joined(frame)).count() == 2).then_some(())).await;

    let path = format!("/v1/projects/{}/agents/{}", shop.id, mira.id);
    boss.delete(&path).await.ok();
    let project = format!("project/{}", shop.id);
    let left = |frame: &RelayFrame| matches!(frame, RelayFrame::Left { topic } if *topic == project);
    at_mira.until("left the project", |delivered| delivered.frames.iter().any(left).then_some(())).await;
    assert_eq!(mira.get("/v1/me").await.ok()["memberships"], json!([]));
    at_mira.with(|delivered| assert_eq!((delivered.n_connects, delivered.state), (1, Some(State::Live))));
}

pub(crate) async fn rights_that_changed_while_he_was_away_are_right_when_he_is_back(world: World) {
    // design rule 4: gained, lost, removed
    let (shop, bank) = (world.project("Kettle").await, world.project("Bank").await);
    let boss = world.agent(&shop, "Boss", Right::Owner).await;
    let banker = world.agent(&bank, "Banker", Right::Owner).await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    world.joins(&mira, &bank, "Mira", Right::Agent).await;
    let mut at_mira = mira.reads();
    at_mira.live().await;
    let cursors = at_mira.cursors();
    drop(at_mira);

    world.clock.advance_ms(24 * 3_600_000);
    let third = world.project("Tea").await;
    world.joins(&mira, &third, "Mira", Right::Agent).await;
    boss.delete(&format!("/v1/projects/{}/agents/{}", shop.id, mira.id)).await.ok();
    let path = format!("/v1/channels/{}/agents/{}", bank.channel_id, mira.id);
    banker.put(&path, &json!({ "assigned": false })).await.ok();

    let frames = e2e::reader::catch_up(&mira.url, &mira.token, &cursors).await;
    let left: Vec<&str> = frames
        .iter()
        .filter_map(|frame| match frame {
            RelayFrame::Left { topic } => Some(topic.as_str()),
            _ => None,
        })
        .collect();
    let lost = [
        format!("channel/{}", shop.channel_id),
        format!("channel/{}", bank.channel_id),
        format!("project/{}", shop.id),
    ];
    let mut wanted: Vec<&str> = lost.iter().map(String::as_str).collect();
    wanted.sort_unstable();
    assert_eq!(left, wanted);
    let topic = format!("channel/{}", third.channel_id);
    let is_new = |frame: &RelayFrame| matches!(frame, RelayFrame::Snapshot(it) if it.topic == topic);
    assert!(frames.iter().any(is_new), "what he gained comes as a snapshot");
    let is_of = |frame: &RelayFrame, topic: &str| match frame {
        RelayFrame::Snapshot(snapshot) => snapshot.topic == topic,
        RelayFrame::Event(event) => event.topic == topic,
        _ => false,
    };
    assert!(lost.iter().all(|topic| !frames.iter().any(|frame| is_of(frame, topic))), "nothing comes of what he lost");
}
