//! One SQL text for both databases: connections, statements and rows that are SQLite's or PostgreSQL's.
//!
//! The shared dialect has three types, TEXT, BIGINT and BOOLEAN, so a statement's values are an enum of three, and a small macro
//! expands the same body for each database.

use std::future::Future;
use std::io::ErrorKind;
use std::marker::PhantomData;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgPool, PgRow};
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{AssertSqlSafe, Decode, Executor as _, Postgres, Row as _, SqlSafeStr, SqlStr, Sqlite, Transaction, Type};

/// A pool of connections.
#[derive(Clone)]
pub(crate) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A connection from a pool, inside a transaction or not. A transaction that is dropped is rolled back.
pub(crate) enum Conn {
    Sqlite(PoolConnection<Sqlite>),
    SqliteTx(Transaction<'static, Sqlite>),
    Postgres(PoolConnection<Postgres>),
    PostgresTx(Transaction<'static, Postgres>),
}

/// Runs one body on whichever connection it is; `$db` names the database in it.
macro_rules! on {
    ($conn:expr, |$c:ident: $db:ident| $body:expr) => {
        match $conn {
            Conn::Sqlite(conn) => {
                type $db = Sqlite;
                let $c = &mut **conn;
                $body
            }
            Conn::SqliteTx(conn) => {
                type $db = Sqlite;
                let $c = &mut **conn;
                $body
            }
            Conn::Postgres(conn) => {
                type $db = Postgres;
                let $c = &mut **conn;
                $body
            }
            Conn::PostgresTx(conn) => {
                type $db = Postgres;
                let $c = &mut **conn;
                $body
            }
        }
    };
}

impl Pool {
    /// A connection that is in no transaction.
    pub(crate) async fn acquire(&self) -> Result<Conn, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(pool) => Conn::Sqlite(pool.acquire().await?),
            Self::Postgres(pool) => Conn::Postgres(pool.acquire().await?),
        })
    }

    /// A connection on which everything that is read is of one instant.
    pub(crate) async fn snapshot(&self) -> Result<Conn, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(pool) => Conn::SqliteTx(pool.begin().await?),
            Self::Postgres(pool) => {
                Conn::PostgresTx(answer(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")).await?)
            }
        })
    }

    /// A connection in a transaction that writes. SQLite's is the only one.
    pub(crate) async fn begin_write(&self) -> Result<Conn, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(pool) => Conn::SqliteTx(pool.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Conn::PostgresTx(pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await?),
        })
    }

    /// Closes its connections.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Conn {
    /// Whether it is PostgreSQL's.
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_) | Self::PostgresTx(_))
    }

    /// Commits the transaction that it is in.
    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::SqliteTx(tx) => tx.commit().await,
            Self::PostgresTx(tx) => tx.commit().await,
            Self::Sqlite(_) | Self::Postgres(_) => Ok(()),
        }
    }

    /// Runs statements without values, several if they are parted by `;`.
    pub(crate) async fn run(&mut self, sql: impl SqlSafeStr) -> Result<(), sqlx::Error> {
        let sql = sql.into_sql_str();
        on!(self, |conn: Db| {
            let _: <Db as sqlx::Database>::QueryResult = conn.execute(sqlx::raw_sql(sql)).await?;
            Ok(())
        })
    }
}

/// A value of a statement.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(Option<String>),
    Int(Option<i64>),
    Bool(Option<bool>),
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.to_owned()))
    }
}

impl From<Option<&str>> for Value {
    fn from(value: Option<&str>) -> Self {
        Self::Text(value.map(str::to_owned))
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(Some(value.clone()))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(Some(value))
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(Some(value))
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(Some(value))
    }
}

impl From<Option<bool>> for Value {
    fn from(value: Option<bool>) -> Self {
        Self::Bool(value)
    }
}

/// What both databases can read from a column.
pub(crate) trait Column:
    for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}

impl<T> Column for T where T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres> {}

/// A row of an answer.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl From<SqliteRow> for Row {
    fn from(row: SqliteRow) -> Self {
        Self::Sqlite(row)
    }
}

impl From<PgRow> for Row {
    fn from(row: PgRow) -> Self {
        Self::Postgres(row)
    }
}

impl Row {
    /// Reads a column by its name.
    pub(crate) fn try_get<T: Column>(&self, name: &str) -> Result<T, sqlx::Error> {
        match self {
            Self::Sqlite(row) => row.try_get(name),
            Self::Postgres(row) => row.try_get(name),
        }
    }

    fn first<T: Column>(&self) -> Result<T, sqlx::Error> {
        match self {
            Self::Sqlite(row) => row.try_get(0),
            Self::Postgres(row) => row.try_get(0),
        }
    }
}

/// A statement with its values.
pub(crate) struct Query {
    sql: SqlStr,
    values: Vec<Value>,
}

/// A statement of our own text.
pub(crate) fn query(sql: &'static str) -> Query {
    Query { sql: sql.into_sql_str(), values: Vec::new() }
}

/// A statement whose text was put together, of our own words and places for values only.
pub(crate) fn query_made(sql: String) -> Query {
    Query { sql: AssertSqlSafe(sql).into_sql_str(), values: Vec::new() }
}

/// A statement that answers with one column.
pub(crate) fn query_scalar<T: Column>(sql: &'static str) -> Scalar<T> {
    Scalar { query: query(sql), column: PhantomData }
}

/// The text of places for values: `$from, $from+1, …`.
pub(crate) fn places(from: usize, n: usize) -> String {
    (from..from + n).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ")
}

/// How long an answer may take; longer than the server itself lets a statement run, so it is the connection that is half-open.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// Waits for an answer, but not for ever.
async fn answer<T>(answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    let silent = |_| sqlx::Error::Io(std::io::Error::new(ErrorKind::TimedOut, "the database did not answer in time"));
    tokio::time::timeout(ANSWER_WITHIN, answer).await.map_err(silent)?
}

impl Query {
    /// Gives the next value.
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Gives the next values.
    pub(crate) fn bind_all<V: Into<Value>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.values.extend(values.into_iter().map(Into::into));
        self
    }

    /// Runs it and says how many rows it touched.
    pub(crate) async fn execute(self, conn: &mut Conn) -> Result<u64, sqlx::Error> {
        on!(conn, |conn: Db| Ok(answer(bound::<Db>(self).execute(conn)).await?.rows_affected()))
    }

    /// All rows of its answer.
    pub(crate) async fn fetch_all(self, conn: &mut Conn) -> Result<Vec<Row>, sqlx::Error> {
        on!(conn, |conn: Db| Ok(answer(bound::<Db>(self).fetch_all(conn)).await?.into_iter().map(Row::from).collect()))
    }

    /// The first row of its answer, if there is one.
    pub(crate) async fn fetch_optional(self, conn: &mut Conn) -> Result<Option<Row>, sqlx::Error> {
        on!(conn, |conn: Db| Ok(answer(bound::<Db>(self).fetch_optional(conn)).await?.map(Row::from)))
    }

    /// The first row of its answer.
    pub(crate) async fn fetch_one(self, conn: &mut Conn) -> Result<Row, sqlx::Error> {
        self.fetch_optional(conn).await?.ok_or(sqlx::Error::RowNotFound)
    }
}

/// The statement as `sqlx` takes it for one database.
fn bound<DB>(query: Query) -> sqlx::query::Query<'static, DB, <DB as sqlx::Database>::Arguments>
where
    DB: sqlx::Database,
    Option<String>: sqlx::Encode<'static, DB> + Type<DB>,
    Option<i64>: sqlx::Encode<'static, DB> + Type<DB>,
    Option<bool>: sqlx::Encode<'static, DB> + Type<DB>,
{
    query.values.into_iter().fold(sqlx::query(query.sql), |made, value| match value {
        Value::Text(value) => made.bind(value),
        Value::Int(value) => made.bind(value),
        Value::Bool(value) => made.bind(value),
    })
}

/// A statement that answers with one column.
pub(crate) struct Scalar<T> {
    query: Query,
    column: PhantomData<fn() -> T>,
}

impl<T: Column> Scalar<T> {
    /// Gives the next value.
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.query = self.query.bind(value);
        self
    }

    /// The column of all rows.
    pub(crate) async fn fetch_all(self, conn: &mut Conn) -> Result<Vec<T>, sqlx::Error> {
        self.query.fetch_all(conn).await?.iter().map(Row::first).collect()
    }

    /// The column of the first row, if there is one.
    pub(crate) async fn fetch_optional(self, conn: &mut Conn) -> Result<Option<T>, sqlx::Error> {
        self.query.fetch_optional(conn).await?.as_ref().map(Row::first).transpose()
    }

    /// The column of the first row.
    pub(crate) async fn fetch_one(self, conn: &mut Conn) -> Result<T, sqlx::Error> {
        self.fetch_optional(conn).await?.ok_or(sqlx::Error::RowNotFound)
    }
}
