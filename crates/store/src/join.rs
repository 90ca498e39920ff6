//! Joins a stored event with the rows that it speaks of, as they are now.

use domain::id::{AgentId, ConversationId};
use protocol::frame::{Event, EventData, ReadMark, RelayFrame, Subscription};

use crate::commands::templates;
use crate::db::{Conn, query};
use crate::error::StoreError;
use crate::log::{self, LogFrame, Record, StoredEvent, encode};
use crate::queries::channels;
use crate::rows;
use crate::rows::messages::{self, MessageRow};
use crate::rows::{agents, contacts, conversations, notes, own};
use crate::topic::Topic;

/// The frame of a stored event.
pub(crate) async fn frame(
    conn: &mut Conn,
    epoch: &str,
    topic: &Topic,
    stored: StoredEvent,
) -> Result<LogFrame, StoreError> {
    let data = match topic {
        Topic::Channel(_) => channel_data(conn, &stored.record).await?,
        Topic::Contact(id) => contact_data(conn, id, &stored).await?,
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

async fn message(conn: &mut Conn, record: &Record) -> Result<Option<MessageRow>, StoreError> {
    match &record.message {
        Some(id) => messages::find(conn, id).await,
        None => Ok(None),
    }
}

async fn channel_data(conn: &mut Conn, record: &Record) -> Result<EventData, StoreError> {
    let conversation = match &record.conversation {
        Some(id) => conversations::find(conn, id).await?,
        None => None,
    };
    let message = message(conn, record).await?;
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
        conversation: conversation.map(|row| row.view()),
        message: message.map(|row| row.view()),
        note: note.map(|row| row.view()),
        contact,
        channel: channel.map(|row| row.view()),
        ..EventData::default()
    })
}

const IS_OPEN: &str = "SELECT COUNT(*) AS n FROM conversations WHERE contact_id = $1 AND closed_at IS NULL";

async fn contact_data(
    conn: &mut Conn,
    id: &domain::id::ContactId,
    stored: &StoredEvent,
) -> Result<EventData, StoreError> {
    let contact = contacts::load(conn, id).await?;
    let message = message(conn, &stored.record).await?;
    let is_block = matches!(stored.kind.as_str(), "contact_blocked" | "contact_unblocked");
    let n_open: i64 = query(IS_OPEN).bind(id.as_str()).fetch_one(conn).await?.try_get("n")?;
    Ok(EventData {
        contact_message: message.map(|row| row.contact_view()),
        seen_n: Some(contact.seen_n),
        open: Some(n_open > 0),
        block: is_block.then(|| contact.told_block()),
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
