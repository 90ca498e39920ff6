//! Blocks of contacts (B1–B6).

use domain::block::Block;
use domain::id::{AgentId, BlockId, ContactId, ProjectId};
use domain::time::Timestamp;

use crate::db::{Conn, Row, query, query_scalar};
use crate::error::StoreError;
use crate::rows::own;

/// A block to be stored.
pub(crate) struct NewBlockRow<'a> {
    pub(crate) id: &'a BlockId,
    pub(crate) project: &'a ProjectId,
    pub(crate) contact: &'a ContactId,
    pub(crate) ip: Option<&'a str>,
    pub(crate) agent: &'a AgentId,
    pub(crate) reason: Option<&'a str>,
    pub(crate) block: Block,
}

const INSERT: &str = "
INSERT INTO blocks (id, project_id, contact_id, ip, agent_id, reason, since, ends_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

pub(crate) async fn insert(conn: &mut Conn, row: &NewBlockRow<'_>) -> Result<(), StoreError> {
    query(INSERT)
        .bind(row.id.as_str())
        .bind(row.project.as_str())
        .bind(row.contact.as_str())
        .bind(row.ip)
        .bind(row.agent.as_str())
        .bind(row.reason)
        .bind(row.block.since.as_ms())
        .bind(row.block.until.map(Timestamp::as_ms))
        .execute(conn)
        .await?;
    Ok(())
}

const END: &str = "UPDATE blocks SET ended_at = $2, ended_by = $3 WHERE contact_id = $1 AND ended_at IS NULL";

/// Ends the contact's block.
pub(crate) async fn end(
    conn: &mut Conn,
    contact: &ContactId,
    at: Timestamp,
    by: Option<&AgentId>,
) -> Result<(), StoreError> {
    query(END).bind(contact.as_str()).bind(at.as_ms()).bind(by.map(AgentId::as_str)).execute(conn).await?;
    Ok(())
}

const OF_IP: &str = "SELECT since, ends_at FROM blocks WHERE project_id = $1 AND ip = $2 AND ended_at IS NULL";

/// The blocks of a project that keep an address out.
pub(crate) async fn of_ip(conn: &mut Conn, project: &ProjectId, ip: &str) -> Result<Vec<Block>, StoreError> {
    query(OF_IP).bind(project.as_str()).bind(ip).fetch_all(conn).await?.iter().map(block_from_row).collect()
}

fn block_from_row(row: &Row) -> Result<Block, StoreError> {
    Ok(Block {
        since: Timestamp::from_ms(row.try_get("since")?),
        until: row.try_get::<Option<i64>>("ends_at")?.map(Timestamp::from_ms),
    })
}

const CONTACT_OF: &str = "SELECT contact_id FROM blocks WHERE id = $1 AND project_id = $2 AND ended_at IS NULL";

/// Whose block it is, if it is one of the project that has not ended.
pub(crate) async fn contact_of(
    conn: &mut Conn,
    project: &ProjectId,
    block: &BlockId,
) -> Result<Option<ContactId>, StoreError> {
    let contact: Option<String> =
        query_scalar(CONTACT_OF).bind(block.as_str()).bind(project.as_str()).fetch_optional(conn).await?;
    contact.map(own).transpose()
}

const DUE: &str = "
SELECT project_id, contact_id FROM blocks
WHERE ended_at IS NULL AND ends_at <= $1
ORDER BY ends_at
LIMIT $2";

/// The contacts whose block has come to its end.
pub(crate) async fn due(
    conn: &mut Conn,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(ProjectId, ContactId)>, StoreError> {
    let rows = query(DUE).bind(now.as_ms()).bind(limit).fetch_all(conn).await?;
    rows.iter().map(|row| Ok((own(row.try_get("project_id")?)?, own(row.try_get("contact_id")?)?))).collect()
}

const NEXT: &str = "SELECT MIN(ends_at) FROM blocks WHERE ended_at IS NULL AND ends_at > $1";

/// When the next block ends.
pub(crate) async fn next_end(conn: &mut Conn, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let at: Option<i64> = query_scalar(NEXT).bind(now.as_ms()).fetch_one(conn).await?;
    Ok(at.map(Timestamp::from_ms))
}
