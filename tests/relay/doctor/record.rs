//! Faults of the record, the key and the settings.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use relay::doctor::{Grade, Setup};
use store::sealed::SecretKey;
use testkit::relay::Relay;

use super::patient::{OwnDatabase, Wrong, data, healthy, says, setup, sql};

/// A conversation whose deadline passed long ago.
const OVERDUE: &str = "
INSERT INTO projects (id, name, finish_after_minutes, created_at) VALUES ('prj_1', 'Kettle', 15, 1);
INSERT INTO channels (id, project_id, kind, name, public_key, settings, created_at)
VALUES ('chn_1', 'prj_1', 'online_chat', 'Chat', 'key', '{}', 1);
INSERT INTO contacts (id, project_id, name, n_messages, seen_n, created_at) VALUES ('con_1', 'prj_1', 'Ann', 1, 0, 1);
INSERT INTO conversations (id, project_id, channel_id, contact_id, rev, fence, turn, unanswered_since, last_message_at, n_alerts,
  opened_at, deadline_at, first_n, last_n, preview_text, preview_from_contact)
VALUES ('cnv_1', 'prj_1', 'chn_1', 'con_1', 1, 0, 'ours', 1, 1, 1, 1, 1000, 1, 1, '', TRUE);";

const OUT_OF_STEP: &str = "
INSERT INTO events (topic, seq, kind, v, at, actor, data) VALUES ('channel/chn_1', 1, 'x', 1, 1, 'clock', '{}');
INSERT INTO log_heads (topic, seq, first_seq) VALUES ('channel/chn_1', 7, 1), ('channel/chn_2', 3, 1);";

const HEADS_SET_RIGHT: &str = "UPDATE log_heads SET seq = COALESCE((SELECT MAX(seq) FROM events WHERE events.topic = log_heads.topic), \
    first_seq - 1)";

#[tokio::test]
async fn a_sound_relay_on_sqlite_has_nothing_to_mend_running_or_not() {
    let (mut relay, setup) = healthy().await;
    let report = says(&setup).await;
    report.is_well();
    for check in ["settings", "address", "stream", "clock", "database", "log", "key", "disk"] {
        report.has(check, Grade::Ok, &[]);
    }
    relay.terminate().await.unwrap();
    let report = says(&setup).await;
    report.is_well();
    report.has("address", Grade::Note, &["no relay runs", "deskside serve"]);
    report.has("stream", Grade::NotChecked, &["not reached"]);
}

#[tokio::test]
async fn before_the_first_start_nothing_is_made_and_nothing_is_bad() {
    let relay = Relay::new().unwrap();
    let setup = setup(&relay);
    let report = says(&setup).await;
    report.is_well();
    report.has("database", Grade::Ok, &["the first start makes it"]);
    assert!(!data(&relay).exists());
}

#[tokio::test]
async fn looking_leaves_no_trace() {
    let (mut relay, setup) = healthy().await;
    let names = |setup: &Setup| {
        let mut names: Vec<_> =
            std::fs::read_dir(&setup.data).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = names(&setup);
    says(&setup).await.is_well();
    assert_eq!(names(&setup), before);
    relay.terminate().await.unwrap();
    let record = || std::fs::read(setup.data.join("deskside.db")).unwrap();
    let before = record();
    says(&setup).await.is_well();
    assert!(record() == before, "the record is byte for byte what it was");
    relay.start().await.unwrap();
}

#[tokio::test]
async fn another_key_and_a_key_that_everybody_can_read_are_named() {
    let (_relay, mut setup) = healthy().await;
    let file = setup.data.join("secret.key");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    says(&setup).await.only(&["key"]).bad("key", &["others on this machine can read", "chmod 600"]);

    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let other = SecretKey::generate().to_hex();
    setup.secret_key = Some(other.clone());
    let report = says(&setup).await;
    report.only(&["key"]).bad("key", &["not the one that the record was made with"]);
    report.has("key", Grade::Note, &["holds another key"]);
    assert!(!report.0.to_string().contains(&other));

    std::fs::write(&file, &other).unwrap();
    setup.secret_key = None;
    says(&setup).await.only(&["key"]).bad("key", &["no relay starts with it", "DESKSIDE_SECRET_KEY"]);
    std::fs::remove_file(&file).unwrap();
    says(&setup).await.only(&["key"]).bad("key", &["there is none here"]);
    setup.secret_key = Some("0123".to_owned());
    says(&setup).await.only(&["key"]).bad("key", &["64 hexadecimal digits", "openssl rand -hex 32"]);
}

#[tokio::test]
async fn a_head_that_was_changed_is_named_and_the_statement_given_mends_it() {
    let (mut relay, setup) = healthy().await;
    relay.terminate().await.unwrap();
    sql(&setup, OUT_OF_STEP).await;
    let report = says(&setup).await;
    report
        .only(&["log"])
        .bad("log", &["channel/chn_1 stands at 7 and its last event is 1", "and 1 more", HEADS_SET_RIGHT]);
    sql(&setup, HEADS_SET_RIGHT).await;
    says(&setup).await.is_well();
}

#[tokio::test]
async fn deadlines_that_nobody_fires_are_bad_while_a_relay_runs() {
    // A13
    let (mut relay, setup) = healthy().await;
    relay.pause().await.unwrap();
    sql(&setup, OVERDUE).await;
    says(&setup).await.bad("log", &["1 conversations and 0 blocks", "no relay fires them", "days"]);
    relay.kill().await.unwrap();
    let report = says(&setup).await;
    report.is_well();
    report.has("log", Grade::Note, &["no relay runs", "the next start fires them"]);
}

#[tokio::test]
async fn a_message_that_is_not_sent_is_named() {
    // M3
    let (mut relay, setup) = healthy().await;
    relay.pause().await.unwrap();
    sql(&setup, OVERDUE).await;
    sql(
        &setup,
        "UPDATE conversations SET deadline_at = NULL;
         INSERT INTO messages (id, project_id, conversation_id, contact_id, n, text, at)
         VALUES ('msg_1', 'prj_1', 'cnv_1', 'con_1', 1, '', 1);
         INSERT INTO outbox (message_id, project_id, contact_id, channel_id, n, state, n_attempts, updated_at)
         VALUES ('msg_1', 'prj_1', 'con_1', 'chn_1', 1, 'queued', 0, 1000)",
    )
    .await;
    says(&setup).await.bad("log", &["1 messages wait to be sent"]);
}

#[tokio::test]
async fn a_newer_and_a_damaged_record_are_named() {
    let (mut relay, setup) = healthy().await;
    relay.terminate().await.unwrap();
    sql(
        &setup,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (999, 'later', TRUE, x'00', 0)",
    )
    .await;
    let report = says(&setup).await;
    report.only(&["database"]).bad("database", &["written by a newer Deskside", "has schema 999"]);
    report.has("log", Grade::NotChecked, &["another release"]);

    let path = setup.data.join("deskside.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let half = bytes.len() / 2;
    bytes[half..].fill(0xa5);
    std::fs::write(&path, bytes).unwrap();
    says(&setup).await.bad("database", &["damage", "deskside restore"]);
    std::fs::write(&path, "not a database at all, but long enough to look like one ".repeat(40)).unwrap();
    says(&setup).await.bad("database", &["deskside restore"]);
}

#[tokio::test]
async fn settings_that_cannot_be_right_are_named() {
    let relay = Relay::new().unwrap();
    let mut setup = setup(&relay);
    setup.redis_url = Some("redis://127.0.0.1:1".to_owned());
    setup.public_url = "http://chat.example".to_owned();
    setup.extension_ids = vec!["abc".to_owned()];
    setup.unknown_settings = vec!["DESKSIDE_DATABSE_URL".to_owned()];
    let report = says(&setup).await;
    report.bad("settings", &["SQLite file, which has one relay", "DESKSIDE_DATABASE_URL"]);
    report.bad("settings", &["https only", "proxy with TLS"]);
    report.bad("settings", &["\"abc\"", "chrome://extensions"]);
    report.has("settings", Grade::Note, &["DESKSIDE_DATABSE_URL"]);
    report.bad("redis", &["127.0.0.1:1 does not answer"]);
    report.bad("key", &["several relays need one key"]);
    setup.public_url = "https://user:hunter2@chat.example/path".to_owned();
    let report = says(&setup).await;
    report.bad("settings", &["no address of a relay"]);
    assert!(!report.0.to_string().contains("hunter2"), "{}", report.0);
}

#[tokio::test]
async fn files_that_cannot_be_kept_are_named() {
    let relay = Relay::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut setup = setup(&relay);
    setup.files_url = Some(format!("file://{}", folder.path().display()));
    says(&setup).await.has("files", Grade::Ok, &["written, read and deleted"]);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    // A folder cannot be made where a file stands.
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    setup.files_url = Some(format!("file://{}/files", file.display()));
    says(&setup).await.bad("files", &["DESKSIDE_FILES_URL"]);
}

#[tokio::test]
async fn a_clock_that_is_five_seconds_off_is_named() {
    let database = OwnDatabase::good().await;
    let mut relay = Relay::on_postgres(database.url.clone()).unwrap();
    relay.start().await.unwrap();
    for (wrong_ms, way) in [(5_000, "ahead of"), (-5_000, "behind")] {
        let setup =
            Setup { database_url: Some(database.url.clone()), clock: Arc::new(Wrong(wrong_ms)), ..setup(&relay) };
        let report = says(&setup).await;
        report.bad("clock", &[way, "the database's", "NTP"]).bad("clock", &[way, "the public address's", "NTP"]);
    }
    relay.terminate().await.unwrap();
    database.remove().await;
}
