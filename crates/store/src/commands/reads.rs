//! What agents have seen: their own unread counters (N2), and "seen" for the client (W6).

use domain::id::{AgentId, ConversationId};
use protocol::frame::{Actor, EventData, ReadMark};

use crate::commands::workflow::seen_by;
use crate::db::query;
use crate::error::StoreError;
use crate::log::{NewEvent, Record};
use crate::rows::contacts;
use crate::rows::conversations::{self, ConversationRow};
use crate::store::Store;
use crate::topic::Topic;
use crate::writer::Tx;

const MARK: &str = "
INSERT INTO reads (agent_id, conversation_id, project_id, n_alerts) VALUES ($1, $2, $3, $4)
ON CONFLICT (agent_id, conversation_id) DO UPDATE SET n_alerts = excluded.n_alerts
WHERE reads.n_alerts < excluded.n_alerts";

/// What was on the agent's screen.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// How many of the conversation's alerts.
    pub n_alerts: u32,
    /// Up to which message of the contact.
    pub n: u32,
}

impl Store {
    /// Clears the agent's counter up to what he saw, and tells the client that his messages were seen.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a conversation without access.
    pub async fn mark_read(&self, by: AgentId, conversation: ConversationId, seen: Seen) -> Result<(), StoreError> {
        let lane = self.lane_of(&conversation).await?;
        self.writer.run(lane, move |tx| Box::pin(async move { mark_read(tx, &by, &conversation, seen).await })).await
    }
}

async fn mark_read(tx: &mut Tx<'_>, by: &AgentId, conversation: &ConversationId, seen: Seen) -> Result<(), StoreError> {
    let (mut row, _) = seen_by(tx, by, conversation).await?;
    // Nobody has seen more than there is.
    let n_alerts = seen.n_alerts.min(row.state.n_alerts());
    let done = query(MARK)
        .bind(by.as_str())
        .bind(conversation.as_str())
        .bind(row.project_id.as_str())
        .bind(i64::from(n_alerts))
        .execute(&mut *tx.conn)
        .await?;
    if done > 0 {
        tx.append(own_event(by, conversation, n_alerts));
    }
    let n = seen.n.min(row.last_n);
    if n > row.contact.seen_n {
        row.contact.seen_n = n;
        contacts::save(tx.conn, &row.contact).await?;
        conversations::save(tx.conn, &mut row).await?;
        for (topic, data) in [
            (Topic::Contact(row.contact.id.clone()), EventData { seen_n: Some(n), ..EventData::default() }),
            (
                Topic::Channel(row.channel_id.clone()),
                EventData { conversation: Some(row.view()), ..EventData::default() },
            ),
        ] {
            tx.append(seen_event(topic, by, conversation, n, data));
        }
    }
    Ok(())
}

const LOWER: &str = "
UPDATE reads SET n_alerts = $3
WHERE agent_id = $1 AND conversation_id = $2 AND n_alerts > $3";

/// A conversation that somebody else gave to an agent is unread for him, whatever he saw before (N3).
pub(crate) async fn mark_given(tx: &mut Tx<'_>, to: &AgentId, row: &ConversationRow) -> Result<(), StoreError> {
    let n_alerts = row.state.n_alerts().saturating_sub(1);
    let done =
        query(LOWER).bind(to.as_str()).bind(row.id.as_str()).bind(i64::from(n_alerts)).execute(&mut *tx.conn).await?;
    if done > 0 {
        tx.append(own_event(to, &row.id, n_alerts));
    }
    Ok(())
}

fn own_event(by: &AgentId, conversation: &ConversationId, n_alerts: u32) -> NewEvent {
    NewEvent {
        topic: Topic::Agent(by.clone()),
        kind: "conversation_read",
        actor: Actor::Agent { agent_id: by.to_string() },
        cause: None,
        record: Record { conversation: Some(conversation.to_string()), n: Some(n_alerts), ..Record::default() },
        data: EventData {
            read: Some(ReadMark { conversation_id: conversation.to_string(), n_alerts }),
            ..EventData::default()
        },
    }
}

fn seen_event(topic: Topic, by: &AgentId, conversation: &ConversationId, n: u32, data: EventData) -> NewEvent {
    NewEvent {
        topic,
        kind: "messages_seen",
        actor: Actor::Agent { agent_id: by.to_string() },
        cause: None,
        record: Record { conversation: Some(conversation.to_string()), n: Some(n), ..Record::default() },
        data,
    }
}
