//! Relays in this process, on port 0 with a clock that stands still, and people who use them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bus::{Presence, RedisAddress, RedisSettings};
use domain::agent::Right;
use domain::id::{AgentId, ProjectId};
use domain::text::Name;
use domain::time::Timestamp;
use relay::{Assets, Config, TrustedProxies, load_secret_key};
use serde_json::json;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use store::clock::{Clock as _, TestClock};
use store::sealed::SecretKey;
use store::{ChannelSettings, NewProject, Store};
use tempfile::TempDir;
use testkit::eventually::eventually;
use testkit::postgres::Postgres;
use testkit::redis::Redis;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::people::Person;

/// Where the clock stands at first.
pub const START: Timestamp = Timestamp::from_ms(1_800_000_000_000);

/// Where in its data a relay looks for what browsers load.
const ASSETS: &str = "assets";

/// How long anything that must come may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A project of the world.
pub struct Project {
    /// `prj_…`
    pub id: ProjectId,
    /// `chn_…` of its online chat.
    pub channel_id: String,
    /// The channel's public key.
    pub channel_key: String,
}

/// A relay and its data, or two relays on one database and one Redis.
pub struct World {
    /// Where the relay is reached; of two, the one that agents use.
    pub url: String,
    /// Its clock.
    pub clock: Arc<TestClock>,
    /// Its record.
    pub store: Store,
    presence: Arc<dyn Presence>,
    first: Option<Running>,
    /// The one that visitors use, if there are two.
    second: Option<Running>,
}

/// What a relay starts with.
#[derive(Clone, Default)]
struct Setup {
    /// The folder that several relays keep files in.
    files: Option<Arc<TempDir>>,
    file_limit: Option<u64>,
    database_url: Option<String>,
    redis: Option<RedisSettings>,
    max_pages: Option<u32>,
    trusted_proxies: TrustedProxies,
}

/// One relay of this process. It stops when dropped.
struct Running {
    url: String,
    metrics_url: String,
    data: TempDir,
    setup: Setup,
    stop: oneshot::Sender<()>,
    served: JoinHandle<std::io::Result<()>>,
}

impl Running {
    async fn start(data: TempDir, setup: Setup, clock: Arc<TestClock>) -> (Self, Store, Arc<dyn Presence>) {
        // Two relays on one record have one key.
        let secret_key = match setup.redis {
            Some(_) => SecretKey::from_hex(&"5e".repeat(32)).unwrap(),
            None => load_secret_key(None, data.path()).unwrap(),
        };
        let config = Config {
            database_url: setup.database_url.clone(),
            assets: Assets::Folder(data.path().join(ASSETS)),
            max_pages: setup.max_pages,
            redis: setup.redis.clone(),
            compares_clocks: false,
            trusted_proxies: setup.trusted_proxies.clone(),
            files_url: setup.files.as_ref().map(|folder| format!("file://{}", folder.path().display())),
            file_limit: setup.file_limit.unwrap_or(domain::file::FILE_LIMIT),
            ..Config::new(data.path().to_owned(), "http://relay.test".to_owned(), secret_key)
        };
        let mut relay = relay::open(config, clock).await.unwrap();
        let (store, presence) = (relay.store().clone(), relay.presence());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let metrics_listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let metrics_url = format!("http://{}/metrics", metrics_listener.local_addr().unwrap());
        relay.answer_metrics_on(metrics_listener);
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(relay::serve(listener, relay, async move {
            // A world that is dropped stops its relay too.
            drop(stopped.await);
        }));
        (Self { url, metrics_url, data, setup, stop, served }, store, presence)
    }

    async fn stop(self) -> (TempDir, Setup) {
        drop(self.stop);
        self.served.await.unwrap().unwrap();
        (self.data, self.setup)
    }
}

impl World {
    /// Where the relay looks for what browsers load; nothing is there.
    pub fn assets(&self) -> PathBuf {
        self.first.as_ref().unwrap().data.path().join(ASSETS)
    }

    /// A new relay with empty data.
    pub async fn new() -> Self {
        Self::start(tempfile::tempdir().unwrap(), Setup::default(), Arc::new(TestClock::at(START))).await
    }

    /// The same on a PostgreSQL database of its own.
    pub async fn postgres() -> Self {
        let url = Postgres::shared().await.unwrap().fresh().await.unwrap();
        Self::on_url(url).await
    }

    /// The same on the PostgreSQL database at this address.
    pub async fn on_url(url: String) -> Self {
        let setup = Setup { database_url: Some(url), ..Setup::default() };
        Self::start(tempfile::tempdir().unwrap(), setup, Arc::new(TestClock::at(START))).await
    }

    /// The same, with a SQLite file of at most so many pages.
    pub async fn with_max_pages(pages: u32) -> Self {
        let setup = Setup { max_pages: Some(pages), ..Setup::default() };
        Self::start(tempfile::tempdir().unwrap(), setup, Arc::new(TestClock::at(START))).await
    }

    /// A relay that takes files of at most so many bytes.
    pub async fn with_file_limit(bytes: u64) -> Self {
        let setup = Setup { file_limit: Some(bytes), ..Setup::default() };
        Self::start(tempfile::tempdir().unwrap(), setup, Arc::new(TestClock::at(START))).await
    }

    /// A relay that believes these proxies.
    pub async fn behind(proxies: &str) -> Self {
        let setup = Setup { trusted_proxies: proxies.parse().unwrap(), ..Setup::default() };
        Self::start(tempfile::tempdir().unwrap(), setup, Arc::new(TestClock::at(START))).await
    }

    /// Two relays on a PostgreSQL database and keys in Redis of their own: agents use one, visitors the other.
    pub async fn two() -> Self {
        let redis = Redis::shared().await.unwrap();
        Self::two_on(redis.url(), &redis.fresh_prefix().unwrap()).await
    }

    /// The same on a Redis by its address, with keys that begin so.
    pub async fn two_on(redis_url: &str, prefix: &str) -> Self {
        let setup = Setup {
            database_url: Some(Postgres::shared().await.unwrap().fresh().await.unwrap()),
            redis: Some(RedisSettings::new(RedisAddress::parse(redis_url).unwrap(), prefix)),
            files: Some(Arc::new(tempfile::tempdir().unwrap())),
            ..Setup::default()
        };
        let mut world = Self::start(tempfile::tempdir().unwrap(), setup.clone(), Arc::new(TestClock::at(START))).await;
        world.second = Some(Running::start(tempfile::tempdir().unwrap(), setup, world.clock.clone()).await.0);
        world
    }

    async fn start(data: TempDir, setup: Setup, clock: Arc<TestClock>) -> Self {
        let (first, store, presence) = Running::start(data, setup, clock.clone()).await;
        let url = first.url.clone();
        Self { url, clock, store, presence, first: Some(first), second: None }
    }

    /// The relay that visitors use.
    #[must_use]
    pub fn visitors_url(&self) -> &str {
        self.second.as_ref().map_or(&self.url, |second| &second.url)
    }

    /// Where the relay tells its metrics; of two, the one that agents use.
    #[must_use]
    pub fn metrics_url(&self) -> String {
        self.first.as_ref().unwrap().metrics_url.clone()
    }

    /// How many files lie where the relay keeps them.
    #[must_use]
    pub fn n_files(&self) -> usize {
        let running = self.first.as_ref().unwrap();
        let folder =
            running.setup.files.as_ref().map_or_else(|| running.data.path().join("files"), |own| own.path().to_owned());
        let projects = std::fs::read_dir(folder).unwrap();
        projects.map(|project| std::fs::read_dir(project.unwrap().path()).unwrap().count()).sum()
    }

    /// Damages a SQLite record behind the relay's back.
    pub async fn sql(&self, statement: &'static str) {
        let path = self.first.as_ref().unwrap().data.path().join("deskside.db");
        let mut conn = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
        sqlx::query(statement).execute(&mut conn).await.unwrap();
    }

    /// The time by the relay's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Waits until the record's last sign of life of the agent is from so long after [`START`].
    pub async fn until_seen(&self, who: &Person, ms: i64) {
        let agent = AgentId::parse(&who.id).unwrap();
        eventually("a sign of life", PATIENCE, || async {
            Ok((self.store.last_seen(&agent).await?.as_ms() == START.as_ms() + ms).then_some(()))
        })
        .await
        .unwrap();
    }

    /// Waits until no Gmail page of the agent is open, or until one is.
    pub async fn until_here(&self, who: &Person, here: bool) {
        self.until_here_within(who, here, PATIENCE).await;
    }

    /// The record's last sign of life of the agent, in milliseconds after [`START`].
    pub async fn last_seen(&self, who: &Person) -> i64 {
        let agent = AgentId::parse(&who.id).unwrap();
        self.store.last_seen(&agent).await.unwrap().as_ms() - START.as_ms()
    }

    /// The same, with another patience.
    pub async fn until_here_within(&self, who: &Person, here: bool, patience: Duration) {
        let agent = AgentId::parse(&who.id).unwrap();
        eventually("the agent's pages", patience, || async {
            Ok((self.presence.is_here(&agent).await == here).then_some(()))
        })
        .await
        .unwrap();
    }

    /// Stops the relay gracefully; of two, the one that agents use.
    pub async fn stop(&mut self) {
        drop(self.first.take().unwrap().stop().await);
    }

    /// Stops the relay gracefully, or both, and starts again on the same data, at the same clock.
    pub async fn restarted(self) -> Self {
        let clock = Arc::clone(&self.clock);
        let second = match self.second {
            Some(second) => Some(second.stop().await),
            None => None,
        };
        let (data, setup) = self.first.unwrap().stop().await;
        let mut world = Self::start(data, setup, clock.clone()).await;
        if let Some((data, setup)) = second {
            world.second = Some(Running::start(data, setup, clock).await.0);
        }
        world
    }

    /// Makes a project with an online chat.
    pub async fn project(&self, name: &str) -> Project {
        let made = self
            .store
            .create_project(NewProject {
                name: Name::new(name).unwrap(),
                owner_email: format!("owner@{}.example", name.to_lowercase()),
                channel: ChannelSettings::for_origins(&["https://shop.example".to_owned()]).unwrap(),
            })
            .await
            .unwrap();
        Project { id: made.project, channel_id: made.channel.into(), channel_key: made.channel_key }
    }

    /// An agent of a project who is Online.
    pub async fn agent(&self, project: &Project, name: &str, right: Right) -> Person {
        self.joins(&Person::nobody(&self.url), project, name, right).await
    }

    /// Somebody takes an invitation for this name, signed in or not.
    pub async fn joins(&self, by: &Person, project: &Project, name: &str, right: Right) -> Person {
        let email = format!("{}@example.com", name.to_lowercase());
        let invited = self.store.invite(project.id.clone(), email, right).await.unwrap();
        let body = json!({ "code": invited.code, "name": name });
        let redeemed = by.post("/v1/invitations/redeem", &body).await.ok();
        let person = by.with_token(&redeemed);
        person.goes("online").await;
        person
    }

    /// A visitor of the project's website.
    pub async fn visitor(&self, project: &Project) -> Person {
        Person::visitor(self.visitors_url(), &project.channel_key).await
    }
}
