//! Presence: a lease per agent, from pages that are open (P1–P10).

use domain::agent::Right;
use e2e::people::Person;
use e2e::reader::Reader;
use e2e::world::World;
use protocol::frame::ClientFrame;
use protocol::view::Availability;
use reqwest::Method;
use serde_json::{Value, json};

const MINUTES: i64 = 60_000;

/// Waits until a reader has been told how often that somebody is Offline.
async fn sees_offline(reader: &mut Reader, who: &Person, times: usize) {
    let is_it = |event: &protocol::frame::Event| {
        let agent = event.data.agent.as_ref();
        agent.is_some_and(|agent| agent.id == who.id && agent.availability == Availability::Offline)
    };
    reader
        .until("Offline", |delivered| {
            (e2e::reader::events(delivered).filter(|event| is_it(event)).count() >= times).then_some(())
        })
        .await;
}

async fn is_online(who: &Person) -> bool {
    who.get("/v1/me").await.ok()["availability"] == "online"
}

/// Whether the agent's time has run out by what the record knows.
async fn is_due(world: &World, who: &Person) -> bool {
    world.store.due_offline(world.now()).await.unwrap().iter().any(|agent| agent.as_str() == who.id)
}

pub(crate) async fn online_lasts_while_a_page_is_open_and_ends_after_his_time(world: World) {
    // P2 P5 P8 A13
    let shop = world.project("Kettle").await;
    let (boss, mira) = (world.agent(&shop, "Boss", Right::Owner).await, world.agent(&shop, "Mira", Right::Agent).await);
    let (mut at_boss, mut at_mira) = (boss.works(), mira.works());
    at_boss.live().await;
    at_mira.live().await;
    world.clock.advance_ms(600 * MINUTES);
    // The alarm rings, and finds that her page is open.
    world.until_seen(&mira, 600 * MINUTES).await;
    assert!(is_online(&mira).await, "without limit while a page is open");
    world.clock.advance_ms(7 * MINUTES);
    drop(at_mira);
    world.until_seen(&mira, 607 * MINUTES).await;
    world.clock.advance_ms(15 * MINUTES - 1);
    assert!(!is_due(&world, &mira).await);
    world.clock.advance_ms(1);
    sees_offline(&mut at_boss, &mira, 1).await;
    let why = mira.get("/v1/me").await.ok()["offline"].clone();
    assert_eq!(why["cause"], "last_page_closed");
    assert_eq!(why["at"], e2e::world::START.as_ms() + 607 * MINUTES);
}

pub(crate) async fn of_several_pages_the_last_one_counts_and_no_page_is_none(world: World) {
    // P4
    let shop = world.project("Kettle").await;
    let (boss, mira) = (world.agent(&shop, "Boss", Right::Owner).await, world.agent(&shop, "Mira", Right::Agent).await);
    let mut at_boss = boss.works();
    at_boss.live().await;
    // At home, in the office, and one browser that shows no Gmail of hers.
    let (mut home, mut office, mut other) = (mira.works(), mira.works(), mira.reads());
    for reader in [&mut home, &mut office, &mut other] {
        reader.live().await;
    }
    drop(home);
    world.clock.advance_ms(20 * MINUTES);
    world.until_seen(&mira, 20 * MINUTES).await;
    assert!(is_online(&mira).await, "another machine's page is open");
    // The office's browser stays, but its last Gmail page is closed.
    office.says(ClientFrame::Here { here: false });
    world.until_here(&mira, false).await;
    world.clock.advance_ms(14 * MINUTES);
    office.says(ClientFrame::Here { here: true });
    world.until_here(&mira, true).await;
    world.clock.advance_ms(10 * MINUTES);
    world.until_seen(&mira, 44 * MINUTES).await;
    assert!(is_online(&mira).await, "opened again in time");
    world.clock.advance_ms(MINUTES);
    office.says(ClientFrame::Here { here: false });
    world.until_seen(&mira, 45 * MINUTES).await;
    world.clock.advance_ms(15 * MINUTES);
    sees_offline(&mut at_boss, &mira, 1).await;
}

pub(crate) async fn returning_in_time_cancels_it_and_nobody_comes_online_by_himself(world: World) {
    // P3 P5 P6
    let shop = world.project("Kettle").await;
    let (boss, mira) = (world.agent(&shop, "Boss", Right::Owner).await, world.agent(&shop, "Mira", Right::Agent).await);
    let mut at_boss = boss.works();
    at_boss.live().await;
    let times = json!({ "offline_after_minutes": 2, "detach_after_minutes": 15 });
    let stored = mira.put("/v1/me/settings", &times).await.ok();
    assert_eq!((&stored["offline_after_minutes"], &stored["detach_after_minutes"]), (&json!(2), &json!(15)));
    let mut first = mira.works();
    first.live().await;
    drop(first);
    world.until_here(&mira, false).await;
    world.clock.advance_ms(2 * MINUTES - 1);
    let mut second = mira.works();
    second.live().await;
    world.clock.advance_ms(30 * MINUTES);
    world.until_seen(&mira, 32 * MINUTES - 1).await;
    assert!(is_online(&mira).await);
    mira.goes("offline").await;
    sees_offline(&mut at_boss, &mira, 1).await;
    drop(second);
    let mut third = mira.works();
    third.live().await;
    assert!(!is_online(&mira).await, "opening Gmail makes nobody Online");
}

pub(crate) async fn signs_of_life_survive_a_restart_of_the_relay(world: World) {
    // P5 P6
    let shop = world.project("Kettle").await;
    let (boss, mira) = (world.agent(&shop, "Boss", Right::Owner).await, world.agent(&shop, "Mira", Right::Agent).await);
    let mut at_mira = mira.works();
    at_mira.live().await;
    world.clock.advance_ms(3 * MINUTES);
    // The stop is a clean close of every page's connection.
    let world = world.restarted().await;
    drop(at_mira);
    world.until_seen(&mira, 3 * MINUTES).await;
    let (boss, mira) = (boss.at(&world.url), mira.at(&world.url));
    let mut at_boss = boss.works();
    at_boss.live().await;
    world.clock.advance_ms(15 * MINUTES - 1);
    assert!(!is_due(&world, &mira).await, "counted from the stop");
    world.clock.advance_ms(1);
    sees_offline(&mut at_boss, &mira, 1).await;
}

pub(crate) async fn why_somebody_is_offline_is_told_in_words(world: World) {
    // P10 P11
    let shop = world.project("Kettle").await;
    let (boss, mira) = (world.agent(&shop, "Boss", Right::Owner).await, world.agent(&shop, "Mira", Right::Agent).await);
    let client = world.visitor(&shop).await;
    let mut at_mira = mira.works();
    at_mira.live().await;
    client.writes("Hello").await;
    let conversation = at_mira.conversation().await;
    mira.acts("accept", &conversation, &json!({})).await.ok();
    let returns = json!({ "availability": "offline", "return_conversations": true });
    let me = mira.put("/v1/me/availability", &returns).await.ok();
    assert_eq!(me["offline"]["cause"], "by_hand");
    let back = at_mira.event("returned", |event| event.kind == "conversation_unassigned").await;
    assert_eq!(back.data.conversation.unwrap().assignee_id, None);
    let told = at_mira.event("why", |event| event.data.offline.is_some()).await.data.offline.unwrap();
    assert_eq!(told.at, e2e::world::START.as_ms());

    mira.goes("online").await;
    let path = format!("/v1/projects/{}/agents/{}/offline", shop.id, mira.id);
    assert_eq!(boss.post(&path, &json!({})).await.ok(), json!({ "set_offline": true, "n_cleared": 0 }));
    let offline = mira.get("/v1/me").await.ok()["offline"].clone();
    assert_eq!((&offline["cause"], &offline["by_name"]), (&json!("administrator"), &json!("Boss")));
    mira.goes("online").await;
    assert_eq!(mira.get("/v1/me").await.ok()["offline"], Value::Null);
    let wrong = mira.send(
        Method::PUT,
        "/v1/me/settings",
        br#"{"offline_after_minutes":0,"detach_after_minutes":1}"#.to_vec(),
        &[],
    );
    let wrong = wrong.await;
    assert_eq!(wrong.body["error"]["details"]["field"], "offline_after_minutes");
}
