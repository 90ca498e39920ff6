//! The key for sealed secrets: the right one, in safe hands, and one for all relays.

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use store::inspect::{InspectError, Inspector, KeyFit};
use store::sealed::SecretKey;

use super::looked::Looked;
use super::running::Running;
use super::thread::on_thread;
use super::{Check, Setup};
use crate::config::KEY_FILE;

/// Looks at the key.
pub(super) struct Key;

#[async_trait]
impl Check for Key {
    fn name(&self) -> &'static str {
        "key"
    }

    async fn look(&self, setup: &Setup, _: Running, looked: &mut Looked) {
        let path = setup.data.join(KEY_FILE);
        let kept = kept(path.clone(), looked).await;
        let given = match setup.secret_key.as_deref().map(SecretKey::from_hex) {
            Some(Err(_)) => {
                return looked.bad(
                    "DESKSIDE_SECRET_KEY is not 64 hexadecimal digits",
                    "give it the key that the record was made with; for a new record one that `openssl rand -hex 32` prints",
                );
            }
            Some(Ok(key)) => Some(key),
            None => None,
        };
        if given.is_none() && setup.redis_url.is_some() {
            looked.bad(
                "several relays need one key, and none is given",
                format!("give all of them the same DESKSIDE_SECRET_KEY; the present one stands in {}", path.display()),
            );
        }
        if let (Some(given), Some(kept)) = (&given, &kept)
            && given.to_hex() != kept.to_hex()
        {
            looked.note(
                format!("DESKSIDE_SECRET_KEY is used, and {} holds another key", path.display()),
                "move that file away if it is of an earlier record: without the variable it would be taken",
            );
        }
        fits(given.or(kept), setup, &path, looked).await;
    }
}

/// Whether the key that a relay would take is the record's.
async fn fits(key: Option<SecretKey>, setup: &Setup, path: &Path, looked: &mut Looked) {
    // A record that has a key asks for it; any other key shows whether it has one.
    let is_there = key.is_some();
    let fit = async {
        let mut inspector = Inspector::open(&setup.database()).await?;
        let fit = inspector.fit(&key.unwrap_or_else(SecretKey::generate)).await;
        inspector.close().await;
        fit
    };
    match (fit.await, is_there) {
        (Ok(KeyFit::Fits), _) => looked.fact("the record's own"),
        (Ok(KeyFit::Any) | Err(InspectError::NoFile(_)), true) => looked.fact("there is one for the first start"),
        (Ok(KeyFit::Any) | Err(InspectError::NoFile(_)), false) => looked.fact("the first start makes one"),
        (Ok(KeyFit::Other), true) => looked.bad(
            "the key is not the one that the record was made with: no relay starts with it",
            format!(
                "give the record's own key by DESKSIDE_SECRET_KEY or in {}, from where you keep it",
                path.display()
            ),
        ),
        (Ok(KeyFit::Other), false) => looked.bad(
            "the record has a key, and there is none here: no relay starts without it",
            format!(
                "give the record's own key by DESKSIDE_SECRET_KEY or in {}, from where you keep it",
                path.display()
            ),
        ),
        (Err(_), _) => looked.not_checked("whether it is the record's: the database is not reached, see `database`"),
    }
}

/// The key in the data folder, if there is a good one; whatever is wrong with the file is written down.
async fn kept(path: PathBuf, looked: &mut Looked) -> Option<SecretKey> {
    let shown = path.display().to_string();
    let read = on_thread(move || -> io::Result<(String, Metadata)> {
        Ok((std::fs::read_to_string(&path)?, std::fs::metadata(&path)?))
    });
    let (text, about) = match read.await.flatten() {
        Ok(read) => read,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => {
            looked.bad(format!("{shown} cannot be read: {error}"), "let it belong to the user that the relay runs as");
            return None;
        }
    };
    if others_may_read(&about) {
        looked.bad(
            format!("others on this machine can read {shown}"),
            format!("run `chmod 600 {shown}`, and consider who may have read it"),
        );
    }
    if let Ok(key) = SecretKey::from_hex(&text) {
        return Some(key);
    }
    looked.bad(format!("{shown} holds no key of 64 hexadecimal digits"), "put the key back from where you keep it");
    None
}

#[cfg(unix)]
fn others_may_read(about: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    about.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn others_may_read(_: &Metadata) -> bool {
    false
}
