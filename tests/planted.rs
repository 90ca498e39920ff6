//! People and conversations put straight into the record, where a test needs hundreds: the relay's rate limits would take minutes.

use std::sync::Arc;

use domain::agent::{Availability, Right};
use domain::id::{ChannelId, MessageId, ProjectId};
use domain::text::{MessageText, Name};
use store::clock::{Clock, SystemClock};
use store::sealed::SecretKey;
use store::secret::random_id_bytes;
use store::{Appended, BATCH_MAX, ChannelSettings, Database, Listener, NewProject, Options, Principal, Store, Visitor};

use crate::people::Person;

/// Running relays find what is planted by comparing heads.
struct Nobody;

impl Listener for Nobody {
    fn appended(&self, _: Vec<Appended>) {}
}

/// A project in the record of relays that run, or will.
pub struct Planted {
    /// The record, by this process' own connections.
    pub store: Store,
    /// `prj_…`
    pub project: ProjectId,
    /// `chn_…` of its online chat.
    pub channel: ChannelId,
    /// The channel's public key.
    pub channel_key: String,
    /// The owner's invitation.
    pub owner_code: String,
}

impl Planted {
    /// Makes a project in a PostgreSQL database.
    pub async fn new(database_url: &str, key: &str) -> Self {
        let store = open(database_url, key, Arc::new(SystemClock)).await;
        let made = store
            .create_project(NewProject {
                name: Name::new("Kettle").unwrap(),
                owner_email: "mira@example.com".to_owned(),
                channel: ChannelSettings::for_origins(&["https://shop.example".to_owned()]).unwrap(),
            })
            .await
            .unwrap();
        Self {
            store,
            project: made.project,
            channel: made.channel,
            channel_key: made.channel_key,
            owner_code: made.invitation_code,
        }
    }

    /// Agents who are Online, each with the name `Agent <n>` and the relay of his, in turn.
    pub async fn agents(&self, n: usize, urls: &[String]) -> Vec<Person> {
        let mut agents = Vec::with_capacity(n);
        for n in 0..n {
            let email = format!("agent{n}@example.com");
            let invited = self.store.invite(self.project.clone(), email, Right::Agent).await.unwrap();
            let name = Name::new(&format!("Agent {n}")).unwrap();
            let redeemed = self.store.redeem(invited.code, Some(name), "test".to_owned(), None).await.unwrap();
            self.store.set_availability(redeemed.agent.clone(), Availability::Online, false).await.unwrap();
            let mut agent = Person::nobody(&urls[n % urls.len()]);
            agent.token = redeemed.token;
            agent.id = redeemed.agent.into();
            agents.push(agent);
        }
        agents
    }

    /// A visitor of the website.
    pub async fn visitor(&self) -> Visitor {
        let token = self.store.new_visitor(self.channel_key.clone(), None).await.unwrap();
        match self.store.authenticate(&token).await.unwrap().unwrap() {
            Principal::Visitor { visitor, .. } => visitor,
            Principal::Agent { .. } => panic!("a visitor's token is an agent's"),
        }
    }

    /// A visitor's first message, at whatever time the store has.
    pub async fn writes(&self, store: &Store, visitor: &Visitor) {
        let id = MessageId::new(SystemClock.now(), random_id_bytes());
        store.contact_writes(visitor.clone(), id, MessageText::new("Hello").unwrap(), None).await.unwrap();
    }
}

/// The record at a clock of one's own.
pub async fn open(database_url: &str, key: &str, clock: Arc<dyn Clock>) -> Store {
    let options = Options {
        database: Database::Postgres(database_url.to_owned()),
        secret_key: SecretKey::from_hex(key).unwrap(),
        clock,
        listener: Arc::new(Nobody),
        max_pages: None,
        batch_max: BATCH_MAX,
    };
    Store::open(options).await.unwrap()
}
