//! What an operator can set.

use std::path::{Path, PathBuf};

use bus::RedisSettings;
use protocol::EXTENSION_ID;
use store::sealed::SecretKey;
use store::{Database, StoreError};

use crate::assets::Assets;
use crate::gmail_places::GmailPlaces;
use crate::proxies::TrustedProxies;

/// The relay's settings.
#[derive(Clone)]
pub struct Config {
    /// The folder of the record and the key.
    pub data: PathBuf,
    /// The address of a PostgreSQL database, which replaces the SQLite file in the folder.
    pub database_url: Option<String>,
    /// The origin under which clients and agents reach the relay, such as `https://chat.example`.
    pub public_url: String,
    /// The ids of the extensions that may talk to the relay.
    pub extension_ids: Vec<String>,
    /// Where widget and demo page come from.
    pub assets: Assets,
    /// The operator's key for sealed secrets.
    pub secret_key: SecretKey,
    /// The largest size of the SQLite file in pages; the disk is the limit if none is given.
    pub max_pages: Option<u32>,
    /// The Redis that several relays share.
    pub redis: Option<RedisSettings>,
    /// Whether the relay's clock is compared with the database's; not where a test has stopped it.
    pub compares_clocks: bool,
    /// The proxies that are believed when they say who asks.
    pub trusted_proxies: TrustedProxies,
    /// Where files are kept: `file:///folder` or `s3://bucket/prefix`; a folder in the data folder if none is given.
    pub files_url: Option<String>,
    /// The largest file that is taken, in bytes (F2).
    pub file_limit: u64,
    /// Where things stand in Gmail's page, for extensions that are older than what they need to know.
    pub gmail_places: GmailPlaces,
}

impl Config {
    /// The settings of one relay by itself, where nothing else is given.
    #[must_use]
    pub fn new(data: PathBuf, public_url: String, secret_key: SecretKey) -> Self {
        Self {
            data,
            database_url: None,
            public_url,
            extension_ids: vec![EXTENSION_ID.to_owned()],
            assets: Assets::standard(),
            secret_key,
            max_pages: None,
            redis: None,
            compares_clocks: true,
            trusted_proxies: TrustedProxies::default(),
            files_url: None,
            file_limit: domain::file::FILE_LIMIT,
            gmail_places: GmailPlaces::default(),
        }
    }

    /// The database that holds the record.
    #[must_use]
    pub fn database(&self) -> Database {
        database(&self.data, self.database_url.as_deref())
    }
}

/// The database that was given, or the SQLite file in the data folder.
pub(crate) fn database(data: &Path, url: Option<&str>) -> Database {
    match url {
        Some(url) => Database::Postgres(url.to_owned()),
        None => Database::Sqlite(data.join("deskside.db")),
    }
}

/// The key's file in the data folder.
pub(crate) const KEY_FILE: &str = "secret.key";

/// Takes the key that was given, else the one in the data folder, else makes one there that only its owner can read.
///
/// # Errors
/// [`StoreError::SecretKey`] if it is no key, or cannot be read or written.
pub fn load_secret_key(given: Option<&str>, data: &Path) -> Result<SecretKey, StoreError> {
    if let Some(text) = given {
        return SecretKey::from_hex(text);
    }
    let path = data.join(KEY_FILE);
    let failed = |error: std::io::Error| StoreError::SecretKey(format!("{}: {error}", path.display()));
    match std::fs::read_to_string(&path) {
        Ok(text) => SecretKey::from_hex(&text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key = SecretKey::generate();
            write_private(&path, &key.to_hex()).map_err(failed)?;
            Ok(key)
        }
        Err(error) => Err(failed(error)),
    }
}

/// Writes a file that only its owner can read, and that is not there yet.
pub(crate) fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
