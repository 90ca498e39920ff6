//! What a SQLite file says of itself.

use super::{InspectError, Inspector};
use crate::db::query_scalar;

/// What a SQLite file says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqliteFacts {
    /// SQLite's version.
    pub version: String,
    /// How it keeps what is not yet in the file: `wal` once a relay has opened it.
    pub journal_mode: String,
    /// Its size.
    pub size_bytes: i64,
}

pub(super) const HAS_TABLE: &str = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = $1";
const VERSION: &str = "SELECT sqlite_version()";
const JOURNAL_MODE: &str = "PRAGMA journal_mode";
const SIZE: &str = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
const QUICK_CHECK: &str = "PRAGMA quick_check(1)";

impl Inspector {
    /// What a SQLite file says of itself; nothing on PostgreSQL.
    ///
    /// # Errors
    /// [`InspectError::Failed`], above all if it is no SQLite file.
    pub async fn sqlite(&mut self) -> Result<Option<SqliteFacts>, InspectError> {
        if self.is_postgres() {
            return Ok(None);
        }
        Ok(Some(SqliteFacts {
            version: query_scalar(VERSION).fetch_one(&mut self.conn).await?,
            journal_mode: query_scalar(JOURNAL_MODE).fetch_one(&mut self.conn).await?,
            size_bytes: query_scalar(SIZE).fetch_one(&mut self.conn).await?,
        }))
    }

    /// The first damage that is found in a SQLite file. Reads all of it.
    ///
    /// # Errors
    /// [`InspectError::Failed`].
    pub async fn damage(&mut self) -> Result<Option<String>, InspectError> {
        let said: String = query_scalar(QUICK_CHECK).fetch_one(&mut self.conn).await?;
        Ok((said != "ok").then_some(said))
    }
}
