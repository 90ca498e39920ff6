//! A schema in PostgreSQL.

use std::path::Path;
use std::process::Stdio;
use std::str::FromStr as _;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::io::AsyncWriteExt as _;

use super::programs::{Chosen, Programs, failed};
use super::{BackupError, Facts, Kind, OUTBOX_SINCE, Place, PutBack, SET_EPOCH, SET_UNKNOWN, new_epoch, tables};
use crate::db::{Conn, Pool, query_scalar};

const SCHEMA: &str = "SELECT current_schema()::TEXT";
const MAJOR: &str = "SELECT current_setting('server_version_num')::BIGINT / 10000";
const EXPORT: &str = "SELECT pg_export_snapshot()";
/// A copy may take hours, and this transaction only waits meanwhile.
const WAIT: &str = "SET LOCAL idle_in_transaction_session_timeout = 0";
const N_CONNECTIONS: &str = "
SELECT COUNT(*)
FROM pg_stat_activity
WHERE application_name = 'deskside' AND datname = current_database()";
const TABLES: &str = "SELECT tablename::TEXT FROM pg_tables WHERE schemaname = current_schema()";
const N_PROJECTS: &str = "SELECT COUNT(*) FROM projects";
const EPOCH: &str = "SELECT value FROM meta WHERE key = 'epoch'";
const N_UNKNOWN: &str = "SELECT COUNT(*) FROM outbox WHERE state = 'unknown'";

/// Has `pg_dump` copy our tables as of the instant of a transaction of ours, which says what they are.
pub(super) async fn copy(url: &str, to: &Path, programs: &Programs) -> Result<Facts, BackupError> {
    let (connect, pool) = open(url).await?;
    let mut tx = pool.snapshot().await?;
    tx.run(WAIT).await?;
    let schema = current_schema(&mut tx).await?.unwrap_or_default();
    if !tables_there(&mut tx).await?.0 {
        return Err(BackupError::NoRecord(format!("in the database's schema \"{schema}\"")));
    }
    let facts = Facts::read(&mut tx, Kind::Postgres, Some(schema.clone())).await?;
    let snapshot: String = query_scalar(EXPORT).fetch_one(&mut tx).await?;
    let chosen = programs.choose(&["pg_dump"], major(&mut tx).await?, &connect).await?;
    let mut command = chosen.command("pg_dump");
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--no-password", "--snapshot", &snapshot]);
    command.args(tables().flat_map(|table| ["--table".to_owned(), format!("{}.{table}", quoted(&schema))]));
    command.arg("--file").arg(to);
    let output = command.output().await.map_err(|error| not_run("pg_dump", &error))?;
    if let Some(error) = failed("pg_dump", &output) {
        return Err(error);
    }
    drop(tx);
    pool.close().await;
    std::fs::File::open(to).and_then(|file| file.sync_all()).map_err(BackupError::file(to))?;
    Ok(facts)
}

pub(super) async fn look(url: &str) -> Result<Place, BackupError> {
    let (_, pool) = open(url).await?;
    let mut conn = pool.acquire().await?;
    let n_connections = query_scalar(N_CONNECTIONS).fetch_one(&mut conn).await?;
    let is_empty = match tables_there(&mut conn).await? {
        (true, _) => query_scalar::<i64>(N_PROJECTS).fetch_one(&mut conn).await? == 0,
        // A table of somebody else's that has the name of one of ours is not ours to drop.
        (false, has_one_named_so) => !has_one_named_so,
    };
    drop(conn);
    pool.close().await;
    Ok(Place { is_empty, n_connections })
}

/// Has `psql` run, in one transaction, the end of what stands there, what `pg_restore` reads from the copy, and the new beginning.
pub(super) async fn put_back(
    url: &str,
    copy: &Path,
    facts: &Facts,
    programs: &Programs,
) -> Result<PutBack, BackupError> {
    let (connect, pool) = open(url).await?;
    let mut conn = pool.acquire().await?;
    let (is, schema) = (current_schema(&mut conn).await?, facts.schema.clone().unwrap_or_default());
    if is.as_ref() != Some(&schema) {
        return Err(BackupError::OtherSchema { was: schema, is });
    }
    let chosen = programs.choose(&["psql", "pg_restore"], major(&mut conn).await?, &connect).await?;
    drop(conn);
    let epoch = new_epoch();
    script(&chosen, copy, &schema, &after(&schema, &epoch, facts)).await?;

    let mut conn = pool.acquire().await?;
    let stands: String = query_scalar(EPOCH).fetch_one(&mut conn).await?;
    if stands != epoch {
        return Err(BackupError::Damaged { what: "the restored record", found: "it has not the new epoch".to_owned() });
    }
    let has_outbox = facts.schema_version >= OUTBOX_SINCE;
    let n_unknown = if has_outbox { query_scalar(N_UNKNOWN).fetch_one(&mut conn).await? } else { 0 };
    drop(conn);
    pool.close().await;
    Ok(PutBack { epoch, n_unknown, moved_aside: None })
}

/// Our tables and nothing else: without CASCADE, what somebody else built on them stops it, and is named. A copy of a table does not
/// hold the extension that its index is built on.
fn before(schema: &str) -> String {
    let tables: Vec<String> = tables().map(|table| format!("{}.{table}", quoted(schema))).collect();
    format!(
        "BEGIN;\nSET LOCAL client_min_messages = warning;\nCREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;\nDROP TABLE IF EXISTS {};\n",
        tables.join(", ")
    )
}

fn after(schema: &str, epoch: &str, facts: &Facts) -> String {
    let unknown = if facts.schema_version >= OUTBOX_SINCE { SET_UNKNOWN } else { "" };
    let epoch = SET_EPOCH.replace("$1", &format!("'{epoch}'"));
    format!("\nSET LOCAL search_path = {};\n{epoch};\n{unknown};\nCOMMIT;\n", quoted(schema))
}

/// Only the last line commits: whatever ends before it, this process too, leaves everything as it was.
async fn script(chosen: &Chosen, copy: &Path, schema: &str, after: &str) -> Result<(), BackupError> {
    let mut psql = chosen.command("psql");
    psql.args(["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--file=-"]).stdin(Stdio::piped());
    let mut psql = psql.spawn().map_err(|error| not_run("psql", &error))?;
    let mut restore = chosen.command("pg_restore");
    restore.args(["--no-owner", "--no-privileges", "--file=-"]).arg(copy);
    let mut restore = restore.spawn().map_err(|error| not_run("pg_restore", &error))?;
    let mut to = psql.stdin.take().expect("it is piped");
    let mut from = restore.stdout.take().expect("it is piped");
    let pour = async move {
        to.write_all(before(schema).as_bytes()).await?;
        tokio::io::copy(&mut from, &mut to).await?;
        Ok::<_, std::io::Error>(to)
    };
    let write = async {
        let (poured, restored) = tokio::join!(pour, restore.wait_with_output());
        if let Some(error) = failed("pg_restore", &restored.map_err(|error| not_run("pg_restore", &error))?) {
            return Err(error);
        }
        let mut to = poured.map_err(|error| not_run("psql", &error))?;
        to.write_all(after.as_bytes()).await.map_err(|error| not_run("psql", &error))
    };
    let (written, output) = tokio::join!(write, psql.wait_with_output());
    // When psql goes away the others end of it: its own words come first.
    failed("psql", &output.map_err(|error| not_run("psql", &error))?).map_or(written, Err)
}

async fn open(url: &str) -> Result<(PgConnectOptions, Pool), BackupError> {
    let connect = PgConnectOptions::from_str(url)
        .map_err(|_| BackupError::Database("give an address such as postgres://user@host/database".to_owned()))?
        .application_name("deskside-backup")
        .disable_statement_logging();
    // A pool asks again until its time is over and then says no more than that; the first connection says why it failed.
    let first = connect.connect().await;
    first.map_err(|error| BackupError::Database(format!("it cannot be reached: {error}")))?.close().await?;
    let pool = PgPoolOptions::new().max_connections(1).connect_with(connect.clone()).await?;
    Ok((connect, Pool::Postgres(pool)))
}

/// The schema that the address leads to.
async fn current_schema(conn: &mut Conn) -> Result<Option<String>, BackupError> {
    Ok(query_scalar(SCHEMA).fetch_one(conn).await?)
}

/// Whether our tables are there, and whether any table is that has the name of one.
async fn tables_there(conn: &mut Conn) -> Result<(bool, bool), BackupError> {
    let names: Vec<String> = query_scalar(TABLES).fetch_all(conn).await?;
    let is_there = |table: &str| names.iter().any(|name| name == table);
    Ok((is_there("meta") && is_there("projects"), tables().any(is_there)))
}

/// The major version of the server.
async fn major(conn: &mut Conn) -> Result<i64, BackupError> {
    Ok(query_scalar(MAJOR).fetch_one(conn).await?)
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn not_run(name: &'static str, error: &std::io::Error) -> BackupError {
    BackupError::Program { name, words: error.to_string() }
}
