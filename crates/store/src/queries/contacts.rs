//! "Information": what is known of a client, and his earlier conversations (I3, I4).

use domain::id::{AgentId, ChannelId, ContactId, ConversationId};
use protocol::command::ConversationPage;
use protocol::contact::ContactDetails;

use crate::commands::contacts::seen_contact;
use crate::db::{places, query_made};
use crate::error::StoreError;
use crate::queries::channels;
use crate::queries::place::place;
use crate::rows::conversations::{self, columns, tables};
use crate::store::Store;

/// How many conversations a page has.
const PAGE: usize = 50;

const OF_CONTACT: &str = concat!(
    "SELECT ",
    columns!(),
    tables!(),
    "
WHERE c.contact_id = $1 AND c.deleted_at IS NULL AND (c.opened_at, c.id) < ($2, $3)"
);

impl Store {
    /// What is known of a client.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for one who wrote in no channel that the agent has access to.
    pub async fn contact(&self, by: &AgentId, contact: &ContactId) -> Result<ContactDetails, StoreError> {
        let mut conn = self.readers.acquire().await?;
        Ok(seen_contact(&mut conn, by, contact).await?.0.view)
    }

    /// A client's conversations, as far as the agent may see them, the latest first, 50 a page: when each was and how it ended.
    ///
    /// # Errors
    /// As [`Store::contact`]; [`StoreError::Value`] for an `after` that no page gave.
    pub async fn conversations_of(
        &self,
        by: &AgentId,
        contact: &ContactId,
        after: Option<&str>,
    ) -> Result<ConversationPage, StoreError> {
        let (opened_at, id) = place::<ConversationId>(after)?;
        let mut conn = self.readers.acquire().await?;
        seen_contact(&mut conn, by, contact).await?;
        let channels: Vec<ChannelId> =
            channels::accessible(&mut conn, by).await?.into_iter().map(|channel| channel.id).collect();
        let places = places(5, channels.len());
        let order = "ORDER BY c.opened_at DESC, c.id DESC LIMIT $4";
        let rows = query_made(format!("{OF_CONTACT} AND c.channel_id IN ({places}) {order}"))
            .bind(contact.as_str())
            .bind(opened_at)
            .bind(id)
            .bind(i64::try_from(PAGE + 1).unwrap_or(i64::MAX))
            .bind_all(channels.iter().map(ChannelId::as_str))
            .fetch_all(&mut conn)
            .await?;
        let mut conversations = Vec::with_capacity(rows.len());
        for row in &rows {
            conversations.push(conversations::from_row(row)?.view());
        }
        let more = conversations.len() > PAGE;
        conversations.truncate(PAGE);
        let next = conversations.last().filter(|_| more).map(|last| format!("{}.{}", last.opened_at, last.id));
        Ok(ConversationPage { conversations, next })
    }
}
