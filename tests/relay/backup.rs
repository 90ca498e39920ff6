//! Backups are whole, taken while everybody works, and a restored record is what it was.

mod attachments;
mod damage;
mod keys;
mod readers;
mod stores;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use e2e::backups::{On, back_up, data, file_sql, messages, relay, restore, sql};
use e2e::people::{Person, message_id};
use serde_json::{Value, json};
use testkit::relay::{Project, Relay};

/// Runs a case on each database.
macro_rules! on_both_databases {
    ($($case:path as $name:ident,)*) => {
        mod on_sqlite {
            $(
                #[tokio::test]
                async fn $name() {
                    $case(e2e::backups::On::Sqlite).await;
                }
            )*
        }

        mod on_postgres {
            $(
                #[tokio::test]
                async fn $name() {
                    $case(e2e::backups::On::Postgres).await;
                }
            )*
        }
    };
}

on_both_databases! {
    crate::backup::under_load as a_backup_under_load_has_every_message_that_was_acknowledged_before_it,
    crate::backup::elsewhere as a_record_restored_elsewhere_is_what_it_was_and_everybody_is_still_signed_in,
    crate::backup::in_use as nothing_is_restored_onto_a_running_relay_or_over_a_record_unasked,
    crate::backup::readers::ahead as readers_that_were_ahead_start_over_by_themselves,
    crate::backup::attachments::are_there as files_that_people_sent_are_in_a_backup_and_come_back_with_it,
    crate::backup::damage::refused as a_damaged_backup_is_refused_and_changes_nothing,
}

/// A desk that runs: an owner and a client, who has written.
struct Desk {
    relay: Relay,
    project: Project,
    mira: Person,
    client: Person,
    conversation: String,
}

impl Desk {
    async fn open(on: On) -> Self {
        let mut relay = relay(on).await;
        let project = relay.create_project("Kettle", "mira@example.com", &["https://shop.example"]).await.unwrap();
        relay.start().await.unwrap();
        let mira = Person::invited(&relay.url(), &project.owner_code, "Mira").await;
        let client = Person::visitor(&relay.url(), &project.channel_key).await;
        let mut at_mira = mira.works();
        at_mira.live().await;
        client.writes("Is the blue one in stock?").await;
        let conversation = at_mira.conversation().await;
        mira.acts("accept", &conversation, &json!({})).await.ok();
        mira.answers(&conversation, 1, "Three are left.").await.ok();
        Self { relay, project, mira, client, conversation }
    }
}

/// Keeps a file as attachments will.
fn keep_file(relay: &Relay, key: &str, text: &str) {
    let path = data(relay).join("files").join(key);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// Writes until told to stop; gives what was acknowledged, as it comes.
async fn writes_on(client: Person, stop: Arc<AtomicBool>, acknowledged: Arc<Mutex<Vec<String>>>) {
    while !stop.load(Ordering::SeqCst) {
        let id = message_id();
        let answer = client.post("/v1/widget/messages", &json!({ "id": id, "text": "and another" })).await;
        if answer.status.is_success() {
            acknowledged.lock().unwrap().push(id);
        }
    }
}

async fn under_load(on: On) {
    // design: the record; a backup while two writers write
    let desk = Desk::open(on).await;
    let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
    let mut writers = Vec::new();
    for _ in 0..2 {
        let client = Person::visitor(&desk.relay.url(), &desk.project.channel_key).await;
        writers.push(tokio::spawn(writes_on(client, Arc::clone(&stop), Arc::clone(&acknowledged))));
    }
    testkit::eventually::eventually("a few messages", std::time::Duration::from_secs(20), || async {
        Ok((acknowledged.lock().unwrap().len() > 40).then_some(()))
    })
    .await
    .unwrap();
    let to = tempfile::tempdir().unwrap();
    let before = acknowledged.lock().unwrap().clone();
    let backup = back_up(&desk.relay, to.path(), &[]).await;
    let n_meanwhile = acknowledged.lock().unwrap().len() - before.len();
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.unwrap();
    }
    assert!(n_meanwhile > 0, "nobody wrote while it was taken");
    if on == On::Sqlite {
        assert_eq!(file_sql(&backup.join("record.db"), "PRAGMA integrity_check").await, ["ok"]);
    }
    let fresh = relay(on).await;
    restore(&fresh, &backup, &[]).await.unwrap();
    let restored = messages(&fresh).await;
    for id in &before {
        assert!(restored.contains(id), "{id} was acknowledged before the backup began");
    }
    println!("{on:?}: {} acknowledged before the backup, all in it; {n_meanwhile} while it was taken", before.len());
}

async fn elsewhere(on: On) {
    // design rules 4 and 9; J3: tokens
    let desk = Desk::open(on).await;
    keep_file(&desk.relay, "prj_a/att_1", "a picture");
    let settings = json!({ "offline_after_minutes": 25, "detach_after_minutes": 40, "sound_notifications": false });
    desk.mira.put("/v1/me/settings", &settings).await.ok();
    sql(
        &desk.relay,
        "INSERT INTO outbox (message_id, project_id, contact_id, channel_id, n, state, n_attempts, updated_at)
         SELECT m.id, m.project_id, m.contact_id, c.channel_id, m.n,
           CASE m.n WHEN 1 THEN 'queued' ELSE 'sending' END, 0, 1
         FROM messages m JOIN conversations c ON c.id = m.conversation_id",
    )
    .await;
    let to = tempfile::tempdir().unwrap();
    let backup = back_up(&desk.relay, to.path(), &[]).await;
    let project = format!("/v1/projects/{}", desk.project.id);
    let asked =
        ["/v1/me".to_owned(), "/v1/me/settings".to_owned(), format!("{project}/settings"), format!("{project}/blocks")];
    let seen_by = async |mira: &Person, client: &Person| {
        let mut all = vec![Value::Array(mira.history(&desk.conversation).await)];
        all.push(client.get("/v1/widget/messages").await.ok());
        for path in &asked {
            all.push(mira.get(path).await.ok());
        }
        all
    };
    let was = seen_by(&desk.mira, &desk.client).await;

    let mut fresh = relay(on).await;
    let words = restore(&fresh, &backup, &[]).await.unwrap();
    assert!(words.contains("2 outgoing messages are marked as unknown"), "{words}");
    fresh.start().await.unwrap();
    let (mira, client) = (desk.mira.at(&fresh.url()), desk.client.at(&fresh.url()));
    assert_eq!(seen_by(&mira, &client).await, was);
    mira.answers(&desk.conversation, 1, "And a red one.").await.ok();
    client.writes("I take both.").await;
    assert_eq!(sql(&fresh, "SELECT DISTINCT state FROM outbox").await, ["unknown"]);
    let epoch = "SELECT value FROM meta WHERE key = 'epoch'";
    assert_ne!(sql(&fresh, epoch).await, sql(&desk.relay, epoch).await);
    assert_eq!(std::fs::read_to_string(data(&fresh).join("files/prj_a/att_1")).unwrap(), "a picture");
}

async fn in_use(on: On) {
    let mut desk = Desk::open(on).await;
    let (to, later) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let backup = back_up(&desk.relay, to.path(), &[]).await;
    desk.client.writes("after the backup").await;
    let was = messages(&desk.relay).await;
    for more in [&[][..], &["--replace"]] {
        let words = restore(&desk.relay, &backup, more).await.unwrap_err();
        assert!(words.contains("stop every relay first"), "{words}");
    }
    desk.client.writes("it still works").await;
    // What is only in the log that SQLite keeps beside the file is in the backup of a relay that was killed, and in what is moved aside.
    desk.relay.kill().await.unwrap();
    let other = back_up(&desk.relay, later.path(), &[]).await;
    let words = restore(&desk.relay, &backup, &["--replace"]).await.unwrap();
    assert_eq!(messages(&desk.relay).await.len(), was.len() - 1, "{words}");
    if on == On::Sqlite {
        let kept = words.lines().find_map(|line| line.trim().strip_prefix("The record that was there is kept as "));
        let kept = file_sql(kept.unwrap().trim_end_matches('.').as_ref(), "SELECT id FROM messages").await;
        assert_eq!(kept.len(), was.len() + 1);
    }
    let words = restore(&desk.relay, &other, &[]).await.unwrap_err();
    assert!(words.contains("give --replace"), "{words}");
    assert_eq!(messages(&desk.relay).await.len(), was.len() - 1, "nothing was changed");
    restore(&desk.relay, &other, &["--replace"]).await.unwrap();
    assert_eq!(messages(&desk.relay).await.len(), was.len() + 1);
}
