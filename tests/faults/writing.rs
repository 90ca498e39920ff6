//! Clients and agents who write to each other without pause, and what became of it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use store::clock::{Clock as _, SystemClock};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use e2e::people::{Person, message_id};
use e2e::reader::{Reader, events};

/// How many clients write, each with his agent.
pub(crate) const PAIRS: usize = 4;
/// How long a writer waits between two attempts.
const BACK_OFF: Duration = Duration::from_millis(20);

/// What one writer sent, in order, and what became of it.
pub(crate) struct Sent {
    pub(crate) ids: Vec<String>,
    pub(crate) n_retried: usize,
}

/// Counts acknowledgements, so that kills fall under load whatever the machine's speed.
#[derive(Default)]
pub(crate) struct Progress {
    n_acknowledged: AtomicUsize,
    /// How many were stored before a kill and acknowledged only by a retry after it.
    pub(crate) n_between: AtomicUsize,
    changed: Notify,
}

impl Progress {
    fn count(&self) {
        self.n_acknowledged.fetch_add(1, Ordering::SeqCst);
        self.changed.notify_waiters();
    }

    /// Waits for so many more.
    pub(crate) async fn more(&self, n: usize) {
        let goal = self.n_acknowledged.load(Ordering::SeqCst) + n;
        loop {
            let changed = self.changed.notified();
            if self.n_acknowledged.load(Ordering::SeqCst) >= goal {
                return;
            }
            changed.await;
        }
    }
}

/// What the writers share.
#[derive(Clone, Default)]
pub(crate) struct Until {
    pub(crate) stop: Arc<AtomicBool>,
    pub(crate) progress: Arc<Progress>,
}

/// Writes one message after the other; each is tried with the same id until the relay took it.
async fn write_on(path: String, extra: Value, person: Person, until: Until) -> Sent {
    let mut sent = Sent { ids: Vec::new(), n_retried: 0 };
    while !until.stop.load(Ordering::Relaxed) {
        let id = message_id();
        let mut body = extra.clone();
        body["id"] = json!(id);
        body["text"] = json!(format!("message {}", sent.ids.len()));
        let mut back_off = tokio::time::interval(BACK_OFF);
        loop {
            back_off.tick().await;
            let begun_at = SystemClock.now().as_ms();
            match attempt(&path, &body, &person).await {
                Some(stored_at) => {
                    until.progress.n_between.fetch_add(usize::from(stored_at < begun_at), Ordering::SeqCst);
                    break;
                }
                None => sent.n_retried += 1,
            }
        }
        sent.ids.push(id);
        until.progress.count();
    }
    sent
}

/// When the relay stored the message; nothing if it is away or busy.
async fn attempt(path: &str, body: &Value, person: &Person) -> Option<i64> {
    let request = reqwest::Client::new().post(format!("{}{path}", person.url)).bearer_auth(&person.token);
    let response = request.json(body).send().await.ok()?;
    let status = response.status();
    if matches!(status.as_u16(), 429 | 500..) {
        return None;
    }
    let text = response.text().await.ok()?;
    assert!(status.is_success(), "{status} {text}");
    let answer: Value = serde_json::from_str(&text).ok()?;
    answer["message"]["at"].as_i64()
}

async fn all_messages(client: &Person) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    let mut query = String::new();
    loop {
        let page = client.get(&format!("/v1/widget/messages{query}")).await.ok();
        let messages = page["messages"].as_array().unwrap().clone();
        let Some(first) = messages.first() else {
            return found;
        };
        query = format!("?before={}", first["n"]);
        found.splice(0..0, messages);
        if page["has_more"] == false {
            return found;
        }
    }
}

/// Two who write to each other without pause.
pub(crate) struct Pair {
    client: Person,
    by_client: JoinHandle<Sent>,
    by_agent: JoinHandle<Sent>,
}

/// A client says hello, the agent takes him, and both write on until told to stop.
pub(crate) async fn pair(
    mira: &Person,
    at_mira: &mut Reader,
    clients_url: &str,
    channel_key: &str,
    until: &Until,
) -> Pair {
    let client = Person::visitor(clients_url, channel_key).await;
    let first = client.writes("hello").await["message"]["id"].as_str().unwrap().to_owned();
    let event = at_mira.event("a conversation", |event| event.cause.as_deref() == Some(first.as_str())).await;
    let conversation = event.data.conversation.unwrap().id;
    mira.acts("accept", &conversation, &json!({})).await.ok();
    let answers = format!("/v1/conversations/{conversation}/messages");
    let by_client = write_on("/v1/widget/messages".to_owned(), json!({}), client.clone(), until.clone());
    let by_agent = write_on(answers, json!({ "fence": 1 }), mira.clone(), until.clone());
    Pair { client, by_client: tokio::spawn(by_client), by_agent: tokio::spawn(by_agent) }
}

/// Compares what the relay has with what both wrote; gives what they counted.
pub(crate) async fn compare(pair: Pair) -> (Sent, Sent) {
    let (by_client, by_agent) = (pair.by_client.await.unwrap(), pair.by_agent.await.unwrap());
    let stored = all_messages(&pair.client).await;
    let ids: BTreeSet<&str> = stored.iter().map(|message| message["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), stored.len(), "doubled");
    let of = |agent: bool| -> Vec<&str> {
        stored.iter().filter(|m| m["agent_name"].is_null() != agent).map(|m| m["id"].as_str().unwrap()).collect()
    };
    assert_eq!(of(false)[1..], by_client.ids, "the client's own, in order, after the first hello");
    assert_eq!(of(true), by_agent.ids, "the agent's, in order");
    (by_client, by_agent)
}

/// A relay with a project, its owner who reads along, and the pairs who write.
pub(crate) struct Load {
    pub(crate) until: Until,
    at_mira: Reader,
    pairs: Vec<Pair>,
}

/// What was counted in the end.
pub(crate) struct Counted {
    pub(crate) n_sent: usize,
    pub(crate) n_retried: usize,
    pub(crate) n_between: usize,
    pub(crate) n_connects: usize,
}

impl Load {
    /// Begins to write at a relay that runs; `code` is the owner's invitation.
    pub(crate) async fn begin(url: &str, code: &str, channel_key: &str) -> Self {
        Self::over([url, url], code, channel_key).await
    }

    /// Begins to write over two relays: the agents at the first, the clients at the second.
    pub(crate) async fn over([url, clients_url]: [&str; 2], code: &str, channel_key: &str) -> Self {
        let mira = Person::invited(url, code, "Mira").await;
        let mut at_mira = mira.works();
        at_mira.live().await;
        let until = Until::default();
        let mut pairs = Vec::new();
        for _ in 0..PAIRS {
            pairs.push(pair(&mira, &mut at_mira, clients_url, channel_key, &until).await);
        }
        Self { until, at_mira, pairs }
    }

    /// The owner's reader.
    pub(crate) fn reader(&self) -> &Reader {
        &self.at_mira
    }

    /// Stops writing, and compares what was acknowledged with what is stored and what the reader was given.
    pub(crate) async fn end(mut self) -> Counted {
        self.until.stop.store(true, Ordering::Relaxed);
        let (mut n_sent, mut n_retried) = (0, 0);
        for pair in self.pairs {
            let (by_client, by_agent) = compare(pair).await;
            for sent in [&by_client, &by_agent] {
                n_sent += sent.ids.len();
                n_retried += sent.n_retried;
            }
            let last = by_agent.ids.last().unwrap();
            self.at_mira.event("the last answer", |event| event.cause.as_ref() == Some(last)).await;
        }
        let seqs: Vec<u64> = self.at_mira.with(|delivered| {
            events(delivered).filter(|event| event.topic.starts_with("channel/")).map(|event| event.seq).collect()
        });
        assert!(seqs.windows(2).all(|pair| pair[1] == pair[0] + 1), "the reader has each event once, in order");
        let n_between = self.until.progress.n_between.load(Ordering::SeqCst);
        let n_connects = self.at_mira.with(|delivered| delivered.n_connects);
        Counted { n_sent, n_retried, n_between, n_connects }
    }
}

impl Counted {
    /// Prints the figures of a fault.
    pub(crate) fn tell(&self, what: &str) {
        let Self { n_sent, n_retried, n_between, n_connects } = self;
        println!("{what}: {n_sent} sent, {n_sent} acknowledged, {n_sent} delivered, 0 lost, 0 doubled, 0 reordered;");
        println!("  {n_retried} retries, {n_between} of them of messages stored before; {n_connects} connects");
    }
}
