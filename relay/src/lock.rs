//! One relay on one SQLite file.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// The lock's file in the data folder. Its text is for people.
pub const LOCK_FILE: &str = "deskside.lock";

/// Held by the relay that serves from a data folder; the system takes it back when the process ends, however it ends.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

impl DataLock {
    /// Takes the folder's lock; nothing if a relay has it.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn take(data: &Path) -> io::Result<Option<Self>> {
        let file = File::options().create(true).truncate(false).write(true).open(data.join(LOCK_FILE))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_it_until_he_lets_go() {
        let folder = tempfile::tempdir().unwrap();
        let lock = DataLock::take(folder.path()).unwrap().unwrap();
        assert!(DataLock::take(folder.path()).unwrap().is_none());
        drop(lock);
        assert!(DataLock::take(folder.path()).unwrap().is_some());
        assert!(DataLock::take(&folder.path().join("nowhere")).is_err());
    }
}
