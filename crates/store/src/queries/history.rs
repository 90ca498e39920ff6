//! Messages of a client, across his conversations.

use std::collections::BTreeSet;

use domain::id::{AgentId, ChannelId, ConversationId};
use protocol::command::{ContactHistory, History};
use protocol::view::ConversationView;

use crate::commands::tokens::Visitor;
use crate::db::Conn;
use crate::error::StoreError;
use crate::queries::channels;
use crate::rows::conversations::{self, ConversationRow};
use crate::rows::messages::{self, MessageRow};
use crate::rows::{agents, contacts};
use crate::store::Store;

/// How many messages a page has.
pub(crate) const PAGE: u32 = 50;

impl Store {
    /// Messages of a conversation and, above them, of the same client's earlier ones (X5), as far as the agent may see them.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a conversation without access.
    pub async fn history(
        &self,
        by: &AgentId,
        conversation: &ConversationId,
        before: Option<u32>,
    ) -> Result<History, StoreError> {
        let mut conn = self.readers.acquire().await?;
        let row = visible(&mut conn, by, conversation).await?;
        let channels: Vec<ChannelId> =
            channels::accessible(&mut conn, by).await?.into_iter().map(|channel| channel.id).collect();
        let end = before.unwrap_or(u32::MAX).min(row.last_n.saturating_add(1));
        let rows = messages::page_in(&mut conn, &row.contact.id, end, PAGE + 1, &channels).await?;
        let (rows, has_more) = oldest_first(rows);
        let ids: BTreeSet<&str> = rows.iter().map(|message| message.conversation_id.as_str()).collect();
        let mut conversations = Vec::with_capacity(ids.len());
        for id in ids {
            conversations.extend(conversations::find(&mut conn, id).await?);
        }
        Ok(History {
            messages: rows.iter().map(MessageRow::view).collect(),
            conversations: conversations.iter().map(ConversationRow::view).collect(),
            has_more,
        })
    }

    /// A conversation that the agent may see.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for one without access.
    pub async fn conversation(&self, by: &AgentId, id: &ConversationId) -> Result<ConversationView, StoreError> {
        let mut conn = self.readers.acquire().await?;
        Ok(visible(&mut conn, by, id).await?.view())
    }

    /// The client's own messages, oldest first (W4).
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a contact who is gone.
    pub async fn contact_history(&self, visitor: &Visitor, before: Option<u32>) -> Result<ContactHistory, StoreError> {
        let mut conn = self.readers.acquire().await?;
        contacts::load(&mut conn, &visitor.contact).await?;
        let (rows, has_more) = page(&mut conn, &visitor.contact, before.unwrap_or(u32::MAX)).await?;
        Ok(ContactHistory { messages: rows.iter().map(MessageRow::contact_view).collect(), has_more })
    }
}

/// The conversation, if the agent has access to its channel.
pub(crate) async fn visible(
    conn: &mut Conn,
    by: &AgentId,
    conversation: &ConversationId,
) -> Result<ConversationRow, StoreError> {
    let row = conversations::find(conn, conversation.as_str()).await?.ok_or(StoreError::NotFound)?;
    agents::with_access(conn, &row.project_id, &row.channel_id, by).await?;
    Ok(row)
}

/// The newest page before a number, oldest first, and whether there are older ones.
pub(crate) async fn page(
    conn: &mut Conn,
    contact: &domain::id::ContactId,
    before: u32,
) -> Result<(Vec<MessageRow>, bool), StoreError> {
    Ok(oldest_first(messages::page(conn, contact, before, PAGE + 1).await?))
}

/// A page that was read newest first, with one row too many if there are older ones.
fn oldest_first(mut rows: Vec<MessageRow>) -> (Vec<MessageRow>, bool) {
    let has_more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    rows.reverse();
    (rows, has_more)
}
