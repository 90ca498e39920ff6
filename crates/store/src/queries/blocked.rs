//! "Blocked clients" (B6).

use domain::id::{AgentId, BlockId, ProjectId};
use protocol::command::{BlockPage, BlockedContact};

use crate::db::query;
use crate::error::StoreError;
use crate::queries::place::place;
use crate::rows::agents;
use crate::rows::contacts::{self, columns};
use crate::store::Store;

/// How many blocks a page has.
const PAGE: usize = 50;

const BLOCKED: &str = concat!(
    "SELECT ",
    columns!(),
    "
FROM blocks b
JOIN contacts k ON k.id = b.contact_id
LEFT JOIN agents blocker ON blocker.id = b.agent_id
WHERE b.project_id = $1 AND b.ended_at IS NULL AND (b.since, b.id) < ($2, $3)
ORDER BY b.since DESC, b.id DESC
LIMIT $4"
);

impl Store {
    /// The clients of a project who are blocked, the latest first, 50 a page.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who does not administer it; [`StoreError::Value`] for an `after` that no page gave.
    pub async fn blocked(
        &self,
        by: &AgentId,
        project: &ProjectId,
        after: Option<&str>,
    ) -> Result<BlockPage, StoreError> {
        let (since, id) = place::<BlockId>(after)?;
        let mut conn = self.readers.acquire().await?;
        agents::administrator(&mut conn, project, by).await?;
        let rows = query(BLOCKED)
            .bind(project.as_str())
            .bind(since)
            .bind(id)
            .bind(i64::try_from(PAGE + 1).unwrap_or(i64::MAX))
            .fetch_all(&mut conn)
            .await?;
        let mut blocks = Vec::with_capacity(rows.len());
        for row in &rows {
            let contact = contacts::from_row(row)?;
            let block = contact.block.as_ref().ok_or_else(|| StoreError::Corrupt("a block".to_owned()))?.view();
            blocks.push(BlockedContact { contact: contact.view(), block });
        }
        let more = blocks.len() > PAGE;
        blocks.truncate(PAGE);
        let next = blocks.last().filter(|_| more).map(|last| format!("{}.{}", last.block.since, last.block.id));
        Ok(BlockPage { blocks, next })
    }
}
