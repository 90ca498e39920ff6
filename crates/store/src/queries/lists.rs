//! Lists that are asked for: finished conversations, and who could have a conversation.

use domain::agent::Availability;
use domain::id::{AgentId, ConversationId};
use protocol::command::{Assignable, ConversationPage};

use crate::error::StoreError;
use crate::queries::history::visible;
use crate::rows::agents::{self, MemberRow};
use crate::rows::conversations::{self, ConversationRow, columns};
use crate::store::Store;

/// How many finished conversations a page has.
const PAGE: usize = 50;

const FINISHED: &str = concat!(
    "SELECT ",
    columns!(),
    "
FROM conversations c
JOIN contacts k ON k.id = c.contact_id
JOIN memberships m ON m.project_id = c.project_id AND m.agent_id = $1
LEFT JOIN assignments a ON a.channel_id = c.channel_id AND a.agent_id = m.agent_id
WHERE c.closed_at IS NOT NULL AND c.deleted_at IS NULL
  AND (m.agent_right <> 'agent' OR a.agent_id IS NOT NULL)
  AND ($2 IS NULL OR c.channel_id = $2)
  AND ($3 IS NULL OR c.project_id = $3)
  AND (c.closed_at, c.id) < ($4, $5)
ORDER BY c.closed_at DESC, c.id DESC
LIMIT $6"
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

impl Store {
    /// Finished conversations of all channels that the agent has access to, newest finish first (L2), 50 a page.
    ///
    /// # Errors
    /// [`StoreError::Value`] for an `after` that no page gave.
    pub async fn finished(&self, by: &AgentId, filter: &FinishedFilter) -> Result<ConversationPage, StoreError> {
        let (closed_at, id) = place(filter.after.as_deref())?;
        let mut conn = self.readers.acquire().await?;
        let rows = sqlx::query(FINISHED)
            .bind(by.as_str())
            .bind(filter.channel_id.as_deref())
            .bind(filter.project_id.as_deref())
            .bind(closed_at)
            .bind(id)
            .bind(i64::try_from(PAGE + 1).unwrap_or(i64::MAX))
            .fetch_all(&mut *conn)
            .await?;
        let mut found: Vec<ConversationRow> = rows.iter().map(conversations::from_row).collect::<Result<_, _>>()?;
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
            let online = member.agent.availability == Availability::Online;
            let holds = row.state.assignee() == Some(&member.agent.id);
            if online && !holds && agents::has_access(&mut conn, &member, &row.channel_id).await? {
                found.push(member);
            }
        }
        Ok(Assignable { agents: found.iter().map(MemberRow::view).collect() })
    }
}

/// Where a page begins: after this time and id; at the very top without one.
fn place(after: Option<&str>) -> Result<(i64, String), StoreError> {
    let Some(text) = after else {
        return Ok((i64::MAX, String::new()));
    };
    let place = text.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, ConversationId::parse(id).ok()?)));
    let (at, id) = place.ok_or_else(|| StoreError::Value {
        field: "after",
        message: "pass back the `next` of the page before".to_owned(),
    })?;
    Ok((at, id.into()))
}
