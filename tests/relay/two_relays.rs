//! Two relays on one PostgreSQL and one Redis: what one machine does holds on several.

use std::time::Duration;

use domain::agent::Right;
use e2e::people::Person;
use e2e::reader::{Reader, events};
use e2e::world::World;
use protocol::error::ErrorCode;
use protocol::frame::{ClientFrame, RelayFrame};
use serde_json::json;
use testkit::eventually::eventually;
use testkit::redis::Redis;

const MINUTES: i64 = 60_000;
const PATIENCE: Duration = Duration::from_secs(30);

/// The frames that pass by, as they came.
fn signals(reader: &Reader) -> Vec<RelayFrame> {
    let passes_by = |frame: &&RelayFrame| matches!(frame, RelayFrame::Typing { .. } | RelayFrame::Viewing { .. });
    reader.with(|delivered| delivered.frames.iter().filter(passes_by).cloned().collect())
}

async fn until_signal(reader: &mut Reader, what: &str, wanted: &RelayFrame) {
    reader.until(what, |delivered| delivered.frames.contains(wanted).then_some(())).await;
}

async fn until_times(reader: &mut Reader, wanted: &RelayFrame, n: usize) {
    let came = |frames: &[RelayFrame]| frames.iter().filter(|frame| *frame == wanted).count();
    reader.until("a signal again", |delivered| (came(&delivered.frames) >= n).then_some(())).await;
}

/// Two relays; Mira at one, Tom at the other, a client of theirs who has written, and somebody of another project.
struct Cast {
    _world: World,
    mira: Person,
    tom: Person,
    stranger: Person,
    at_mira: Reader,
    at_tom: Reader,
    at_client: Reader,
    at_stranger: Reader,
    topic: String,
    conversation: String,
}

impl Cast {
    async fn new() -> Self {
        let world = World::two().await;
        let (shop, other) = (world.project("Kettle").await, world.project("Teapot").await);
        let mira = world.agent(&shop, "Mira", Right::Agent).await;
        let tom = world.agent(&shop, "Tom", Right::Agent).await.at(world.visitors_url());
        let stranger = world.agent(&other, "Sam", Right::Owner).await;
        let client = world.visitor(&shop).await;
        let (mut at_mira, mut at_tom, mut at_client) = (mira.works(), tom.works(), client.reads());
        let mut at_stranger = stranger.works();
        for reader in [&mut at_mira, &mut at_tom, &mut at_client, &mut at_stranger] {
            reader.live().await;
        }
        client.writes("Hello").await;
        let conversation = at_mira.conversation().await;
        at_tom.conversation().await;
        let topic = format!("channel/{}", shop.channel_id);
        Self { _world: world, mira, tom, stranger, at_mira, at_tom, at_client, at_stranger, topic, conversation }
    }
}

#[tokio::test]
async fn who_types_is_known_at_the_other_relay() {
    // A8 W7
    let Cast { _world, mira, tom, mut at_mira, mut at_tom, mut at_client, topic, conversation, .. } = Cast::new().await;
    let typing = |agent: Option<&Person>| RelayFrame::Typing {
        topic: topic.clone(),
        conversation_id: Some(conversation.clone()),
        agent_id: agent.map(|agent| agent.id.clone()),
    };
    at_client.says(ClientFrame::Typing { conversation_id: None });
    until_signal(&mut at_mira, "the client types", &typing(None)).await;
    until_signal(&mut at_tom, "the client types", &typing(None)).await;

    // Who does not hold the conversation is not answering in it.
    at_tom.says(ClientFrame::Typing { conversation_id: Some(conversation.clone()) });
    mira.acts("accept", &conversation, &json!({})).await.ok();
    at_mira.says(ClientFrame::Typing { conversation_id: Some(conversation.clone()) });
    until_signal(&mut at_tom, "Mira types", &typing(Some(&mira))).await;
    at_client
        .until("somebody types", |delivered| {
            let theirs = |frame: &RelayFrame| {
                matches!(frame, RelayFrame::Typing { topic, conversation_id: None, agent_id: None } if topic.starts_with("contact/"))
            };
            delivered.frames.iter().any(theirs).then_some(())
        })
        .await;
    assert!(!signals(&at_mira).contains(&typing(Some(&tom))));
}

#[tokio::test]
async fn who_looks_is_known_at_the_other_relay_and_nowhere_else() {
    // A8 O2
    let Cast { _world, tom, stranger, mut at_mira, at_tom, at_client, at_stranger, topic, conversation, .. } =
        Cast::new().await;
    let viewing = |viewing| RelayFrame::Viewing {
        topic: topic.clone(),
        conversation_id: conversation.clone(),
        agent_id: tom.id.clone(),
        viewing,
    };
    at_tom.says(ClientFrame::Viewing { conversation_id: Some(conversation.clone()) });
    until_signal(&mut at_mira, "Tom looks", &viewing(true)).await;
    at_tom.says(ClientFrame::Viewing { conversation_id: None });
    until_signal(&mut at_mira, "Tom looks away", &viewing(false)).await;
    at_tom.says(ClientFrame::Viewing { conversation_id: Some(conversation.clone()) });
    at_stranger.says(ClientFrame::Viewing { conversation_id: Some(conversation.clone()) });
    until_times(&mut at_mira, &viewing(true), 2).await;
    drop(at_tom);
    until_times(&mut at_mira, &viewing(false), 2).await;
    assert_eq!(signals(&at_client), [], "who looks is not the client's to know");
    assert_eq!(signals(&at_stranger), [], "nothing of other projects");
    let of_stranger =
        |frame: &RelayFrame| matches!(frame, RelayFrame::Viewing { agent_id, .. } if *agent_id == stranger.id);
    assert!(!signals(&at_mira).iter().any(of_stranger));
}

#[tokio::test]
async fn a_deadline_fires_once_although_both_relays_look() {
    // A13
    let world = World::two().await;
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let mut at_mira = mira.works();
    let mut beside = Reader::connect(world.visitors_url(), &mira.token);
    at_mira.live().await;
    beside.live().await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        let written = world.visitor(&shop).await.writes("Hello").await["message"]["id"].as_str().unwrap().to_owned();
        let event = at_mira.event("it", |event| event.cause.as_deref() == Some(written.as_str())).await;
        ids.push(event.data.conversation.unwrap().id);
        mira.acts("accept", ids.last().unwrap(), &json!({})).await.ok();
    }
    world.clock.advance_ms(15 * MINUTES);
    let n_detached = |reader: &Reader| {
        reader.with(|delivered| events(delivered).filter(|event| event.kind == "conversation_unassigned").count())
    };
    eventually("all five", PATIENCE, || async {
        Ok((n_detached(&at_mira) >= 5 && n_detached(&beside) >= 5).then_some(()))
    })
    .await
    .unwrap();
    // Whatever rang twice has rung by the time of the next event in the same project.
    mira.acts("accept", &ids[0], &json!({})).await.ok();
    beside
        .event("accepted", |event| {
            event.kind == "conversation_accepted" && event.data.conversation.as_ref().is_some_and(|it| it.fence == 3)
        })
        .await;
    assert_eq!((n_detached(&at_mira), n_detached(&beside)), (5, 5));
}

#[tokio::test]
async fn an_agent_with_a_page_at_the_other_relay_is_not_gone() {
    // P4 P5
    let world = World::two().await;
    let shop = world.project("Kettle").await;
    let (boss, mira) = (world.agent(&shop, "Boss", Right::Owner).await, world.agent(&shop, "Mira", Right::Agent).await);
    let mut at_boss = boss.works();
    at_boss.live().await;
    let mut home = Reader::connect_here(&world.url, &mira.token);
    let mut office = Reader::connect_here(world.visitors_url(), &mira.token);
    home.live().await;
    office.live().await;
    drop(home);
    world.clock.advance_ms(60 * MINUTES);
    // The relay that lost his page asks Redis before it sets him Offline.
    world.until_here(&mira, true).await;
    assert_eq!(boss.get("/v1/me").await.ok()["agent_id"], boss.id.as_str());
    drop(office);
    world.until_here(&mira, false).await;
    world.clock.advance_ms(15 * MINUTES);
    at_boss
        .event("Offline", |event| {
            let agent = event.data.agent.as_ref();
            agent.is_some_and(|it| it.id == mira.id && it.availability == protocol::view::Availability::Offline)
        })
        .await;
    let n_offline = at_boss.with(|delivered| {
        events(delivered)
            .filter(|event| {
                event
                    .data
                    .agent
                    .as_ref()
                    .is_some_and(|it| it.id == mira.id && it.availability == protocol::view::Availability::Offline)
            })
            .count()
    });
    assert_eq!(n_offline, 1, "and not while his other page was open");
}

#[tokio::test]
async fn limits_count_over_both_relays() {
    let world = World::two().await;
    let (client, beside) = (Person::nobody(world.visitors_url()), Person::nobody(&world.url));
    let mut n_refused = 0;
    for n in 0..120 {
        let by = if n % 2 == 0 { &client } else { &beside };
        let answer = by.post("/v1/invitations/redeem", &json!({ "code": "none", "name": "x" })).await;
        n_refused += usize::from(answer.code() == ErrorCode::RateLimited);
    }
    assert!(n_refused > 120 - 2 * 20, "20 at once for both together, and one more every 3 s: {n_refused}");
}

#[tokio::test]
async fn without_redis_the_relays_find_each_others_events_and_say_what_they_do_without() {
    // design: faults
    let mut redis = Redis::start().await.unwrap();
    let world = World::two_on(redis.url(), "ds:").await;
    let ready = || async { reqwest::get(format!("{}/readyz", world.url)).await.unwrap().text().await.unwrap() };
    let says = |wanted: &'static str| async move {
        eventually("readiness", PATIENCE, || async { Ok((ready().await == wanted).then_some(())) }).await.unwrap();
    };
    says("ready").await;
    redis.crash().await.unwrap();
    says("ready, but Redis is away: events of other relays come within a second").await;
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let client = world.visitor(&shop).await;
    let (mut at_mira, mut at_client) = (mira.works(), client.reads());
    at_mira.live().await;
    at_client.live().await;
    for n in 0..5 {
        client.writes("Hello").await;
        if n == 0 {
            let conversation = at_mira.conversation().await;
            mira.acts("accept", &conversation, &json!({})).await.ok();
        }
    }
    at_mira.event("the fifth", |event| event.data.message.as_ref().is_some_and(|it| it.n == 5)).await;
    redis.start_again().await.unwrap();
    says("ready").await;
}
