//! Notes.

use domain::id::{AgentId, ChannelId, ContactId, ConversationId, NoteId, ProjectId};
use protocol::note::NoteView;

use crate::db::{Conn, Row, places, query, query_made};
use crate::error::StoreError;
use crate::rows::own;

/// A note.
#[derive(Clone, Debug)]
pub(crate) struct NoteRow {
    pub(crate) id: NoteId,
    pub(crate) project_id: ProjectId,
    pub(crate) contact_id: ContactId,
    pub(crate) conversation_id: ConversationId,
    pub(crate) agent_id: AgentId,
    pub(crate) agent_name: String,
    pub(crate) text: String,
    pub(crate) at: i64,
}

impl NoteRow {
    pub(crate) fn view(&self) -> NoteView {
        NoteView {
            id: self.id.to_string(),
            contact_id: self.contact_id.to_string(),
            conversation_id: self.conversation_id.to_string(),
            agent_id: self.agent_id.to_string(),
            agent_name: self.agent_name.clone(),
            text: self.text.clone(),
            at: self.at,
        }
    }
}

fn from_row(row: &Row) -> Result<NoteRow, StoreError> {
    Ok(NoteRow {
        id: own(row.try_get("id")?)?,
        project_id: own(row.try_get("project_id")?)?,
        contact_id: own(row.try_get("contact_id")?)?,
        conversation_id: own(row.try_get("conversation_id")?)?,
        agent_id: own(row.try_get("agent_id")?)?,
        agent_name: row.try_get("agent_name")?,
        text: row.try_get("text")?,
        at: row.try_get("at")?,
    })
}

const FIND: &str = "
SELECT id, project_id, contact_id, conversation_id, agent_id, agent_name, text, at FROM notes
WHERE id = $1 AND deleted_at IS NULL";

pub(crate) async fn find(conn: &mut Conn, id: &str) -> Result<Option<NoteRow>, StoreError> {
    query(FIND).bind(id).fetch_optional(conn).await?.as_ref().map(from_row).transpose()
}

const INSERT: &str = "
INSERT INTO notes (id, project_id, contact_id, conversation_id, agent_id, agent_name, text, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

pub(crate) async fn insert(conn: &mut Conn, row: &NoteRow) -> Result<(), StoreError> {
    query(INSERT)
        .bind(row.id.as_str())
        .bind(row.project_id.as_str())
        .bind(row.contact_id.as_str())
        .bind(row.conversation_id.as_str())
        .bind(row.agent_id.as_str())
        .bind(&row.agent_name)
        .bind(&row.text)
        .bind(row.at)
        .execute(conn)
        .await?;
    Ok(())
}

const PAGE_IN: &str = "
SELECT n.id, n.project_id, n.contact_id, n.conversation_id, n.agent_id, n.agent_name, n.text, n.at FROM notes n
JOIN conversations c ON c.id = n.conversation_id AND c.deleted_at IS NULL
WHERE n.deleted_at IS NULL AND n.contact_id = $1 AND (n.at, n.id) < ($2, $3)";

/// The newest notes of a contact before a place, newest first, of conversations in these channels.
pub(crate) async fn page_in(
    conn: &mut Conn,
    contact: &ContactId,
    before: (i64, &str),
    limit: usize,
    channels: &[ChannelId],
) -> Result<Vec<NoteRow>, StoreError> {
    let places = places(5, channels.len());
    query_made(format!("{PAGE_IN} AND c.channel_id IN ({places}) ORDER BY n.at DESC, n.id DESC LIMIT $4"))
        .bind(contact.as_str())
        .bind(before.0)
        .bind(before.1)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .bind_all(channels.iter().map(ChannelId::as_str))
        .fetch_all(conn)
        .await?
        .iter()
        .map(from_row)
        .collect()
}
