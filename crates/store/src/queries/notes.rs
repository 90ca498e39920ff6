//! "Notes" (O1, O3).

use domain::id::{AgentId, ChannelId, ConversationId, NoteId};
use protocol::note::NotePage;

use crate::error::StoreError;
use crate::queries::channels;
use crate::queries::history::visible;
use crate::queries::place::place;
use crate::rows::notes::{self, NoteRow};
use crate::store::Store;

/// How many notes a page has.
const PAGE: usize = 50;

impl Store {
    /// Notes of all conversations of a client that the agent has access to, newest first, 50 a page.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a conversation without access; [`StoreError::Value`] for an `after` that no page gave.
    pub async fn notes(
        &self,
        by: &AgentId,
        conversation: &ConversationId,
        after: Option<&str>,
    ) -> Result<NotePage, StoreError> {
        let (at, id) = place::<NoteId>(after)?;
        let mut conn = self.readers.acquire().await?;
        let row = visible(&mut conn, by, conversation).await?;
        let channels: Vec<ChannelId> =
            channels::accessible(&mut conn, by).await?.into_iter().map(|channel| channel.id).collect();
        let mut found = notes::page_in(&mut conn, &row.contact.id, (at, &id), PAGE + 1, &channels).await?;
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let next = found.last().filter(|_| more).map(|last| format!("{}.{}", last.at, last.id));
        Ok(NotePage { notes: found.iter().map(NoteRow::view).collect(), next })
    }
}
