//! The log: topics, numbers, events.

mod append;
mod fact;

use std::sync::Arc;

use bytes::Bytes;
use domain::alert::Audience;
use domain::time::Timestamp;
use protocol::frame::{Actor, EventData, RelayFrame};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::topic::Topic;

use crate::db::{Conn, Row, places, query, query_made};
pub(crate) use append::{Pending, append_all};
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
    pub(crate) note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) contact: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) template: Option<String>,
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

pub(crate) fn actor_text(actor: &Actor) -> String {
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
