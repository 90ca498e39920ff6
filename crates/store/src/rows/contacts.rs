//! Contacts.

use domain::id::{ContactId, ProjectId};
use protocol::view::ContactView;
use sqlx::Row as _;

use crate::Conn;
use crate::error::StoreError;
use crate::rows::{own, small};

/// A contact.
#[derive(Clone, Debug)]
pub(crate) struct ContactRow {
    pub(crate) id: ContactId,
    pub(crate) project_id: ProjectId,
    pub(crate) name: String,
    pub(crate) n_messages: u32,
    pub(crate) seen_n: u32,
}

impl ContactRow {
    pub(crate) fn view(&self) -> ContactView {
        ContactView { id: self.id.to_string(), name: self.name.clone(), seen_n: self.seen_n }
    }
}

const LOAD: &str = "
SELECT id, project_id, name, n_messages, seen_n FROM contacts
WHERE id = $1 AND deleted_at IS NULL";

pub(crate) async fn load(conn: &mut Conn, id: &ContactId) -> Result<ContactRow, StoreError> {
    let row = sqlx::query(LOAD).bind(id.as_str()).fetch_optional(conn).await?.ok_or(StoreError::NotFound)?;
    Ok(ContactRow {
        id: own(row.try_get("id")?)?,
        project_id: own(row.try_get("project_id")?)?,
        name: row.try_get("name")?,
        n_messages: small(row.try_get("n_messages")?)?,
        seen_n: small(row.try_get("seen_n")?)?,
    })
}

const INSERT: &str = "
INSERT INTO contacts (id, project_id, name, n_messages, seen_n, created_at)
VALUES ($1, $2, $3, $4, $5, $6)";

pub(crate) async fn insert(conn: &mut Conn, row: &ContactRow, at: i64) -> Result<(), StoreError> {
    sqlx::query(INSERT)
        .bind(row.id.as_str())
        .bind(row.project_id.as_str())
        .bind(&row.name)
        .bind(i64::from(row.n_messages))
        .bind(i64::from(row.seen_n))
        .bind(at)
        .execute(conn)
        .await?;
    Ok(())
}

const SAVE: &str = "UPDATE contacts SET n_messages = $2, seen_n = $3 WHERE id = $1";

/// Saves the counts.
pub(crate) async fn save(conn: &mut Conn, row: &ContactRow) -> Result<(), StoreError> {
    sqlx::query(SAVE)
        .bind(row.id.as_str())
        .bind(i64::from(row.n_messages))
        .bind(i64::from(row.seen_n))
        .execute(conn)
        .await?;
    Ok(())
}
