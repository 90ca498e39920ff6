//! Numbering and writing the events of a batch.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::time::Timestamp;
use protocol::frame::{Event, RelayFrame};

use super::{
    Appended, EVENT_VERSION, LogFrame, NewEvent, actor_text, changes_access, encode, shown_actor, signed, to_json,
    unsigned,
};
use crate::db::{Conn, Value, places, query_made};
use crate::error::StoreError;

/// An event that waits for its number.
pub(crate) struct Pending {
    /// When its command ran.
    pub(crate) at: i64,
    pub(crate) event: NewEvent,
}

const HEADS_UP: &str = "INSERT INTO log_heads (topic, seq, first_seq) VALUES ";
const HEADS_KNOWN: &str = " ON CONFLICT (topic) DO UPDATE SET seq = log_heads.seq + excluded.seq RETURNING topic, seq";

const APPEND: &str = "INSERT INTO events (topic, seq, kind, v, at, actor, cause, data) VALUES ";

/// How many columns a head and an event have.
const HEAD_COLUMNS: usize = 3;
const COLUMNS: usize = 8;
/// How many rows one statement writes: few sizes, so that their statements are prepared once.
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
    let mut heads = heads_before(conn, &topics).await?;
    let mut appended = Vec::with_capacity(pending.len());
    let mut rows = Vec::with_capacity(pending.len());
    for (pending, name) in pending.into_iter().zip(&topics) {
        let head = heads.get_mut(name).ok_or_else(|| StoreError::Corrupt(format!("no head of {name}")))?;
        *head += 1;
        rows.push(row_of(&pending, name, *head));
        appended.push(numbered(epoch, pending, name, *head));
    }
    for some in in_sizes(rows) {
        let statement = query_made(format!("{APPEND}{}", tuples(some.len(), COLUMNS)));
        statement.bind_all(some.into_iter().flatten()).execute(&mut *conn).await?;
    }
    Ok(appended)
}

/// Moves the heads of topics on by as many events as each stands for; gives where each stood before.
async fn heads_before(conn: &mut Conn, topics: &[String]) -> Result<BTreeMap<String, u64>, StoreError> {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for topic in topics {
        *counts.entry(topic).or_default() += 1;
    }
    let rows: Vec<[Value; HEAD_COLUMNS]> =
        counts.iter().map(|(topic, n)| [(*topic).into(), (*n).into(), 1_i64.into()]).collect();
    let mut before = BTreeMap::new();
    for some in in_sizes(rows) {
        let statement = query_made(format!("{HEADS_UP}{}{HEADS_KNOWN}", tuples(some.len(), HEAD_COLUMNS)));
        for row in statement.bind_all(some.into_iter().flatten()).fetch_all(&mut *conn).await? {
            let (topic, seq): (String, i64) = (row.try_get("topic")?, row.try_get("seq")?);
            let n = counts.get(topic.as_str()).copied().unwrap_or(0);
            before.insert(topic, unsigned(seq - n)?);
        }
    }
    Ok(before)
}

/// Parts rows into statements of a few sizes.
fn in_sizes<T>(rows: Vec<T>) -> Vec<Vec<T>> {
    let (mut n_left, mut rows, mut parts) = (rows.len(), rows.into_iter(), Vec::new());
    for size in SIZES {
        while n_left >= size {
            parts.push(rows.by_ref().take(size).collect());
            n_left -= size;
        }
    }
    parts
}

/// The text of so many rows of so many places.
fn tuples(n: usize, columns: usize) -> String {
    let row = |at: usize| format!("({})", places(at * columns + 1, columns));
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
