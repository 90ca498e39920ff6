//! Whether a relay works on the record at this moment.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use store::inspect::Inspector;

use super::Setup;
use super::thread::on_thread;
use crate::lock::LOCK_FILE;

/// How long finding out may take.
const WITHIN: Duration = Duration::from_secs(8);

/// Whether a relay works on the record at this moment. What nobody does is no fault where nobody works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Running {
    /// One or more do.
    Yes,
    /// None does.
    No,
    /// It cannot be told.
    Unknown,
}

/// Looks whether a relay works on the record: by the connections to PostgreSQL, or by the data folder's lock.
pub(super) async fn find(setup: &Setup) -> Running {
    let found = async {
        if setup.database_url.is_some() {
            let mut inspector = Inspector::open(&setup.database()).await.ok()?;
            let relays = inspector.relays().await.ok()??;
            inspector.close().await;
            return Some(relays.n_connections > 0);
        }
        let data = setup.data.clone();
        on_thread(move || is_locked(&data)).await.ok()?.ok()
    };
    match tokio::time::timeout(WITHIN, found).await {
        Ok(Some(true)) => Running::Yes,
        Ok(Some(false)) => Running::No,
        Ok(None) | Err(_) => Running::Unknown,
    }
}

/// Whether a relay holds the lock of the folder. The lock is tried for a moment, and shared, so that two doctors do not see each other.
fn is_locked(data: &Path) -> io::Result<bool> {
    let file = match File::open(data.join(LOCK_FILE)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
