//! Reading on from a cursor, or starting over.

use std::collections::HashMap;

use bytes::Bytes;
use domain::id::AgentId;
use protocol::frame::{Cursor, RelayFrame, Snapshot, StartOver};

use crate::commands::tokens::Principal;
use crate::error::StoreError;
use crate::join;
use crate::log::{self, Head, LogFrame, encode};
use crate::queries::{channels, snapshots};
use crate::rows::agents;
use crate::store::Store;
use crate::topic::Topic;

/// Events that one read gives at most.
const CHUNK: u32 = 500;
/// How many topics one statement compares.
const HEADS_AT_ONCE: usize = 500;
/// A reader further behind than this is served better by a snapshot.
const FAR: u64 = 5_000;

/// What a reader of a topic gets.
#[derive(Debug)]
pub enum CatchUp {
    /// The next events, in order, and whether there are more; empty if the reader is at the head.
    Events {
        /// At most 500.
        frames: Vec<LogFrame>,
        /// Ask again after the last one.
        more: bool,
    },
    /// Start over with this state, as of `seq`.
    Snapshot {
        /// The snapshot's number.
        seq: u64,
        /// Its parts, in order.
        parts: Vec<Bytes>,
    },
}

/// Why a reader with this cursor cannot read on, if it cannot.
fn start_over(cursor: Option<&Cursor>, epoch: &str, head: Head) -> Option<StartOver> {
    let Some(cursor) = cursor else {
        return Some(StartOver::Joined);
    };
    if cursor.epoch != epoch {
        Some(StartOver::OtherEpoch)
    } else if cursor.seq > head.seq {
        Some(StartOver::CursorAhead)
    } else if cursor.seq + 1 < head.first_seq || head.seq - cursor.seq > FAR {
        Some(StartOver::CursorTooOld)
    } else {
        None
    }
}

impl Store {
    /// Everything of a topic after the cursor, or a snapshot read in the same transaction as its head.
    ///
    /// Whether the reader may see the topic was decided by [`Store::topics_of`].
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if what the topic speaks of is gone.
    pub async fn catch_up(&self, topic: &Topic, cursor: Option<&Cursor>) -> Result<CatchUp, StoreError> {
        let name = topic.to_string();
        if self.is_at_head(&name, cursor).await? {
            return Ok(CatchUp::Events { frames: Vec::new(), more: false });
        }
        let mut tx = self.readers.snapshot().await?;
        let head = log::head(&mut tx, &name).await?;
        let mut reason = start_over(cursor, &self.epoch, head);
        if let (None, Some(cursor)) = (reason, cursor) {
            let stored = log::read(&mut tx, &name, cursor.seq, CHUNK).await?;
            if contiguous(cursor.seq, head.seq, stored.iter().map(|event| event.seq)) {
                let more = stored.last().is_some_and(|last| last.seq < head.seq);
                let frames = join::frames(&mut tx, &self.epoch, topic, stored).await?;
                return Ok(CatchUp::Events { frames, more });
            }
            reason = Some(StartOver::TopicLost);
        }
        let data = snapshots::parts(&mut tx, topic).await?;
        let parts = self.encode_parts(&name, head.seq, reason.unwrap_or(StartOver::Joined), data);
        Ok(CatchUp::Snapshot { seq: head.seq, parts })
    }

    /// Whether there is nothing to catch up with: the usual case when a network was away for a moment, and everybody comes back at once.
    async fn is_at_head(&self, topic: &str, cursor: Option<&Cursor>) -> Result<bool, StoreError> {
        let Some(cursor) = cursor.filter(|cursor| cursor.epoch == *self.epoch) else {
            return Ok(false);
        };
        let head = log::head(&mut self.readers.acquire().await?, topic).await?;
        Ok(cursor.seq == head.seq && cursor.seq + 1 >= head.first_seq)
    }

    fn encode_parts(
        &self,
        topic: &str,
        seq: u64,
        reason: StartOver,
        data: Vec<protocol::frame::SnapshotData>,
    ) -> Vec<Bytes> {
        let n_parts = data.len();
        (0_u32..)
            .zip(data)
            .map(|(part, data)| {
                encode(&RelayFrame::Snapshot(Box::new(Snapshot {
                    topic: topic.to_owned(),
                    epoch: self.epoch.to_string(),
                    seq,
                    reason,
                    part,
                    last: part as usize + 1 == n_parts,
                    data,
                })))
            })
            .collect()
    }

    /// The topics that a principal may read: a visitor his own; an agent his own, his projects' and his channels'.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn topics_of(&self, principal: &Principal) -> Result<Vec<Topic>, StoreError> {
        match principal {
            Principal::Visitor { visitor, .. } => Ok(vec![Topic::Contact(visitor.contact.clone())]),
            Principal::Agent { agent, .. } => self.topics_of_agent(agent).await,
        }
    }

    async fn topics_of_agent(&self, agent: &AgentId) -> Result<Vec<Topic>, StoreError> {
        let mut conn = self.readers.acquire().await?;
        let mut topics = vec![Topic::Agent(agent.clone())];
        let projects = agents::projects(&mut conn, agent).await?;
        topics.extend(projects.into_iter().map(|(id, ..)| Topic::Project(id)));
        let channels = channels::accessible(&mut conn, agent).await?;
        topics.extend(channels.into_iter().map(|channel| Topic::Channel(channel.id)));
        Ok(topics)
    }

    /// The heads of topics, 0 for one without events, in the order asked: what a relay compares with what it has passed on.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn heads(&self, topics: &[Topic]) -> Result<Vec<u64>, StoreError> {
        let mut conn = self.readers.acquire().await?;
        let mut known: HashMap<String, u64> = HashMap::with_capacity(topics.len());
        for some in topics.chunks(HEADS_AT_ONCE) {
            known.extend(log::heads(&mut conn, some).await?);
        }
        let heads = topics.iter().map(|topic| known.get(&topic.to_string()).copied().unwrap_or(0)).collect();
        Ok(heads)
    }
}

/// Whether the numbers run on from the cursor without a hole; at least one must be there if the head lies ahead.
fn contiguous(cursor: u64, head: u64, seqs: impl Iterator<Item = u64>) -> bool {
    let mut at = cursor;
    for seq in seqs {
        if seq != at + 1 {
            return false;
        }
        at = seq;
    }
    at > cursor || head == cursor
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_cases_of_start_over_and_a_newcomer() {
        let head = Head { seq: 6_000, first_seq: 500 };
        let at = |epoch: &str, seq| start_over(Some(&Cursor { epoch: epoch.to_owned(), seq }), "e", head);
        assert_eq!(start_over(None, "e", head), Some(StartOver::Joined));
        assert_eq!(at("d", 6_000), Some(StartOver::OtherEpoch));
        assert_eq!(at("e", 6_001), Some(StartOver::CursorAhead));
        assert_eq!(at("e", 498), Some(StartOver::CursorTooOld), "before what the log has");
        assert_eq!(at("e", 999), Some(StartOver::CursorTooOld), "too far behind");
        assert_eq!(at("e", 1_000), None);
        assert_eq!(at("e", 6_000), None);
    }

    #[test]
    fn a_hole_is_a_lost_topic() {
        assert!(contiguous(3, 5, [4, 5].into_iter()));
        assert!(contiguous(5, 5, [].into_iter()));
        assert!(!contiguous(3, 5, [5].into_iter()));
        assert!(!contiguous(3, 5, [].into_iter()));
    }
}
