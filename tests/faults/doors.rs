//! Any bytes on any public door: a 4xx, no panic, no growth.
//!
//! What behaves is in the corpus (`tests/fixtures/doors`); a seeded generator changes it. A run that goes wrong is printed as a case
//! for the corpus.

use testkit::postgres::Postgres;
use testkit::relay::Relay;
use testkit::soak;
use tokio::time::Instant;

mod cast;
mod chance;
mod change;
mod corpus;
mod exchange;
mod frames;
mod json;
mod log;
mod nasty;
mod request;
mod slow;
mod storm;
mod stream;
mod tally;
mod text;
mod vitals;

use storm::Storm;
use vitals::{Process, Vitals};

/// Stands in every text that the clients and agents of a storm write; a log must not hold it.
pub(crate) const MARK: &str = "Mohnkipferl";

/// In how many rounds half a storm comes; each has new people. The first half warms the relay up, the second must not make it grow.
const ROUNDS: usize = 3;
/// What the second half may add to the memory: some 500 KB were measured, of rate limits and of the allocator's gaps.
const GROWTH_KB: u64 = 4 * 1024;
/// What a quiet relay may hold more than before the storm: connections to the record that are opened when they are needed.
const RECORD_CONNECTIONS: usize = 8;
/// What a relay writes down if nobody says otherwise; and an allocator that gives back what is freed, so that what is measured is held.
const SETTINGS: [(&str, &str); 3] =
    [("DESKSIDE_LOG", "info,sqlx=warn"), ("MALLOC_ARENA_MAX", "1"), ("MALLOC_MMAP_THRESHOLD_", "65536")];

/// Storms over a relay that does not run yet, and sees what is left of it: so many cases that are changed by chance in each round, and
/// one in so many of those that are changed in order.
async fn storms(relay: Relay, what: &str, by_chance: u64, one_in: usize) {
    let begun = Instant::now();
    let mut relay = relay.with_all(SETTINGS.map(|(name, value)| (name, value.to_owned())));
    relay.start().await.unwrap();
    let process = Process::of(&relay).unwrap();
    let before = process.vitals().unwrap();
    let rounds = soak::times(ROUNDS);
    let mut storm = Storm::over(&relay, 2 * rounds, by_chance, one_in);
    storm.begin(&relay).await;
    for round in 0..rounds {
        storm.round(&relay, round).await;
    }
    let half_way = at_rest(&process, before).await;
    for round in rounds..2 * rounds {
        storm.round(&relay, round).await;
    }
    let end = at_rest(&process, before).await;
    let Storm { tally, secrets, .. } = storm;
    let tally = tally.into_inner().unwrap();
    tally.tell(what);
    println!("  before: {before}\n  half-way: {half_way}\n  at the end: {end}");
    let n_lines = log::check(&std::fs::read(relay.log()).unwrap(), &secrets);
    println!("  {n_lines} lines of log, none of them from outside; {} s", begun.elapsed().as_secs());
    tally.assert_none_failed();
    let bound = half_way.resident_kb + GROWTH_KB;
    assert!(end.resident_kb < bound, "it grows: {half_way} half-way, {end} at the end");
    let ready = reqwest::get(format!("{}/readyz", relay.url())).await.unwrap();
    assert!(ready.status().is_success(), "{ready:?}");
}

/// What a quiet relay holds.
async fn at_rest(process: &Process, before: Vitals) -> Vitals {
    // A connection to a SQLite file has a thread and three descriptors.
    let bound = Vitals {
        n_threads: before.n_threads + RECORD_CONNECTIONS,
        n_descriptors: before.n_descriptors + 3 * RECORD_CONNECTIONS,
        ..before
    };
    process.settled(bound).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_bytes_on_any_door_are_a_4xx_without_a_panic_and_without_growth() {
    // design: faults, last row
    storms(Relay::new().unwrap(), "any bytes on any door, on SQLite", 500, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_on_postgresql() {
    // design: faults, last row
    let url = Postgres::shared().await.unwrap().fresh().await.unwrap();
    storms(Relay::on_postgres(url).unwrap(), "any bytes on any door, on PostgreSQL", 200, 8).await;
}
