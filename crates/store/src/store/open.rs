//! Opening the record: connecting, migrating, checking the key.

use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use domain::time::Timestamp;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, SqlSafeStr as _};

use crate::db::{Conn, Pool, query, query_scalar};
use crate::error::StoreError;
use crate::sealed::SecretKey;
use crate::secret;
use crate::store::{Database, Options, Store};
use crate::writer::{Shared, Writer};

/// The text of a step.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Text {
    /// The same for both databases.
    Both(&'static str),
    /// What only one of them knows is in it: searching.
    Each {
        /// For SQLite.
        sqlite: &'static str,
        /// For PostgreSQL.
        postgres: &'static str,
    },
}

impl Text {
    fn sqlite(self) -> &'static str {
        match self {
            Self::Both(text) | Self::Each { sqlite: text, .. } => text,
        }
    }

    /// The text for PostgreSQL.
    pub(crate) fn postgres(self) -> &'static str {
        match self {
            Self::Both(text) | Self::Each { postgres: text, .. } => text,
        }
    }
}

/// The numbered steps of the schema; append-only.
pub(crate) const MIGRATIONS: [(i64, &str, Text); 11] = [
    (1, "record", Text::Both(include_str!("../../migrations/0001_record.sql"))),
    (2, "rules", Text::Both(include_str!("../../migrations/0002_rules.sql"))),
    (3, "outbox", Text::Both(include_str!("../../migrations/0003_outbox.sql"))),
    (4, "alerts", Text::Both(include_str!("../../migrations/0004_alerts.sql"))),
    (5, "notes", Text::Both(include_str!("../../migrations/0005_notes.sql"))),
    (6, "templates", Text::Both(include_str!("../../migrations/0006_templates.sql"))),
    (7, "contact_details", Text::Both(include_str!("../../migrations/0007_contact_details.sql"))),
    (
        8,
        "search",
        Text::Each {
            sqlite: include_str!("../../migrations/0008_search_sqlite.sql"),
            postgres: include_str!("../../migrations/0008_search_postgres.sql"),
        },
    ),
    (9, "attachments", Text::Both(include_str!("../../migrations/0009_attachments.sql"))),
    (10, "visits", Text::Both(include_str!("../../migrations/0010_visits.sql"))),
    (
        11,
        "template_files",
        Text::Each {
            sqlite: include_str!("../../migrations/0011_template_files_sqlite.sql"),
            postgres: include_str!("../../migrations/0011_template_files_postgres.sql"),
        },
    ),
];

/// How many may read at once.
const READERS: u32 = 4;
/// How many may read at once on PostgreSQL, and how many projects may write.
const POSTGRES_CONNECTIONS: u32 = 8;
/// So long a command waits for a connection before it is refused; its sender tries again.
const CONNECT_WITHIN: Duration = Duration::from_secs(3);
/// What each of PostgreSQL's writers begins with: a relay that is paused or cut off in a batch must not hold its locks for ever.
const WRITER_SETUP: &str = "
SET lock_timeout = '10s'; SET statement_timeout = '10s'; SET idle_in_transaction_session_timeout = '10s';
SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3";
/// And each of its readers.
const READER_SETUP: &str = "
SET default_transaction_read_only = on; SET statement_timeout = '10s'; SET idle_in_transaction_session_timeout = '10s';
SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3";
/// So long SQLite waits for another process, such as the command line.
const BUSY: Duration = Duration::from_secs(5);

/// The connections of the writers, and those that can only read.
struct Pools {
    writers: Pool,
    readers: Pool,
}

impl Store {
    /// Opens the record: makes it or migrates it, checks the key, starts the writers.
    ///
    /// # Errors
    /// [`StoreError::NewerDatabase`], [`StoreError::WrongSecretKey`], [`StoreError::Database`], [`StoreError::Unavailable`].
    pub async fn open(options: Options) -> Result<Self, StoreError> {
        let Options { database, secret_key, clock, listener, max_pages, batch_max } = options;
        let Pools { writers, readers } = match &database {
            Database::Sqlite(path) => sqlite(path, max_pages).await?,
            Database::Postgres(url) => postgres(url).await?,
        };
        let mut conn = writers.acquire().await?;
        let epoch: Arc<str> = own_epoch(&mut conn).await?.into();
        check_key(&mut conn, &secret_key).await?;
        fill(&mut conn, clock.now()).await?;
        drop(conn);
        let writer = Writer::start(Shared { pool: writers, epoch: Arc::clone(&epoch), clock, listener, batch_max });
        Ok(Self { writer, readers, epoch, secret_key })
    }
}

async fn sqlite(path: &Path, max_pages: Option<u32>) -> Result<Pools, StoreError> {
    let mut connect = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .disable_statement_logging();
    if let Some(pages) = max_pages {
        connect = connect.pragma("max_page_count", pages.to_string());
    }
    // One connection, kept for ever: SQLite has one writer.
    let writers = SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(connect.clone())
        .await?;
    migrated(migrator(Text::sqlite).run(&writers).await)?;
    // A file does not go away under its connections: they need no look before each use.
    let readers = SqlitePoolOptions::new().max_connections(READERS).test_before_acquire(false);
    let readers = readers.connect_with(connect.read_only(true)).await?;
    Ok(Pools { writers: Pool::Sqlite(writers), readers: Pool::Sqlite(readers) })
}

async fn postgres(url: &str) -> Result<Pools, StoreError> {
    let connect = PgConnectOptions::from_str(url)
        .map_err(|_| StoreError::Database("give an address such as postgres://user@host/database".to_owned()))?
        .application_name("deskside")
        .disable_statement_logging();
    // A migration may take as long as it takes; what comes after it may not hang.
    let mut first = connect.connect().await.map_err(|error| unreachable(&error))?;
    migrated(migrator(Text::postgres).run_direct(None, &mut first, false).await)?;
    first.close().await?;
    let pool = |setup: &'static str| {
        let options = PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).acquire_timeout(CONNECT_WITHIN);
        options
            .after_connect(move |conn, _| Box::pin(async move { conn.execute(setup).await.map(drop) }))
            .after_release(|conn, _| Box::pin(answers(conn)))
    };
    let writers = pool(WRITER_SETUP).connect_with(connect.clone()).await?;
    let readers = pool(READER_SETUP).connect_with(connect).await?;
    Ok(Pools { writers: Pool::Postgres(writers), readers: Pool::Postgres(readers) })
}

/// Whether a connection that comes back still answers. The pool asks too, but without a limit: a half-open one would keep its place for ever.
async fn answers(conn: &mut PgConnection) -> Result<bool, sqlx::Error> {
    tokio::time::timeout(CONNECT_WITHIN, conn.ping()).await.map_err(|_| sqlx::Error::PoolTimedOut)?.map(|()| true)
}

/// Why the first connection failed, in the server's words.
fn unreachable(error: &sqlx::Error) -> StoreError {
    StoreError::Database(format!("the database cannot be reached: {error}"))
}

/// The version that the schema has once a relay of this build has opened it.
pub(crate) fn newest_migration() -> i64 {
    MIGRATIONS.map(|(version, ..)| version).into_iter().max().unwrap_or(0)
}

fn migrator(text: fn(Text) -> &'static str) -> Migrator {
    let steps = MIGRATIONS.map(|(version, name, sql)| {
        Migration::new(version, name.into(), MigrationType::Simple, text(sql).into_sql_str(), false)
    });
    Migrator::with_migrations(steps.into())
}

fn migrated(result: Result<(), MigrateError>) -> Result<(), StoreError> {
    result.map_err(|error| match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => StoreError::NewerDatabase,
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => StoreError::Unavailable(error),
        other => StoreError::Corrupt(other.to_string()),
    })
}

const META_GET: &str = "SELECT value FROM meta WHERE key = $1";
const META_ADD: &str = "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";

async fn meta(conn: &mut Conn, key: &str, first: &str) -> Result<String, StoreError> {
    query(META_ADD).bind(key).bind(first).execute(conn).await?;
    Ok(query_scalar(META_GET).bind(key).fetch_one(conn).await?)
}

async fn own_epoch(conn: &mut Conn) -> Result<String, StoreError> {
    meta(conn, "epoch", &secret::hex(&secret::random::<8>())).await
}

/// A known text sealed at the first start: another key is noticed at once and not when a channel fails.
async fn check_key(conn: &mut Conn, key: &SecretKey) -> Result<(), StoreError> {
    let sealed = meta(conn, "key_check", &key.seal("meta", "key_check", b"deskside")).await?;
    key.open("meta", "key_check", &sealed).map(|_| ()).map_err(|_| StoreError::WrongSecretKey)
}

const FILL_SEEN: &str = "UPDATE agents SET last_seen_at = $1 WHERE last_seen_at = 0";

/// Fills what an older release could not know: from now on an agent who is Online is counted from his last sign of life (P5).
async fn fill(conn: &mut Conn, now: Timestamp) -> Result<(), StoreError> {
    query(FILL_SEEN).bind(now.as_ms()).execute(conn).await?;
    Ok(())
}

/// A record as the first release left it, for the test of what comes after.
#[cfg(test)]
pub(crate) mod test_only {
    use sqlx::Executor as _;

    use super::{Database, MIGRATIONS, Migration, MigrationType, Migrator};
    use sqlx::SqlSafeStr as _;

    /// Makes an empty database one of the first release and runs statements in it.
    pub(crate) async fn open_at_first_release(database: &Database, statements: &'static str) {
        let (version, name, sql) = MIGRATIONS[0];
        let first = Migration::new(version, name.into(), MigrationType::Simple, sql.postgres().into_sql_str(), false);
        let migrator = Migrator::with_migrations(vec![first]);
        match database {
            Database::Sqlite(path) => {
                let url = format!("sqlite://{}?mode=rwc", path.display());
                let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
                migrator.run(&pool).await.unwrap();
                pool.execute(sqlx::raw_sql(statements)).await.unwrap();
                pool.close().await;
            }
            Database::Postgres(url) => {
                let pool = sqlx::PgPool::connect(url).await.unwrap();
                migrator.run(&pool).await.unwrap();
                pool.execute(sqlx::raw_sql(statements)).await.unwrap();
                pool.close().await;
            }
        }
    }
}
