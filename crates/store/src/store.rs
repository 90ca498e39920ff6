//! Opening the record.

use std::path::PathBuf;
use std::sync::Arc;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::Conn;
use crate::clock::Clock;
use crate::error::StoreError;
use crate::log::Appended;
use crate::sealed::SecretKey;
use crate::secret;
use crate::writer::Writer;

/// The numbered steps of the schema; append-only.
const MIGRATIONS: [(i64, &str, &str); 1] = [(1, "record", include_str!("../migrations/0001_record.sql"))];

/// How many readers may read at once.
const READERS: u32 = 4;

/// Hears of events after their commit, in the order of the log. Must not block.
pub trait Listener: Send + Sync + 'static {
    /// These events are durable now.
    fn appended(&self, events: Vec<Appended>);
}

/// Where the record is and what it is opened with.
pub struct Options {
    /// The SQLite file; made if it is not there.
    pub path: PathBuf,
    /// The operator's key for sealed secrets.
    pub secret_key: SecretKey,
    /// The clock of all commands.
    pub clock: Arc<dyn Clock>,
    /// Hears of new events.
    pub listener: Arc<dyn Listener>,
    /// The largest size of the file in pages; nothing but the disk limits it if none is given.
    pub max_pages: Option<u32>,
}

/// The record. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) writer: Writer,
    pub(crate) readers: SqlitePool,
    pub(crate) epoch: Arc<str>,
    pub(crate) secret_key: SecretKey,
}

impl Store {
    /// Opens the record: makes the file, migrates it, checks the key, starts the writer.
    ///
    /// # Errors
    /// [`StoreError::NewerDatabase`], [`StoreError::WrongSecretKey`], [`StoreError::Unavailable`].
    pub async fn open(options: Options) -> Result<Self, StoreError> {
        let Options { path, secret_key, clock, listener, max_pages } = options;
        let connect = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(std::time::Duration::from_secs(5))
            .disable_statement_logging();
        let mut conn = connect.connect().await?;
        migrate(&mut conn).await?;
        if let Some(pages) = max_pages {
            sqlx::query(sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"))).execute(&mut conn).await?;
        }
        let epoch: Arc<str> = own_epoch(&mut conn).await?.into();
        check_key(&mut conn, &secret_key).await?;
        let readers = SqlitePoolOptions::new().max_connections(READERS).connect_with(connect.read_only(true)).await?;
        let writer = Writer::start(conn, Arc::clone(&epoch), clock, listener);
        Ok(Self { writer, readers, epoch, secret_key })
    }

    /// The record's epoch; a restored backup begins a new one.
    #[must_use]
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// The key that channel secrets are sealed under.
    #[must_use]
    pub fn secret_key(&self) -> &SecretKey {
        &self.secret_key
    }

    /// Whether the record answers.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        if !self.writer.is_open() {
            return Err(StoreError::Closing);
        }
        let mut conn = self.readers.acquire().await?;
        Ok(conn.ping().await?)
    }
}

async fn migrate(conn: &mut Conn) -> Result<(), StoreError> {
    use sqlx::SqlSafeStr as _;
    use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
    let steps = MIGRATIONS.map(|(version, name, sql)| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(steps.into()).run(conn).await.map_err(|error| match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => StoreError::NewerDatabase,
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => StoreError::Unavailable(error),
        other => StoreError::Corrupt(other.to_string()),
    })
}

const META_GET: &str = "SELECT value FROM meta WHERE key = $1";
const META_ADD: &str = "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";

async fn meta(conn: &mut Conn, key: &str, first: &str) -> Result<String, StoreError> {
    sqlx::query(META_ADD).bind(key).bind(first).execute(&mut *conn).await?;
    Ok(sqlx::query_scalar(META_GET).bind(key).fetch_one(conn).await?)
}

async fn own_epoch(conn: &mut Conn) -> Result<String, StoreError> {
    meta(conn, "epoch", &secret::hex(&secret::random::<8>())).await
}

/// A known text sealed at the first start: another key is noticed at once and not when a channel fails.
async fn check_key(conn: &mut Conn, key: &SecretKey) -> Result<(), StoreError> {
    let sealed = meta(conn, "key_check", &key.seal("meta", "key_check", b"deskside")).await?;
    key.open("meta", "key_check", &sealed).map(|_| ()).map_err(|_| StoreError::WrongSecretKey)
}
