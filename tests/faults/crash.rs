//! `kill -9` of a relay while clients and agents write.

use std::sync::atomic::Ordering;

use testkit::postgres::Postgres;
use testkit::relay::Relay;

use crate::writing::{Counted, Load, PAIRS};

/// Kills the relay at random moments; some fall between a commit and its answer, and until one has, it goes on.
async fn killed(mut relay: Relay, kills: usize) -> (usize, Counted) {
    let kills_max = 10 * kills;
    let project = relay.create_project("Kettle", "mira@example.com", &["https://shop.example"]).await.unwrap();
    relay.start().await.unwrap();
    let load = Load::begin(&relay.url(), &project.owner_code, &project.channel_key).await;
    let progress = load.until.progress.clone();
    let mut n_kills = 0;
    while n_kills < kills || progress.n_between.load(Ordering::SeqCst) == 0 {
        assert!(n_kills < kills_max, "no kill fell between a commit and its answer");
        progress.more(10 + usize::from(store::secret::random::<1>()[0] % 64)).await;
        relay.kill().await.unwrap();
        relay.start().await.unwrap_or_else(|error| panic!("restart {n_kills}: {error:#}"));
        n_kills += 1;
        progress.more(2 * PAIRS).await;
    }
    (n_kills, load.end().await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_20_times_every_acknowledged_message_is_there_once_and_in_order() {
    // W6, design: faults, first row
    let (n_kills, counted) = killed(Relay::new().unwrap(), 20).await;
    counted.tell(&format!("kill -9, {n_kills} times, on SQLite"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_10_times_on_postgresql_too() {
    // W6, design: faults, first row
    let url = Postgres::shared().await.unwrap().fresh().await.unwrap();
    let (n_kills, counted) = killed(Relay::on_postgres(url).unwrap(), 10).await;
    counted.tell(&format!("kill -9, {n_kills} times, on PostgreSQL"));
}
