//! Contacts, each with his block.

mod details;

use domain::block::Block;
use domain::id::{BlockId, ContactId, ProjectId};
use domain::time::Timestamp;
use protocol::view::{BlockView, ContactBlock, ContactView};

use crate::db::{Conn, Row, query};
use crate::error::StoreError;
use crate::rows::{own, small};

pub(crate) use details::{DetailsRow, channels_of, load_details, save_details};

/// A contact.
#[derive(Clone, Debug)]
pub(crate) struct ContactRow {
    pub(crate) id: ContactId,
    pub(crate) project_id: ProjectId,
    pub(crate) name: String,
    pub(crate) n_messages: u32,
    pub(crate) seen_n: u32,
    /// The address that he wrote from last.
    pub(crate) last_ip: Option<String>,
    /// His block, until it is ended; its time may have come already.
    pub(crate) block: Option<BlockRow>,
}

/// A block that has not been ended.
#[derive(Clone, Debug)]
pub(crate) struct BlockRow {
    pub(crate) id: BlockId,
    pub(crate) block: Block,
    pub(crate) by_name: String,
    pub(crate) reason: Option<String>,
    pub(crate) ip: Option<String>,
}

impl BlockRow {
    pub(crate) fn view(&self) -> BlockView {
        BlockView {
            id: self.id.to_string(),
            since: self.block.since.as_ms(),
            until: self.block.until.map(Timestamp::as_ms),
            by_name: self.by_name.clone(),
            reason: self.reason.clone(),
            also_ip: self.ip.is_some(),
        }
    }
}

impl ContactRow {
    pub(crate) fn view(&self) -> ContactView {
        ContactView {
            id: self.id.to_string(),
            name: self.name.clone(),
            seen_n: self.seen_n,
            block: self.block.as_ref().map(BlockRow::view),
        }
    }

    /// His block for the rules.
    pub(crate) fn rule(&self) -> Option<Block> {
        self.block.as_ref().map(|row| row.block)
    }

    /// What he is told of his block (B2).
    pub(crate) fn told_block(&self) -> ContactBlock {
        let until = self.rule().and_then(|block| block.until);
        ContactBlock { blocked: self.block.is_some(), until: until.map(Timestamp::as_ms) }
    }
}

/// The columns of a contact `k` with his block `b`, whose agent is `blocker`.
macro_rules! columns {
    () => {
        "k.id AS contact_id, k.project_id AS contact_project_id, k.name AS contact_name, k.n_messages, k.seen_n, k.last_ip,
 b.id AS block_id, b.since AS block_since, b.ends_at AS block_ends_at, b.reason AS block_reason, b.ip AS block_ip,
 blocker.name AS block_by_name"
    };
}
pub(crate) use columns;

/// Joins a contact `k` with his block.
macro_rules! with_block {
    () => {
        "
LEFT JOIN blocks b ON b.contact_id = k.id AND b.ended_at IS NULL
LEFT JOIN agents blocker ON blocker.id = b.agent_id"
    };
}
pub(crate) use with_block;

pub(crate) fn from_row(row: &Row) -> Result<ContactRow, StoreError> {
    Ok(ContactRow {
        id: own(row.try_get("contact_id")?)?,
        project_id: own(row.try_get("contact_project_id")?)?,
        name: row.try_get("contact_name")?,
        n_messages: small(row.try_get("n_messages")?)?,
        seen_n: small(row.try_get("seen_n")?)?,
        last_ip: row.try_get("last_ip")?,
        block: block_from_row(row)?,
    })
}

fn block_from_row(row: &Row) -> Result<Option<BlockRow>, StoreError> {
    let Some(id) = row.try_get::<Option<String>>("block_id")? else {
        return Ok(None);
    };
    Ok(Some(BlockRow {
        id: own(id)?,
        block: Block {
            since: Timestamp::from_ms(row.try_get("block_since")?),
            until: row.try_get::<Option<i64>>("block_ends_at")?.map(Timestamp::from_ms),
        },
        by_name: row.try_get::<Option<String>>("block_by_name")?.unwrap_or_default(),
        reason: row.try_get("block_reason")?,
        ip: row.try_get("block_ip")?,
    }))
}

const LOAD: &str = concat!(
    "SELECT ",
    columns!(),
    "
FROM contacts k",
    with_block!(),
    "
WHERE k.id = $1 AND k.deleted_at IS NULL"
);

pub(crate) async fn load(conn: &mut Conn, id: &ContactId) -> Result<ContactRow, StoreError> {
    let row = query(LOAD).bind(id.as_str()).fetch_optional(conn).await?.ok_or(StoreError::NotFound)?;
    from_row(&row)
}

const INSERT: &str = "
INSERT INTO contacts (id, project_id, name, n_messages, seen_n, last_ip, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)";

pub(crate) async fn insert(conn: &mut Conn, row: &ContactRow, at: i64) -> Result<(), StoreError> {
    query(INSERT)
        .bind(row.id.as_str())
        .bind(row.project_id.as_str())
        .bind(&row.name)
        .bind(i64::from(row.n_messages))
        .bind(i64::from(row.seen_n))
        .bind(row.last_ip.as_deref())
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

const SAVE: &str = "UPDATE contacts SET n_messages = $2, seen_n = $3, last_ip = $4 WHERE id = $1";

/// Saves the counts and the address.
pub(crate) async fn save(conn: &mut Conn, row: &ContactRow) -> Result<(), StoreError> {
    query(SAVE)
        .bind(row.id.as_str())
        .bind(i64::from(row.n_messages))
        .bind(i64::from(row.seen_n))
        .bind(row.last_ip.as_deref())
        .execute(conn)
        .await?;
    Ok(())
}
