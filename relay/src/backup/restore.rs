//! Restoring a backup.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use domain::time::Timestamp;
use files::Files;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};
use store::Database;
use store::backup::{Place, Programs, PutBack};
use tokio::io::AsyncReadExt as _;
use tokio::time::Instant;

use crate::backup::Say;
use crate::backup::archive::{Archive, Entry};
use crate::backup::error::BackupError;
use crate::backup::key::Keys;
use crate::backup::words::{n_files, size, stamp};
use crate::lock::DataLock;

/// How many files are put at once.
const AT_ONCE: usize = 8;
/// How many bytes of a file are read at once.
const PIECE_BYTES: usize = 256 * 1024;
/// So long a database may take to notice that a relay is gone.
const GONE_WITHIN: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// What is to be restored, and where.
pub(crate) struct Restoring<'a> {
    /// The backup.
    pub(crate) archive: &'a Archive,
    /// Where its record is to be.
    pub(crate) database: &'a Database,
    /// Where its files are to be.
    pub(crate) files: &'a Files,
    /// The key.
    pub(crate) keys: Keys<'a>,
    /// Whether a record that is not empty may be replaced.
    pub(crate) replace: bool,
    /// Where PostgreSQL's programs are.
    pub(crate) programs: &'a Programs,
    /// When it begins.
    pub(crate) now: Timestamp,
}

/// What was restored.
#[derive(Debug)]
pub(crate) struct Restored {
    /// The record.
    pub(crate) record: PutBack,
    /// Where another key is that was in the data folder before.
    pub(crate) key_aside: Option<PathBuf>,
    /// How many files.
    pub(crate) n_files: usize,
}

/// Restores a backup: everything is looked at first, then come the files, the key, and last the record.
///
/// # Errors
/// [`BackupError`]. The record is as it was then; files that were put already stay, and do no harm.
pub(crate) async fn restore(restoring: &Restoring<'_>, say: Say<'_>) -> Result<Restored, BackupError> {
    let Restoring { archive, database, files, keys, programs, .. } = restoring;
    say(&format!("Checking {}, {} …", n_files(archive.manifest.entries.len()), size(archive.bytes())));
    archive.check()?;
    archive.manifest.record.check(database)?;
    let key = keys.decide(archive)?;
    // Held to the end: no relay starts meanwhile.
    let _lock = locked(database, keys.data)?;
    let place = place(database).await?;
    if place.n_connections > 0 {
        let n = place.n_connections;
        return Err(BackupError::Running(format!("relays have {n} connections to this database")));
    }
    if !place.is_empty && !restoring.replace {
        return Err(BackupError::NotEmpty);
    }
    let n_files = put_files(archive, files, say).await?;
    let stamp = stamp(restoring.now);
    let key_aside = key.carry_out(keys.data, &stamp)?;
    say("Putting the record in its place …");
    let facts = &archive.manifest.record;
    let record = store::backup::put_back(database, &archive.record(), facts, &stamp, programs).await?;
    Ok(Restored { record, key_aside, n_files })
}

/// The data folder's lock, which a relay on SQLite has.
fn locked(database: &Database, data: &Path) -> Result<Option<DataLock>, BackupError> {
    match database {
        Database::Postgres(_) => Ok(None),
        Database::Sqlite(_) => match DataLock::take(data).map_err(BackupError::file(data))? {
            Some(lock) => Ok(Some(lock)),
            None => Err(BackupError::Running(format!("a relay serves from {}", data.display()))),
        },
    }
}

/// What stands there, once relays that were killed just now are gone.
async fn place(database: &Database) -> Result<Place, BackupError> {
    let until = Instant::now() + GONE_WITHIN;
    loop {
        let place = store::backup::look(database).await?;
        if place.n_connections == 0 || Instant::now() > until {
            return Ok(place);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn put_files(archive: &Archive, files: &Files, say: Say<'_>) -> Result<usize, BackupError> {
    let kept: Vec<&Entry> = archive.manifest.entries.iter().filter(|entry| entry.key().is_some()).collect();
    say(&format!("Putting {} into {} …", n_files(kept.len()), files.place()));
    let puts = stream::iter(&kept).map(|entry| put_file(archive, files, entry)).buffer_unordered(AT_ONCE);
    puts.try_collect::<()>().await?;
    Ok(kept.len())
}

async fn put_file(archive: &Archive, files: &Files, entry: &Entry) -> Result<(), BackupError> {
    let path = archive.folder.join(&entry.path);
    let Some(key) = entry.key() else { return Ok(()) };
    let file = tokio::fs::File::open(&path).await.map_err(BackupError::file(&path))?;
    files.put(&key, pieces(file)).await?;
    Ok(())
}

/// A file's bytes as they are read.
fn pieces(file: tokio::fs::File) -> impl Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold(file, |mut file| async move {
        let mut piece = vec![0; PIECE_BYTES];
        let n = file.read(&mut piece).await?;
        piece.truncate(n);
        Ok((n > 0).then(|| (Bytes::from(piece), file)))
    })
}
