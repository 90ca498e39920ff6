//! Making a backup.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::time::Timestamp;
use files::{Files, FilesError};
use futures_util::{StreamExt as _, TryStreamExt as _};
use sha2::{Digest as _, Sha256};
use store::Database;
use store::backup::{Facts, Kind, Programs};
use store::sealed::SecretKey;
use store::secret::hex;
use tokio::io::AsyncWriteExt as _;
use tokio::time::Instant;

use crate::backup::archive::{Archive, Entry, FILES, FORMAT, KEY, MANIFEST, Manifest, SUM, record_name};
use crate::backup::error::BackupError;
use crate::backup::words::{moment, n_files, size, stamp};
use crate::backup::{Say, key};

/// How many files are read at once.
const AT_ONCE: usize = 8;
/// How often it is said how far the files have come.
const SAY_EVERY: Duration = Duration::from_secs(5);

/// What is to be backed up, and where to.
pub(crate) struct Making<'a> {
    /// The record.
    pub(crate) database: &'a Database,
    /// The files.
    pub(crate) files: &'a Files,
    /// The folder that backups are kept in.
    pub(crate) to: &'a Path,
    /// The secret key, if it is to be in the backup.
    pub(crate) key: Option<&'a SecretKey>,
    /// Where PostgreSQL's programs are.
    pub(crate) programs: &'a Programs,
    /// When it begins.
    pub(crate) now: Timestamp,
}

/// A backup that is complete and on disk.
#[derive(Debug)]
pub(crate) struct Made {
    /// Its folder.
    pub(crate) folder: PathBuf,
    /// How long all of it is.
    pub(crate) bytes: u64,
}

/// Makes a backup in a folder of its own, which gets its name when it is complete and on disk.
///
/// # Errors
/// [`BackupError`]; nothing is left of it then.
pub(crate) async fn make(making: &Making<'_>, say: Say<'_>) -> Result<Made, BackupError> {
    let name = format!("deskside-{}", stamp(making.now));
    let partial = making.to.join(format!("{name}.partial"));
    make_folder(making.to)?;
    match private().create(&partial) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Err(BackupError::Exists(partial)),
        made => made.map_err(BackupError::file(&partial))?,
    }
    let made = fill(making, &partial, &name, say).await;
    if made.is_err()
        && let Err(error) = std::fs::remove_dir_all(&partial)
    {
        tracing::warn!(%error, "what there is of the backup stays in {}", partial.display());
    }
    made
}

async fn fill(making: &Making<'_>, partial: &Path, name: &str, say: Say<'_>) -> Result<Made, BackupError> {
    let (record, facts) = copy_record(making, partial, say).await?;
    let folder = making.to.join(format!("{name}-{}", facts.epoch));
    if folder.exists() {
        return Err(BackupError::Exists(folder));
    }
    let mut entries = vec![record];
    entries.extend(copy_files(making.files, partial, say).await?);
    if let Some(secret) = making.key {
        if !facts.fits(secret) {
            return Err(BackupError::Key("the secret key is not the one that this record was made with".to_owned()));
        }
        key::write(&partial.join(KEY), secret)?;
        entries.push(Entry::of(partial, KEY.to_owned()).map_err(BackupError::file(partial))?);
    }
    let manifest = Manifest {
        format: FORMAT,
        deskside: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: moment(making.now),
        record: facts,
        has_key: making.key.is_some(),
        entries,
    };
    write_manifest(partial, &manifest)?;
    sync_folders(partial, &manifest.entries)?;
    std::fs::rename(partial, &folder).map_err(BackupError::file(&folder))?;
    sync(making.to)?;
    Ok(Made { bytes: Archive { folder: folder.clone(), manifest }.bytes(), folder })
}

async fn copy_record(making: &Making<'_>, partial: &Path, say: Say<'_>) -> Result<(Entry, Facts), BackupError> {
    let (began, kind) = (Instant::now(), kind_of(making.database));
    say(match kind {
        Kind::Sqlite => "Copying the record (SQLite) …",
        Kind::Postgres => "Copying the record (PostgreSQL, by pg_dump) …",
    });
    let path = partial.join(record_name(kind));
    let facts = store::backup::copy(making.database, &path, making.programs).await?;
    let entry = Entry::of(partial, record_name(kind).to_owned()).map_err(BackupError::file(&path))?;
    say(&format!("  {} in {:.1} s", size(entry.bytes), began.elapsed().as_secs_f32()));
    Ok((entry, facts))
}

fn kind_of(database: &Database) -> Kind {
    match database {
        Database::Sqlite(_) => Kind::Sqlite,
        Database::Postgres(_) => Kind::Postgres,
    }
}

async fn copy_files(files: &Files, partial: &Path, say: Say<'_>) -> Result<Vec<Entry>, BackupError> {
    let (began, mut said) = (Instant::now(), Instant::now());
    say(&format!("Copying the files from {} …", files.place()));
    let copies = files.list(None).map_err(BackupError::from);
    let copies = copies.map_ok(|entry| copy_file(files, partial, entry.key)).try_buffer_unordered(AT_ONCE);
    let (mut copies, mut entries, mut bytes) = (copies.boxed_local(), Vec::new(), 0);
    while let Some(copied) = copies.try_next().await? {
        bytes += copied.as_ref().map_or(0, |entry: &Entry| entry.bytes);
        entries.extend(copied);
        if said.elapsed() > SAY_EVERY {
            said = Instant::now();
            say(&format!("  {}, {} so far", n_files(entries.len()), size(bytes)));
        }
    }
    say(&format!("  {}, {} in {:.1} s", n_files(entries.len()), size(bytes), began.elapsed().as_secs_f32()));
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(entries)
}

/// Copies a file; nothing if it was purged since it was listed, which happens only long after the record forgot it.
async fn copy_file(files: &Files, partial: &Path, key: files::Key) -> Result<Option<Entry>, BackupError> {
    let mut file = match files.get(&key).await {
        Err(FilesError::NotFound(_)) => return Ok(None),
        file => file?,
    };
    let path = format!("{FILES}{key}");
    let to = partial.join(&path);
    make_folder(to.parent().unwrap_or(partial))?;
    let failed = BackupError::file(&to);
    let (mut out, mut digest, mut bytes) = (tokio::fs::File::create(&to).await.map_err(&failed)?, Sha256::new(), 0);
    while let Some(piece) = file.body.try_next().await? {
        digest.update(&piece);
        bytes += piece.len() as u64;
        out.write_all(&piece).await.map_err(&failed)?;
    }
    out.sync_all().await.map_err(&failed)?;
    if bytes != file.size_bytes {
        return Err(BackupError::damaged(&path, format!("has {bytes} bytes instead of {}", file.size_bytes)));
    }
    Ok(Some(Entry { path, bytes, sha256: hex(&digest.finalize()) }))
}

/// Comes last: a folder without it is no backup.
fn write_manifest(partial: &Path, manifest: &Manifest) -> Result<(), BackupError> {
    let text =
        serde_json::to_vec_pretty(manifest).map_err(|error| BackupError::damaged(MANIFEST, error.to_string()))?;
    let sum = format!("{}  {MANIFEST}\n", hex(&Sha256::digest(&text)));
    for (name, text) in [(MANIFEST, text), (SUM, sum.into_bytes())] {
        let path = partial.join(name);
        std::fs::write(&path, text)
            .and_then(|()| std::fs::File::open(&path)?.sync_all())
            .map_err(BackupError::file(&path))?;
    }
    Ok(())
}

/// Names are on disk only when their folders are.
fn sync_folders(partial: &Path, entries: &[Entry]) -> Result<(), BackupError> {
    let mut folders = BTreeSet::from([PathBuf::new()]);
    for entry in entries {
        folders.extend(Path::new(&entry.path).ancestors().skip(1).map(Path::to_owned));
    }
    folders.iter().try_for_each(|folder| sync(&partial.join(folder)))
}

fn sync(folder: &Path) -> Result<(), BackupError> {
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(BackupError::file(folder))
}

/// A backup holds what people wrote: only who made it may enter.
fn make_folder(folder: &Path) -> Result<(), BackupError> {
    private().recursive(true).create(folder).map_err(BackupError::file(folder))
}

fn private() -> std::fs::DirBuilder {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use store::clock::TestClock;
    use store::{Appended, BATCH_MAX, Listener, Options, Store};

    use super::*;

    struct Nobody;

    impl Listener for Nobody {
        fn appended(&self, _: Vec<Appended>) {}
    }

    #[tokio::test]
    async fn a_second_backup_of_the_same_second_is_refused_and_leaves_the_first_as_it_is() {
        let (data, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (database, key) = (Database::Sqlite(data.path().join("deskside.db")), SecretKey::generate());
        let now = Timestamp::from_ms(1_776_507_330_000);
        let options = Options {
            database: database.clone(),
            secret_key: key.clone(),
            clock: Arc::new(TestClock::at(now)),
            listener: Arc::new(Nobody),
            max_pages: None,
            batch_max: BATCH_MAX,
        };
        let store = Store::open(options).await.unwrap();
        let (files, programs) = (Files::open_with(None, data.path(), []).unwrap(), Programs::default());
        let (to, key) = (to.path(), Some(&key));
        let making = Making { database: &database, files: &files, to, key, programs: &programs, now };
        let made = make(&making, &|_| {}).await.unwrap();
        assert_eq!(made.folder, to.join(format!("deskside-20260418T101530Z-{}", store.epoch())));
        let refused = make(&making, &|_| {}).await.unwrap_err();
        assert!(matches!(&refused, BackupError::Exists(folder) if *folder == made.folder), "{refused}");
        Archive::open(&made.folder).unwrap().check().unwrap();
        assert_eq!(std::fs::read_dir(to).unwrap().count(), 1, "and nothing else is left");
    }
}
