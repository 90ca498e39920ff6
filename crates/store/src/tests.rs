//! The record on a real SQLite file: batches, savepoints, and a log that replays to the state.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use domain::agent::{Availability, Right};
use domain::conversation::{Conversation, Fact};
use domain::id::{AgentId, MessageId};
use domain::text::{MessageText, Name};
use domain::time::Timestamp;
use tempfile::TempDir;

use crate::clock::TestClock;
use crate::commands::tokens::Visitor;
use crate::rows::conversations;
use crate::sealed::SecretKey;
use crate::{
    Appended, ChannelSettings, Listener, NewAnswer, NewProject, Options, Principal, Store, StoreError, Topic, log,
    secret,
};

/// Keeps the size of every batch.
#[derive(Default)]
struct Batches(Mutex<Vec<usize>>);

impl Listener for Batches {
    fn appended(&self, events: Vec<Appended>) {
        self.0.lock().unwrap().push(events.len());
    }
}

struct World {
    store: Store,
    clock: Arc<TestClock>,
    batches: Arc<Batches>,
    key: SecretKey,
    data: TempDir,
}

impl World {
    async fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let key = SecretKey::generate();
        let (clock, batches) = (Arc::new(TestClock::at(Timestamp::from_ms(1_000_000))), Arc::new(Batches::default()));
        let store = Store::open(options(&data, &key, clock.clone(), batches.clone())).await.unwrap();
        Self { store, clock, batches, key, data }
    }

    async fn project(&self) -> (Visitor, AgentId, AgentId) {
        let channel = ChannelSettings::for_origins(&["https://shop.example".to_owned()]).unwrap();
        let project =
            NewProject { name: Name::new("Kettle").unwrap(), owner_email: "a@example.com".to_owned(), channel };
        let made = self.store.create_project(project).await.unwrap();
        let mut agents = Vec::new();
        for email in ["mira@example.com", "tom@example.com"] {
            let invited = self.store.invite(made.project.clone(), email.to_owned(), Right::Agent).await.unwrap();
            let agent = self.store.redeem(invited.code, None, String::new(), None).await.unwrap().agent;
            self.store.set_availability(agent.clone(), Availability::Online).await.unwrap();
            agents.push(agent);
        }
        let token = self.store.new_visitor(made.channel_key).await.unwrap();
        let Some(Principal::Visitor { visitor, .. }) = self.store.authenticate(&token).await.unwrap() else {
            panic!("a visitor's token stands for a visitor")
        };
        let tom = agents.pop().unwrap();
        (visitor, agents.pop().unwrap(), tom)
    }
}

fn options(data: &TempDir, key: &SecretKey, clock: Arc<TestClock>, listener: Arc<Batches>) -> Options {
    Options { path: data.path().join("deskside.db"), secret_key: key.clone(), clock, listener, max_pages: None }
}

fn message_id() -> MessageId {
    MessageId::new(Timestamp::from_ms(1), secret::random_id_bytes())
}

fn text(text: &str) -> MessageText {
    MessageText::new(text).unwrap()
}

#[tokio::test]
async fn commands_that_wait_share_a_commit_and_one_that_fails_undoes_only_itself() {
    // design rule 2
    let world = World::new().await;
    let (visitor, ..) = world.project().await;
    let taken = message_id();
    world.store.contact_writes(visitor.clone(), taken.clone(), text("first")).await.unwrap();
    world.batches.0.lock().unwrap().clear();
    let writes = (0..100).map(|n| {
        let id = if n % 10 == 0 { taken.clone() } else { message_id() };
        world.store.contact_writes(visitor.clone(), id, text(&n.to_string()))
    });
    let results = futures_util::future::join_all(writes).await;
    let n_conflicts = results.iter().filter(|result| matches!(result, Err(StoreError::IdConflict))).count();
    assert_eq!((n_conflicts, results.iter().filter(|result| result.is_ok()).count()), (10, 90));
    let batches = world.batches.0.lock().unwrap().clone();
    assert!(batches.len() <= 5, "100 commands took {} commits", batches.len());
    assert_eq!(batches.iter().sum::<usize>(), 180, "two events each, none of a failed command");
    let history = world.store.contact_history(&visitor, None).await.unwrap();
    assert_eq!(history.messages.last().unwrap().n, 91, "numbers have no hole");
}

#[tokio::test]
async fn a_caller_who_goes_away_cancels_nothing() {
    // design rule 2
    let world = World::new().await;
    let (visitor, ..) = world.project().await;
    let id = message_id();
    {
        let mut write = Box::pin(world.store.contact_writes(visitor.clone(), id.clone(), text("sent and gone")));
        let polled = futures_util::FutureExt::now_or_never(write.as_mut());
        assert!(polled.is_none());
    }
    let again = world.store.contact_writes(visitor.clone(), id, text("sent and gone")).await.unwrap();
    assert_eq!(again.n, 1);
}

#[tokio::test]
async fn the_log_replays_to_the_state_and_holds_no_personal_data() {
    // design rule 1
    let world = World::new().await;
    let (visitor, mira, tom) = world.project().await;
    let store = &world.store;
    let step = || world.clock.advance_ms(60_000);
    let write = |words: &'static str| store.contact_writes(visitor.clone(), message_id(), text(words));
    write("my address is 12 Elm Street").await.unwrap();
    let open = || async {
        let contact = store.contact_history(&visitor, None).await.unwrap();
        let last = contact.messages.last().unwrap().id.clone();
        let mut conn = store.readers.acquire().await.unwrap();
        crate::rows::messages::find(&mut conn, &last).await.unwrap().unwrap().conversation_id
    };
    let first = open().await;
    step();
    store.accept(mira.clone(), first.clone()).await.unwrap();
    let answer = |fence| NewAnswer {
        id: message_id(),
        conversation: first.clone(),
        text: text("Thank you"),
        fence: Some(fence),
    };
    step();
    store.answer(mira.clone(), answer(1)).await.unwrap();
    store.assign(mira.clone(), first.clone(), tom.clone(), Some(1)).await.unwrap();
    step();
    write("anything else?").await.unwrap();
    store.clear(tom.clone(), first.clone(), None).await.unwrap();
    store.accept(tom.clone(), first.clone()).await.unwrap();
    world.clock.advance_ms(15 * 60_000);
    assert_eq!(store.fire_due(crate::clock::Clock::now(&world.clock)).await.unwrap(), 1);
    store.close(mira.clone(), first, None).await.unwrap();
    write("hello again").await.unwrap();
    store.accept(mira, open().await).await.unwrap();

    let mut conn = store.readers.acquire().await.unwrap();
    let topic = Topic::Channel(visitor.channel.clone()).to_string();
    let mut replayed: BTreeMap<String, Conversation> = BTreeMap::new();
    for event in log::read(&mut conn, &topic, 0, 1_000).await.unwrap() {
        let (Some(id), Some(fact)) = (event.record.conversation, event.record.fact) else {
            continue;
        };
        let at = Timestamp::from_ms(event.at);
        replayed.entry(id).or_insert_with(|| Conversation::opened(at)).evolve(&Fact::try_from(&fact).unwrap(), at);
    }
    assert_eq!(replayed.len(), 2);
    for (id, state) in replayed {
        assert_eq!(conversations::find(&mut conn, &id).await.unwrap().unwrap().state, state);
    }
    let stored: Vec<String> = sqlx::query_scalar("SELECT kind || actor || COALESCE(cause, '') || data FROM events")
        .fetch_all(&mut *conn)
        .await
        .unwrap();
    for personal in ["Elm", "Thank", "example.com", "mira", "Visitor"] {
        assert!(stored.iter().all(|event| !event.contains(personal)), "{personal} stands in the log");
    }
}

#[tokio::test]
async fn another_key_and_a_newer_database_are_refused_in_words() {
    let world = World::new().await;
    let again = |key: &SecretKey| Store::open(options(&world.data, key, world.clock.clone(), world.batches.clone()));
    let other = again(&SecretKey::generate()).await.err().unwrap();
    assert!(matches!(other, StoreError::WrongSecretKey), "{other}");
    assert!(again(&world.key).await.is_ok());
    world
        .store
        .writer
        .run(|tx| {
            Box::pin(async move {
                sqlx::query("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (999, 'later', TRUE, x'00', 0)")
                    .execute(&mut *tx.conn)
                    .await?;
                Ok(())
            })
        })
        .await
        .unwrap();
    let newer = again(&world.key).await.err().unwrap();
    assert!(matches!(newer, StoreError::NewerDatabase), "{newer}");
}
