//! Backups made and restored by the real program.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};
use store::secret::{hex, random};
use testkit::postgres::Postgres;
use testkit::relay::Relay;

/// The secret key of every relay here, so that one can take over another's record.
pub const KEY: &str = "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e";

/// Which database a record is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// A file in the relay's folder.
    Sqlite,
    /// A PostgreSQL database of its own: a restored record keeps its schema's name, so a schema of its own is not enough.
    Postgres,
}

/// A relay with an empty record of its own; it does not run yet.
pub async fn relay(on: On) -> Relay {
    let relay = match on {
        On::Sqlite => Relay::new().unwrap(),
        On::Postgres => Relay::on_postgres(fresh_database().await).unwrap(),
    };
    relay.with("DESKSIDE_SECRET_KEY", KEY)
}

/// The address of a new database.
pub async fn fresh_database() -> String {
    let url = Postgres::shared().await.unwrap().url();
    let name = format!("backup_{}", hex(&random::<8>()));
    let mut conn = sqlx::PgConnection::connect(url).await.unwrap();
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    let (server, _) = url.rsplit_once('/').unwrap();
    format!("{server}/{name}")
}

/// A setting that a relay's commands are given.
fn setting(relay: &Relay, name: &str) -> Option<String> {
    let command = relay.command();
    let mut all = command.get_envs();
    let found = all.find(|(key, _)| *key == name).and_then(|(_, value)| value);
    found.map(|value| value.to_str().unwrap().to_owned())
}

/// A relay's data folder.
pub fn data(relay: &Relay) -> PathBuf {
    setting(relay, "DESKSIDE_DATA").unwrap().into()
}

/// Runs a command of the relay's program; gives what it said, on both streams, if it succeeded or not.
///
/// # Errors
/// What the program says when it fails.
pub async fn says(relay: &Relay, arguments: &[&str]) -> Result<String, String> {
    let mut command = tokio::process::Command::from(relay.command());
    let output = command.args(arguments).kill_on_drop(true).output().await.unwrap();
    let words = [output.stdout, output.stderr].concat();
    let words = String::from_utf8(words).unwrap();
    if output.status.success() { Ok(words) } else { Err(words) }
}

/// Backs up into a folder; gives the backup's own.
pub async fn back_up(relay: &Relay, to: &Path, more: &[&str]) -> PathBuf {
    let words = says(relay, &[&["backup", "--to", to.to_str().unwrap()], more].concat()).await.unwrap();
    let folder = words.lines().find_map(|line| line.strip_prefix("The backup is complete: ")).expect(&words);
    PathBuf::from(folder)
}

/// Restores from a backup's folder.
///
/// # Errors
/// What the program says when it fails.
pub async fn restore(relay: &Relay, from: &Path, more: &[&str]) -> Result<String, String> {
    says(relay, &[&["restore", "--from", from.to_str().unwrap()], more].concat()).await
}

/// Runs a statement in the record behind the relay's back; gives its answer's first column.
pub async fn sql(relay: &Relay, statement: &str) -> Vec<String> {
    let statement = AssertSqlSafe(statement.to_owned());
    if let Some(url) = setting(relay, "DESKSIDE_DATABASE_URL") {
        let mut conn = sqlx::PgConnection::connect(&url).await.unwrap();
        let rows = sqlx::query(statement).fetch_all(&mut conn).await.unwrap();
        conn.close().await.unwrap();
        return rows.iter().map(|row| row.get(0)).collect();
    }
    file_sql(&data(relay).join("deskside.db"), statement).await
}

/// The same in any SQLite file.
pub async fn file_sql(path: &Path, statement: impl sqlx::SqlSafeStr) -> Vec<String> {
    let connect = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut conn = connect.connect().await.unwrap();
    let rows = sqlx::query(statement).fetch_all(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// The ids of all messages in the record.
pub async fn messages(relay: &Relay) -> BTreeSet<String> {
    sql(relay, "SELECT id FROM messages").await.into_iter().collect()
}
