//! What should have happened and did not: heads that lost their events, deadlines that nobody fired, messages that nobody sent.

use domain::time::Timestamp;

use super::{InspectError, Inspector};
use crate::db::{Row, query, query_scalar};

/// The log's heads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heads {
    /// How many topics there are.
    pub n_topics: i64,
    /// Those whose head is not the number of their last event; at most 100.
    pub wrong: Vec<WrongHead>,
}

/// A topic whose head is not the number of its last event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongHead {
    /// The topic.
    pub topic: String,
    /// Where its head stands.
    pub head: i64,
    /// The number of its last event.
    pub last: i64,
}

/// Deadlines that passed and were not fired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overdue {
    /// Of conversations.
    pub n_conversations: i64,
    /// Of blocks.
    pub n_blocks: i64,
    /// The oldest of them all; none if there are none.
    pub oldest: Option<Timestamp>,
}

/// Messages that wait to be sent to a messenger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// How many.
    pub n: i64,
    /// Since when the oldest of them does; none if there are none.
    pub oldest: Option<Timestamp>,
}

const UNSENT: &str = "
SELECT COUNT(*) AS n, MIN(COALESCE(retry_at, updated_at)) AS oldest
FROM outbox
WHERE state IN ('queued', 'sending') AND COALESCE(retry_at, updated_at) <= $1";

const N_TOPICS: &str = "SELECT COUNT(*) FROM log_heads";

/// By one statement, so that heads and events are of the same instant.
const WRONG_HEADS: &str = "
SELECT topic, head, last
FROM (
  SELECT h.topic AS topic, h.seq AS head,
    COALESCE((SELECT MAX(e.seq) FROM events e WHERE e.topic = h.topic), h.first_seq - 1) AS last
  FROM log_heads h
) heads
WHERE head <> last
ORDER BY topic
LIMIT 100";

const OVERDUE_CONVERSATIONS: &str = "
SELECT COUNT(*) AS n, MIN(deadline_at) AS oldest
FROM conversations
WHERE deadline_at <= $1 AND deleted_at IS NULL";

const OVERDUE_BLOCKS: &str = "
SELECT COUNT(*) AS n, MIN(ends_at) AS oldest
FROM blocks
WHERE ended_at IS NULL AND ends_at <= $1";

impl Inspector {
    /// The log's heads against its events.
    ///
    /// # Errors
    /// [`InspectError::Failed`].
    pub async fn heads(&mut self) -> Result<Heads, InspectError> {
        let n_topics = query_scalar(N_TOPICS).fetch_one(&mut self.conn).await?;
        let mut wrong = Vec::new();
        for row in query(WRONG_HEADS).fetch_all(&mut self.conn).await? {
            wrong.push(WrongHead {
                topic: row.try_get("topic")?,
                head: row.try_get("head")?,
                last: row.try_get("last")?,
            });
        }
        Ok(Heads { n_topics, wrong })
    }

    /// What should have been fired at `before` and was not.
    ///
    /// # Errors
    /// [`InspectError::Failed`].
    pub async fn overdue(&mut self, before: Timestamp) -> Result<Overdue, InspectError> {
        let conversations = query(OVERDUE_CONVERSATIONS).bind(before.as_ms()).fetch_one(&mut self.conn).await?;
        let blocks = query(OVERDUE_BLOCKS).bind(before.as_ms()).fetch_one(&mut self.conn).await?;
        let (conversations, blocks) = (waiting(&conversations)?, waiting(&blocks)?);
        Ok(Overdue {
            n_conversations: conversations.n,
            n_blocks: blocks.n,
            oldest: conversations.oldest.into_iter().chain(blocks.oldest).min(),
        })
    }

    /// What should have been on its way to a messenger at `before` and still waits.
    ///
    /// # Errors
    /// [`InspectError::Failed`].
    pub async fn unsent(&mut self, before: Timestamp) -> Result<Waiting, InspectError> {
        waiting(&query(UNSENT).bind(before.as_ms()).fetch_one(&mut self.conn).await?)
    }
}

fn waiting(row: &Row) -> Result<Waiting, InspectError> {
    let oldest: Option<i64> = row.try_get("oldest")?;
    Ok(Waiting { n: row.try_get("n")?, oldest: oldest.map(Timestamp::from_ms) })
}
