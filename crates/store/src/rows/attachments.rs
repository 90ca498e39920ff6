//! Files that people sent, or are about to send.

use std::collections::HashMap;

use domain::id::{AgentId, AttachmentId, ChannelId, ContactId, ConversationId, MessageId, ProjectId};
use domain::time::Timestamp;
use protocol::file::AttachmentView;

use crate::db::{Conn, Row, places, query, query_made, query_scalar};
use crate::error::StoreError;
use crate::log::{signed, unsigned};
use crate::rows::messages::MessageRow;
use crate::rows::{own, small};

/// A file; without an agent the contact sent it.
#[derive(Clone, Debug)]
pub(crate) struct AttachmentRow {
    pub(crate) id: AttachmentId,
    pub(crate) project_id: ProjectId,
    pub(crate) channel_id: ChannelId,
    pub(crate) contact_id: ContactId,
    /// Nothing for a client's until it is sent.
    pub(crate) conversation_id: Option<ConversationId>,
    pub(crate) agent_id: Option<AgentId>,
    pub(crate) name: String,
    pub(crate) size_bytes: u64,
    pub(crate) media_type: String,
    pub(crate) width: Option<u32>,
    pub(crate) height: Option<u32>,
    pub(crate) sha256: String,
    pub(crate) file_key: String,
    /// Nothing until it is sent.
    pub(crate) message_id: Option<MessageId>,
}

impl AttachmentRow {
    pub(crate) fn view(&self) -> AttachmentView {
        AttachmentView {
            id: self.id.to_string(),
            name: self.name.clone(),
            size: self.size_bytes,
            media_type: self.media_type.clone(),
            width: self.width,
            height: self.height,
        }
    }
}

macro_rules! columns {
    () => {
        "SELECT id, project_id, channel_id, contact_id, conversation_id, agent_id, name, size_bytes, media_type, width, height, sha256, \
         file_key, message_id FROM attachments"
    };
}

fn from_row(row: &Row) -> Result<AttachmentRow, StoreError> {
    let pixels = |value: Option<i64>| value.map(small).transpose();
    Ok(AttachmentRow {
        id: own(row.try_get("id")?)?,
        project_id: own(row.try_get("project_id")?)?,
        channel_id: own(row.try_get("channel_id")?)?,
        contact_id: own(row.try_get("contact_id")?)?,
        conversation_id: row.try_get::<Option<String>>("conversation_id")?.map(own).transpose()?,
        agent_id: row.try_get::<Option<String>>("agent_id")?.map(own).transpose()?,
        name: row.try_get("name")?,
        size_bytes: unsigned(row.try_get("size_bytes")?)?,
        media_type: row.try_get("media_type")?,
        width: pixels(row.try_get("width")?)?,
        height: pixels(row.try_get("height")?)?,
        sha256: row.try_get("sha256")?,
        file_key: row.try_get("file_key")?,
        message_id: row.try_get::<Option<String>>("message_id")?.map(own).transpose()?,
    })
}

const FIND: &str = concat!(columns!(), " WHERE id = $1");

pub(crate) async fn find(conn: &mut Conn, id: &AttachmentId) -> Result<Option<AttachmentRow>, StoreError> {
    query(FIND).bind(id.as_str()).fetch_optional(conn).await?.as_ref().map(from_row).transpose()
}

const OF_MESSAGES: &str = columns!();

/// Gives messages their files. Those that have none cost nothing.
pub(crate) async fn fill(conn: &mut Conn, messages: &mut [MessageRow]) -> Result<(), StoreError> {
    let with_files = |message: &&MessageRow| message.n_files > 0;
    let ids: Vec<String> = messages.iter().filter(with_files).map(|message| message.id.to_string()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let places = places(1, ids.len());
    let statement = query_made(format!("{OF_MESSAGES} WHERE message_id IN ({places}) ORDER BY message_id, place"));
    let mut found: HashMap<String, Vec<AttachmentView>> = HashMap::new();
    for row in &statement.bind_all(ids).fetch_all(conn).await? {
        let row = from_row(row)?;
        if let Some(message) = &row.message_id {
            found.entry(message.to_string()).or_default().push(row.view());
        }
    }
    for message in messages {
        message.files = found.remove(message.id.as_str()).unwrap_or_default();
    }
    Ok(())
}

const INSERT: &str = "
INSERT INTO attachments (id, project_id, channel_id, contact_id, conversation_id, agent_id, name, size_bytes, media_type, width, height,
  sha256, file_key, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

pub(crate) async fn insert(conn: &mut Conn, row: &AttachmentRow, at: Timestamp) -> Result<(), StoreError> {
    query(INSERT)
        .bind(row.id.as_str())
        .bind(row.project_id.as_str())
        .bind(row.channel_id.as_str())
        .bind(row.contact_id.as_str())
        .bind(row.conversation_id.as_ref().map(ConversationId::as_str))
        .bind(row.agent_id.as_ref().map(AgentId::as_str))
        .bind(&row.name)
        .bind(signed(row.size_bytes))
        .bind(&row.media_type)
        .bind_all([row.width, row.height].map(|pixels| pixels.map(i64::from)))
        .bind(&row.sha256)
        .bind(&row.file_key)
        .bind(at.as_ms())
        .execute(conn)
        .await?;
    Ok(())
}

const SEND: &str = "
UPDATE attachments SET message_id = $2, place = $3, conversation_id = $4
WHERE id = $1 AND message_id IS NULL";

/// Puts a file into a message; says whether it still waited.
pub(crate) async fn send(
    conn: &mut Conn,
    id: &str,
    message: &MessageId,
    place: usize,
    conversation: &ConversationId,
) -> Result<bool, StoreError> {
    let n_sent = query(SEND)
        .bind(id)
        .bind(message.as_str())
        .bind(i64::try_from(place).unwrap_or(i64::MAX))
        .bind(conversation.as_str())
        .execute(conn)
        .await?;
    Ok(n_sent > 0)
}

const NOT_LOOSE: &str =
    "DELETE FROM loose_files WHERE file_key IN (SELECT file_key FROM attachments WHERE message_id = $1)";

/// The bytes of a message's files are not to be purged any more.
pub(crate) async fn keep(conn: &mut Conn, message: &MessageId) -> Result<(), StoreError> {
    query(NOT_LOOSE).bind(message.as_str()).execute(conn).await?;
    Ok(())
}

const WAITING: &str =
    "SELECT COUNT(*) FROM attachments WHERE contact_id = $1 AND message_id IS NULL AND agent_id IS NULL";

/// How many files of a client wait to be sent.
pub(crate) async fn n_waiting(conn: &mut Conn, contact: &ContactId) -> Result<i64, StoreError> {
    Ok(query_scalar(WAITING).bind(contact.as_str()).fetch_one(conn).await?)
}
