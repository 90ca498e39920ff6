//! A SQLite file.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::ConnectOptions as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::{BackupError, Facts, Kind, OUTBOX_SINCE, PutBack, SET_EPOCH, SET_UNKNOWN, new_epoch};
use crate::db::{Pool, query, query_scalar};

/// So long SQLite waits for the relay.
const BUSY: Duration = Duration::from_secs(30);
/// Reads in one transaction, so that writers go on beside it, and leaves out what the file only kept for reuse.
const COPY: &str = "VACUUM INTO $1";
const CHECK: &str = "PRAGMA integrity_check(1)";
const N_PROJECTS: &str = "SELECT COUNT(*) FROM projects";
const N_TABLES: &str = "SELECT COUNT(*) FROM sqlite_master";
const N_UNKNOWN: &str = "SELECT COUNT(*) FROM outbox WHERE state = 'unknown'";

/// Copies the file, checks the copy and says what it is.
pub(super) async fn copy(path: &Path, to: &Path) -> Result<Facts, BackupError> {
    if !path.is_file() {
        return Err(BackupError::NoRecord(path.display().to_string()));
    }
    let source = open(path, true).await?;
    let mut conn = source.acquire().await?;
    query(COPY).bind(text(to)?).execute(&mut conn).await?;
    drop(conn);
    source.close().await;
    let facts = checked(to, "the copy of the record").await?;
    sync(to).map_err(BackupError::file(to))?;
    Ok(facts)
}

/// Whether there is no project in the file, or no file.
pub(super) async fn is_empty(path: &Path) -> bool {
    !path.exists() || has_no_project(path).await.unwrap_or(false)
}

async fn has_no_project(path: &Path) -> Result<bool, BackupError> {
    let pool = open(path, true).await?;
    let mut conn = pool.acquire().await?;
    let n_tables: i64 = query_scalar(N_TABLES).fetch_one(&mut conn).await?;
    let is_empty = n_tables == 0 || query_scalar::<i64>(N_PROJECTS).fetch_one(&mut conn).await? == 0;
    drop(conn);
    pool.close().await;
    Ok(is_empty)
}

/// Makes the copy a record of its own beside the place, and then moves it there.
pub(super) async fn put_back(path: &Path, copy: &Path, facts: &Facts, stamp: &str) -> Result<PutBack, BackupError> {
    let made = with_suffix(path, ".restoring");
    remove(&made)?;
    std::fs::copy(copy, &made).map_err(BackupError::file(&made))?;
    let found = checked(&made, "the backup's record").await?;
    if found != *facts {
        return Err(BackupError::Damaged { what: "the backup", found: "its manifest is of another record".to_owned() });
    }
    let (epoch, n_unknown) = begin_anew(&made, facts).await?;
    sync(&made).map_err(BackupError::file(&made))?;
    let moved_aside = move_aside(path, stamp)?;
    std::fs::rename(&made, path).map_err(BackupError::file(path))?;
    let folder = path.parent().unwrap_or(path);
    sync(folder).map_err(BackupError::file(folder))?;
    Ok(PutBack { epoch, n_unknown, moved_aside })
}

/// The new epoch and the number of outgoing messages that nobody knows the fate of.
async fn begin_anew(made: &Path, facts: &Facts) -> Result<(String, i64), BackupError> {
    let (pool, epoch, mut n_unknown) = (open(made, false).await?, new_epoch(), 0);
    let mut tx = pool.begin_write().await?;
    query(SET_EPOCH).bind(&epoch).execute(&mut tx).await?;
    if facts.schema_version >= OUTBOX_SINCE {
        query(SET_UNKNOWN).execute(&mut tx).await?;
        n_unknown = query_scalar(N_UNKNOWN).fetch_one(&mut tx).await?;
    }
    tx.commit().await?;
    pool.close().await;
    Ok((epoch, n_unknown))
}

/// Moves the file that stands there aside, with what SQLite keeps beside it: a new file must not meet an old one's log.
fn move_aside(path: &Path, stamp: &str) -> Result<Option<PathBuf>, BackupError> {
    let aside = with_suffix(path, &format!(".before-{stamp}"));
    let was_there = path.exists();
    for suffix in ["", "-wal", "-shm"] {
        let from = with_suffix(path, suffix);
        if from.exists() {
            std::fs::rename(&from, with_suffix(&aside, suffix)).map_err(BackupError::file(&from))?;
        }
    }
    Ok(was_there.then_some(aside))
}

/// Reads the whole file, and says what it is.
async fn checked(path: &Path, what: &'static str) -> Result<Facts, BackupError> {
    let pool = open(path, true).await?;
    let mut conn = pool.acquire().await?;
    let found: String = query_scalar(CHECK).fetch_one(&mut conn).await?;
    if found != "ok" {
        return Err(BackupError::Damaged { what, found });
    }
    let facts = Facts::read(&mut conn, Kind::Sqlite, None).await?;
    drop(conn);
    pool.close().await;
    Ok(facts)
}

async fn open(path: &Path, read_only: bool) -> Result<Pool, BackupError> {
    let mut connect =
        SqliteConnectOptions::new().filename(path).read_only(read_only).busy_timeout(BUSY).disable_statement_logging();
    if !read_only {
        // One file that can be moved, without a log beside it; the relay sets its own mode.
        connect = connect.journal_mode(SqliteJournalMode::Delete).synchronous(SqliteSynchronous::Full);
    }
    Ok(Pool::Sqlite(SqlitePoolOptions::new().max_connections(1).connect_with(connect).await?))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// What an earlier attempt left.
fn remove(path: &Path) -> Result<(), BackupError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(BackupError::file(path)(error)),
        _ => Ok(()),
    }
}

fn sync(path: &Path) -> std::io::Result<()> {
    std::fs::File::open(path)?.sync_all()
}

fn text(path: &Path) -> Result<&str, BackupError> {
    let no_text = || std::io::Error::new(std::io::ErrorKind::InvalidInput, "a folder's name must be UTF-8");
    path.to_str().ok_or_else(no_text).map_err(BackupError::file(path))
}
