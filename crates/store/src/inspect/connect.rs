//! Connecting without the right to write.

use std::path::Path;
use std::str::FromStr as _;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _};

use super::InspectError;
use crate::db::Pool;
use crate::store::Database;

/// How long a connection may take.
const WITHIN: Duration = Duration::from_secs(5);
/// What a connection of PostgreSQL begins with.
const SETUP: &str = "
SET default_transaction_read_only = on; SET lock_timeout = '2s'; SET statement_timeout = '8s'";

/// One connection to the record.
pub(super) async fn pool(database: &Database) -> Result<Pool, InspectError> {
    match database {
        Database::Sqlite(path) => sqlite(path).await,
        Database::Postgres(url) => postgres(url).await,
    }
}

async fn sqlite(path: &Path) -> Result<Pool, InspectError> {
    if !path.is_file() {
        return Err(InspectError::NoFile(path.to_owned()));
    }
    let connect =
        SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(WITHIN).disable_statement_logging();
    Ok(Pool::Sqlite(SqlitePoolOptions::new().max_connections(1).connect_with(connect).await?))
}

async fn postgres(url: &str) -> Result<Pool, InspectError> {
    // The library takes any scheme for its own.
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err(InspectError::Address);
    }
    let connect = PgConnectOptions::from_str(url)
        .map_err(|_| InspectError::Address)?
        .application_name("deskside-doctor")
        .disable_statement_logging();
    // A pool asks again until its time is over and then says no more than that; the first connection says why it failed.
    let first = tokio::time::timeout(WITHIN, connect.connect()).await;
    let first = first.map_err(|_| InspectError::Away("it does not answer in time".to_owned()))?;
    first.map_err(|error| why(&error))?.close().await?;
    let options = PgPoolOptions::new().max_connections(1).acquire_timeout(WITHIN);
    let setup = options.after_connect(|conn, _| Box::pin(async move { conn.execute(SETUP).await.map(drop) }));
    Ok(Pool::Postgres(setup.connect_with(connect).await?))
}

/// What an operator has to do with it is told apart by PostgreSQL's code.
fn why(error: &sqlx::Error) -> InspectError {
    let Some(said) = error.as_database_error() else { return InspectError::Away(error.to_string()) };
    let words = said.message().to_owned();
    match said.code().as_deref() {
        Some("28000" | "28P01") => InspectError::Refused(words),
        Some("3D000") => InspectError::NoDatabase(words),
        Some("53300") => InspectError::Full(words),
        _ => InspectError::Away(words),
    }
}
