//! Lists that are asked for: finished conversations, and who could have a conversation.

use std::cmp::Reverse;

use domain::agent::Availability;
use domain::conversation::Status;
use domain::id::{AgentId, ConversationId};
use protocol::command::{Assignable, ConversationPage};

use crate::db::query;
use crate::error::StoreError;
use crate::queries::channels::{self, ChannelRow};
use crate::queries::history::visible;
use crate::queries::place::place;
use crate::rows::agents::{self, MemberRow};
use crate::rows::conversations::{self, ConversationRow, columns, tables};
use crate::store::Store;

/// How many finished conversations a page has.
const PAGE: usize = 50;

const FINISHED: &str = concat!(
    "SELECT ",
    columns!(),
    tables!(),
    "
WHERE c.channel_id = $1 AND c.closed_at IS NOT NULL AND c.deleted_at IS NULL
  AND (c.closed_at, c.id) < ($2, $3)
ORDER BY c.closed_at DESC, c.id DESC
LIMIT $4"
);

/// Which finished conversations are asked for.
#[derive(Clone, Debug, Default)]
pub struct FinishedFilter {
    /// Of this channel only.
    pub channel_id: Option<String>,
    /// Of this project only.
    pub project_id: Option<String>,
    /// After this place, as the page before gave it.
    pub after: Option<String>,
}

impl FinishedFilter {
    fn takes(&self, channel: &ChannelRow) -> bool {
        self.channel_id.as_ref().is_none_or(|id| id == channel.id.as_str())
            && self.project_id.as_ref().is_none_or(|id| id == channel.project_id.as_str())
    }
}

/// Newest finish first (L2); of equal times the higher id, as the page's place counts.
fn finished_key(row: &ConversationRow) -> impl Ord + use<> {
    let at = match row.state.status() {
        Status::Open => 0,
        Status::Closed { at, .. } => at.as_ms(),
    };
    Reverse((at, row.id.clone()))
}

impl Store {
    /// Finished conversations of all channels that the agent has access to, newest finish first (L2), 50 a page.
    ///
    /// # Errors
    /// [`StoreError::Value`] for an `after` that no page gave.
    pub async fn finished(&self, by: &AgentId, filter: &FinishedFilter) -> Result<ConversationPage, StoreError> {
        let (closed_at, id) = place::<ConversationId>(filter.after.as_deref())?;
        let mut conn = self.readers.acquire().await?;
        let mut found: Vec<ConversationRow> = Vec::new();
        // A page of each channel, by its own index, and then the newest of all.
        for channel in channels::accessible(&mut conn, by).await?.iter().filter(|channel| filter.takes(channel)) {
            let rows = query(FINISHED)
                .bind(channel.id.as_str())
                .bind(closed_at)
                .bind(&id)
                .bind(i64::try_from(PAGE + 1).unwrap_or(i64::MAX))
                .fetch_all(&mut conn)
                .await?;
            for row in &rows {
                found.push(conversations::from_row(row)?);
            }
        }
        found.sort_by_key(finished_key);
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let conversations: Vec<_> = found.iter().map(ConversationRow::view).collect();
        let next =
            conversations.last().filter(|_| more).map(|last| format!("{}.{}", last.closed_at.unwrap_or(0), last.id));
        Ok(ConversationPage { conversations, next })
    }

    /// Agents who are Online now and have access to the conversation's channel, without its present owner (A4), by name.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a conversation without access.
    pub async fn assignable(&self, by: &AgentId, conversation: &ConversationId) -> Result<Assignable, StoreError> {
        let mut conn = self.readers.acquire().await?;
        let row = visible(&mut conn, by, conversation).await?;
        let mut found = Vec::new();
        for member in agents::members(&mut conn, &row.project_id).await? {
            let online = member.agent.availability() == Availability::Online;
            let holds = row.state.assignee() == Some(&member.agent.id);
            if online && !holds && agents::has_access(&mut conn, &member, &row.channel_id).await? {
                found.push(member);
            }
        }
        Ok(Assignable { agents: found.iter().map(MemberRow::view).collect() })
    }
}
