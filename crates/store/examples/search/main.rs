//! How long a search takes in a million messages of 60,000 conversations in ten channels, on both databases: rare and common words of
//! three scripts, several words, names of clients and of files; the first page and "more"; for agents of all channels and of one.
//! `cargo xtask bench search`; `DESKSIDE_BENCH_MESSAGES` sets another number of messages.

#![allow(clippy::print_stdout, reason = "it prints what it measured")]

mod plant;
mod words;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use domain::agent::Right;
use domain::id::{AgentId, ChannelId, ProjectId};
use domain::text::Name;
use plant::{Desk, Plot};
use store::clock::{Clock as _, SystemClock};
use store::sealed::SecretKey;
use store::secret::random_id_bytes;
use store::{Appended, BATCH_MAX, ChannelSettings, Database, Listener, NewProject, Options, Store};
use testkit::postgres::Postgres;
use tokio::time::Instant;
use words::{Script, WORDS};

/// How many messages there are, unless another number is asked for.
const MESSAGES: usize = 1_000_000;
/// How often something of each kind is searched, nearly each time something else.
const TIMES: usize = 200;
/// What 95 of 100 searches must be answered within.
const BUDGET: Duration = Duration::from_millis(150);

struct Nobody;

impl Listener for Nobody {
    fn appended(&self, _: Vec<Appended>) {}
}

/// What somebody searches for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Rare,
    Middling,
    Common,
    CommonCyrillic,
    ThreeCharacters,
    Chinese,
    RareChinese,
    TwoCommon,
    CommonAndRare,
    ThreeMiddling,
    Client,
    GivenName,
    FileName,
    Nothing,
}

impl Kind {
    const ALL: [(Self, &'static str); 15] = [
        (Self::Number, "an order's number"),
        (Self::Rare, "a rare word"),
        (Self::Middling, "a word of some 1,000 messages"),
        (Self::Common, "a common word"),
        (Self::CommonCyrillic, "a common Cyrillic word"),
        (Self::ThreeCharacters, "three characters"),
        (Self::Chinese, "a common Chinese word"),
        (Self::RareChinese, "a rare Chinese word"),
        (Self::TwoCommon, "two common words"),
        (Self::CommonAndRare, "a common word and a rare one"),
        (Self::ThreeMiddling, "three words that are never together"),
        (Self::Client, "a client's name"),
        (Self::GivenName, "a given name"),
        (Self::FileName, "a file's name"),
        (Self::Nothing, "nothing, of frequent syllables"),
    ];

    /// What is typed the nth time.
    fn query(self, n: usize, messages: usize) -> String {
        let latin = |rank: usize| Script::Latin.word(rank);
        let some = messages / TIMES * n;
        match self {
            Self::Number => words::order(some / 8 * 8),
            Self::Rare => latin(WORDS - 1 - n),
            Self::Middling => latin(300 + n),
            Self::Common => latin(n % 8),
            Self::CommonCyrillic => Script::Cyrillic.word(n % 8).to_uppercase(),
            Self::ThreeCharacters => latin(n).chars().take(3).collect(),
            Self::Chinese => Script::Chinese.word(n % 8),
            Self::RareChinese => Script::Chinese.word(WORDS - 1 - n),
            Self::TwoCommon => format!("{} {}", latin(n % 8), latin(1 + n % 7)),
            Self::CommonAndRare => format!("{} {}", latin(n % 8), latin(WORDS - 1 - n)),
            Self::ThreeMiddling => format!("{} {} {}", latin(200 + n), latin(400 + n), latin(800 + n)),
            Self::Client => plant::client(n * 97, messages),
            Self::GivenName => Script::Latin.given(n),
            Self::FileName => format!("{}-{:07}", Script::Latin.word(some / 25 % 2_000), some / 25 * 25),
            Self::Nothing => format!("{}{}", latin(n % 16), latin(16 + n % 16)),
        }
    }
}

async fn desk(store: &Store, plot: &mut Plot) -> Result<(Desk, [(&'static str, AgentId); 3])> {
    let channel = ChannelSettings::for_origins(&["https://shop.example".to_owned()])?;
    let project = NewProject {
        name: Name::new("Kettle").context("a name")?,
        owner_email: "owner@kettle.example".to_owned(),
        channel,
    };
    let made = store.create_project(project).await?;
    let owner = store.redeem(made.invitation_code, None, String::new(), None).await?.agent;
    let mut channels = vec![made.channel.to_string()];
    for n in 1..10 {
        let id = ChannelId::new(SystemClock.now(), random_id_bytes());
        plot.run(format!(
            "INSERT INTO channels (id, project_id, kind, name, public_key, settings, created_at)
SELECT '{id}', project_id, kind, 'Website {n}', 'ck_{n}', settings, created_at FROM channels WHERE id = '{}'",
            channels[0]
        ))
        .await?;
        channels.push(id.to_string());
    }
    let of_tenth = of_one(store, &made.project, &owner, &channels, 3).await?;
    let of_fiftieth = of_one(store, &made.project, &owner, &channels, 8).await?;
    let agents = [("all channels", owner.clone()), ("a tenth", of_tenth), ("a fiftieth", of_fiftieth)];
    Ok((Desk { project: made.project, channels, agent: owner }, agents))
}

/// An agent who has access to one channel only.
async fn of_one(
    store: &Store,
    project: &ProjectId,
    owner: &AgentId,
    channels: &[String],
    one: usize,
) -> Result<AgentId> {
    let invited = store.invite(project.clone(), format!("agent{one}@kettle.example"), Right::Agent).await?;
    let agent = store.redeem(invited.code, None, String::new(), None).await?.agent;
    for (n, channel) in channels.iter().enumerate() {
        let channel = ChannelId::parse(channel)?;
        store.set_assigned(owner.clone(), channel, agent.clone(), n == one).await?;
    }
    Ok(agent)
}

/// How long pages took to come.
#[derive(Default)]
struct Took(Vec<Duration>);

impl Took {
    fn percentile(&self, of_100: usize) -> Option<Duration> {
        self.0.get(self.0.len() * of_100 / 100).copied()
    }

    fn print(&self) -> String {
        let ms = |took: Option<Duration>| {
            took.map_or("–".to_owned(), |took| format!("{:.1}", took.as_secs_f64() * 1_000.0))
        };
        format!("{:>7} {:>7}", ms(self.percentile(50)), ms(self.percentile(95)))
    }

    fn fits(&self) -> bool {
        self.percentile(95).is_none_or(|took| took <= BUDGET)
    }
}

/// Searches for what is of a kind; says whether it is quick enough.
async fn measure(store: &Store, by: &AgentId, kind: Kind, messages: usize) -> Result<(String, bool)> {
    let (mut first, mut more, mut n_found) = (Took::default(), Took::default(), 0);
    for n in 0..TIMES {
        let q = kind.query(n, messages);
        let begun = Instant::now();
        let page = store.search(by, &q, None).await?;
        first.0.push(begun.elapsed());
        n_found += page.found.len();
        ensure!(kind != Kind::Nothing || page.found.is_empty(), "{q:?} is somewhere");
        let Some(next) = page.next else { continue };
        let begun = Instant::now();
        let page = store.search(by, &q, Some(&next)).await?;
        more.0.push(begun.elapsed());
        ensure!(!page.found.is_empty(), "there is no more of {q:?}");
    }
    first.0.sort_unstable();
    more.0.sort_unstable();
    Ok((
        format!("{:>4}.{} {} {}", n_found / TIMES, n_found * 10 / TIMES % 10, first.print(), more.print()),
        first.fits() && more.fits(),
    ))
}

async fn bench(name: &str, database: Database, messages: usize) -> Result<bool> {
    let options = Options {
        database: database.clone(),
        secret_key: SecretKey::generate(),
        clock: Arc::new(SystemClock),
        listener: Arc::new(Nobody),
        max_pages: None,
        batch_max: BATCH_MAX,
    };
    let store = Store::open(options).await?;
    let begun = Instant::now();
    let mut plot = Plot::open(&database).await?;
    let (desk, agents) = desk(&store, &mut plot).await?;
    plant::plant(&mut plot, &desk, messages).await?;
    ensure!(!store.make_up_for_search().await?, "a message is not where one searches");
    println!("\n{name}: {messages} messages planted in {:.0} s", begun.elapsed().as_secs_f64());
    let mut fits = true;
    for (access, by) in agents {
        println!("{:<38}  found     p50     p95    more     p95  ms", format!("access to {access}"));
        for (kind, what) in Kind::ALL {
            let (figures, is_quick) = measure(&store, &by, kind, messages).await?;
            println!("  {what:<36} {figures}{}", if is_quick { "" } else { "  over the budget" });
            fits &= is_quick;
        }
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
