//! Commands per second and how long an acknowledgement takes, on both databases, with 1 and with 50 who write to one project, in
//! batches and one commit for each: `cargo xtask bench commits`.

#![allow(clippy::print_stdout, reason = "it prints what it measured")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use domain::id::MessageId;
use domain::text::{MessageText, Name};
use store::clock::{Clock as _, SystemClock};
use store::sealed::SecretKey;
use store::secret::random_id_bytes;
use store::{Appended, BATCH_MAX, ChannelSettings, Database, Listener, NewProject, Options, Principal, Store, Visitor};
use testkit::postgres::Postgres;
use tokio::time::Instant;

/// How long each case is measured, after as much again divided by five to warm up.
const MEASURED: Duration = Duration::from_secs(5);
/// How many write at once.
const WRITERS: [usize; 2] = [1, 50];

/// Counts commits.
#[derive(Default)]
struct Commits(AtomicUsize);

impl Listener for Commits {
    fn appended(&self, _: Vec<Appended>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// What one case showed.
struct Figures {
    per_second: f64,
    commits_per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
}

async fn open(database: Database, batch_max: usize) -> Result<(Store, Arc<Commits>)> {
    let commits = Arc::new(Commits::default());
    let options = Options {
        database,
        secret_key: SecretKey::generate(),
        clock: Arc::new(SystemClock),
        listener: commits.clone(),
        max_pages: None,
        batch_max,
    };
    Ok((Store::open(options).await?, commits))
}

/// A project's website, and one who writes on it.
async fn visitors(store: &Store, n: usize) -> Result<Vec<Visitor>> {
    let channel = ChannelSettings::for_origins(&["https://shop.example".to_owned()])?;
    let name = Name::new("Kettle").context("a name")?;
    let project = NewProject { name, owner_email: "owner@kettle.example".to_owned(), channel };
    let key = store.create_project(project).await?.channel_key;
    let mut visitors = Vec::with_capacity(n);
    for _ in 0..n {
        let token = store.new_visitor(key.clone(), None).await?;
        match store.authenticate(&token).await? {
            Some(Principal::Visitor { visitor, .. }) => visitors.push(visitor),
            other => bail!("a visitor's token stands for {other:?}"),
        }
    }
    Ok(visitors)
}

/// Writes message after message until the end; gives how long each took that was acknowledged after the beginning.
async fn write(store: Store, visitor: Visitor, begin: Instant, end: Instant) -> Result<Vec<Duration>> {
    let mut took = Vec::new();
    let text = MessageText::new("Is the blue kettle in stock? I would like two of them.")?;
    loop {
        let begun = Instant::now();
        if begun >= end {
            return Ok(took);
        }
        let id = MessageId::new(SystemClock.now(), random_id_bytes());
        store.contact_writes(visitor.clone(), id, text.clone(), None).await?;
        if begun >= begin {
            took.push(begun.elapsed());
        }
    }
}

async fn measure(database: Database, writers: usize, batch_max: usize) -> Result<Figures> {
    let (store, commits) = open(database, batch_max).await?;
    let visitors = visitors(&store, writers).await?;
    let begin = Instant::now() + MEASURED / 5;
    let end = begin + MEASURED;
    let writing: Vec<_> =
        visitors.into_iter().map(|visitor| tokio::spawn(write(store.clone(), visitor, begin, end))).collect();
    tokio::time::sleep_until(begin).await;
    let before = commits.0.load(Ordering::Relaxed);
    tokio::time::sleep_until(end).await;
    let n_commits = commits.0.load(Ordering::Relaxed) - before;
    let mut took = Vec::new();
    for one in writing {
        took.extend(one.await??);
    }
    store.close().await;
    took.sort_unstable();
    ensure!(took.len() > 100, "too few were acknowledged to say anything");
    let ms = |at: usize| took[at].as_secs_f64() * 1_000.0;
    Ok(Figures {
        per_second: rate(took.len()),
        commits_per_second: rate(n_commits),
        p50_ms: ms(took.len() / 2),
        p99_ms: ms(took.len() * 99 / 100),
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts of a few seconds are far below 2^52")]
fn rate(n: usize) -> f64 {
    n as f64 / MEASURED.as_secs_f64()
}

#[tokio::main]
async fn main() -> Result<()> {
    println!("database    writers  commits               commands/s  commits/s   p50 ms   p99 ms");
    for name in ["SQLite", "PostgreSQL"] {
        for writers in WRITERS {
            let mut rates = Vec::new();
            for (how, batch_max) in [("one per command", 1), ("batches", BATCH_MAX)] {
                let data = tempfile::tempdir()?;
                let database = match name {
                    "SQLite" => Database::Sqlite(data.path().join("deskside.db")),
                    _ => Database::Postgres(Postgres::shared().await?.fresh().await?),
                };
                let Figures { per_second, commits_per_second, p50_ms, p99_ms } =
                    measure(database, writers, batch_max).await?;
                println!(
                    "{name:<11} {writers:>7}  {how:<20} {per_second:>11.0} {commits_per_second:>10.0} {p50_ms:>8.2} {p99_ms:>8.2}"
                );
                rates.push(per_second);
            }
            if writers > 1 {
                let times = rates[1] / rates[0];
                println!("{name}: batches carry {times:.1} times as many commands with {writers} writers");
                ensure!(times > 1.5, "batching is not seen to work");
            }
        }
    }
    Ok(())
}
