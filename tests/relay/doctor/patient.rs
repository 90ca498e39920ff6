//! A relay with its setup, and what the doctor says of it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use domain::time::Timestamp;
use protocol::EXTENSION_ID;
use relay::doctor::{Finding, Grade, Report, Setup, examine};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use store::clock::{Clock, SystemClock};
use testkit::postgres::Postgres;
use testkit::relay::Relay;

/// A clock that goes wrong by so many milliseconds.
pub(super) struct Wrong(pub(super) i64);

impl Clock for Wrong {
    fn now(&self) -> Timestamp {
        Timestamp::from_ms(SystemClock.now().as_ms() + self.0)
    }
}

/// The setup of a relay of its own.
pub(super) fn setup(relay: &Relay) -> Setup {
    let listen: SocketAddr = relay.url().trim_start_matches("http://").parse().unwrap();
    Setup {
        data: data(relay),
        database_url: None,
        secret_key: None,
        redis_url: None,
        redis_prefix: "ds:".to_owned(),
        redis_ca: None,
        files_url: None,
        listen,
        public_url: relay.public(),
        names_proxies: false,
        extension_ids: vec![EXTENSION_ID.to_owned()],
        gmail_places: None,
        ca: None,
        unknown_settings: Vec::new(),
        clock: Arc::new(SystemClock),
    }
}

/// A relay's data folder.
pub(super) fn data(relay: &Relay) -> PathBuf {
    relay.log().parent().unwrap().join("data")
}

/// A relay that runs on a SQLite file, and its setup.
pub(super) async fn healthy() -> (Relay, Setup) {
    let mut relay = Relay::new().unwrap();
    relay.start().await.unwrap();
    let setup = setup(&relay);
    (relay, setup)
}

/// Runs statements in a SQLite record.
pub(super) async fn sql(setup: &Setup, statements: &'static str) {
    let path = setup.data.join("deskside.db");
    let mut conn = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
    sqlx::raw_sql(statements).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

/// A database of its own in the tests' PostgreSQL, which goes with it.
pub(super) struct OwnDatabase {
    /// Its address.
    pub(super) url: String,
    name: String,
}

impl OwnDatabase {
    /// Makes one; `how` is what stands behind its name.
    pub(super) async fn new(how: &str) -> Self {
        let name = format!("doctor_{}", store::secret::hex(&store::secret::random::<8>()));
        let server = Postgres::shared().await.unwrap().url();
        admin(&format!("CREATE DATABASE {name} {how}")).await;
        let (before, after) = server.rsplit_once('/').unwrap();
        let query = after.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
        Self { url: format!("{before}/{name}{query}"), name }
    }

    /// As an operator should make it.
    pub(super) async fn good() -> Self {
        Self::new("ENCODING 'UTF8' LC_CTYPE 'C.UTF-8' LC_COLLATE 'C' TEMPLATE template0").await
    }

    /// Runs statements in it.
    pub(super) async fn sql(&self, statements: String) {
        run(&self.url, statements).await;
    }

    /// Its address for another user.
    pub(super) fn url_of(&self, user: &str) -> String {
        let (_, host) = self.url.rsplit_once('@').unwrap();
        format!("postgres://{user}@{host}")
    }

    /// Takes it away.
    pub(super) async fn remove(self) {
        admin(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}

/// Runs a statement as the tests' administrator.
pub(super) async fn admin(statement: &str) {
    run(Postgres::shared().await.unwrap().url(), statement.to_owned()).await;
}

async fn run(url: &str, statements: String) {
    let mut conn = sqlx::PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(statements)).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

/// What the doctor says.
pub(super) async fn says(setup: &Setup) -> Says {
    Says(examine(setup).await)
}

/// A report that is asked questions.
pub(super) struct Says(pub(super) Report);

impl Says {
    /// Nothing is bad.
    pub(super) fn is_well(&self) {
        assert_eq!(self.0.n_bad(), 0, "{}", self.0);
    }

    /// A check found something of this grade that has these words, and says how to mend it.
    #[track_caller]
    pub(super) fn has(&self, check: &str, grade: Grade, words: &[&str]) -> &Self {
        let says = |finding: &&Finding| {
            let text = format!("{} {}", finding.found, finding.mend.as_deref().unwrap_or_default());
            finding.check == check && finding.grade == grade && words.iter().all(|word| text.contains(word))
        };
        let found = self.0.findings.iter().find(says).unwrap_or_else(|| panic!("no {words:?} in\n{}", self.0));
        assert_eq!(found.mend.is_some(), matches!(grade, Grade::Bad | Grade::Note), "{}", self.0);
        self
    }

    /// A check names this fault and how to mend it.
    #[track_caller]
    pub(super) fn bad(&self, check: &str, words: &[&str]) -> &Self {
        self.has(check, Grade::Bad, words)
    }

    /// Only these checks found something bad.
    #[track_caller]
    pub(super) fn only(&self, checks: &[&str]) -> &Self {
        let bad: Vec<&str> =
            self.0.findings.iter().filter(|finding| finding.grade == Grade::Bad).map(|finding| finding.check).collect();
        assert_eq!(bad, checks, "{}", self.0);
        self
    }
}
