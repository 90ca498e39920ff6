//! Copying the record while relays run, and putting a copy in its place.
//!
//! A copy is of one instant. On SQLite it is a SQLite file of its own; on PostgreSQL it is what `pg_dump` makes, of our own tables only,
//! whatever else stands in the schema.

mod error;
mod facts;
mod postgres;
mod programs;
mod sqlite;

use std::path::{Path, PathBuf};

pub use error::BackupError;
pub use facts::{Facts, Kind};
pub use programs::Programs;

use crate::store::Database;
use crate::store::open::{MIGRATIONS, newest_migration};

/// What stands where a record is to be put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whether there is no project in it: nothing would be lost.
    pub is_empty: bool,
    /// How many connections relays and the command line have to it; SQLite does not know.
    pub n_connections: i64,
}

/// A record that was put in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutBack {
    /// Its new epoch.
    pub epoch: String,
    /// How many outgoing messages are `unknown`, now and from before.
    pub n_unknown: i64,
    /// Where the record is that stood there before, if it was kept.
    pub moved_aside: Option<PathBuf>,
}

/// What follows on putting a record back, in its transaction: a new epoch, so that readers who saw what is no more start over (design
/// rule 4), and what was on its way to a messenger is not sent a second time (rule 9). Nothing else is touched.
const SET_EPOCH: &str = "UPDATE meta SET value = $1 WHERE key = 'epoch'";
const SET_UNKNOWN: &str = "UPDATE outbox SET state = 'unknown' WHERE state IN ('queued', 'sending')";
/// The migration that the outbox came with.
const OUTBOX_SINCE: i64 = 3;

/// Copies the record into a file that is not there yet, and says what it is.
///
/// Relays go on writing meanwhile; what was committed before this was called is in the copy.
///
/// # Errors
/// [`BackupError`]. Part of the file may be there then.
pub async fn copy(database: &Database, to: &Path, programs: &Programs) -> Result<Facts, BackupError> {
    match database {
        Database::Sqlite(path) => sqlite::copy(path, to).await,
        Database::Postgres(url) => postgres::copy(url, to, programs).await,
    }
}

/// Looks at what stands where a record is to be put.
///
/// # Errors
/// [`BackupError`] if PostgreSQL does not answer. A SQLite file that cannot be read is one that is not empty.
pub async fn look(database: &Database) -> Result<Place, BackupError> {
    match database {
        Database::Sqlite(path) => Ok(Place { is_empty: sqlite::is_empty(path).await, n_connections: 0 }),
        Database::Postgres(url) => postgres::look(url).await,
    }
}

/// Puts a copy in the place of what stands there, in one step: it is all done, or nothing is.
///
/// What [`look`] says, the key and whether a relay runs are for the caller to judge. A SQLite file that stood there is moved aside and
/// gets `stamp` in its name.
///
/// # Errors
/// [`BackupError`].
pub async fn put_back(
    database: &Database,
    copy: &Path,
    facts: &Facts,
    stamp: &str,
    programs: &Programs,
) -> Result<PutBack, BackupError> {
    facts.check(database)?;
    match database {
        Database::Sqlite(path) => sqlite::put_back(path, copy, facts, stamp).await,
        Database::Postgres(url) => postgres::put_back(url, copy, facts, programs).await,
    }
}

/// The tables that all migrations up to this build's make, and the one that counts them.
pub(crate) fn tables() -> impl Iterator<Item = &'static str> {
    let made = |line: &'static str| line.strip_prefix("CREATE TABLE ")?.split_once(' ').map(|(name, _)| name);
    let ours = MIGRATIONS.iter().flat_map(move |(_, _, sql)| sql.postgres().lines().filter_map(made));
    ours.chain(["_sqlx_migrations"])
}

/// A copy of a later release's record cannot be judged here.
fn check_version(has: i64) -> Result<(), BackupError> {
    let knows = newest_migration();
    if has > knows { Err(BackupError::Newer { has, knows }) } else { Ok(()) }
}

fn new_epoch() -> String {
    crate::secret::hex(&crate::secret::random::<8>())
}
