//! Questions about a record that is looked at from outside, by `deskside doctor`: nothing is opened for writing, made or brought forward.
//!
//! A record that no relay could open answers as far as it can.

mod connect;
mod postgres;
mod queue;
mod sqlite;

use std::path::PathBuf;

use domain::time::Timestamp;

use crate::db::{Conn, Pool, query, query_scalar};
use crate::error::StoreError;
use crate::sealed::SecretKey;
use crate::store::Database;
use crate::store::open::newest_migration;

pub use postgres::{PostgresFacts, Relays, Trigrams};
pub use queue::{Heads, Overdue, Waiting, WrongHead};
pub use sqlite::SqliteFacts;

/// Why the record could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    /// There is no SQLite file yet.
    #[error("there is no file {}", .0.display())]
    NoFile(PathBuf),
    /// What was given is no address of a PostgreSQL database.
    #[error("the address cannot be read")]
    Address,
    /// The server does not take the user or his password, or not from this machine.
    #[error("the server lets nobody in: {0}")]
    Refused(String),
    /// The server has no such database.
    #[error("the server has no such database: {0}")]
    NoDatabase(String),
    /// All of the server's connections are taken.
    #[error("the server has no connection left: {0}")]
    Full(String),
    /// Nothing answers, or not in time.
    #[error("it cannot be reached: {0}")]
    Away(String),
    /// It answers, but not this question.
    #[error("it cannot be read: {0}")]
    Failed(String),
}

impl From<sqlx::Error> for InspectError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<StoreError> for InspectError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.to_string_with_source())
    }
}

/// A record that is only looked at.
pub struct Inspector {
    pool: Pool,
    pub(crate) conn: Conn,
}

/// How the record's tables stand to those that this program knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// There are none: the next start makes them.
    Empty,
    /// They are an earlier release's: the next start brings them forward.
    Older {
        /// The record's version.
        has: i64,
        /// This program's version.
        knows: i64,
    },
    /// They are this program's.
    Current(i64),
    /// They are a later release's, which this program does not open.
    Newer {
        /// The record's version.
        has: i64,
        /// This program's version.
        knows: i64,
    },
    /// Bringing them forward to this version ended half-way.
    Unfinished(i64),
}

/// How a secret key stands to the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFit {
    /// The record was made with no key yet.
    Any,
    /// It is the record's.
    Fits,
    /// The record was made with another one.
    Other,
}

const MIGRATIONS: &str = "SELECT version, success FROM _sqlx_migrations ORDER BY version";
const KEY_CHECK: &str = "SELECT value FROM meta WHERE key = 'key_check'";
const LAST_SEEN: &str = "SELECT MAX(last_seen_at) FROM agents";

impl Inspector {
    /// Connects, to ask only.
    ///
    /// # Errors
    /// [`InspectError`], by what an operator has to do about it.
    pub async fn open(database: &Database) -> Result<Self, InspectError> {
        let pool = connect::pool(database).await?;
        let conn = pool.acquire().await?;
        Ok(Self { pool, conn })
    }

    /// Takes leave of the server.
    pub async fn close(self) {
        drop(self.conn);
        self.pool.close().await;
    }

    /// How the record's tables stand to those that this program knows.
    ///
    /// # Errors
    /// [`InspectError::Failed`].
    pub async fn schema(&mut self) -> Result<Schema, InspectError> {
        if !self.has_table("_sqlx_migrations").await? {
            return Ok(Schema::Empty);
        }
        let (mut has, knows) = (0, newest_migration());
        for row in query(MIGRATIONS).fetch_all(&mut self.conn).await? {
            has = row.try_get("version")?;
            if !row.try_get::<bool>("success")? {
                return Ok(Schema::Unfinished(has));
            }
        }
        Ok(match has {
            0 => Schema::Empty,
            has if has < knows => Schema::Older { has, knows },
            has if has > knows => Schema::Newer { has, knows },
            has => Schema::Current(has),
        })
    }

    /// Whether a key is the one that the record's secrets are sealed under.
    ///
    /// # Errors
    /// [`InspectError::Failed`].
    pub async fn fit(&mut self, key: &SecretKey) -> Result<KeyFit, InspectError> {
        if !self.has_table("meta").await? {
            return Ok(KeyFit::Any);
        }
        let sealed: Option<String> = query_scalar(KEY_CHECK).fetch_optional(&mut self.conn).await?;
        Ok(match sealed.map(|sealed| key.open("meta", "key_check", &sealed)) {
            None => KeyFit::Any,
            Some(Ok(_)) => KeyFit::Fits,
            Some(Err(_)) => KeyFit::Other,
        })
    }

    /// When any agent showed the last sign of life, if there ever was one.
    ///
    /// # Errors
    /// [`InspectError::Failed`].
    pub async fn last_seen(&mut self) -> Result<Option<Timestamp>, InspectError> {
        let at: Option<i64> = query_scalar(LAST_SEEN).fetch_one(&mut self.conn).await?;
        Ok(at.filter(|at| *at > 0).map(Timestamp::from_ms))
    }

    async fn has_table(&mut self, name: &str) -> Result<bool, InspectError> {
        let sql = if self.is_postgres() { postgres::HAS_TABLE } else { sqlite::HAS_TABLE };
        let n: i64 = query_scalar(sql).bind(name).fetch_one(&mut self.conn).await?;
        Ok(n > 0)
    }

    fn is_postgres(&self) -> bool {
        matches!(self.pool, Pool::Postgres(_))
    }
}
