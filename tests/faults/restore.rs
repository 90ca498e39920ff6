//! The machine is lost, and a backup is restored: everybody goes on by himself.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use desk::{Desk as Model, Filter};
use domain::order::Tab;
use e2e::backups::{KEY, On, back_up, fresh_database, relay, restore, sql};
use e2e::people::{Person, message_id};
use e2e::reader::Reader;
use serde_json::{Value, json};
use testkit::eventually::eventually;
use testkit::proxy::Proxy;
use testkit::relay::Relay;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// How many clients write, each with his agent's answers.
const PAIRS: usize = 3;
/// How many messages are written in each part of the story.
const MESSAGES: usize = 60;
const BACK_OFF: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(60);

/// The story's parts.
const BEFORE_BACKUP: usize = 0;
const DURING_BACKUP: usize = 1;
const TO_BE_LOST: usize = 2;
const RESTORED: usize = 3;

/// A message, and in which parts of the story it was first sent and acknowledged.
struct Wrote {
    id: String,
    sent: usize,
    acknowledged: usize,
}

/// What the writers share.
#[derive(Clone, Default)]
struct Story {
    part: Arc<AtomicUsize>,
    n_acknowledged: Arc<AtomicUsize>,
    is_over: Arc<AtomicBool>,
}

impl Story {
    fn part(&self) -> usize {
        self.part.load(Ordering::SeqCst)
    }

    fn goes_on(&self, part: usize) {
        self.part.store(part, Ordering::SeqCst);
    }

    /// Waits for a good number of messages more.
    async fn more(&self) {
        let goal = self.n_acknowledged.load(Ordering::SeqCst) + MESSAGES;
        let reached = || async { Ok((self.n_acknowledged.load(Ordering::SeqCst) >= goal).then_some(())) };
        eventually("more messages", PATIENCE, reached).await.unwrap();
    }

    /// Writes one message after the other; each is sent with the same id until the relay took it, as widget and hub do.
    async fn writes(self, path: String, extra: Value, person: Person) -> Vec<Wrote> {
        let (http, mut wrote) = (reqwest::Client::new(), Vec::new());
        while !self.is_over.load(Ordering::SeqCst) {
            let (id, sent, mut body) = (message_id(), self.part(), extra.clone());
            body["id"] = json!(id);
            body["text"] = json!("hello");
            let mut back_off = tokio::time::interval(BACK_OFF);
            loop {
                back_off.tick().await;
                let request = http.post(format!("{}{path}", person.url)).bearer_auth(&person.token).json(&body);
                match request.send().await {
                    Ok(answer) if answer.status().is_success() => break,
                    Ok(answer) => assert!(matches!(answer.status().as_u16(), 429 | 503), "{answer:?}"),
                    Err(_) => {}
                }
            }
            wrote.push(Wrote { id, sent, acknowledged: self.part() });
            self.n_acknowledged.fetch_add(1, Ordering::SeqCst);
        }
        wrote
    }
}

async fn begin(mira: &Person, at_mira: &mut Reader, channel_key: &str, story: &Story) -> Vec<JoinHandle<Vec<Wrote>>> {
    let mut writers = Vec::new();
    for _ in 0..PAIRS {
        let client = Person::visitor(&mira.url, channel_key).await;
        let first = client.writes("hello").await["message"]["id"].as_str().unwrap().to_owned();
        let event = at_mira.event("a conversation", |event| event.cause.as_deref() == Some(first.as_str())).await;
        let conversation = event.data.conversation.unwrap().id;
        mira.acts("accept", &conversation, &json!({})).await.ok();
        let answers = format!("/v1/conversations/{conversation}/messages");
        writers.push(tokio::spawn(story.clone().writes("/v1/widget/messages".to_owned(), json!({}), client)));
        writers.push(tokio::spawn(story.clone().writes(answers, json!({ "fence": 1 }), mira.clone())));
    }
    writers
}

/// What the agent's panel shows: each open conversation's number of messages.
fn shown(reader: &Reader) -> BTreeSet<(String, u32)> {
    let mut model = Model::default();
    reader.with(|delivered| {
        delivered.frames.iter().for_each(|frame| {
            model.apply(frame);
        });
    });
    let open = model.list(Tab::Open, &Filter::default());
    open.iter().map(|conversation| (conversation.id.clone(), conversation.last_n)).collect()
}

/// How many messages fared how.
#[derive(Default)]
struct Counted {
    n_kept: usize,
    n_lost: usize,
    n_since: usize,
}

/// Compares what was acknowledged, by each writer, with what the record has, in its order.
fn counted(all: &[Vec<Wrote>], stored: &[String]) -> Counted {
    let known: BTreeSet<&String> = stored.iter().collect();
    assert_eq!(known.len(), stored.len(), "doubled");
    let mut counted = Counted::default();
    for wrote in all {
        for it in wrote {
            let is_stored = known.contains(&it.id);
            match (it.sent, it.acknowledged) {
                (BEFORE_BACKUP, BEFORE_BACKUP) => {
                    counted.n_kept += 1;
                    assert!(is_stored, "acknowledged before the backup began");
                }
                (TO_BE_LOST, TO_BE_LOST) => {
                    counted.n_lost += 1;
                    assert!(!is_stored, "sent after the backup was complete");
                }
                (_, RESTORED) => {
                    counted.n_since += 1;
                    assert!(is_stored, "acknowledged by the restored relay");
                }
                _ => {}
            }
        }
        let of_writer: Vec<&String> = wrote.iter().map(|it| &it.id).filter(|id| known.contains(id)).collect();
        let own: BTreeSet<&String> = of_writer.iter().copied().collect();
        let in_record: Vec<&String> = stored.iter().filter(|id| own.contains(id)).collect();
        assert_eq!(in_record, of_writer, "in order");
    }
    counted
}

async fn lost_and_restored(on: On) {
    let mut relay = relay(on).await;
    let project = relay.create_project("Kettle", "mira@example.com", &["https://shop.example"]).await.unwrap();
    relay.start().await.unwrap();
    let mira = Person::invited(&relay.url(), &project.owner_code, "Mira").await;
    let mut at_mira = mira.works();
    at_mira.live().await;
    let story = Story::default();
    let writers = begin(&mira, &mut at_mira, &project.channel_key, &story).await;
    story.more().await;

    let (folder, began) = (tempfile::tempdir().unwrap(), Instant::now());
    story.goes_on(DURING_BACKUP);
    let backup = back_up(&relay, folder.path(), &[]).await;
    let backup_took = began.elapsed();
    story.goes_on(TO_BE_LOST);
    story.more().await;
    relay.kill().await.unwrap();
    let began = Instant::now();
    restore(&relay, &backup, &["--replace"]).await.unwrap();
    story.goes_on(RESTORED);
    relay.start().await.unwrap();
    let restore_took = began.elapsed();
    story.more().await;
    story.is_over.store(true, Ordering::SeqCst);

    let mut all = Vec::new();
    for writer in writers {
        all.push(writer.await.unwrap());
    }
    let stored = sql(&relay, "SELECT id FROM messages ORDER BY contact_id, n").await;
    let counted = counted(&all, &stored);
    let counts = "SELECT c.id || ' ' || c.last_n FROM conversations c ORDER BY c.id";
    let record: Vec<String> = sql(&relay, counts).await;
    eventually("the panel to show what is there", PATIENCE, || async {
        let shown: Vec<String> = shown(&at_mira).into_iter().map(|(id, n)| format!("{id} {n}")).collect();
        Ok((shown == record).then_some(()))
    })
    .await
    .unwrap();
    println!(
        "lost and restored on {on:?}: backup in {backup_took:?} under load, restore and start in {restore_took:?};"
    );
    println!("  {} acknowledged before the backup, all kept;", counted.n_kept);
    println!(
        "  {} after it, all gone, from the panel too; {} since, all there, once, in order",
        counted.n_lost, counted.n_since
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_machine_is_restored_from_its_backup_and_everybody_goes_on_by_himself() {
    // design rules 4 and 9
    lost_and_restored(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_database_is_restored_from_its_backup_too() {
    // design rules 4 and 9
    lost_and_restored(On::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_was_cut_off_while_a_backup_was_restored_ends_and_is_right_when_it_is_started_again() {
    // design rule 4
    let database = fresh_database().await;
    let way = Proxy::before(&database).await.unwrap();
    let operator = Relay::on_postgres(database).unwrap().with("DESKSIDE_SECRET_KEY", KEY);
    let mut relay = Relay::on_postgres(way.url()).unwrap().with("DESKSIDE_SECRET_KEY", KEY);
    let project = relay.create_project("Kettle", "mira@example.com", &["https://shop.example"]).await.unwrap();
    relay.start().await.unwrap();
    let mira = Person::invited(&relay.url(), &project.owner_code, "Mira").await;
    let mut at_mira = mira.works();
    at_mira.live().await;
    let client = Person::visitor(&mira.url, &project.channel_key).await;
    client.writes("kept").await;
    let folder = tempfile::tempdir().unwrap();
    let backup = back_up(&operator, folder.path(), &[]).await;
    client.writes("lost").await;
    way.refuse(true);
    way.cut().await;
    restore(&operator, &backup, &["--replace"]).await.unwrap();
    way.refuse(false);
    // Left alone it would tell readers of the old epoch what is in the new one.
    assert!(!relay.ended().await.unwrap().success());
    let log = relay.log_text().unwrap();
    assert!(log.contains("a backup was restored in the record's place"), "{log}");
    relay.start().await.unwrap();
    eventually("the panel to start over", PATIENCE, || async {
        Ok(shown(&at_mira).into_iter().map(|(_, n)| n).eq([1]).then_some(()))
    })
    .await
    .unwrap();
    client.writes("and on").await;
}
