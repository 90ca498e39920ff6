//! A network that drops without a word, and presence.

use std::time::Duration;

use domain::agent::Right;
use e2e::reader::{Reader, events};
use e2e::world::World;
use protocol::frame::{Actor, Event};
use serde_json::json;
use testkit::proxy::Proxy;

const MINUTES: i64 = 60_000;
/// How many answers come while a client's machine sleeps.
const ANSWERS: usize = 200;

#[tokio::test]
async fn a_half_open_connection_counts_until_its_last_sign_of_life() {
    // P5 P9
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let (boss, mira) = (world.agent(&shop, "Boss", Right::Owner).await, world.agent(&shop, "Mira", Right::Agent).await);
    let proxy = Proxy::before(&world.url).await.unwrap();
    let mut at_boss = boss.works();
    let mut at_mira = Reader::connect_here(&proxy.url(), &mira.token);
    at_boss.live().await;
    at_mira.live().await;
    proxy.freeze().await;
    // The machine sleeps: nothing of it reaches the relay any more, not even the end of the connection. It does not come back.
    drop(at_mira);
    world.until_here_within(&mira, false, Duration::from_secs(90)).await;
    assert_eq!(world.last_seen(&mira).await, 0, "when it was last heard");
    world.clock.advance_ms(15 * MINUTES);
    let gone = at_boss
        .event("Offline", |event| {
            let agent = event.data.agent.as_ref();
            agent.is_some_and(|it| it.id == mira.id && it.availability == protocol::view::Availability::Offline)
        })
        .await;
    assert_eq!(gone.actor, Actor::Clock);
}

/// The causes of a reader's events that stand among these, as they came.
fn came(reader: &Reader, ids: &[String]) -> Vec<String> {
    let causes = |cause: &String| ids.contains(cause);
    reader.with(|it| events(it).filter_map(|event| event.cause.clone()).filter(causes).collect())
}

#[tokio::test]
async fn after_an_hour_of_sleep_everything_is_there_once_and_in_order() {
    // W6 A9 A13, design: faults
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let (mira, tom) = (world.agent(&shop, "Mira", Right::Agent).await, world.agent(&shop, "Tom", Right::Agent).await);
    let ann = world.visitor(&shop).await;
    let proxy = Proxy::before(&world.url).await.unwrap();
    let mut at_mira = Reader::connect_here(&proxy.url(), &mira.token);
    let mut at_ann = Reader::connect(&proxy.url(), &ann.token);
    let mut at_tom = tom.works();
    for reader in [&mut at_mira, &mut at_ann, &mut at_tom] {
        reader.live().await;
    }
    ann.writes("Is the oak desk in stock?").await;
    let conversation = at_mira.conversation().await;
    mira.acts("accept", &conversation, &json!({})).await.ok();
    at_mira
        .event("it is hers", |event| event.data.conversation.as_ref().is_some_and(|it| it.assignee_id.is_some()))
        .await;

    // Both machines sleep. Mira's time runs out meanwhile, and Tom answers.
    proxy.delay(Duration::from_secs(3_600));
    world.clock.advance_ms(60 * MINUTES);
    let detached = at_tom.event("it is nobody's", |event| event.kind == "conversation_unassigned").await;
    assert_eq!(detached.actor, Actor::Clock);
    let taken = tom.acts("accept", &conversation, &json!({})).await.ok();
    let fence = u32::try_from(taken["conversation"]["fence"].as_u64().unwrap()).unwrap();
    let mut ids = Vec::with_capacity(ANSWERS);
    for n in 0..ANSWERS {
        let answer = tom.answers(&conversation, fence, &format!("answer {n}")).await.ok();
        ids.push(answer["message"]["id"].as_str().unwrap().to_owned());
    }
    assert!(came(&at_mira, &ids).is_empty() && came(&at_ann, &ids).is_empty(), "they do not sleep");

    // They wake, and the system finds that the connections are no more.
    assert_eq!(proxy.cut().await, 2);
    proxy.delay(Duration::ZERO);
    for reader in [&mut at_mira, &mut at_ann] {
        reader.event("the last answer", |event| event.cause.as_ref() == ids.last()).await;
        assert_eq!(came(reader, &ids), ids, "all, in order, once");
    }
    let lost = |event: &&Event| event.kind == "conversation_unassigned";
    assert_eq!(at_mira.with(|it| events(it).filter(lost).count()), 1, "she learns that she lost it, once");
    println!("an hour of sleep: {ANSWERS} sent, {ANSWERS} delivered to each of two, 0 lost, 0 doubled, 0 reordered;");
    println!("  one deadline met meanwhile, and told once");
}
