//! How long a search takes in a million messages, on both databases: rare and common words, with access to all channels and to one of
//! few messages. `cargo xtask bench search`; `DESKSIDE_BENCH_MESSAGES` sets another number of messages.

#![allow(clippy::print_stdout, reason = "it prints what it measured")]

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use domain::agent::Right;
use domain::id::{AgentId, MessageId, ProjectId};
use domain::text::{MessageText, Name};
use store::clock::{Clock as _, SystemClock};
use store::sealed::SecretKey;
use store::secret::random_id_bytes;
use store::{Appended, ChannelSettings, Database, Listener, NewProject, Options, Principal, Store, Visitor};
use testkit::postgres::Postgres;
use tokio::time::Instant;

/// How many messages there are, unless another number is asked for.
const MESSAGES: usize = 1_000_000;
/// How many clients write them.
const CLIENTS: usize = 500;
/// How often each search is made.
const TIMES: usize = 40;
/// What 95 of 100 searches must be answered within.
const BUDGET: Duration = Duration::from_millis(150);
/// How many commands share a commit: planting is not what is measured.
const BATCH: usize = 500;

struct Nobody;

impl Listener for Nobody {
    fn appended(&self, _: Vec<Appended>) {}
}

/// One of so many in a text that differs from number to number, without a random source.
fn word(n: usize, salt: usize, of: usize) -> usize {
    n.wrapping_add(salt).wrapping_mul(2_654_435_761).wrapping_shr(7) % of
}

/// A text as clients write them: everyday words, some rarer ones, a number that is its own.
fn text(n: usize) -> String {
    const WORDS: [&str; 12] = [
        "kettle",
        "order",
        "please",
        "delivery",
        "blue",
        "when",
        "refund",
        "address",
        "invoice",
        "спасибо",
        "Straße",
        "你好吗",
    ];
    let words: Vec<&str> = (0..6).map(|salt| WORDS[word(n, salt * 97, WORDS.len())]).collect();
    format!("Hello, {} item{} no. {n:07}", words.join(" "), word(n, 5, 20_000))
}

async fn visitor(store: &Store, key: &str) -> Result<Visitor> {
    let token = store.new_visitor(key.to_owned(), None).await?;
    match store.authenticate(&token).await? {
        Some(Principal::Visitor { visitor, .. }) => Ok(visitor),
        other => bail!("a visitor's token stands for {other:?}"),
    }
}

async fn project(store: &Store, name: &str) -> Result<(ProjectId, String)> {
    let channel = ChannelSettings::for_origins(&["https://shop.example".to_owned()])?;
    let owner_email = format!("owner@{}.example", name.to_lowercase());
    let name = Name::new(name).context("a name")?;
    let made = store.create_project(NewProject { name, owner_email, channel }).await?;
    Ok((made.project, made.channel_key))
}

async fn agent(store: &Store, project: &ProjectId) -> Result<AgentId> {
    let invited = store.invite(project.clone(), format!("mira@{project}.example"), Right::Agent).await?;
    Ok(store.redeem(invited.code, None, String::new(), None).await?.agent)
}

/// Many write at once, so that their commands share commits.
async fn plant(store: &Store, key: &str, messages: usize) -> Result<()> {
    let mut writing = Vec::new();
    for client in 0..CLIENTS {
        let (store, visitor) = (store.clone(), visitor(store, key).await?);
        writing.push(tokio::spawn(async move {
            for n in (client..messages).step_by(CLIENTS) {
                let id = MessageId::new(SystemClock.now(), random_id_bytes());
                store.contact_writes(visitor.clone(), id, MessageText::new(&text(n))?, None).await?;
            }
            Ok::<_, anyhow::Error>(())
        }));
    }
    for one in writing {
        one.await??;
    }
    Ok(())
}

async fn measure(store: &Store, by: &AgentId, q: &str) -> Result<(Duration, Duration, usize)> {
    let (mut took, mut n_found) = (Vec::with_capacity(TIMES), 0);
    for _ in 0..TIMES {
        let begun = Instant::now();
        n_found = store.search(by, q, None).await?.found.len();
        took.push(begun.elapsed());
    }
    took.sort_unstable();
    Ok((took[TIMES / 2], took[TIMES * 95 / 100], n_found))
}

async fn bench(name: &str, database: Database, messages: usize) -> Result<bool> {
    let (secret_key, clock, listener) = (SecretKey::generate(), Arc::new(SystemClock), Arc::new(Nobody));
    let options = Options { database, secret_key, clock, listener, max_pages: None, batch_max: BATCH };
    let store = Store::open(options).await?;
    let ((shop, shop_key), (small, small_key)) = (project(&store, "Kettle").await?, project(&store, "Pot").await?);
    let (mira, tom) = (agent(&store, &shop).await?, agent(&store, &small).await?);
    let begun = Instant::now();
    // The small channel's are the oldest, so the newest matches are others'.
    plant(&store, &small_key, messages / 1_000).await?;
    plant(&store, &shop_key, messages).await?;
    println!("{name}: {messages} messages in {:.0} s", begun.elapsed().as_secs_f64());
    let rare = format!("no. {:07}", messages / 2);
    let mut fits = true;
    for (what, by, q) in [
        ("one message", &mira, rare.as_str()),
        ("a rare word", &mira, "item777"),
        ("a common word", &mira, "kettle"),
        ("two common words", &mira, "kettle refund"),
        ("a common word of another script", &mira, "СПАСИБО"),
        ("two characters", &mira, "你好"),
        ("nothing", &mira, "teapot"),
        ("a common word in a small channel", &tom, "kettle"),
    ] {
        let (p50, p95, n_found) = measure(&store, by, q).await?;
        let mark = if p95 > BUDGET { "  over the budget" } else { "" };
        println!("  {what:<34} {n_found:>3} found  p50 {p50:>9.2?}  p95 {p95:>9.2?}{mark}");
        fits &= p95 <= BUDGET;
    }
    store.close().await;
    Ok(fits)
}

#[tokio::main]
async fn main() -> Result<()> {
    let messages = match std::env::var("DESKSIDE_BENCH_MESSAGES") {
        Ok(n) => n.parse().context("DESKSIDE_BENCH_MESSAGES is no number")?,
        Err(_) => MESSAGES,
    };
    let data = tempfile::tempdir()?;
    let sqlite = Database::Sqlite(data.path().join("deskside.db"));
    let postgres = Database::Postgres(Postgres::shared().await?.fresh().await?);
    let mut fits = true;
    for (name, database) in [("SQLite", sqlite), ("PostgreSQL", postgres)] {
        fits &= bench(name, database, messages).await?;
    }
    ensure!(fits, "a search takes longer than {} ms", BUDGET.as_millis());
    Ok(())
}
