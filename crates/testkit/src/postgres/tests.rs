//! Against the PostgreSQL of this machine.

use super::*;

impl Postgres {
    async fn asked(&self, url: &str, sql: &str) -> Result<String> {
        ask(&self.psql, url, sql).await
    }
}

#[tokio::test]
async fn worlds_do_not_see_each_other() {
    let postgres = Postgres::shared().await.unwrap();
    let (one, other) = (postgres.fresh().await.unwrap(), postgres.fresh().await.unwrap());
    assert_ne!(one, other);
    for (url, word) in [(&one, "one"), (&other, "other")] {
        postgres.asked(url, "CREATE TABLE words (word TEXT)").await.unwrap();
        postgres.asked(url, &format!("INSERT INTO words VALUES ('{word}')")).await.unwrap();
    }
    assert_eq!(postgres.asked(&one, "SELECT word FROM words").await.unwrap(), "one");
    assert_eq!(postgres.asked(&other, "SELECT word FROM words").await.unwrap(), "other");
    assert!(postgres.asked(postgres.url(), "SELECT word FROM words").await.is_err());
}

#[tokio::test]
async fn it_is_set_as_in_production() {
    let postgres = Postgres::start().await.unwrap();
    let sql = "SELECT current_setting('fsync'), current_setting('synchronous_commit'), current_setting('server_encoding'), \
               datctype, current_setting('max_connections') FROM pg_database WHERE datname = current_database()";
    assert_eq!(postgres.asked(postgres.url(), sql).await.unwrap(), "on|on|UTF8|C.UTF-8|200");
}

#[tokio::test]
async fn what_was_committed_outlives_stops_and_crashes() {
    let mut postgres = Postgres::start().await.unwrap();
    let world = postgres.fresh().await.unwrap();
    postgres.asked(&world, "CREATE TABLE words (word TEXT)").await.unwrap();
    let write = |word| format!("INSERT INTO words VALUES ('{word}')");

    postgres.asked(&world, &write("one")).await.unwrap();
    postgres.stop().await.unwrap();
    assert!(postgres.asked(&world, "SELECT 1").await.is_err());
    assert!(postgres.stop().await.is_err(), "it does not run");
    postgres.start_again().await.unwrap();

    postgres.asked(&world, &write("two")).await.unwrap();
    postgres.crash().await.unwrap();
    postgres.start_again().await.unwrap();

    postgres.asked(&world, &write("three")).await.unwrap();
    postgres.restart().await.unwrap();
    assert!(postgres.start_again().await.is_err(), "it runs already");
    assert_eq!(postgres.asked(&world, "SELECT word FROM words").await.unwrap(), "one\ntwo\nthree");
}

#[tokio::test]
async fn nothing_is_left_of_it() {
    let mut running = Postgres::start().await.unwrap();
    let folder = running.asked(running.url(), "SHOW data_directory").await.unwrap();
    assert!(Path::new(&folder).is_dir());
    running.restart().await.unwrap();
    let (url, psql) = (running.url.clone(), running.psql.clone());
    drop(running);
    assert!(!Path::new(&folder).exists());
    assert!(ask(&psql, &url, "SELECT 1").await.is_err());

    let mut stopped = Postgres::start().await.unwrap();
    let folder = stopped.asked(stopped.url(), "SHOW data_directory").await.unwrap();
    stopped.stop().await.unwrap();
    drop(stopped);
    assert!(!Path::new(&folder).exists());
}
