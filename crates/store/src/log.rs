//! The log: topics, numbers, events.

use std::sync::Arc;

use bytes::Bytes;
use domain::alert::Audience;
use domain::conversation::{CloseReason, Fact, UnassignCause};
use domain::id::{AgentId, InvalidId};
use domain::time::Timestamp;
use protocol::frame::{Actor, Event, EventData, RelayFrame};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use crate::error::StoreError;
use crate::topic::Topic;
use crate::{Conn, Row};

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
    /// When the clock of the conversation that it speaks of runs out; the alarm clock is set to it.
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

/// A [`Fact`] as the log keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum StoredFact {
    ContactWrote,
    Accepted { agent: String },
    Assigned { to: String, from: Option<String> },
    Unassigned { from: String, cause: StoredCause },
    AgentWrote { agent: String },
    Closed { reason: protocol::view::CloseReason },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StoredCause {
    Cleared,
    AgentIdle,
    AgentRemoved,
}

impl From<&Fact> for StoredFact {
    fn from(fact: &Fact) -> Self {
        match fact {
            Fact::ContactWrote => Self::ContactWrote,
            Fact::Accepted { agent } => Self::Accepted { agent: agent.to_string() },
            Fact::Assigned { to, from } => {
                Self::Assigned { to: to.to_string(), from: from.as_ref().map(AgentId::to_string) }
            }
            Fact::Unassigned { from, cause } => Self::Unassigned {
                from: from.to_string(),
                cause: match cause {
                    UnassignCause::Cleared => StoredCause::Cleared,
                    UnassignCause::AgentIdle => StoredCause::AgentIdle,
                    UnassignCause::AgentRemoved => StoredCause::AgentRemoved,
                },
            },
            Fact::AgentWrote { agent } => Self::AgentWrote { agent: agent.to_string() },
            Fact::Closed { reason } => Self::Closed { reason: (*reason).into() },
        }
    }
}

impl TryFrom<&StoredFact> for Fact {
    type Error = InvalidId;

    fn try_from(fact: &StoredFact) -> Result<Self, InvalidId> {
        Ok(match fact {
            StoredFact::ContactWrote => Self::ContactWrote,
            StoredFact::Accepted { agent } => Self::Accepted { agent: AgentId::parse(agent)? },
            StoredFact::Assigned { to, from } => {
                Self::Assigned { to: AgentId::parse(to)?, from: from.as_deref().map(AgentId::parse).transpose()? }
            }
            StoredFact::Unassigned { from, cause } => Self::Unassigned {
                from: AgentId::parse(from)?,
                cause: match cause {
                    StoredCause::Cleared => UnassignCause::Cleared,
                    StoredCause::AgentIdle => UnassignCause::AgentIdle,
                    StoredCause::AgentRemoved => UnassignCause::AgentRemoved,
                },
            },
            StoredFact::AgentWrote { agent } => Self::AgentWrote { agent: AgentId::parse(agent)? },
            StoredFact::Closed { reason } => Self::Closed {
                reason: match reason {
                    protocol::view::CloseReason::Agent | protocol::view::CloseReason::Other => CloseReason::Agent,
                    protocol::view::CloseReason::ContactIdle => CloseReason::ContactIdle,
                },
            },
        })
    }
}

/// The name of a fact's event.
pub(crate) fn kind_of(fact: &Fact) -> &'static str {
    match fact {
        Fact::ContactWrote | Fact::AgentWrote { .. } => "message_added",
        Fact::Accepted { .. } => "conversation_accepted",
        Fact::Assigned { .. } => "conversation_assigned",
        Fact::Unassigned { .. } => "conversation_unassigned",
        Fact::Closed { .. } => "conversation_closed",
    }
}

/// A record with whom it alerts.
pub(crate) fn alerting(mut record: Record, audience: &Audience) -> Record {
    record.alert = audience.into();
    record
}

const NEXT_SEQ: &str = "
    INSERT INTO log_heads (topic, seq, first_seq) VALUES ($1, 1, 1)
    ON CONFLICT (topic) DO UPDATE SET seq = log_heads.seq + 1
    RETURNING seq";

const APPEND: &str = "
    INSERT INTO events (topic, seq, kind, v, at, actor, cause, data)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

/// Appends one event and gives it the topic's next number.
pub(crate) async fn append(conn: &mut Conn, epoch: &str, at: i64, event: NewEvent) -> Result<Appended, StoreError> {
    let NewEvent { topic, kind, actor, cause, record, data } = event;
    let topic_text = topic.to_string();
    let seq: i64 = sqlx::query_scalar(NEXT_SEQ).bind(&topic_text).fetch_one(&mut *conn).await?;
    sqlx::query(APPEND)
        .bind(&topic_text)
        .bind(seq)
        .bind(kind)
        .bind(i64::from(EVENT_VERSION))
        .bind(at)
        .bind(actor_text(&actor))
        .bind(cause.as_deref())
        .bind(to_json(&record))
        .execute(&mut *conn)
        .await?;
    let seq = unsigned(seq)?;
    let deadline_at = data.conversation.as_ref().and_then(|row| row.deadline_at).map(Timestamp::from_ms);
    let event = Event {
        topic: topic_text,
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
    Ok(Appended { topic: Arc::new(topic), frame, deadline_at })
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
    let rows = sqlx::query(READ).bind(topic).bind(signed(after)).bind(i64::from(limit)).fetch_all(conn).await?;
    rows.iter().map(stored_event).collect()
}

fn stored_event(row: &Row) -> Result<StoredEvent, StoreError> {
    let data: String = row.try_get("data")?;
    let actor: String = row.try_get("actor")?;
    Ok(StoredEvent {
        seq: unsigned(row.try_get("seq")?)?,
        kind: row.try_get("kind")?,
        v: u32::try_from(row.try_get::<i64, _>("v")?).map_err(|_| StoreError::Corrupt("event version".to_owned()))?,
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
    let row = sqlx::query(HEAD).bind(topic).fetch_optional(conn).await?;
    row.map_or(Ok(Head { seq: 0, first_seq: 1 }), |row| {
        Ok(Head { seq: unsigned(row.try_get("seq")?)?, first_seq: unsigned(row.try_get("first_seq")?)? })
    })
}

const HEADS: &str = "SELECT topic, seq FROM log_heads WHERE topic IN (";

/// The heads of some topics; one without events is not in it.
pub(crate) async fn heads(conn: &mut Conn, topics: &[Topic]) -> Result<Vec<(String, u64)>, StoreError> {
    let mut query = sqlx::QueryBuilder::<sqlx::Sqlite>::new(HEADS);
    let mut places = query.separated(", ");
    for topic in topics {
        places.push_bind(topic.to_string());
    }
    places.push_unseparated(")");
    let rows = query.build().fetch_all(conn).await?;
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
