//! The settings that every command needs to reach the record.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use bus::{RedisAddress, RedisSettings};
use clap::Args;
use store::clock::SystemClock;
use store::{Appended, Listener, Store};

use crate::config::{database, load_secret_key};

#[derive(Args)]
pub(super) struct Data {
    /// Folder of the record and the key.
    #[arg(long, env = "DESKSIDE_DATA", default_value = "deskside-data")]
    pub(super) data: PathBuf,
    /// Key for sealed secrets, 64 hexadecimal digits; made in the data folder if none is given.
    #[arg(long, env = "DESKSIDE_SECRET_KEY", hide_env_values = true)]
    pub(super) secret_key: Option<String>,
    /// Address of a PostgreSQL database, such as <postgres://deskside@db.example/deskside>; a SQLite file in the data folder if none
    /// is given.
    #[arg(long, env = "DESKSIDE_DATABASE_URL", hide_env_values = true)]
    pub(super) database_url: Option<String>,
    /// Address of a Redis or Valkey, which several relays need: redis://, rediss://, redis+cluster://, redis+sentinel://.
    #[arg(long, env = "DESKSIDE_REDIS_URL", hide_env_values = true)]
    pub(super) redis_url: Option<String>,
    /// What the keys in Redis begin with, where several systems share one.
    #[arg(long, env = "DESKSIDE_REDIS_PREFIX", default_value = "ds:")]
    pub(super) redis_prefix: String,
    /// File with the authority (PEM) that vouches for Redis over TLS, if it is not a public one.
    #[arg(long, env = "DESKSIDE_REDIS_CA")]
    pub(super) redis_ca: Option<PathBuf>,
    /// Where files are kept: <file:///folder> or <s3://bucket/prefix>; the folder `files` in the data folder if none is given.
    #[arg(long, env = "DESKSIDE_FILES_URL")]
    pub(super) files_url: Option<String>,
}

impl Data {
    /// The Redis that is shared, if there is one.
    ///
    /// # Errors
    /// When its address or authority cannot be read.
    pub(super) fn redis(&self) -> anyhow::Result<Option<RedisSettings>> {
        let Some(url) = &self.redis_url else { return Ok(None) };
        let address = RedisAddress::parse(url).context("DESKSIDE_REDIS_URL")?;
        let read = |path: &PathBuf| std::fs::read(path).with_context(|| format!("reading {}", path.display()));
        let ca = self.redis_ca.as_ref().map(read).transpose()?;
        Ok(Some(RedisSettings::new(address.trusting(ca), &self.redis_prefix)))
    }
}

/// A folder that only the relay's user can enter: the record holds what people wrote.
pub(super) fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

pub(super) fn prepare(data: &Data) -> anyhow::Result<store::sealed::SecretKey> {
    make_private(&data.data).with_context(|| format!("making {}", data.data.display()))?;
    Ok(load_secret_key(data.secret_key.as_deref(), &data.data)?)
}

/// A running relay finds what the command line writes by comparing heads once a second.
struct Nobody;

impl Listener for Nobody {
    fn appended(&self, _: Vec<Appended>) {}
}

pub(super) async fn open_store(data: &Data) -> anyhow::Result<Store> {
    let path: &Path = &data.data;
    let options = store::Options {
        secret_key: prepare(data)?,
        database: database(path, data.database_url.as_deref()),
        clock: Arc::new(SystemClock),
        listener: Arc::new(Nobody),
        max_pages: None,
        batch_max: store::BATCH_MAX,
    };
    Ok(Store::open(options).await?)
}
