//! The secret key in and out of a backup, and what else a backup must not do.

use std::os::unix::fs::PermissionsExt as _;

use e2e::backups::{KEY, On, back_up, data, relay, restore, says, sql};
use testkit::relay::Relay;

/// A relay with a key of its own in its data folder.
async fn with_own_key() -> Relay {
    let relay = Relay::new().unwrap();
    relay.create_project("Kettle", "mira@example.com", &["https://shop.example"]).await.unwrap();
    relay
}

#[tokio::test]
async fn without_its_key_a_record_is_not_restored_and_the_words_say_what_to_do() {
    let relay = with_own_key().await;
    let to = tempfile::tempdir().unwrap();
    let words = says(&relay, &["backup", "--to", to.path().to_str().unwrap()]).await.unwrap();
    assert!(words.contains("THE SECRET KEY IS NOT IN THIS BACKUP"), "{words}");
    assert!(words.contains(data(&relay).join("secret.key").to_str().unwrap()), "{words}");
    let backup = std::fs::read_dir(to.path()).unwrap().next().unwrap().unwrap().path();
    assert!(!backup.join("secret.key").exists());
    let name = backup.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("deskside-2") && !name.ends_with(".partial"), "{name}");
    assert_eq!(std::fs::metadata(&backup).unwrap().permissions().mode() & 0o777, 0o700);

    let fresh = Relay::new().unwrap();
    let words = restore(&fresh, &backup, &[]).await.unwrap_err();
    assert!(words.contains("no secret key is set") && words.contains("DESKSIDE_SECRET_KEY"), "{words}");
    let words = restore(&fresh, &backup, &["--with-key"]).await.unwrap_err();
    assert!(words.contains("the key is not in this backup"), "{words}");
    assert!(!data(&fresh).join("secret.key").exists(), "no key was made up");
    let words = restore(&Relay::new().unwrap().with("DESKSIDE_SECRET_KEY", KEY), &backup, &[]).await.unwrap_err();
    assert!(words.contains("is not the one that the backup's record was made with"), "{words}");
    // With the copy that was kept in another place.
    std::fs::copy(data(&relay).join("secret.key"), data(&fresh).join("secret.key")).unwrap();
    restore(&fresh, &backup, &[]).await.unwrap();
}

#[tokio::test]
async fn a_key_that_is_in_the_backup_is_put_back_when_it_is_asked_for() {
    let relay = with_own_key().await;
    let to = tempfile::tempdir().unwrap();
    let backup = back_up(&relay, to.path(), &["--with-key"]).await;
    let key = std::fs::read_to_string(data(&relay).join("secret.key")).unwrap();
    assert_eq!(std::fs::metadata(backup.join("secret.key")).unwrap().permissions().mode() & 0o777, 0o600);
    // The other relay has a record and a key of its own.
    let mut other = with_own_key().await;
    let other_key = std::fs::read_to_string(data(&other).join("secret.key")).unwrap();
    let words = restore(&other, &backup, &["--replace"]).await.unwrap_err();
    assert!(words.contains("add --with-key"), "{words}");
    let words = restore(&other, &backup, &["--replace", "--with-key"]).await.unwrap();
    assert_eq!(std::fs::read_to_string(data(&other).join("secret.key")).unwrap(), key);
    let aside = words.lines().find_map(|line| line.trim().strip_prefix("The secret key that was there is kept as "));
    assert_eq!(std::fs::read_to_string(aside.unwrap().trim_end_matches('.')).unwrap(), other_key);
    other.start().await.unwrap();
    let projects = "SELECT id FROM projects";
    assert_eq!(sql(&other, projects).await, sql(&relay, projects).await);
    other.terminate().await.unwrap();

    let other = other.with("DESKSIDE_SECRET_KEY", KEY);
    let words = restore(&other, &backup, &["--replace", "--with-key"]).await.unwrap_err();
    assert!(words.contains("DESKSIDE_SECRET_KEY is set to another key"), "{words}");
    // A key that is not the record's would be a trap.
    let (relay, to) = (relay.with("DESKSIDE_SECRET_KEY", KEY), tempfile::tempdir().unwrap());
    let words = says(&relay, &["backup", "--with-key", "--to", to.path().to_str().unwrap()]).await.unwrap_err();
    assert!(words.contains("is not the one that this record was made with"), "{words}");
    assert_eq!(std::fs::read_dir(to.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_backup_that_fails_leaves_nothing_and_a_database_of_the_other_kind_is_refused() {
    let empty = relay(On::Sqlite).await;
    let to = tempfile::tempdir().unwrap();
    let words = says(&empty, &["backup", "--to", to.path().to_str().unwrap()]).await.unwrap_err();
    assert!(words.contains("there is no record"), "{words}");
    assert_eq!(std::fs::read_dir(to.path()).unwrap().count(), 0);

    let made = with_own_key().await;
    let backup = back_up(&made, to.path(), &["--with-key"]).await;
    let words = restore(&relay(On::Postgres).await, &backup, &[]).await.unwrap_err();
    assert!(words.contains("the backup is of a SQLite file"), "{words}");
    // A name that shows a password is the address's, and is said nowhere.
    let away =
        relay(On::Sqlite).await.with("DESKSIDE_DATABASE_URL", "postgres://deskside:hunter2@127.0.0.1:1/deskside");
    let words = says(&away, &["backup", "--to", to.path().to_str().unwrap()]).await.unwrap_err();
    assert!(words.contains("cannot be reached") && !words.contains("hunter2"), "{words}");
}
