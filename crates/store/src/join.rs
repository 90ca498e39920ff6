//! Joins a stored event with the rows that it speaks of, as they are now.

use std::collections::{BTreeSet, HashMap};

use domain::id::{AgentId, ContactId, ConversationId};
use protocol::frame::{Event, EventData, ReadMark, RelayFrame, Subscription};
use protocol::view::ConversationView;

use crate::commands::templates;
use crate::db::{Conn, query};
use crate::error::StoreError;
use crate::log::{self, LogFrame, Record, StoredEvent, encode};
use crate::queries::channels;
use crate::rows;
use crate::rows::contacts::ContactRow;
use crate::rows::messages::{self, MessageRow};
use crate::rows::{agents, contacts, conversations, notes, own};
use crate::topic::Topic;

/// What many events of one read speak of. It is loaded once: all of it is read at one instant.
#[derive(Default)]
struct Known {
    messages: HashMap<String, MessageRow>,
    conversations: HashMap<String, ConversationView>,
    contact: Option<ContactState>,
}

/// What stands in every event that a client gets.
struct ContactState {
    row: ContactRow,
    has_open: bool,
}

impl Known {
    /// With the messages of these events, and the conversations if agents read them.
    async fn of(conn: &mut Conn, topic: &Topic, events: &[StoredEvent]) -> Result<Self, StoreError> {
        let ids = |of: fn(&Record) -> Option<&String>| -> Vec<String> {
            let ids: BTreeSet<&String> = events.iter().filter_map(|event| of(&event.record)).collect();
            ids.into_iter().cloned().collect()
        };
        let mut known = Self::default();
        for message in messages::find_all(conn, ids(|record| record.message.as_ref())).await? {
            known.messages.insert(message.id.to_string(), message);
        }
        if matches!(topic, Topic::Channel(_)) {
            for conversation in conversations::find_all(conn, ids(|record| record.conversation.as_ref())).await? {
                known.conversations.insert(conversation.id.to_string(), conversation.view());
            }
        }
        Ok(known)
    }

    fn message(&self, record: &Record) -> Option<&MessageRow> {
        record.message.as_ref().and_then(|id| self.messages.get(id))
    }

    async fn contact(&mut self, conn: &mut Conn, id: &ContactId) -> Result<&ContactState, StoreError> {
        let known = match self.contact.take() {
            Some(known) => known,
            None => {
                let row = contacts::load(conn, id).await?;
                let n_open: i64 = query(IS_OPEN).bind(id.as_str()).fetch_one(conn).await?.try_get("n")?;
                ContactState { row, has_open: n_open > 0 }
            }
        };
        Ok(self.contact.insert(known))
    }
}

/// The frames of a topic's stored events.
pub(crate) async fn frames(
    conn: &mut Conn,
    epoch: &str,
    topic: &Topic,
    stored: Vec<StoredEvent>,
) -> Result<Vec<LogFrame>, StoreError> {
    let mut known = Known::of(conn, topic, &stored).await?;
    let mut frames = Vec::with_capacity(stored.len());
    for event in stored {
        frames.push(frame(conn, epoch, topic, event, &mut known).await?);
    }
    Ok(frames)
}

async fn frame(
    conn: &mut Conn,
    epoch: &str,
    topic: &Topic,
    stored: StoredEvent,
    known: &mut Known,
) -> Result<LogFrame, StoreError> {
    let data = match topic {
        Topic::Channel(_) => channel_data(conn, &stored.record, known).await?,
        Topic::Contact(id) => contact_data(conn, id, &stored, known).await?,
        Topic::Project(id) => project_data(conn, id, &stored.record).await?,
        Topic::Agent(id) => agent_data(conn, id, &stored).await?,
    };
    let changes_access = log::changes_access(&stored.kind);
    let event = Event {
        topic: topic.to_string(),
        epoch: epoch.to_owned(),
        seq: stored.seq,
        kind: stored.kind,
        v: stored.v,
        at: stored.at,
        actor: log::shown_actor(topic, stored.actor),
        cause: stored.cause,
        alert: stored.record.alert,
        data,
    };
    Ok(LogFrame { seq: stored.seq, frame: encode(&RelayFrame::Event(Box::new(event))), changes_access })
}

async fn channel_data(conn: &mut Conn, record: &Record, known: &Known) -> Result<EventData, StoreError> {
    let channel = match &record.channel {
        Some(id) => channels::find(conn, &own(id.clone())?).await?,
        None => None,
    };
    let contact = match &record.contact {
        Some(id) => Some(contacts::load_details(conn, &own(id.clone())?).await?.view),
        None => None,
    };
    let note = match &record.note {
        Some(id) => notes::find(conn, id).await?,
        None => None,
    };
    Ok(EventData {
        conversation: record.conversation.as_ref().and_then(|id| known.conversations.get(id)).cloned(),
        message: known.message(record).map(MessageRow::view),
        note: note.map(|row| row.view()),
        contact,
        channel: channel.map(|row| row.view()),
        ..EventData::default()
    })
}

const IS_OPEN: &str = "SELECT COUNT(*) AS n FROM conversations WHERE contact_id = $1 AND closed_at IS NULL";

async fn contact_data(
    conn: &mut Conn,
    id: &ContactId,
    stored: &StoredEvent,
    known: &mut Known,
) -> Result<EventData, StoreError> {
    let is_block = matches!(stored.kind.as_str(), "contact_blocked" | "contact_unblocked");
    let message = known.message(&stored.record).map(MessageRow::contact_view);
    let contact = known.contact(conn, id).await?;
    Ok(EventData {
        contact_message: message,
        seen_n: Some(contact.row.seen_n),
        open: Some(contact.has_open),
        block: is_block.then(|| contact.row.told_block()),
        ..EventData::default()
    })
}

async fn project_data(conn: &mut Conn, id: &domain::id::ProjectId, record: &Record) -> Result<EventData, StoreError> {
    if let Some(template) = &record.template {
        return template_data(conn, template).await;
    }
    let Some(agent) = &record.agent else {
        return Ok(EventData::default());
    };
    let agent_id: AgentId = own(agent.clone())?;
    Ok(match agents::member(conn, id, &agent_id).await? {
        Some(member) => EventData { agent: Some(member.view()), ..EventData::default() },
        None => EventData { removed_agent_id: Some(agent_id.to_string()), ..EventData::default() },
    })
}

async fn template_data(conn: &mut Conn, id: &str) -> Result<EventData, StoreError> {
    let gone = || EventData { removed_template_id: Some(id.to_owned()), ..EventData::default() };
    Ok(rows::templates::find(conn, id).await?.map_or_else(gone, |row| templates::data(&row)))
}

const SUBSCRIBED: &str = "SELECT COUNT(*) AS n FROM subscriptions WHERE agent_id = $1 AND channel_id = $2";

async fn agent_data(conn: &mut Conn, id: &AgentId, stored: &StoredEvent) -> Result<EventData, StoreError> {
    let record = &stored.record;
    if let Some(template) = &record.template {
        return template_data(conn, template).await;
    }
    let mut data = EventData::default();
    if let (Some(conversation), Some(n_alerts)) = (&record.conversation, record.n) {
        let conversation: ConversationId = own(conversation.clone())?;
        data.read = Some(ReadMark { conversation_id: conversation.into(), n_alerts });
    }
    if let Some(channel_id) = record.channel.clone() {
        let row = query(SUBSCRIBED).bind(id.as_str()).bind(&channel_id).fetch_one(&mut *conn).await?;
        data.subscription = Some(Subscription { channel_id, subscribed: row.try_get::<i64>("n")? > 0 });
    }
    if record.agent.is_some() {
        let agent = agents::load(conn, id).await?;
        data.availability = Some(agent.availability().into());
        data.offline = agent.offline();
        data.settings = Some(agent.settings());
        let rights = agents::projects(conn, id).await?;
        data.rights = Some(rights.into_iter().map(|(project, _, right)| (project.to_string(), right.into())).collect());
    }
    Ok(data)
}
