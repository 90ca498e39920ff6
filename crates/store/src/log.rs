//! The log: topics, numbers, events.

mod fact;

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use domain::alert::Audience;
use domain::time::Timestamp;
use protocol::frame::{Actor, Event, EventData, RelayFrame};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::topic::Topic;

use crate::db::{Conn, Row, Value, places, query, query_made, query_scalar};
pub(crate) use fact::{StoredFact, kind_of};

/// The version of stored events that this build writes; older ones are lifted on reading.
pub(crate) const EVENT_VERSION: u32 = 1;

/// One event as it goes out, serialised once; the same bytes go to every reader.
#[derive(Clone, Debug)]
pub struct LogFrame {
    /// Its number in the topic.
    pub seq: u64,
    /// The frame as UTF-8 JSON.
    pub frame: Bytes,
    /// Whether it changes what its agent may read, or takes a device's token: readers prove themselves again.
    pub changes_access: bool,
}

/// Whether readers prove themselves again after an event of this kind.
pub(crate) fn changes_access(kind: &str) -> bool {
    matches!(kind, "rights_changed" | "device_revoked")
}

/// One event after its commit, for the bus.
#[derive(Clone, Debug)]
pub struct Appended {
    /// The topic.
    pub topic: Arc<Topic>,
    /// The event.
    pub frame: LogFrame,
    /// When the clock of the conversation or block that it speaks of runs out; the alarm clock is set to it.
    pub deadline_at: Option<Timestamp>,
}

/// An event to be appended: facts and ids, and the rows it is joined with when it goes out.
pub(crate) struct NewEvent {
    pub(crate) topic: Topic,
    pub(crate) kind: &'static str,
    pub(crate) actor: Actor,
    pub(crate) cause: Option<String>,
    pub(crate) record: Record,
    pub(crate) data: EventData,
}

/// What the log keeps of an event: ids and facts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) conversation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) channel: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) agent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) token: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) fact: Option<StoredFact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) n: Option<u32>,
    #[serde(default, skip_serializing_if = "is_nobody")]
    pub(crate) alert: protocol::view::Audience,
}

fn is_nobody(audience: &protocol::view::Audience) -> bool {
    *audience == protocol::view::Audience::Nobody
}

/// A record with whom it alerts.
pub(crate) fn alerting(mut record: Record, audience: &Audience) -> Record {
    record.alert = audience.into();
    record
}

/// An event that waits for its number.
pub(crate) struct Pending {
    /// When its command ran.
    pub(crate) at: i64,
    pub(crate) event: NewEvent,
}

const NEXT_SEQS: &str = "
    INSERT INTO log_heads (topic, seq, first_seq) VALUES ($1, $2, 1)
    ON CONFLICT (topic) DO UPDATE SET seq = log_heads.seq + $2
    RETURNING seq";

const APPEND: &str = "INSERT INTO events (topic, seq, kind, v, at, actor, cause, data) VALUES ";

/// How many columns an event has.
const COLUMNS: usize = 8;
/// How many events one statement writes: few sizes, so that their statements are prepared once.
const SIZES: [usize; 4] = [32, 8, 4, 1];

/// Appends a batch's events and gives each its topic's next number, in the order in which they were appended.
///
/// All heads are locked at the end of the batch and in the order of their names, so that two batches that share topics wait for each
/// other for a moment and never for ever.
pub(crate) async fn append_all(
    conn: &mut Conn,
    epoch: &str,
    pending: Vec<Pending>,
) -> Result<Vec<Appended>, StoreError> {
    let topics: Vec<String> = pending.iter().map(|pending| pending.event.topic.to_string()).collect();
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for topic in &topics {
        *counts.entry(topic).or_default() += 1;
    }
    // Topic → the number before its next event.
    let mut heads: BTreeMap<&str, u64> = BTreeMap::new();
    for (topic, n) in counts {
        let seq: i64 = query_scalar(NEXT_SEQS).bind(topic).bind(n).fetch_one(&mut *conn).await?;
        heads.insert(topic, unsigned(seq - n)?);
    }
    let mut appended = Vec::with_capacity(pending.len());
    let mut rows = Vec::with_capacity(pending.len() * COLUMNS);
    for (pending, name) in pending.into_iter().zip(&topics) {
        let seq = heads.get_mut(name.as_str()).map_or(0, |seq| {
            *seq += 1;
            *seq
        });
        rows.extend(row_of(&pending, name, seq));
        appended.push(numbered(epoch, pending, name, seq));
    }
    let mut rest = rows.into_iter();
    let mut n_left = appended.len();
    for size in SIZES {
        while n_left >= size {
            let statement = query_made(format!("{APPEND}{}", tuples(size)));
            statement.bind_all(rest.by_ref().take(size * COLUMNS)).execute(&mut *conn).await?;
            n_left -= size;
        }
    }
    Ok(appended)
}

/// The text of so many rows of places.
fn tuples(n: usize) -> String {
    let row = |at: usize| format!("({})", places(at * COLUMNS + 1, COLUMNS));
    (0..n).map(row).collect::<Vec<_>>().join(", ")
}

fn row_of(pending: &Pending, topic: &str, seq: u64) -> [Value; COLUMNS] {
    let event = &pending.event;
    [
        topic.into(),
        signed(seq).into(),
        event.kind.into(),
        i64::from(EVENT_VERSION).into(),
        pending.at.into(),
        actor_text(&event.actor).into(),
        event.cause.as_deref().into(),
        to_json(&event.record).into(),
    ]
}

/// The event as it goes out.
fn numbered(epoch: &str, pending: Pending, topic_text: &str, seq: u64) -> Appended {
    let Pending { at, event: NewEvent { topic, kind, actor, cause, record, data } } = pending;
    let clock = data.conversation.as_ref().and_then(|row| row.deadline_at);
    let unblock = data.block.and_then(|block| block.until);
    let deadline_at = clock.or(unblock).map(Timestamp::from_ms);
    let event = Event {
        topic: topic_text.to_owned(),
        epoch: epoch.to_owned(),
        seq,
        kind: kind.to_owned(),
        v: EVENT_VERSION,
        at,
        actor: shown_actor(&topic, actor),
        cause,
        alert: record.alert,
        data,
    };
    let frame =
        LogFrame { seq, frame: encode(&RelayFrame::Event(Box::new(event))), changes_access: changes_access(kind) };
    Appended { topic: Arc::new(topic), frame, deadline_at }
}

/// The client is not told which agent acts, except by the name on a message.
pub(crate) fn shown_actor(topic: &Topic, actor: Actor) -> Actor {
    match (topic, actor) {
        (Topic::Contact(_), Actor::Agent { .. }) => Actor::Unknown,
        (_, actor) => actor,
    }
}

/// An event as it stands in the log.
pub(crate) struct StoredEvent {
    pub(crate) seq: u64,
    pub(crate) kind: String,
    pub(crate) v: u32,
    pub(crate) at: i64,
    pub(crate) actor: Actor,
    pub(crate) cause: Option<String>,
    pub(crate) record: Record,
}

const READ: &str = "
    SELECT seq, kind, v, at, actor, cause, data FROM events
    WHERE topic = $1 AND seq > $2
    ORDER BY seq
    LIMIT $3";

/// Reads events after a number, in order.
pub(crate) async fn read(conn: &mut Conn, topic: &str, after: u64, limit: u32) -> Result<Vec<StoredEvent>, StoreError> {
    let rows = query(READ).bind(topic).bind(signed(after)).bind(i64::from(limit)).fetch_all(conn).await?;
    rows.iter().map(stored_event).collect()
}

fn stored_event(row: &Row) -> Result<StoredEvent, StoreError> {
    let data: String = row.try_get("data")?;
    let actor: String = row.try_get("actor")?;
    Ok(StoredEvent {
        seq: unsigned(row.try_get("seq")?)?,
        kind: row.try_get("kind")?,
        v: u32::try_from(row.try_get::<i64>("v")?).map_err(|_| StoreError::Corrupt("event version".to_owned()))?,
        at: row.try_get("at")?,
        actor: actor_from_text(&actor),
        cause: row.try_get("cause")?,
        record: serde_json::from_str(&data).map_err(|error| StoreError::Corrupt(format!("event data: {error}")))?,
    })
}

/// A topic's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) seq: u64,
    pub(crate) first_seq: u64,
}

const HEAD: &str = "SELECT seq, first_seq FROM log_heads WHERE topic = $1";

/// A topic's head; a topic without events stands at 0.
pub(crate) async fn head(conn: &mut Conn, topic: &str) -> Result<Head, StoreError> {
    let row = query(HEAD).bind(topic).fetch_optional(conn).await?;
    row.map_or(Ok(Head { seq: 0, first_seq: 1 }), |row| {
        Ok(Head { seq: unsigned(row.try_get("seq")?)?, first_seq: unsigned(row.try_get("first_seq")?)? })
    })
}

const HEADS: &str = "SELECT topic, seq FROM log_heads WHERE topic IN (";

/// The heads of some topics; one without events is not in it.
pub(crate) async fn heads(conn: &mut Conn, topics: &[Topic]) -> Result<Vec<(String, u64)>, StoreError> {
    let statement = query_made(format!("{HEADS}{})", places(1, topics.len())));
    let rows = statement.bind_all(topics.iter().map(Topic::to_string)).fetch_all(conn).await?;
    rows.iter().map(|row| Ok((row.try_get("topic")?, unsigned(row.try_get("seq")?)?))).collect()
}

/// Serialises what cannot fail to be JSON.
pub(crate) fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("our own types have text keys only")
}

/// Serialises a frame.
pub(crate) fn encode(frame: &RelayFrame) -> Bytes {
    Bytes::from(to_json(frame))
}

fn actor_text(actor: &Actor) -> String {
    match actor {
        Actor::Agent { agent_id } => format!("agent:{agent_id}"),
        Actor::Contact => "contact".to_owned(),
        Actor::Clock => "clock".to_owned(),
        Actor::Operator => "operator".to_owned(),
        Actor::Unknown => "unknown".to_owned(),
    }
}

fn actor_from_text(text: &str) -> Actor {
    match text {
        "contact" => Actor::Contact,
        "clock" => Actor::Clock,
        "operator" => Actor::Operator,
        other => other.strip_prefix("agent:").map_or(Actor::Unknown, |id| Actor::Agent { agent_id: id.to_owned() }),
    }
}

pub(crate) fn unsigned(value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| StoreError::Corrupt(format!("{value} where a count stands")))
}

pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
