//! Why the record was not copied or put back, in words.

use std::path::{Path, PathBuf};

/// Why the record was not copied or put back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is nothing to copy.
    #[error("there is no record {0}; check --data and --database-url")]
    NoRecord(String),
    /// The record, or the copy, is damaged.
    #[error("{what} is damaged: {found}")]
    Damaged {
        /// Which.
        what: &'static str,
        /// The first thing that was found.
        found: String,
    },
    /// A later release wrote it.
    #[error(
        "the record is of a newer Deskside (its tables are version {has}, this program knows {knows}); use that Deskside's program"
    )]
    Newer {
        /// The record's version.
        has: i64,
        /// This program's version.
        knows: i64,
    },
    /// SQLite's copy for PostgreSQL, or the other way round.
    #[error("{0}")]
    OtherDatabase(&'static str),
    /// PostgreSQL's tables would come into another schema than they were in.
    #[error(
        "the backup was taken from the schema \"{was}\", and the address leads to {}; make that schema and end the address with \
         ?options=-csearch_path%3D{was}",
        .is.as_ref().map_or("none".to_owned(), |is| format!("\"{is}\""))
    )]
    OtherSchema {
        /// Where the tables were.
        was: String,
        /// Where they would come; none if the address names a schema that is not there.
        is: Option<String>,
    },
    /// PostgreSQL's programs are missing or too old.
    #[error(
        "this needs {names} of PostgreSQL {major} or newer, as the server is, and found {found}; install Debian's package \
         postgresql-client-{major}, or name the folder that they are in by DESKSIDE_PG_BIN"
    )]
    NoPrograms {
        /// Which programs.
        names: String,
        /// The server's major version.
        major: i64,
        /// What was found instead.
        found: String,
    },
    /// One of PostgreSQL's programs failed; nothing was changed.
    #[error("{name} failed, and nothing was changed: {words}")]
    Program {
        /// Which.
        name: &'static str,
        /// What it said.
        words: String,
    },
    /// The database does not answer, or not this.
    #[error("the database: {0}")]
    Database(String),
    /// A file cannot be read or written.
    #[error("{}: {source}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.to_string())
    }
}

impl From<crate::inspect::InspectError> for BackupError {
    fn from(error: crate::inspect::InspectError) -> Self {
        Self::Database(error.to_string())
    }
}

impl BackupError {
    /// A file's error.
    pub(super) fn file(path: &Path) -> impl Fn(std::io::Error) -> Self + '_ {
        |source| Self::File { path: path.to_owned(), source }
    }
}
