//! A record on a database of its own, with a clock that stands still, and people in it.

use std::sync::{Arc, Mutex};

use domain::agent::{Availability, Right};
use domain::id::{AgentId, ChannelId, ConversationId, MessageId, ProjectId};
use domain::text::{MessageText, Name};
use domain::time::Timestamp;
use protocol::command::SetAgentSettings;
use protocol::frame::{Event, RelayFrame};
use protocol::view::{ContactMessageView, ConversationView};
use tempfile::TempDir;

use crate::clock::TestClock;
use crate::commands::tokens::Visitor;
use crate::rows::conversations;
use crate::sealed::SecretKey;
use crate::{
    Appended, BATCH_MAX, Batch, ChannelSettings, Database, Listener, NewAnswer, NewProject, Options, Principal, Store,
    StoreError, secret,
};

/// Keeps what every commit appended, and what every batch did.
#[derive(Default)]
pub(super) struct Heard(Mutex<Vec<Vec<Appended>>>, Mutex<Vec<Batch>>);

impl Listener for Heard {
    fn appended(&self, events: Vec<Appended>) {
        self.0.lock().unwrap().push(events);
    }

    fn batch_ended(&self, batch: &Batch) {
        self.1.lock().unwrap().push(batch.clone());
    }
}

impl Heard {
    pub(super) fn forget(&self) {
        self.0.lock().unwrap().clear();
        self.1.lock().unwrap().clear();
    }

    /// What the batches did.
    pub(super) fn batches(&self) -> Vec<Batch> {
        self.1.lock().unwrap().clone()
    }

    /// How many events each commit appended.
    pub(super) fn sizes(&self) -> Vec<usize> {
        self.0.lock().unwrap().iter().map(Vec::len).collect()
    }

    /// The events, in order.
    pub(super) fn events(&self) -> Vec<Event> {
        let batches = self.0.lock().unwrap();
        let frames = batches.iter().flatten().map(|appended| serde_json::from_slice(&appended.frame.frame).unwrap());
        frames
            .map(|frame| match frame {
                RelayFrame::Event(event) => *event,
                other => panic!("not an event: {other:?}"),
            })
            .collect()
    }

    /// The events of a kind in topics of a sort, such as `channel/`.
    pub(super) fn of(&self, topic: &str, kind: &str) -> Vec<Event> {
        self.events().into_iter().filter(|event| event.topic.starts_with(topic) && event.kind == kind).collect()
    }
}

pub(super) struct World {
    pub(super) store: Store,
    pub(super) clock: Arc<TestClock>,
    pub(super) heard: Arc<Heard>,
    pub(super) key: SecretKey,
    pub(super) database: Database,
    _data: TempDir,
}

/// A project with an owner, two agents and a visitor; all agents are Online.
pub(super) struct Shop {
    pub(super) id: ProjectId,
    pub(super) channel: ChannelId,
    pub(super) channel_key: String,
    pub(super) owner: AgentId,
    pub(super) mira: AgentId,
    pub(super) tom: AgentId,
    pub(super) visitor: Visitor,
}

impl World {
    pub(super) async fn sqlite() -> Self {
        let data = tempfile::tempdir().unwrap();
        let database = Database::Sqlite(data.path().join("deskside.db"));
        Self::on(database, data).await
    }

    pub(super) async fn postgres() -> Self {
        Self::on(fresh_postgres().await, tempfile::tempdir().unwrap()).await
    }

    async fn on(database: Database, data: TempDir) -> Self {
        let key = SecretKey::generate();
        let (clock, heard) = (Arc::new(TestClock::at(Timestamp::from_ms(1_000_000))), Arc::new(Heard::default()));
        let store = Store::open(options(&database, &key, clock.clone(), heard.clone())).await.unwrap();
        Self { store, clock, heard, key, database, _data: data }
    }

    /// A fresh database of the same kind without anything in it.
    pub(super) async fn empty_database(&self) -> Database {
        match &self.database {
            Database::Sqlite(path) => Database::Sqlite(path.with_file_name("another.db")),
            Database::Postgres(_) => fresh_postgres().await,
        }
    }

    /// Opens a database, this world's or another, with a key.
    pub(super) async fn open(&self, database: &Database, key: &SecretKey) -> Result<Store, StoreError> {
        Store::open(options(database, key, self.clock.clone(), self.heard.clone())).await
    }

    pub(super) fn now(&self) -> Timestamp {
        crate::clock::Clock::now(&self.clock)
    }

    pub(super) fn minutes_pass(&self, minutes: i64) {
        self.clock.advance_ms(minutes * 60_000);
    }

    pub(super) async fn shop(&self, name: &str) -> Shop {
        let channel = ChannelSettings::for_origins(&["https://shop.example".to_owned()]).unwrap();
        let owner_email = format!("owner@{}.example", name.to_lowercase());
        let project = NewProject { name: Name::new(name).unwrap(), owner_email, channel };
        let made = self.store.create_project(project).await.unwrap();
        let owner = self.store.redeem(made.invitation_code, None, String::new(), None).await.unwrap().agent;
        self.goes(&owner, Availability::Online).await;
        let mira = self.joins(&made.project, &format!("mira@{name}.example"), Right::Agent, None).await;
        let tom = self.joins(&made.project, &format!("tom@{name}.example"), Right::Agent, None).await;
        let visitor = self.visitor(&made.channel_key, None).await.unwrap();
        let (id, channel, channel_key) = (made.project, made.channel, made.channel_key);
        Shop { id, channel, channel_key, owner, mira, tom, visitor }
    }

    pub(super) async fn joins(
        &self,
        project: &ProjectId,
        email: &str,
        right: Right,
        signed_in: Option<AgentId>,
    ) -> AgentId {
        let invited = self.store.invite(project.clone(), email.to_owned(), right).await.unwrap();
        let agent = self.store.redeem(invited.code, None, String::new(), signed_in).await.unwrap().agent;
        self.goes(&agent, Availability::Online).await;
        agent
    }

    pub(super) async fn goes(&self, agent: &AgentId, availability: Availability) {
        self.store.set_availability(agent.clone(), availability, false).await.unwrap();
    }

    pub(super) async fn visitor(&self, channel_key: &str, ip: Option<&str>) -> Result<Visitor, StoreError> {
        let token = self.store.new_visitor(channel_key.to_owned(), ip.map(str::to_owned)).await?;
        match self.store.authenticate(&token).await.unwrap() {
            Some(Principal::Visitor { visitor, .. }) => Ok(visitor),
            other => panic!("a visitor's token stands for a visitor, not {other:?}"),
        }
    }

    pub(super) async fn writes(&self, visitor: &Visitor, text: &str) -> Result<ContactMessageView, StoreError> {
        self.store.contact_writes(visitor.clone(), message_id(), words(text), None).await
    }

    /// The visitor writes; gives the conversation that his message stands in.
    pub(super) async fn asks(&self, visitor: &Visitor, text: &str) -> ConversationId {
        let message = self.writes(visitor, text).await.unwrap();
        let mut conn = self.store.readers.acquire().await.unwrap();
        crate::rows::messages::find(&mut conn, &message.id).await.unwrap().unwrap().conversation_id
    }

    pub(super) async fn answers(
        &self,
        by: &AgentId,
        conversation: &ConversationId,
        fence: u32,
    ) -> Result<(), StoreError> {
        let (id, conversation, content) = (message_id(), conversation.clone(), words("Yes, three are left.").into());
        let answer = NewAnswer { id, conversation, content, fence: Some(fence) };
        self.store.answer(by.clone(), answer).await.map(drop)
    }

    pub(super) async fn view(&self, conversation: &ConversationId) -> ConversationView {
        let mut conn = self.store.readers.acquire().await.unwrap();
        conversations::find(&mut conn, conversation.as_str()).await.unwrap().unwrap().view()
    }
}

pub(super) async fn fresh_postgres() -> Database {
    Database::Postgres(testkit::postgres::Postgres::shared().await.unwrap().fresh().await.unwrap())
}

pub(super) fn options(database: &Database, key: &SecretKey, clock: Arc<TestClock>, listener: Arc<Heard>) -> Options {
    let (database, secret_key) = (database.clone(), key.clone());
    Options { database, secret_key, clock, listener, max_pages: None, batch_max: BATCH_MAX }
}

pub(super) fn message_id() -> MessageId {
    MessageId::new(Timestamp::from_ms(1), secret::random_id_bytes())
}

pub(super) fn words(text: &str) -> MessageText {
    MessageText::new(text).unwrap()
}

/// An agent's own times, as an extension sets them that knows no switches.
pub(super) fn times(offline_after_minutes: u32, detach_after_minutes: u32) -> SetAgentSettings {
    SetAgentSettings {
        offline_after_minutes,
        detach_after_minutes,
        sound_notifications: None,
        popup_notifications: None,
        repeat_until_seen: None,
    }
}
