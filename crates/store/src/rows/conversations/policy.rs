//! The settings that clocks run by.

use domain::clock::{FinishFrom, Policy};
use domain::id::{AgentId, ProjectId};
use domain::time::Span;

use crate::db::{Conn, Row, query};
use crate::error::StoreError;
use crate::rows::small;

const POLICY: &str = "
SELECT p.finish_after_minutes, p.count_from_contact, a.detach_after_minutes FROM projects p
LEFT JOIN agents a ON a.id = $2
WHERE p.id = $1";

/// The settings that a conversation's clock runs by: the project's and its holder's.
pub(crate) async fn policy(
    conn: &mut Conn,
    project: &ProjectId,
    holder: Option<&AgentId>,
) -> Result<Policy, StoreError> {
    let row = query(POLICY).bind(project.as_str()).bind(holder.map(AgentId::as_str)).fetch_one(conn).await?;
    policy_from_row(&row)
}

pub(super) fn policy_from_row(row: &Row) -> Result<Policy, StoreError> {
    let detach: Option<i64> = row.try_get("detach_after_minutes")?;
    let usual = Policy::default();
    Ok(Policy {
        finish_after: Span::from_minutes(small(row.try_get("finish_after_minutes")?)?),
        finish_from: if row.try_get("count_from_contact")? {
            FinishFrom::ContactMessage
        } else {
            FinishFrom::OurAnswer
        },
        detach_after: detach.map(small).transpose()?.map_or(usual.detach_after, Span::from_minutes),
        blocked_finish_after: usual.blocked_finish_after,
    })
}
