//! Why a backup was not made or not restored, in words that tell what to do.

use std::path::{Path, PathBuf};

use files::FilesError;

/// Why a backup was not made or not restored.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BackupError {
    /// The record could not be copied or put back.
    #[error(transparent)]
    Record(#[from] store::backup::BackupError),
    /// The files could not be read or kept.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// A file of the backup cannot be read or written.
    #[error("{}: {source}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
    /// There is a backup of this name.
    #[error("{} is there already; nothing is written into it", .0.display())]
    Exists(PathBuf),
    /// No manifest is there.
    #[error(
        "{} is no backup: it has no manifest.json; give the folder that `deskside backup` made (one that ends in .partial was not \
         finished)",
        .0.display()
    )]
    NoBackup(PathBuf),
    /// A later release made it.
    #[error(
        "the backup has format {has}, and this program knows {knows}: restore it with the Deskside that made it, or a newer one"
    )]
    NewerFormat {
        /// The backup's format.
        has: u64,
        /// This program's.
        knows: u64,
    },
    /// It is not what was written.
    #[error("the backup is damaged: {path} {why}; take another backup, nothing was changed")]
    Damaged {
        /// Which file of it.
        path: String,
        /// How that was noticed.
        why: String,
    },
    /// A relay runs on the record that would be replaced.
    #[error("{0}; stop every relay first, and start them after the restore")]
    Running(String),
    /// Something would be lost.
    #[error(
        "there is a record with projects already; give --replace to put the backup in its place (a SQLite file is moved aside, tables in \
         PostgreSQL are dropped)"
    )]
    NotEmpty,
    /// The key is missing or not the record's.
    #[error("{0}")]
    Key(String),
}

impl BackupError {
    /// A file's error.
    pub(super) fn file(path: &Path) -> impl Fn(std::io::Error) -> Self + '_ {
        |source| Self::File { path: path.to_owned(), source }
    }

    pub(super) fn damaged(path: &str, why: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), why: why.into() }
    }
}
