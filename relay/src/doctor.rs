//! `deskside doctor`: looks at a setup from outside and from inside, and says what is wrong and how to mend it.
//!
//! Each check is a file of its own with one type that is a `Check`. They run beside each other; none can hold up, or take down, the
//! others. Nothing lasting is changed, and it does not matter whether relays run.

mod address;
mod certificate;
mod clock;
mod database;
mod disk;
mod door;
mod files;
mod http;
mod key;
mod log;
mod looked;
mod redis;
mod report;
mod running;
mod settings;
mod stream;
mod thread;

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt as _;
use futures_util::future::join_all;
use store::Database;
use store::clock::Clock;

use crate::doctor::looked::Looked;
use crate::doctor::running::Running;

pub use looked::{Finding, Grade};
pub use report::Report;

/// How long one check may take.
const WITHIN: Duration = Duration::from_secs(20);

/// The settings that are looked at, as a relay would be started with them.
#[derive(Clone)]
pub struct Setup {
    /// The folder of the record and the key.
    pub data: PathBuf,
    /// The address of a PostgreSQL database, which replaces the SQLite file in the folder.
    pub database_url: Option<String>,
    /// The key for sealed secrets, if one is given.
    pub secret_key: Option<String>,
    /// The address of the Redis that several relays share.
    pub redis_url: Option<String>,
    /// What the keys in Redis begin with.
    pub redis_prefix: String,
    /// File with the authority that vouches for Redis.
    pub redis_ca: Option<PathBuf>,
    /// Where files are kept, if not in the data folder.
    pub files_url: Option<String>,
    /// Where a relay listens.
    pub listen: SocketAddr,
    /// Under which address browsers reach it.
    pub public_url: String,
    /// Whether networks of proxies are given.
    pub names_proxies: bool,
    /// The ids of the extensions that may talk to the relay.
    pub extension_ids: Vec<String>,
    /// File with a set of places in Gmail's page, if one is given.
    pub gmail_places: Option<PathBuf>,
    /// File with authorities (PEM) that may vouch for the public address, besides the public ones.
    pub ca: Option<PathBuf>,
    /// Names in the environment that look like settings and are none.
    pub unknown_settings: Vec<String>,
    /// The clock of this machine.
    pub clock: Arc<dyn Clock>,
}

impl Setup {
    /// The database that holds the record.
    fn database(&self) -> Database {
        crate::config::database(&self.data, self.database_url.as_deref())
    }
}

/// One thing that is looked at.
#[async_trait]
trait Check: Send + Sync {
    /// What it is called in the report.
    fn name(&self) -> &'static str;

    /// Looks, and writes down what it finds as it finds it.
    async fn look(&self, setup: &Setup, running: Running, looked: &mut Looked);
}

/// All of them, in the order of the report.
fn checks() -> [Box<dyn Check>; 10] {
    [
        Box::new(settings::Settings),
        Box::new(address::Address),
        Box::new(stream::Stream),
        Box::new(clock::Clocks),
        Box::new(database::Record),
        Box::new(log::Log),
        Box::new(key::Key),
        Box::new(redis::Redis),
        Box::new(files::Files),
        Box::new(disk::Disk),
    ]
}

/// Looks at everything.
pub async fn examine(setup: &Setup) -> Report {
    let running = running::find(setup).await;
    let checks = checks();
    let all = join_all(checks.iter().map(|check| look(&**check, setup, running))).await;
    Report { findings: all.into_iter().flatten().collect() }
}

/// Runs one check to its end, or to the end of its time.
async fn look(check: &dyn Check, setup: &Setup, running: Running) -> Vec<Finding> {
    let mut looked = Looked::default();
    let looking = AssertUnwindSafe(check.look(setup, running, &mut looked)).catch_unwind();
    match tokio::time::timeout(WITHIN, looking).await {
        Ok(Ok(())) => {}
        Ok(Err(_)) => looked.bad(
            "the check itself failed: this is a fault of Deskside",
            "report it with the words above; the other checks are not affected",
        ),
        Err(_) => looked.bad(
            format!("it did not come to an end within {} s", WITHIN.as_secs()),
            "something that it asks takes requests and does not answer, such as a disk over a network that is away",
        ),
    }
    looked.findings(check.name())
}

#[cfg(test)]
mod tests;
