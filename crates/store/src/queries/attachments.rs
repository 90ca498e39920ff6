//! Files that somebody wants to have (F3, F5).

use domain::id::{AgentId, AttachmentId};

use crate::commands::templates::right_of;
use crate::commands::tokens::Visitor;
use crate::commands::uploads::{KeptFile, is_visitors};
use crate::db::Conn;
use crate::error::StoreError;
use crate::rows::attachments::{self, AttachmentRow};
use crate::rows::{agents, messages, template_files};
use crate::store::Store;

impl Store {
    /// A file of a channel that the agent has access to, or of a template that he may use. One that waits to be sent, or for its
    /// template to be saved, is for its author only.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for any other.
    pub async fn attachment(&self, by: &AgentId, id: &AttachmentId) -> Result<KeptFile, StoreError> {
        let mut conn = self.readers.acquire().await?;
        let Some(row) = attachments::find(&mut conn, id).await? else {
            return template_file(&mut conn, by, id).await;
        };
        agents::with_access(&mut conn, &row.project_id, &row.channel_id, by).await?;
        let is_his = row.agent_id.as_ref() == Some(by);
        if is_his || is_sent(&mut conn, &row).await? { Ok(kept(row)) } else { Err(StoreError::NotFound) }
    }

    /// A file that the visitor sent or was sent.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for any other.
    pub async fn contact_attachment(&self, visitor: &Visitor, id: &AttachmentId) -> Result<KeptFile, StoreError> {
        let mut conn = self.readers.acquire().await?;
        let row = attachments::find(&mut conn, id).await?.ok_or(StoreError::NotFound)?;
        let is_his = is_visitors(&row, visitor);
        let is_to_him = row.contact_id == visitor.contact && is_sent(&mut conn, &row).await?;
        if is_his || is_to_him { Ok(kept(row)) } else { Err(StoreError::NotFound) }
    }
}

async fn template_file(conn: &mut Conn, by: &AgentId, id: &AttachmentId) -> Result<KeptFile, StoreError> {
    let row = template_files::find(conn, id).await?.ok_or(StoreError::NotFound)?;
    let right = right_of(conn, &row.owner, by).await?;
    let is_there = row.template_id.is_some() || row.created_by == *by;
    if is_there && row.owner.is_seen_by(by, right) {
        Ok(KeptFile { view: row.view(), file_key: row.file.file_key })
    } else {
        Err(StoreError::NotFound)
    }
}

/// Whether a file is part of a message that is there.
async fn is_sent(conn: &mut Conn, row: &AttachmentRow) -> Result<bool, StoreError> {
    match &row.message_id {
        Some(message) => Ok(messages::is_there(conn, message).await?),
        None => Ok(false),
    }
}

fn kept(row: AttachmentRow) -> KeptFile {
    KeptFile { view: row.view(), file_key: row.file_key }
}
