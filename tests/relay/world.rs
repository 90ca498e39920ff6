//! A relay in this process, on port 0 with a clock that stands still, and people who use it.

use std::path::PathBuf;
use std::sync::Arc;

use domain::agent::Right;
use domain::id::{MessageId, ProjectId};
use domain::text::Name;
use domain::time::Timestamp;
use protocol::EXTENSION_ID;
use protocol::error::{ErrorBody, ErrorCode};
use relay::{Assets, Config, load_secret_key};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use store::clock::TestClock;
use store::secret::random_id_bytes;
use store::{ChannelSettings, NewProject, Store};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::reader::Reader;

/// Where the clock stands at first.
pub(crate) const START: Timestamp = Timestamp::from_ms(1_800_000_000_000);

/// A project of the world.
pub(crate) struct Project {
    pub(crate) id: ProjectId,
    pub(crate) channel_id: String,
    pub(crate) channel_key: String,
}

/// A relay and its data.
pub(crate) struct World {
    pub(crate) url: String,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) store: Store,
    data: Option<TempDir>,
    stop: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<std::io::Result<()>>>,
}

impl World {
    /// A new relay with empty data.
    pub(crate) async fn new() -> Self {
        Self::on(tempfile::tempdir().unwrap(), Arc::new(TestClock::at(START)), None).await
    }

    /// The same, with a database of at most so many pages.
    pub(crate) async fn with_max_pages(pages: u32) -> Self {
        Self::on(tempfile::tempdir().unwrap(), Arc::new(TestClock::at(START)), Some(pages)).await
    }

    async fn on(data: TempDir, clock: Arc<TestClock>, max_pages: Option<u32>) -> Self {
        let config = Config {
            data: data.path().to_owned(),
            public_url: "http://relay.test".to_owned(),
            extension_ids: vec![EXTENSION_ID.to_owned()],
            assets: Assets::Folder(PathBuf::from("nowhere")),
            secret_key: load_secret_key(None, data.path()).unwrap(),
            max_pages,
        };
        let relay = relay::open(config, clock.clone()).await.unwrap();
        let store = relay.store().clone();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(relay::serve(listener, relay, async move {
            // A world that is dropped stops its relay too.
            drop(stopped.await);
        }));
        Self { url, clock, store, data: Some(data), stop: Some(stop), served: Some(served) }
    }

    /// Damages the record behind the relay's back.
    pub(crate) async fn sql(&self, statement: &'static str) {
        let path = self.data.as_ref().unwrap().path().join("deskside.db");
        let mut conn = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
        sqlx::query(statement).execute(&mut conn).await.unwrap();
    }

    /// Stops the relay gracefully.
    pub(crate) async fn stop(&mut self) {
        drop(self.stop.take());
        self.served.take().unwrap().await.unwrap().unwrap();
    }

    /// Stops the relay and starts another on the same data, at the same clock.
    pub(crate) async fn restarted(mut self) -> Self {
        self.stop().await;
        let data = self.data.take().unwrap();
        let clock = Arc::clone(&self.clock);
        drop(self);
        Self::on(data, clock, None).await
    }

    /// Makes a project with an online chat.
    pub(crate) async fn project(&self, name: &str) -> Project {
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
    pub(crate) async fn agent(&self, project: &Project, name: &str, right: Right) -> Person {
        self.joins(&Person::nobody(&self.url), project, name, right).await
    }

    /// Somebody takes an invitation for this name, signed in or not.
    pub(crate) async fn joins(&self, by: &Person, project: &Project, name: &str, right: Right) -> Person {
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
    pub(crate) async fn visitor(&self, project: &Project) -> Person {
        let path = format!("/v1/widget/{}/visitors", project.channel_key);
        let made = Person::nobody(&self.url).post(&path, &json!({})).await.ok();
        let token = made["token"].as_str().unwrap().to_owned();
        Person { url: self.url.clone(), token, id: String::new(), http: reqwest::Client::new() }
    }
}

/// Somebody with a token, or without.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) url: String,
    pub(crate) token: String,
    /// An agent's id.
    pub(crate) id: String,
    http: reqwest::Client,
}

/// An answer of the relay.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
}

impl Answer {
    /// The body of an accepted request.
    pub(crate) fn ok(self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.body);
        self.body
    }

    /// The code of a refused one, whose status must be the code's.
    pub(crate) fn code(&self) -> ErrorCode {
        let body: ErrorBody = serde_json::from_value(self.body.clone()).unwrap_or_else(|_| panic!("{self:?}"));
        assert_eq!(self.status.as_u16(), body.error.code.status());
        assert!(!body.error.request_id.is_empty());
        body.error.code
    }

    /// The holder that a refusal names.
    pub(crate) fn holder(&self) -> &str {
        self.body["error"]["details"]["holder"]["name"].as_str().unwrap_or_default()
    }
}

/// A new message id.
pub(crate) fn message_id() -> String {
    MessageId::new(START, random_id_bytes()).into()
}

impl Person {
    /// Somebody without a token.
    pub(crate) fn nobody(url: &str) -> Self {
        Self { url: url.to_owned(), token: String::new(), id: String::new(), http: reqwest::Client::new() }
    }

    /// The same person at another address of the relay, after a restart.
    pub(crate) fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, Vec::new(), &[]).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, body.to_string().into_bytes(), &[]).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, body.to_string().into_bytes(), &[]).await
    }

    /// Any request.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Vec<u8>, headers: &[(&str, &str)]) -> Answer {
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
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        Answer { status, body }
    }

    /// Goes Online or Offline.
    pub(crate) async fn goes(&self, availability: &str) {
        self.put("/v1/me/availability", &json!({ "availability": availability })).await.ok();
    }

    /// A visitor writes.
    pub(crate) async fn writes(&self, text: &str) -> Value {
        self.post("/v1/widget/messages", &json!({ "id": message_id(), "text": text })).await.ok()
    }

    /// An agent does something with a conversation.
    pub(crate) async fn acts(&self, verb: &str, conversation: &str, body: &Value) -> Answer {
        self.post(&format!("/v1/conversations/{conversation}/{verb}"), body).await
    }

    /// An agent answers with a fence.
    pub(crate) async fn answers(&self, conversation: &str, fence: u32, text: &str) -> Answer {
        let body = json!({ "id": message_id(), "text": text, "fence": fence });
        self.acts("messages", conversation, &body).await
    }

    /// The messages of a conversation and of the client's earlier ones.
    pub(crate) async fn history(&self, conversation: &str) -> Vec<Value> {
        let body = self.get(&format!("/v1/conversations/{conversation}/history")).await.ok();
        body["messages"].as_array().unwrap().clone()
    }

    /// A stream of one's own.
    pub(crate) fn reads(&self) -> Reader {
        Reader::connect(&self.url, &self.token)
    }
}
