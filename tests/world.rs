//! A relay in this process, on port 0 with a clock that stands still, and people who use it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bus::Presence;
use domain::agent::Right;
use domain::id::{AgentId, ProjectId};
use domain::text::Name;
use domain::time::Timestamp;
use protocol::EXTENSION_ID;
use relay::{Assets, Config, load_secret_key};
use serde_json::json;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use store::clock::{Clock as _, TestClock};
use store::{ChannelSettings, NewProject, Store};
use tempfile::TempDir;
use testkit::eventually::eventually;
use testkit::postgres::Postgres;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::people::Person;

/// Where the clock stands at first.
pub const START: Timestamp = Timestamp::from_ms(1_800_000_000_000);

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

/// A relay and its data.
pub struct World {
    /// Where it is reached.
    pub url: String,
    /// Its clock.
    pub clock: Arc<TestClock>,
    /// Its record.
    pub store: Store,
    presence: Arc<dyn Presence>,
    data: Option<TempDir>,
    database_url: Option<String>,
    stop: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<std::io::Result<()>>>,
}

impl World {
    /// A new relay with empty data.
    pub async fn new() -> Self {
        Self::on(tempfile::tempdir().unwrap(), None, Arc::new(TestClock::at(START)), None).await
    }

    /// The same on a PostgreSQL database of its own.
    pub async fn postgres() -> Self {
        let url = Postgres::shared().await.unwrap().fresh().await.unwrap();
        Self::on_url(url).await
    }

    /// The same on the PostgreSQL database at this address.
    pub async fn on_url(url: String) -> Self {
        Self::on(tempfile::tempdir().unwrap(), Some(url), Arc::new(TestClock::at(START)), None).await
    }

    /// The same, with a SQLite file of at most so many pages.
    pub async fn with_max_pages(pages: u32) -> Self {
        Self::on(tempfile::tempdir().unwrap(), None, Arc::new(TestClock::at(START)), Some(pages)).await
    }

    async fn on(data: TempDir, database_url: Option<String>, clock: Arc<TestClock>, max_pages: Option<u32>) -> Self {
        let config = Config {
            data: data.path().to_owned(),
            database_url: database_url.clone(),
            public_url: "http://relay.test".to_owned(),
            extension_ids: vec![EXTENSION_ID.to_owned()],
            assets: Assets::Folder(PathBuf::from("nowhere")),
            secret_key: load_secret_key(None, data.path()).unwrap(),
            max_pages,
        };
        let relay = relay::open(config, clock.clone()).await.unwrap();
        let (store, presence) = (relay.store().clone(), relay.presence());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(relay::serve(listener, relay, async move {
            // A world that is dropped stops its relay too.
            drop(stopped.await);
        }));
        Self { url, clock, store, presence, data: Some(data), database_url, stop: Some(stop), served: Some(served) }
    }

    /// Damages a SQLite record behind the relay's back.
    pub async fn sql(&self, statement: &'static str) {
        let path = self.data.as_ref().unwrap().path().join("deskside.db");
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

    /// Stops the relay gracefully.
    pub async fn stop(&mut self) {
        drop(self.stop.take());
        self.served.take().unwrap().await.unwrap().unwrap();
    }

    /// Stops the relay and starts another on the same data, at the same clock.
    pub async fn restarted(mut self) -> Self {
        self.stop().await;
        let (data, database_url) = (self.data.take().unwrap(), self.database_url.take());
        let clock = Arc::clone(&self.clock);
        drop(self);
        Self::on(data, database_url, clock, None).await
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
        Person::visitor(&self.url, &project.channel_key).await
    }
}
