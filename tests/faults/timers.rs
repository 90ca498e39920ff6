//! Deadlines and signs of life that a relay has when `kill -9` ends it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use e2e::backups::{self, On, sql};
use e2e::people::Person;
use e2e::reader::{Reader, events};
use protocol::frame::{Actor, Event};
use protocol::view::Availability;
use serde_json::json;
use store::clock::{Clock as _, SystemClock};
use testkit::eventually::eventually;
use testkit::relay::Relay;
use tokio::time::Instant;

use crate::writing::{Load, PAIRS};

/// How many conversations wait for a deadline that falls into the kills.
const WAITING: i64 = 12;
/// Until the first of them is due, and then from each to the next.
const FIRST_MS: i64 = 2_500;
const APART_MS: i64 = 500;
/// How late a deadline may be met: a relay is away for a part of a second each time.
const LATE_MS: i64 = 3_000;
/// How often the relay is killed meanwhile, at least.
const KILLS: usize = 6;
const MINUTE_MS: i64 = 60_000;
const PATIENCE: Duration = Duration::from_secs(30);

/// Clients whom an agent has taken, and who would wait for a minute.
async fn taken(relay: &Relay, code: &str, channel_key: &str) -> Person {
    let idle = Person::invited(&relay.url(), code, "Idle").await;
    let settings = json!({ "offline_after_minutes": 15, "detach_after_minutes": 1 });
    idle.put("/v1/me/settings", &settings).await.ok();
    let mut reads = idle.works();
    reads.live().await;
    for _ in 0..WAITING {
        let client = Person::visitor(&relay.url(), channel_key).await;
        let first = client.writes("hello").await["message"]["id"].as_str().unwrap().to_owned();
        let event = reads.event("a conversation", |event| event.cause.as_deref() == Some(first.as_str())).await;
        idle.acts("accept", &event.data.conversation.unwrap().id, &json!({})).await.ok();
    }
    idle
}

/// All that happened to the conversations happened earlier, so that one after the other is due from soon on; the relay does not run.
/// Gives when each is due.
async fn due_soon(relay: &Relay, owner: &Person) -> BTreeMap<String, i64> {
    let of_owner = format!("FROM conversations WHERE assignee_id = '{}' ORDER BY deadline_at, id", owner.id);
    let ids = sql(relay, &format!("SELECT id {of_owner}")).await;
    let deadlines = sql(relay, &format!("SELECT CAST(deadline_at AS TEXT) {of_owner}")).await;
    assert_eq!(ids.len(), usize::try_from(WAITING).unwrap());
    let (now, mut due) = (SystemClock.now().as_ms(), BTreeMap::new());
    for ((n, id), deadline) in (0..).zip(ids).zip(deadlines) {
        let at = now + FIRST_MS + n * APART_MS;
        let by = deadline.parse::<i64>().unwrap() - at;
        assert!(by > 0, "that deadline is nearer already");
        let columns =
            ["unanswered_since", "taken_at", "last_message_at", "opened_at", "contact_wrote_at", "deadline_at"];
        let earlier = columns.map(|column| format!("{column} = {column} - {by}")).join(", ");
        sql(relay, &format!("UPDATE conversations SET {earlier} WHERE id = '{id}'")).await;
        due.insert(id, at);
    }
    due
}

fn detached(reader: &Reader) -> Vec<Event> {
    let by_clock = |event: &&Event| event.kind == "conversation_unassigned" && event.actor == Actor::Clock;
    reader.with(|delivered| events(delivered).filter(by_clock).cloned().collect())
}

async fn deadlines(on: On) {
    let mut relay = backups::relay(on).await;
    let project = relay.create_project("Kettle", "mira@example.com", &["https://shop.example"]).await.unwrap();
    let code = relay.invite(&project.id, "idle@example.com", "agent").await.unwrap();
    relay.start().await.unwrap();
    let idle = taken(&relay, &code, &project.channel_key).await;
    let load = Load::begin(&relay.url(), &project.owner_code, &project.channel_key).await;
    let progress = load.until.progress.clone();
    relay.kill().await.unwrap();
    let due = due_soon(&relay, &idle).await;
    relay.start().await.unwrap();
    let (begun, mut n_kills) = (Instant::now(), 1);
    // Killed again and again, until all of them are met.
    while detached(load.reader()).len() < due.len() {
        assert!(begun.elapsed() < PATIENCE, "{n_kills} kills, and not all deadlines were met");
        progress.more(10 * PAIRS).await;
        relay.kill().await.unwrap();
        relay.start().await.unwrap();
        n_kills += 1;
    }
    assert!(n_kills >= KILLS, "only {n_kills} kills");
    let met = detached(load.reader());
    let counted = load.end().await;
    let met: Vec<(&str, i64)> =
        met.iter().map(|event| (event.data.conversation.as_ref().unwrap().id.as_str(), event.at)).collect();
    let ids: BTreeSet<&str> = met.iter().map(|(id, _)| *id).collect();
    assert_eq!((ids.len(), met.len()), (due.len(), due.len()), "each deadline once");
    let late: Vec<i64> = met.iter().map(|(id, at)| at - due[*id]).collect();
    let (early, latest) = (late.iter().min().unwrap(), late.iter().max().unwrap());
    counted.tell(&format!("kill -9, {n_kills} times on {on:?}, while deadlines fall due"));
    println!("  {WAITING} deadlines, each met once, at most {latest} ms late");
    assert!(*early >= 0 && *latest < LATE_MS, "milliseconds late: {late:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deadlines_among_kills_are_met_once_and_on_time() {
    // A9 A13, design: faults, first row
    deadlines(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deadlines_among_kills_are_met_once_and_on_time_on_postgresql_too() {
    // A9 A13, design: faults, first row
    deadlines(On::Postgres).await;
}

/// The agent's last sign of life in the record.
async fn seen(relay: &Relay, agent: &Person) -> i64 {
    let found = sql(relay, &format!("SELECT CAST(last_seen_at AS TEXT) FROM agents WHERE id = '{}'", agent.id)).await;
    found[0].parse().unwrap()
}

#[tokio::test]
async fn a_crash_forgets_at_most_20_seconds_of_an_agents_presence() {
    // P5 P6
    let mut relay = Relay::new().unwrap();
    let project = relay.create_project("Kettle", "boss@example.com", &["https://shop.example"]).await.unwrap();
    let code = relay.invite(&project.id, "mira@example.com", "agent").await.unwrap();
    relay.start().await.unwrap();
    let boss = Person::invited(&relay.url(), &project.owner_code, "Boss").await;
    let mira = Person::invited(&relay.url(), &code, "Mira").await;
    mira.put("/v1/me/settings", &json!({ "offline_after_minutes": 1, "detach_after_minutes": 15 })).await.ok();
    let mut at_mira = mira.works();
    at_mira.live().await;
    // The first is written when she comes, the next while she is there.
    let first = seen(&relay, &mira).await;
    let next = eventually("the next sign of life", PATIENCE, || async {
        let now = seen(&relay, &mira).await;
        Ok((now > first).then_some(now))
    })
    .await
    .unwrap();
    relay.kill().await.unwrap();
    drop(at_mira);
    let killed_at = SystemClock.now().as_ms();
    assert!(next - first <= 21_000, "{} ms from one to the next", next - first);
    assert_eq!(seen(&relay, &mira).await, next);
    assert!(next <= killed_at, "not later than the crash");

    // Most of her minute passes, and nobody comes back.
    let sixty =
        format!("UPDATE agents SET last_seen_at = last_seen_at - {} WHERE id = '{}'", MINUTE_MS - 3_000, mira.id);
    sql(&relay, &sixty).await;
    relay.start().await.unwrap();
    let mut at_boss = boss.reads();
    let gone = at_boss
        .event("Mira is Offline", |event| {
            let agent = event.data.agent.as_ref();
            agent.is_some_and(|it| it.id == mira.id && it.availability == Availability::Offline)
        })
        .await;
    let late = gone.at - (next + 3_000);
    println!(
        "kill -9 with an agent there: {} ms of presence forgotten, Offline {late} ms after her time",
        killed_at - next
    );
    assert_eq!(gone.actor, Actor::Clock);
    assert!((0..LATE_MS).contains(&late), "{late} ms");
}
