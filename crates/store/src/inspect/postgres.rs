//! What a PostgreSQL server says of itself and of the database.

use domain::time::Timestamp;

use super::{InspectError, Inspector};
use crate::db::{query, query_made, query_scalar};

/// What a PostgreSQL server says of itself and of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostgresFacts {
    /// The server's version as a number, such as 150018.
    pub version_num: i64,
    /// The server's version in words.
    pub version: String,
    /// How texts are stored, such as `UTF8`.
    pub encoding: String,
    /// The character type, such as `C.UTF-8`.
    pub ctype: String,
    /// Whether letters beyond ASCII count as letters; false where the encoding is not UTF-8.
    pub knows_letters: bool,
    /// The extension that search is built on.
    pub trigrams: Trigrams,
    /// The schema that tables are made in; none if the address names one that is not there.
    pub schema: Option<String>,
    /// Whether the user may make tables there.
    pub may_create_tables: bool,
    /// Whether the user may install extensions that the server trusts everybody with.
    pub may_create_extensions: bool,
    /// Whether it is a copy that follows another server and takes no writes.
    pub is_replica: bool,
    /// Whether a commit is on disk when it is acknowledged.
    pub is_durable: bool,
    /// How many connections the user may have more than there are.
    pub n_left: i64,
    /// How many connections the user may have in all.
    pub n_max: i64,
}

/// The extension `pg_trgm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigrams {
    /// The server does not have it.
    Missing,
    /// It can be installed into the database.
    Available,
    /// It is in the database.
    Installed {
        /// Whether it takes letters beyond ASCII apart.
        knows_letters: bool,
    },
}

/// The relays that are connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relays {
    /// How many connections they have.
    pub n_connections: i64,
    /// From how many machines.
    pub n_machines: i64,
}

pub(super) const HAS_TABLE: &str = "SELECT COUNT(*) FROM pg_class WHERE oid = to_regclass($1)";

const FACTS: &str = "
SELECT current_setting('server_version_num')::BIGINT AS version_num,
  current_setting('server_version') AS version,
  pg_encoding_to_char(d.encoding)::TEXT AS encoding,
  d.datctype::TEXT AS ctype,
  current_schema()::TEXT AS schema,
  COALESCE(has_schema_privilege(current_schema(), 'CREATE'), FALSE) AS may_create_tables,
  has_database_privilege(d.oid, 'CREATE') AS may_create_extensions,
  pg_is_in_recovery() AS is_replica,
  current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off' AS is_durable
FROM pg_database d
WHERE d.datname = current_database()";

/// Every limit that holds for the user: the server's, the database's and his own. Who only looks is soon gone and does not count.
const CONNECTIONS: &str = "
SELECT (SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'deskside-doctor') + LEAST(
    server.n_max - (SELECT SUM(numbackends) FROM pg_stat_database)::BIGINT,
    d.datconnlimit - (SELECT COUNT(*) FROM pg_stat_activity WHERE datid = d.oid),
    r.rolconnlimit - (SELECT COUNT(*) FROM pg_stat_activity WHERE usesysid = r.oid)
  )::BIGINT AS n_left,
  LEAST(server.n_max, d.datconnlimit, r.rolconnlimit)::BIGINT AS n_max
FROM (
  SELECT current_setting('max_connections')::BIGINT - current_setting('superuser_reserved_connections')::BIGINT
    - COALESCE(current_setting('reserved_connections', TRUE)::BIGINT, 0) AS n_max
) server,
(SELECT oid, NULLIF(datconnlimit, -1) AS datconnlimit FROM pg_database WHERE datname = current_database()) d,
(SELECT oid, NULLIF(rolconnlimit, -1) AS rolconnlimit FROM pg_roles WHERE rolname = current_user) r";

const KNOWS_LETTERS: &str = "SELECT 'ж' ~ '^[[:alpha:]]$'";
const TRIGRAMS_AVAILABLE: &str = "SELECT COUNT(*) FROM pg_available_extensions WHERE name = 'pg_trgm'";
const TRIGRAMS_IN: &str = "
SELECT quote_ident(n.nspname)
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname = 'pg_trgm'";

const NOW: &str = "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT";

/// Relays name themselves; connections by a socket of the machine have no address and count as one machine.
const RELAYS: &str = "
SELECT COUNT(*) AS n_connections, COUNT(DISTINCT COALESCE(client_addr::TEXT, '')) AS n_machines
FROM pg_stat_activity
WHERE application_name = 'deskside' AND datname = current_database()";

impl Inspector {
    /// What a PostgreSQL server says of itself and of the database; nothing on SQLite.
    ///
    /// # Errors
    /// [`InspectError::Failed`].
    pub async fn postgres(&mut self) -> Result<Option<PostgresFacts>, InspectError> {
        if !self.is_postgres() {
            return Ok(None);
        }
        let row = query(FACTS).fetch_one(&mut self.conn).await?;
        let connections = query(CONNECTIONS).fetch_one(&mut self.conn).await?;
        let encoding: String = row.try_get("encoding")?;
        // In another encoding the server cannot even be asked.
        let is_utf8 = encoding == "UTF8";
        Ok(Some(PostgresFacts {
            version_num: row.try_get("version_num")?,
            version: row.try_get("version")?,
            encoding,
            ctype: row.try_get("ctype")?,
            knows_letters: is_utf8 && query_scalar(KNOWS_LETTERS).fetch_one(&mut self.conn).await?,
            trigrams: self.trigrams(is_utf8).await?,
            schema: row.try_get("schema")?,
            may_create_tables: row.try_get("may_create_tables")?,
            may_create_extensions: row.try_get("may_create_extensions")?,
            is_replica: row.try_get("is_replica")?,
            is_durable: row.try_get("is_durable")?,
            n_left: connections.try_get("n_left")?,
            n_max: connections.try_get("n_max")?,
        }))
    }

    async fn trigrams(&mut self, is_utf8: bool) -> Result<Trigrams, InspectError> {
        let schema: Option<String> = query_scalar(TRIGRAMS_IN).fetch_optional(&mut self.conn).await?;
        let Some(schema) = schema else {
            let n: i64 = query_scalar(TRIGRAMS_AVAILABLE).fetch_one(&mut self.conn).await?;
            return Ok(if n > 0 { Trigrams::Available } else { Trigrams::Missing });
        };
        if !is_utf8 {
            return Ok(Trigrams::Installed { knows_letters: false });
        }
        let asked = query_made(format!("SELECT cardinality({schema}.show_trgm('ж')) > 0 AS knows_letters"));
        Ok(Trigrams::Installed { knows_letters: asked.fetch_one(&mut self.conn).await?.try_get("knows_letters")? })
    }

    /// PostgreSQL's clock; SQLite has none of its own.
    ///
    /// # Errors
    /// [`InspectError::Failed`].
    pub async fn clock(&mut self) -> Result<Option<Timestamp>, InspectError> {
        if !self.is_postgres() {
            return Ok(None);
        }
        let now: i64 = query_scalar(NOW).fetch_one(&mut self.conn).await?;
        Ok(Some(Timestamp::from_ms(now)))
    }

    /// The relays that are connected to PostgreSQL; SQLite does not know.
    ///
    /// # Errors
    /// [`InspectError::Failed`].
    pub async fn relays(&mut self) -> Result<Option<Relays>, InspectError> {
        if !self.is_postgres() {
            return Ok(None);
        }
        let row = query(RELAYS).fetch_one(&mut self.conn).await?;
        Ok(Some(Relays { n_connections: row.try_get("n_connections")?, n_machines: row.try_get("n_machines")? }))
    }
}
