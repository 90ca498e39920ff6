//! Connections that are dropped every 2 s, by a reset and without a word.

use std::collections::VecDeque;
use std::time::Duration;

use e2e::people::{Person, message_id};
use e2e::reader::{Reader, events};
use protocol::frame::Event;
use serde_json::{Value, json};
use testkit::proxy::{Fault, Proxy};
use testkit::relay::Relay;
use tokio::time::{Instant, MissedTickBehavior};

/// How many each side writes, and how often.
const MESSAGES: usize = 1_000;
const EVERY: Duration = Duration::from_millis(50);
const DROPPED_EVERY: Duration = Duration::from_secs(2);
/// How long a request may take before it is sent again.
const GIVE_UP: Duration = Duration::from_secs(1);
/// A silent connection is given up after 45 s; then all must come.
const PATIENCE: Duration = Duration::from_secs(100);

/// Writes a message every 50 ms, whatever the network does; what is not acknowledged is sent again, in order. Gives the ids.
async fn writes(path: String, extra: Value, person: Person) -> (Vec<String>, usize) {
    let http = reqwest::Client::builder().timeout(GIVE_UP).build().unwrap();
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let (mut ids, mut waiting, mut n_retried) = (Vec::new(), VecDeque::new(), 0);
    while ids.len() < MESSAGES || !waiting.is_empty() {
        if ids.len() < MESSAGES {
            ticks.tick().await;
            let id = message_id();
            ids.push(id.clone());
            waiting.push_back(id);
        }
        while let Some(id) = waiting.front() {
            let mut body = extra.clone();
            body["id"] = json!(id);
            body["text"] = json!("hello");
            let request = http.post(format!("{}{path}", person.url)).bearer_auth(&person.token).json(&body);
            match request.send().await {
                Ok(response) if response.status().is_success() => {
                    waiting.pop_front();
                }
                Ok(response) => assert!(matches!(response.status().as_u16(), 429 | 503), "{response:?}"),
                Err(_) => n_retried += 1,
            }
            if ids.len() < MESSAGES && !waiting.is_empty() {
                break;
            }
        }
    }
    (ids, n_retried)
}

/// The causes of the events that a reader was given of one side's messages, as they came.
fn came(reader: &Reader, of: fn(&Event) -> bool) -> Vec<String> {
    reader
        .with(|delivered| events(delivered).filter(|event| of(event)).filter_map(|event| event.cause.clone()).collect())
}

async fn dropped_every_2_seconds(fault: Fault, what: &str) {
    let mut relay = Relay::new().unwrap();
    let project = relay.create_project("Kettle", "mira@example.com", &["https://shop.example"]).await.unwrap();
    relay.start().await.unwrap();
    let mira = Person::invited(&relay.url(), &project.owner_code, "Mira").await;
    let client = Person::visitor(&relay.url(), &project.channel_key).await;
    // Everything from here on goes through a network that drops.
    let proxy = Proxy::before(&relay.url()).await.unwrap();
    let (mira, client) = (mira.at(&proxy.url()), client.at(&proxy.url()));
    let (mut at_mira, mut at_client) = (mira.works(), client.reads());
    at_mira.live().await;
    at_client.live().await;
    client.writes("the first").await;
    let conversation = at_mira.conversation().await;
    mira.acts("accept", &conversation, &json!({})).await.ok();

    let trouble = proxy.cut_every(DROPPED_EVERY, fault);
    let answers = format!("/v1/conversations/{conversation}/messages");
    let by_client = tokio::spawn(writes("/v1/widget/messages".to_owned(), json!({}), client.clone()));
    let by_agent = tokio::spawn(writes(answers, json!({ "fence": 1 }), mira.clone()));
    let (from_client, n_retried) = by_client.await.unwrap();
    let (from_agent, also_retried) = by_agent.await.unwrap();
    drop(trouble);

    let deadline = Instant::now() + PATIENCE;
    let all = |reader: &Reader, of: fn(&Event) -> bool, n: usize| came(reader, of).len() >= n;
    let by_contact =
        |event: &Event| event.data.message.as_ref().is_some_and(|it| it.author == protocol::view::Author::Contact);
    let by_us = |event: &Event| event.data.contact_message.as_ref().is_some_and(|it| it.agent_name.is_some());
    // The first, before the trouble, is one more.
    while !(all(&at_mira, by_contact, MESSAGES + 1) && all(&at_client, by_us, MESSAGES)) {
        assert!(Instant::now() < deadline, "not everything came");
        at_mira.changed_within(Duration::from_millis(200)).await;
    }
    let of_client: Vec<String> = came(&at_mira, by_contact).into_iter().filter(|id| from_client.contains(id)).collect();
    assert_eq!(of_client, from_client, "all, in order, once");
    assert_eq!(came(&at_client, by_us), from_agent, "all, in order, once");
    let counts = proxy.counts();
    println!(
        "{what} every 2 s: {} sent, {0} acknowledged, {0} delivered, 0 lost, 0 doubled, 0 reordered (100 %);",
        2 * MESSAGES
    );
    println!(
        "  {} connections, {} reset, {} gone silent; {} requests sent again",
        counts.n_connections,
        counts.n_cut,
        counts.n_frozen,
        n_retried + also_retried
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_reset_every_2_seconds_lose_double_and_reorder_nothing() {
    // W6, design: faults
    dropped_every_2_seconds(Fault::Cut, "connections reset").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_go_silent_every_2_seconds_lose_double_and_reorder_nothing() {
    // W6 P9, design: faults
    dropped_every_2_seconds(Fault::Freeze, "connections half-open").await;
}
