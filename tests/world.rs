//! A relay in this process, on port 0 with a clock that stands still, and people who use it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bus::Presence;
use domain::agent::Right;
use domain::id::{AgentId, MessageId, ProjectId};
use domain::text::Name;
use domain::time::Timestamp;
use protocol::EXTENSION_ID;
use protocol::error::{ErrorBody, ErrorCode};
use relay::{Assets, Config, load_secret_key};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use store::clock::{Clock as _, TestClock};
use store::secret::random_id_bytes;
use store::{ChannelSettings, NewProject, Store};
use tempfile::TempDir;
use testkit::eventually::eventually;
use testkit::postgres::Postgres;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::reader::Reader;

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
        let person = Person {
            url: self.url.clone(),
            token: redeemed["token"].as_str().unwrap().to_owned(),
            id: redeemed["agent_id"].as_str().unwrap().to_owned(),
            http: reqwest::Client::new(),
        };
        person.goes("online").await;
        person
    }

    /// A visitor of the project's website.
    pub async fn visitor(&self, project: &Project) -> Person {
        let path = format!("/v1/widget/{}/visitors", project.channel_key);
        let made = Person::nobody(&self.url).post(&path, &json!({})).await.ok();
        let token = made["token"].as_str().unwrap().to_owned();
        Person { url: self.url.clone(), token, id: String::new(), http: reqwest::Client::new() }
    }
}

/// Somebody with a token, or without.
#[derive(Clone)]
pub struct Person {
    /// Where the relay is reached.
    pub url: String,
    /// What he proves himself with; empty for nobody.
    pub token: String,
    /// An agent's id.
    pub id: String,
    http: reqwest::Client,
}

/// An answer of the relay.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body as JSON; null if there is none, a text if it is something else.
    pub body: Value,
}

impl Answer {
    /// The body of an accepted request.
    pub fn ok(self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.body);
        self.body
    }

    /// The code of a refused one, whose status must be the code's.
    pub fn code(&self) -> ErrorCode {
        let body: ErrorBody = serde_json::from_value(self.body.clone()).unwrap_or_else(|_| panic!("{self:?}"));
        assert_eq!(self.status.as_u16(), body.error.code.status());
        assert!(!body.error.request_id.is_empty());
        body.error.code
    }

    /// The holder that a refusal names.
    pub fn holder(&self) -> &str {
        self.body["error"]["details"]["holder"]["name"].as_str().unwrap_or_default()
    }
}

/// A new message id.
pub fn message_id() -> String {
    MessageId::new(START, random_id_bytes()).into()
}

impl Person {
    /// Somebody without a token.
    pub fn nobody(url: &str) -> Self {
        Self { url: url.to_owned(), token: String::new(), id: String::new(), http: reqwest::Client::new() }
    }

    /// The same person at another address of the relay, after a restart.
    pub fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    /// Asks.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, Vec::new(), &[]).await
    }

    /// Commands.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, body.to_string().into_bytes(), &[]).await
    }

    /// Sets.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, body.to_string().into_bytes(), &[]).await
    }

    /// Takes something away.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, Vec::new(), &[]).await
    }

    /// Any request.
    pub async fn send(&self, method: Method, path: &str, body: Vec<u8>, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.url)).body(body);
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/json");
        }
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        let bytes = response.bytes().await.unwrap();
        let text = || Value::String(String::from_utf8_lossy(&bytes).into_owned());
        let body =
            if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap_or_else(|_| text()) };
        Answer { status, body }
    }

    /// Goes Online or Offline.
    pub async fn goes(&self, availability: &str) {
        self.put("/v1/me/availability", &json!({ "availability": availability })).await.ok();
    }

    /// A visitor writes.
    pub async fn writes(&self, text: &str) -> Value {
        self.post("/v1/widget/messages", &json!({ "id": message_id(), "text": text })).await.ok()
    }

    /// An agent does something with a conversation.
    pub async fn acts(&self, verb: &str, conversation: &str, body: &Value) -> Answer {
        self.post(&format!("/v1/conversations/{conversation}/{verb}"), body).await
    }

    /// An agent answers with a fence.
    pub async fn answers(&self, conversation: &str, fence: u32, text: &str) -> Answer {
        let body = json!({ "id": message_id(), "text": text, "fence": fence });
        self.acts("messages", conversation, &body).await
    }

    /// Why the messages of a conversation are refused.
    pub async fn history_code(&self, conversation: &str) -> ErrorCode {
        self.get(&format!("/v1/conversations/{conversation}/history")).await.code()
    }

    /// The messages of a conversation and of the client's earlier ones.
    pub async fn history(&self, conversation: &str) -> Vec<Value> {
        let body = self.get(&format!("/v1/conversations/{conversation}/history")).await.ok();
        body["messages"].as_array().unwrap().clone()
    }

    /// A stream of one's own.
    #[must_use]
    pub fn reads(&self) -> Reader {
        Reader::connect(&self.url, &self.token)
    }

    /// The stream of an agent who has Gmail open.
    #[must_use]
    pub fn works(&self) -> Reader {
        Reader::connect_here(&self.url, &self.token)
    }
}
