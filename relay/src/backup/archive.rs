//! A backup's folder and what its manifest says.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use files::Key;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::backup::{Facts, Kind};
use store::secret::hex;

use crate::backup::error::BackupError;

/// The format that this program writes and reads.
pub(super) const FORMAT: u64 = 1;
pub(super) const MANIFEST: &str = "manifest.json";
/// The manifest's own checksum, as `sha256sum --check` takes it.
pub(super) const SUM: &str = "manifest.sha256";
/// The secret key, here as in a data folder.
pub(crate) const KEY: &str = "secret.key";
/// What the path of a kept file begins with.
pub(super) const FILES: &str = "files/";

/// What is in a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// How the folder is laid out.
    pub(crate) format: u64,
    /// The version of the program that made it.
    pub(crate) deskside: String,
    /// When it was begun: what was acknowledged before is in it.
    pub(crate) made_at: String,
    /// What the record is.
    pub(crate) record: Facts,
    /// Whether the secret key is in it.
    pub(crate) has_key: bool,
    /// All other files.
    pub(crate) entries: Vec<Entry>,
}

/// A file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Its place in the folder.
    pub(crate) path: String,
    /// Its length.
    pub(crate) bytes: u64,
    /// Its checksum in hex.
    pub(crate) sha256: String,
}

/// A backup that is whole, as far as checksums can tell.
#[derive(Debug)]
pub(crate) struct Archive {
    pub(super) folder: PathBuf,
    pub(crate) manifest: Manifest,
}

/// The name of the record's copy.
pub(super) const fn record_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Sqlite => "record.db",
        Kind::Postgres => "record.dump",
    }
}

impl Entry {
    /// What a file is that lies in a backup's folder.
    pub(super) fn of(folder: &Path, path: String) -> std::io::Result<Self> {
        let (bytes, sha256) = sum(&folder.join(&path))?;
        Ok(Self { path, bytes, sha256 })
    }

    /// The key of a kept file; nothing if the entry is something else.
    pub(super) fn key(&self) -> Option<Key> {
        Key::new(self.path.strip_prefix(FILES)?).ok()
    }
}

impl Archive {
    /// Reads a backup's manifest. Its files are not looked at; [`Archive::check`] does.
    ///
    /// # Errors
    /// [`BackupError::NoBackup`], [`BackupError::NewerFormat`], [`BackupError::Damaged`].
    pub(crate) fn open(folder: &Path) -> Result<Self, BackupError> {
        let path = folder.join(MANIFEST);
        let text = match std::fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(BackupError::NoBackup(folder.to_owned()));
            }
            read => read.map_err(BackupError::file(&path))?,
        };
        let broken = |error: serde_json::Error| BackupError::damaged(MANIFEST, format!("cannot be read ({error})"));
        let value: serde_json::Value = serde_json::from_slice(&text).map_err(broken)?;
        // Before everything else that a later format may have changed.
        match value["format"].as_u64() {
            Some(has) if has > FORMAT => return Err(BackupError::NewerFormat { has, knows: FORMAT }),
            _ => {}
        }
        let sums = std::fs::read_to_string(folder.join(SUM)).unwrap_or_default();
        if sums.split(' ').next() != Some(&hex(&Sha256::digest(&text))) {
            return Err(BackupError::damaged(MANIFEST, format!("is not what {SUM} says")));
        }
        Ok(Self { folder: folder.to_owned(), manifest: serde_json::from_value(value).map_err(broken)? })
    }

    /// Compares every file with its checksum.
    ///
    /// # Errors
    /// [`BackupError::Damaged`] names the first that is missing, changed, or none of ours.
    pub(crate) fn check(&self) -> Result<(), BackupError> {
        let (record, entries) = (record_name(self.manifest.record.kind), &self.manifest.entries);
        let needed = [Some(record), self.manifest.has_key.then_some(KEY)];
        for name in needed.into_iter().flatten() {
            if !entries.iter().any(|entry| entry.path == name) {
                return Err(BackupError::damaged(name, "is not in the manifest"));
            }
        }
        for entry in entries {
            if entry.path != record && entry.path != KEY && entry.key().is_none() {
                return Err(BackupError::damaged(&entry.path, "is nothing that a backup holds"));
            }
            let found = Entry::of(&self.folder, entry.path.clone());
            match found {
                Ok(found) if found == *entry => {}
                Ok(_) => return Err(BackupError::damaged(&entry.path, "is not what the manifest says")),
                Err(error) => return Err(BackupError::damaged(&entry.path, format!("cannot be read ({error})"))),
            }
        }
        Ok(())
    }

    /// The record's copy.
    pub(super) fn record(&self) -> PathBuf {
        self.folder.join(record_name(self.manifest.record.kind))
    }

    /// How long all of it is.
    pub(crate) fn bytes(&self) -> u64 {
        self.manifest.entries.iter().map(|entry| entry.bytes).sum()
    }
}

/// A file's length and checksum.
fn sum(path: &Path) -> std::io::Result<(u64, String)> {
    let (mut file, mut digest, mut bytes) = (File::open(path)?, Sha256::new(), 0);
    let mut piece = vec![0; 256 * 1024];
    loop {
        let n = file.read(&mut piece)?;
        if n == 0 {
            return Ok((bytes, hex(&digest.finalize())));
        }
        digest.update(&piece[..n]);
        bytes += n as u64;
    }
}
