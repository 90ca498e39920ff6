//! Why a relay does not start.

use std::path::PathBuf;

use files::FilesError;
use store::StoreError;

/// A setup that cannot be right, or a record that cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The record.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The place of files.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// Two relays on one SQLite file.
    #[error(
        "another relay serves from {} already; one SQLite file has one relay: stop the other one, or give several relays a PostgreSQL \
         by DESKSIDE_DATABASE_URL and a Redis by DESKSIDE_REDIS_URL",
        .0.display()
    )]
    Occupied(PathBuf),
    /// The data folder's lock cannot be taken.
    #[error("the lock file in {} cannot be made: {why}; the relay needs to write into its data folder", .folder.display())]
    Lock {
        /// The data folder.
        folder: PathBuf,
        /// The system's words.
        why: std::io::Error,
    },
    /// Several relays with a clock of their own each would fire deadlines at different times.
    #[error(
        "this machine's clock is {0} ms from the database's, and more than 1000 ms is too far: deadlines would come at the wrong time; \
         synchronise both by NTP"
    )]
    ClocksApart(i64),
    /// Redis is for several relays, which cannot share a SQLite file.
    #[error(
        "DESKSIDE_REDIS_URL is for several relays, and several relays need a PostgreSQL: give DESKSIDE_DATABASE_URL as well, or leave \
         Redis out"
    )]
    RedisWithoutPostgres,
}
