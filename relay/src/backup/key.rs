//! The secret key in and out of a backup.

use std::path::{Path, PathBuf};

use store::sealed::SecretKey;

use crate::backup::archive::{Archive, KEY};
use crate::backup::error::BackupError;

/// Where a restored record's key is to come from.
pub(crate) struct Keys<'a> {
    /// The one that was given by option or environment.
    pub(crate) given: Option<&'a SecretKey>,
    /// The data folder, which may have one.
    pub(crate) data: &'a Path,
    /// Whether the backup's own is to be put into the data folder.
    pub(crate) with_key: bool,
}

/// What is to be done about the key.
pub(super) enum Decided {
    /// The key that is there is the record's.
    Stays,
    /// The backup's is to be written; another one that is there is moved aside.
    Written(SecretKey),
}

impl Keys<'_> {
    /// Looks whether the restored record could be opened, before anything is changed.
    ///
    /// # Errors
    /// [`BackupError::Key`] says which key is needed where.
    pub(super) fn decide(&self, archive: &Archive) -> Result<Decided, BackupError> {
        let record = &archive.manifest.record;
        if self.with_key {
            return self.archived(archive);
        }
        let of_folder = of_folder(self.data)?;
        let present = self.given.or(of_folder.as_ref());
        match present {
            Some(key) if record.fits(key) => Ok(Decided::Stays),
            Some(_) => Err(refused(
                "the secret key that is set is not the one that the backup's record was made with",
                archive,
            )),
            None => Err(refused(
                "no secret key is set, and the backup's record needs the one that it was made with",
                archive,
            )),
        }
    }

    fn archived(&self, archive: &Archive) -> Result<Decided, BackupError> {
        if !archive.manifest.has_key {
            return Err(BackupError::Key(format!(
                "the key is not in this backup; leave --with-key out and put the record's key into {} or DESKSIDE_SECRET_KEY",
                self.data.join(KEY).display()
            )));
        }
        let key = read(&archive.folder.join(KEY))?.filter(|key| archive.manifest.record.fits(key));
        let key = key.ok_or_else(|| BackupError::damaged(KEY, "is not the key of the backup's record"))?;
        match self.given {
            Some(given) if given.to_hex() != key.to_hex() => Err(BackupError::Key(
                "DESKSIDE_SECRET_KEY is set to another key than the backup's, and would be used instead of it; unset it".to_owned(),
            )),
            _ => Ok(Decided::Written(key)),
        }
    }
}

fn refused(what: &str, archive: &Archive) -> BackupError {
    let way = if archive.manifest.has_key { "add --with-key to use the one in the backup, or set" } else { "set" };
    BackupError::Key(format!("{what}; {way} it by {KEY} in the data folder or DESKSIDE_SECRET_KEY"))
}

impl Decided {
    /// Does what was decided, and says where another key is that was there before.
    ///
    /// # Errors
    /// [`BackupError::File`].
    pub(super) fn carry_out(&self, data: &Path, stamp: &str) -> Result<Option<PathBuf>, BackupError> {
        let Self::Written(key) = self else { return Ok(None) };
        let (path, aside) = (data.join(KEY), data.join(format!("{KEY}.before-{stamp}")));
        let present = std::fs::read_to_string(&path).ok();
        if present.as_ref().is_some_and(|text| text.trim() == key.to_hex()) {
            return Ok(None);
        }
        if present.is_some() {
            std::fs::rename(&path, &aside).map_err(BackupError::file(&path))?;
        }
        write(&path, key)?;
        Ok(present.map(|_| aside))
    }
}

/// The data folder's key, if there is one.
///
/// # Errors
/// [`BackupError::File`], [`BackupError::Key`].
pub(crate) fn of_folder(data: &Path) -> Result<Option<SecretKey>, BackupError> {
    read(&data.join(KEY))
}

/// The key in a file, if there is one.
fn read(path: &Path) -> Result<Option<SecretKey>, BackupError> {
    match std::fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        text => {
            let text = text.map_err(BackupError::file(path))?;
            let wrong = |error| BackupError::Key(format!("{}: {error}", path.display()));
            SecretKey::from_hex(&text).map(Some).map_err(wrong)
        }
    }
}

/// Writes a key that only its owner can read, into a file that is not there yet.
///
/// # Errors
/// [`BackupError::File`].
pub(super) fn write(path: &Path, key: &SecretKey) -> Result<(), BackupError> {
    crate::config::write_private(path, &key.to_hex()).map_err(BackupError::file(path))
}
