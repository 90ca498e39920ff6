//! What a record is.

use serde::{Deserialize, Serialize};

use super::{BackupError, check_version};
use crate::db::{Conn, query_scalar};
use crate::sealed::SecretKey;
use crate::store::Database;

/// Which database a record is kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A SQLite file.
    Sqlite,
    /// A schema in PostgreSQL.
    Postgres,
}

/// What the record is that was copied, as of the instant of the copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Which database it is kept in.
    pub kind: Kind,
    /// The version of its tables.
    pub schema_version: i64,
    /// Its epoch.
    pub epoch: String,
    /// A known text sealed under its secret key, by which the key is known and which does not tell it.
    pub key_check: String,
    /// On PostgreSQL, the schema that its tables are in.
    pub schema: Option<String>,
}

const VERSION: &str = "SELECT MAX(version) FROM _sqlx_migrations";
const META: &str = "SELECT value FROM meta WHERE key = $1";

impl Facts {
    /// Reads them from an open record.
    ///
    /// # Errors
    /// [`BackupError::Newer`], [`BackupError::Database`].
    pub(super) async fn read(conn: &mut Conn, kind: Kind, schema: Option<String>) -> Result<Self, BackupError> {
        let schema_version = query_scalar(VERSION).fetch_one(conn).await?;
        check_version(schema_version)?;
        let epoch = query_scalar(META).bind("epoch").fetch_one(conn).await?;
        let key_check = query_scalar(META).bind("key_check").fetch_one(conn).await?;
        Ok(Self { kind, schema_version, epoch, key_check, schema })
    }

    /// Whether the record's secrets are sealed under this key.
    #[must_use]
    pub fn fits(&self, key: &SecretKey) -> bool {
        key.open("meta", "key_check", &self.key_check).is_ok()
    }

    /// Whether a record like this can be put into this database by this program.
    ///
    /// # Errors
    /// [`BackupError::OtherDatabase`], [`BackupError::Newer`].
    pub fn check(&self, database: &Database) -> Result<(), BackupError> {
        match (self.kind, database) {
            (Kind::Sqlite, Database::Postgres(_)) => Err(BackupError::OtherDatabase(
                "the backup is of a SQLite file, and a PostgreSQL database is set; leave --database-url and \
                 DESKSIDE_DATABASE_URL out",
            )),
            (Kind::Postgres, Database::Sqlite(_)) => Err(BackupError::OtherDatabase(
                "the backup is of a PostgreSQL database, and none is set; give --database-url or DESKSIDE_DATABASE_URL",
            )),
            (Kind::Sqlite, Database::Sqlite(_)) | (Kind::Postgres, Database::Postgres(_)) => {
                check_version(self.schema_version)
            }
        }
    }
}
