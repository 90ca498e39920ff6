//! A setup that cannot be right does not start, and says why in words; one that is no longer right is not ready.

use std::sync::Arc;
use std::time::Duration;

use domain::time::Timestamp;
use relay::{Config, OpenError, load_secret_key};
use store::clock::{Clock as _, SystemClock, TestClock};
use testkit::eventually::eventually;
use testkit::postgres::Postgres;
use testkit::redis::Redis;
use testkit::relay::Relay;
use tokio::net::TcpListener;

/// The clocks are compared every 10 s.
const PATIENCE: Duration = Duration::from_secs(40);

async fn words_of(mut relay: Relay) -> String {
    format!("{:#}", relay.start().await.unwrap_err())
}

#[tokio::test]
async fn redis_without_postgresql_and_several_relays_without_a_key_are_refused() {
    let redis = Redis::shared().await.unwrap();
    let alone = Relay::new().unwrap().with("DESKSIDE_REDIS_URL", redis.url());
    let words = words_of(alone.with("DESKSIDE_SECRET_KEY", "5e".repeat(32))).await;
    assert!(words.contains("several relays need a PostgreSQL: give DESKSIDE_DATABASE_URL"), "{words}");

    let database = Postgres::shared().await.unwrap().fresh().await.unwrap();
    let keyless = Relay::new().unwrap().with("DESKSIDE_DATABASE_URL", database).with("DESKSIDE_REDIS_URL", redis.url());
    let words = words_of(keyless).await;
    assert!(words.contains("give all of them the same DESKSIDE_SECRET_KEY"), "{words}");

    let words = words_of(Relay::new().unwrap().with("DESKSIDE_REDIS_URL", "localhost:6379")).await;
    assert!(words.contains("DESKSIDE_REDIS_URL") && words.contains("redis+cluster://"), "{words}");
}

#[tokio::test]
async fn two_relays_on_one_sqlite_file_are_refused_until_the_first_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let config = || {
        let key = load_secret_key(None, folder.path()).unwrap();
        Config::new(folder.path().to_owned(), "http://relay.test".to_owned(), key)
    };
    let first = relay::open(config(), Arc::new(SystemClock)).await.unwrap();
    let error = relay::open(config(), Arc::new(SystemClock)).await.err().unwrap();
    assert!(matches!(error, OpenError::Occupied(_)), "{error}");
    assert!(error.to_string().contains("one SQLite file has one relay"), "{error}");
    drop(first);
    relay::open(config(), Arc::new(SystemClock)).await.unwrap();
}

#[tokio::test]
async fn a_clock_that_is_apart_from_the_databases_is_refused_and_later_not_ready() {
    // design rule 7
    let database = Postgres::shared().await.unwrap().fresh().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let config = || Config {
        database_url: Some(database.clone()),
        ..Config::new(
            folder.path().to_owned(),
            "http://relay.test".to_owned(),
            load_secret_key(None, folder.path()).unwrap(),
        )
    };
    let ahead = TestClock::at(Timestamp::from_ms(SystemClock.now().as_ms() + 5_000));
    let error = relay::open(config(), Arc::new(ahead)).await.err().unwrap();
    assert!(matches!(error, OpenError::ClocksApart(ms) if (1_000..=5_000).contains(&ms)), "{error}");
    assert!(error.to_string().contains("NTP"), "{error}");

    // A clock that stands still falls behind by itself.
    let clock = Arc::new(TestClock::at(SystemClock.now()));
    let relay = relay::open(config(), clock).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/readyz", listener.local_addr().unwrap());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let served = tokio::spawn(relay::serve(listener, relay, async move { drop(stopped.await) }));
    eventually("the relay not to be ready", PATIENCE, || async {
        let answer = reqwest::get(&url).await?;
        let is_unready = answer.status() == 503 && answer.headers().contains_key("retry-after");
        let words = answer.text().await?;
        Ok((is_unready && words.contains("clocks of this relay and of the database are apart")).then_some(()))
    })
    .await
    .unwrap();
    drop(stop);
    served.await.unwrap().unwrap();
}
