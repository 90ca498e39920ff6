//! Two relays behind Caddy are restarted one after the other, and nobody notices.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::time::Timestamp;
use e2e::people::{Person, message_id};
use e2e::reader::{Reader, events};
use serde_json::{Value, json};
use store::clock::{Clock, SystemClock};
use testkit::caddy::Caddy;
use testkit::eventually::eventually;
use testkit::postgres::Postgres;
use testkit::redis::Redis;
use testkit::soak;
use tokio::task::JoinHandle;

use crate::pair::Pair;

/// How many clients write, each with an agent who answers.
const PAIRS: usize = 4;
/// How many conversations wait for a deadline that falls into the restarts.
const WAITING: usize = 20;
const PATIENCE: Duration = Duration::from_secs(60);
/// How often each person writes.
const EVERY: Duration = Duration::from_millis(100);

/// A clock that is behind by so many milliseconds: what happens by it is due sooner.
struct Behind(i64);

impl Clock for Behind {
    fn now(&self) -> Timestamp {
        Timestamp::from_ms(SystemClock.now().as_ms() - self.0)
    }
}

/// What a person met.
#[derive(Default)]
struct Met {
    ids: Vec<String>,
    n_retried: usize,
    errors: Vec<String>,
}

/// Writes every 100 ms until told to stop. A 503 is tried again, as every client does; anything else is an error that he sees.
async fn writes(path: String, extra: Value, person: Person, stop: Arc<AtomicBool>) -> Met {
    let http = reqwest::Client::new();
    let (mut every, mut met) = (tokio::time::interval(EVERY), Met::default());
    while !stop.load(Ordering::Relaxed) {
        let mut body = extra.clone();
        body["id"] = json!(message_id());
        body["text"] = json!("hello");
        loop {
            every.tick().await;
            let request = http.post(format!("{}{path}", person.url)).bearer_auth(&person.token).json(&body);
            match request.send().await {
                Ok(answer) if answer.status().is_success() => break,
                Ok(answer) if answer.status() == 503 => met.n_retried += 1,
                Ok(answer) => met.errors.push(format!("{} {:?}", answer.status(), answer.text().await)),
                Err(error) => met.errors.push(format!("{error:?}")),
            }
        }
        met.ids.push(body["id"].as_str().unwrap().to_owned());
    }
    met
}

/// Conversations in "New" are taken by an agent so long ago that each is due within seconds; gives their number.
async fn waiting(pair: &Pair, agent: &Person) -> usize {
    let minute = 60_000;
    let path = "/v1/me/settings";
    agent.put(path, &json!({ "offline_after_minutes": 15, "detach_after_minutes": 1 })).await.ok();
    for n in 0..WAITING {
        let behind = minute - 4_000 - 500 * i64::try_from(n).unwrap();
        let store = pair.store_at(Arc::new(Behind(behind))).await;
        let visitor = pair.planted.visitor().await;
        pair.planted.writes(&store, &visitor).await;
        let agent = domain::id::AgentId::parse(&agent.id).unwrap();
        let open = pair.planted.store.contact_active(visitor).await.unwrap().unwrap();
        store.accept(agent, domain::id::ConversationId::parse(&open.id).unwrap()).await.unwrap();
        store.close().await;
    }
    WAITING
}

/// Two relays behind Caddy, as `deploy/Caddyfile` sets it up.
async fn behind_caddy() -> (Pair, Caddy) {
    let caddyfile = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/Caddyfile")).unwrap();
    let caddy = Caddy::new().unwrap();
    let site = caddy.url();
    let redis = Redis::shared().await.unwrap();
    let database = Postgres::shared().await.unwrap().fresh().await.unwrap();
    let pair = Pair::on(database, redis.url(), &redis.fresh_prefix().unwrap(), Some(site.clone())).await;
    let relays = pair.urls().map(|url| url.replacen("http://", "", 1)).join(" ");
    let mut caddy = caddy.with("RELAYS", relays).with("SITE_ADDRESS", &site);
    caddy.start(&caddyfile).await.unwrap();
    until_ready(&site).await;
    (pair, caddy)
}

async fn until_ready(url: &str) {
    let ready = format!("{url}/readyz");
    eventually("a relay to be ready", PATIENCE, || async {
        Ok(reqwest::get(&ready).await?.status().is_success().then_some(()))
    })
    .await
    .unwrap();
}

/// Somebody who writes.
struct Writer {
    is_agent: bool,
    conversation: String,
    run: JoinHandle<Met>,
}

/// A client says hello, the agent takes him, and both write until told to stop.
async fn talk(site: &str, key: &str, agent: &Person, watcher: &mut Reader, stop: &Arc<AtomicBool>) -> [Writer; 2] {
    let client = Person::visitor(site, key).await;
    let first = client.writes("hello").await["message"]["id"].as_str().unwrap().to_owned();
    let event = watcher.event("a conversation", |event| event.cause.as_deref() == Some(first.as_str())).await;
    let conversation = event.data.conversation.unwrap().id;
    agent.acts("accept", &conversation, &json!({})).await.ok();
    let by_client = writes("/v1/widget/messages".to_owned(), json!({}), client, stop.clone());
    let path = format!("/v1/conversations/{conversation}/messages");
    let by_agent = writes(path, json!({ "fence": 1 }), agent.clone(), stop.clone());
    [
        Writer { is_agent: false, conversation: conversation.clone(), run: tokio::spawn(by_client) },
        Writer { is_agent: true, conversation, run: tokio::spawn(by_agent) },
    ]
}

/// Restarts one relay after the other; gives how long the slowest took to stop.
async fn restart_in_turn(pair: &mut Pair, rounds: usize) -> Duration {
    let mut slowest = Duration::ZERO;
    for _ in 0..rounds {
        for relay in [&mut pair.a, &mut pair.b] {
            let ended = relay.terminate().await.unwrap();
            assert!(ended.status.success(), "{:?}", ended.status);
            slowest = slowest.max(ended.took);
            relay.start().await.unwrap();
            until_ready(&relay.url()).await;
        }
    }
    slowest
}

/// Compares what a writer had acknowledged with what the watcher was given; gives what he met.
async fn compare(writer: Writer, watcher: &mut Reader) -> Met {
    let Writer { is_agent, conversation, run } = writer;
    let met = run.await.unwrap();
    let last = met.ids.last().unwrap();
    watcher.event("the last message", |event| event.cause.as_ref() == Some(last)).await;
    let delivered: Vec<String> = watcher.with(|it| {
        let theirs = events(it).filter(|event| {
            event.data.message.as_ref().is_some_and(|message| {
                let by_agent = matches!(message.author, protocol::view::Author::Agent { .. });
                message.conversation_id == conversation && by_agent == is_agent
            })
        });
        theirs.filter_map(|event| event.cause.clone()).filter(|id| met.ids.contains(id)).collect()
    });
    assert_eq!(delivered, met.ids, "all, in order, once");
    met
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_behind_caddy_is_seen_by_nobody_and_timers_fire_once() {
    // W6 A13, design: faults
    let (mut pair, caddy) = behind_caddy().await;
    let site = caddy.url();
    let agents = pair.planted.agents(PAIRS + 1, std::slice::from_ref(&site)).await;
    let idle = agents.last().unwrap();
    let mut watcher = Reader::connect_here(&site, &idle.token);
    watcher.live().await;
    let n_waiting = waiting(&pair, idle).await;
    let stop = Arc::new(AtomicBool::new(false));
    let mut writers = Vec::new();
    for agent in &agents[..PAIRS] {
        writers.extend(talk(&site, &pair.planted.channel_key, agent, &mut watcher, &stop).await);
    }
    let rounds = soak::times(1);
    let slowest = restart_in_turn(&mut pair, rounds).await;
    let n_detached =
        |reader: &Reader| reader.with(|it| events(it).filter(|event| event.kind == "conversation_unassigned").count());
    eventually("all deadlines", PATIENCE, || async { Ok((n_detached(&watcher) >= n_waiting).then_some(())) })
        .await
        .unwrap();
    stop.store(true, Ordering::Relaxed);
    let (mut n_sent, mut n_retried, mut errors) = (0, 0, Vec::new());
    for writer in writers {
        let met = compare(writer, &mut watcher).await;
        n_sent += met.ids.len();
        n_retried += met.n_retried;
        errors.extend(met.errors);
    }
    assert_eq!(n_detached(&watcher), n_waiting, "each deadline once");
    println!("two relays behind Caddy, {} restarts: {n_sent} sent, {n_sent} delivered, 0 lost, 0 doubled,", 2 * rounds);
    println!(
        "  {} errors seen, {n_retried} retried 503s; {n_waiting} deadlines, each fired once; slowest stop {slowest:?}",
        errors.len()
    );
    assert!(errors.is_empty(), "{errors:#?}");
}
