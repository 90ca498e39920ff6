//! Messages.

use domain::id::{AgentId, AttachmentId, ChannelId, ContactId, ConversationId, MessageId, ProjectId};
use domain::message::Content;
use protocol::file::AttachmentView;
use protocol::view::{Author, ContactMessageView, MessageView};

use crate::db::{Conn, Row, places, query, query_made, query_scalar};
use crate::error::StoreError;
use crate::rows::{attachments, own, small};

/// A message; without an agent the contact wrote it.
#[derive(Clone, Debug)]
pub(crate) struct MessageRow {
    pub(crate) id: MessageId,
    pub(crate) project_id: ProjectId,
    pub(crate) conversation_id: ConversationId,
    pub(crate) contact_id: ContactId,
    pub(crate) n: u32,
    pub(crate) agent: Option<(AgentId, String)>,
    pub(crate) text: String,
    pub(crate) at: i64,
    /// How many files it has, read with it or not.
    pub(crate) n_files: u32,
    /// Its files, once they were read too.
    pub(crate) files: Vec<AttachmentView>,
}

impl MessageRow {
    pub(crate) fn view(&self) -> MessageView {
        let author = match &self.agent {
            None => Author::Contact,
            Some((id, name)) => Author::Agent { agent_id: id.to_string(), name: name.clone() },
        };
        MessageView {
            id: self.id.to_string(),
            conversation_id: self.conversation_id.to_string(),
            n: self.n,
            author,
            text: self.text.clone(),
            at: self.at,
            attachments: self.files.clone(),
        }
    }

    /// Whether somebody sends the same again.
    pub(crate) fn says(&self, content: &Content) -> bool {
        let files = self.files.iter().map(|file| file.id.as_str());
        self.text == content.text() && files.eq(content.files().iter().map(AttachmentId::as_str))
    }

    /// What of it is searched (S3): its text and its files' names, a line each.
    pub(crate) fn searched(&self) -> String {
        let names = self.files.iter().map(|file| file.name.as_str());
        std::iter::once(self.text.as_str()).chain(names).collect::<Vec<_>>().join("\n")
    }

    /// The same for the client's eyes.
    pub(crate) fn contact_view(&self) -> ContactMessageView {
        ContactMessageView {
            id: self.id.to_string(),
            n: self.n,
            agent_name: self.agent.as_ref().map(|(_, name)| name.clone()),
            text: self.text.clone(),
            at: self.at,
            attachments: self.files.clone(),
        }
    }
}

/// A message without its files, which [`attachments::fill`] reads.
pub(crate) fn from_row(row: &Row) -> Result<MessageRow, StoreError> {
    let agent_id: Option<String> = row.try_get("agent_id")?;
    let agent_name: Option<String> = row.try_get("agent_name")?;
    Ok(MessageRow {
        id: own(row.try_get("id")?)?,
        project_id: own(row.try_get("project_id")?)?,
        conversation_id: own(row.try_get("conversation_id")?)?,
        contact_id: own(row.try_get("contact_id")?)?,
        n: small(row.try_get("n")?)?,
        agent: match agent_id {
            Some(id) => Some((own(id)?, agent_name.unwrap_or_default())),
            None => None,
        },
        text: row.try_get("text")?,
        at: row.try_get("at")?,
        n_files: small(row.try_get("n_files")?)?,
        files: Vec::new(),
    })
}

const FIND: &str = "
SELECT id, project_id, conversation_id, contact_id, n, agent_id, agent_name, text, at, n_files FROM messages
WHERE id = $1";

pub(crate) async fn find(conn: &mut Conn, id: &str) -> Result<Option<MessageRow>, StoreError> {
    let Some(row) = query(FIND).bind(id).fetch_optional(&mut *conn).await? else {
        return Ok(None);
    };
    Ok(with_files(conn, vec![from_row(&row)?]).await?.pop())
}

const FIND_ALL: &str = "
SELECT id, project_id, conversation_id, contact_id, n, agent_id, agent_name, text, at, n_files FROM messages
WHERE id IN (";

/// Those of some hundreds of messages that are there, with their files, in no order.
pub(crate) async fn find_all(conn: &mut Conn, ids: Vec<String>) -> Result<Vec<MessageRow>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let statement = query_made(format!("{FIND_ALL}{})", places(1, ids.len()))).bind_all(ids);
    let rows = statement.fetch_all(conn).await?;
    let found = rows.iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
    with_files(conn, found).await
}

async fn with_files(conn: &mut Conn, mut messages: Vec<MessageRow>) -> Result<Vec<MessageRow>, StoreError> {
    attachments::fill(conn, &mut messages).await?;
    Ok(messages)
}

const IS_THERE: &str = "
SELECT COUNT(*) FROM messages m
JOIN conversations c ON c.id = m.conversation_id
WHERE m.id = $1 AND m.deleted_at IS NULL AND c.deleted_at IS NULL";

/// Whether a message is not deleted.
pub(crate) async fn is_there(conn: &mut Conn, id: &MessageId) -> Result<bool, StoreError> {
    let n: i64 = query_scalar(IS_THERE).bind(id.as_str()).fetch_one(conn).await?;
    Ok(n > 0)
}

const INSERT: &str = "
INSERT INTO messages (id, project_id, conversation_id, contact_id, n, agent_id, agent_name, text, at, search_n, n_files)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

/// Stores a message; `search_n` is the number of its text where one searches.
pub(crate) async fn insert(conn: &mut Conn, row: &MessageRow, search_n: i64) -> Result<(), StoreError> {
    query(INSERT)
        .bind(row.id.as_str())
        .bind(row.project_id.as_str())
        .bind(row.conversation_id.as_str())
        .bind(row.contact_id.as_str())
        .bind(i64::from(row.n))
        .bind(row.agent.as_ref().map(|(id, _)| id.as_str()))
        .bind(row.agent.as_ref().map(|(_, name)| name.as_str()))
        .bind(&row.text)
        .bind(row.at)
        .bind(search_n)
        .bind(i64::from(row.n_files))
        .execute(conn)
        .await?;
    Ok(())
}

const PAGE: &str = "
SELECT id, project_id, conversation_id, contact_id, n, agent_id, agent_name, text, at, n_files FROM messages
WHERE contact_id = $1 AND n < $2 AND deleted_at IS NULL
ORDER BY n DESC
LIMIT $3";

/// The newest messages of a contact before a number, newest first.
pub(crate) async fn page(
    conn: &mut Conn,
    contact: &ContactId,
    before: u32,
    limit: u32,
) -> Result<Vec<MessageRow>, StoreError> {
    let rows =
        query(PAGE).bind(contact.as_str()).bind(i64::from(before)).bind(i64::from(limit)).fetch_all(&mut *conn).await?;
    let rows = rows.iter().map(from_row).collect::<Result<_, _>>()?;
    with_files(conn, rows).await
}

const PAGE_IN: &str = "
SELECT m.id, m.project_id, m.conversation_id, m.contact_id, m.n, m.agent_id, m.agent_name, m.text, m.at, m.n_files FROM messages m
JOIN conversations c ON c.id = m.conversation_id AND c.deleted_at IS NULL
WHERE m.deleted_at IS NULL AND m.contact_id = $1 AND m.n < $2";

/// The same, only of conversations in these channels.
pub(crate) async fn page_in(
    conn: &mut Conn,
    contact: &ContactId,
    before: u32,
    limit: u32,
    channels: &[ChannelId],
) -> Result<Vec<MessageRow>, StoreError> {
    let places = places(4, channels.len());
    let rows = query_made(format!("{PAGE_IN} AND c.channel_id IN ({places}) ORDER BY m.n DESC LIMIT $3"))
        .bind(contact.as_str())
        .bind_all([i64::from(before), i64::from(limit)])
        .bind_all(channels.iter().map(ChannelId::as_str))
        .fetch_all(&mut *conn)
        .await?;
    let rows = rows.iter().map(from_row).collect::<Result<_, _>>()?;
    with_files(conn, rows).await
}
