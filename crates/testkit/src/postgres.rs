//! A real PostgreSQL for tests, in which every test makes a world of its own.
//!
//! Tests that only need a database take [`Postgres::shared`] and a [`Postgres::fresh`] address in it. Tests that stop the server
//! start their own with [`Postgres::start`]: what is shared cannot be stopped, since that takes `&mut`.
//!
//! A world is a schema: making one takes some 25 ms, a database 130 ms. Worlds of a server share what belongs to a database:
//! advisory locks, notifications, extensions. Data lies in a temporary folder and is gone with the server; commits reach the
//! disk as in production.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use tokio::process::Command;
use tokio::sync::OnceCell;

mod cluster;
mod programs;

use cluster::Cluster;

/// The environment variable with the address of a server that is to be used instead of a new one, such as
/// `postgres://deskside@127.0.0.1:25432/postgres`. Its user must be allowed to create schemas.
pub const ADDRESS: &str = "DESKSIDE_TEST_DATABASE_URL";

/// A running PostgreSQL. It ends when dropped, and also when the process that started it is killed.
#[derive(Debug)]
pub struct Postgres {
    url: String,
    psql: PathBuf,
    /// Nothing if somebody else runs it.
    cluster: Option<Cluster>,
}

impl Postgres {
    /// The server that [`ADDRESS`] names, or else one for all tests of this process.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not start.
    pub async fn shared() -> Result<&'static Self> {
        // Never dropped: its keeper ends it when this process ends.
        static SHARED: OnceCell<Postgres> = OnceCell::const_new();
        let find = || async {
            match std::env::var(ADDRESS) {
                Ok(url) => Ok(Self { url, psql: programs::psql()?, cluster: None }),
                Err(_) => Self::start().await,
            }
        };
        SHARED.get_or_try_init(find).await
    }

    /// A new server, which nobody else uses.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not start.
    pub async fn start() -> Result<Self> {
        let cluster = Cluster::start().await.context("starting PostgreSQL")?;
        Ok(Self { url: cluster.url(), psql: programs::psql()?, cluster: Some(cluster) })
    }

    /// The address of its first database.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address of a new and empty world.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn fresh(&self) -> Result<String> {
        let name = format!("world_{:016x}", getrandom::u64()?);
        ask(&self.psql, &self.url, &format!("CREATE SCHEMA {name}")).await.context("making a world in PostgreSQL")?;
        let separator = if self.url.contains('?') { '&' } else { '?' };
        Ok(format!("{}{separator}options=-csearch_path%3D{name}", self.url))
    }

    /// Stops the server as an administrator does: connections are closed, nothing is left to recover.
    ///
    /// # Errors
    /// When it does not run or does not end.
    pub async fn stop(&mut self) -> Result<()> {
        self.cluster()?.stop().await
    }

    /// Ends the server at once, with nothing put in order: the next start recovers from the log what was committed.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn crash(&mut self) -> Result<()> {
        self.cluster()?.crash().await
    }

    /// Starts the server again, at the same address and with the same data.
    ///
    /// # Errors
    /// When it runs already or does not start.
    pub async fn start_again(&mut self) -> Result<()> {
        self.cluster()?.start_again().await
    }

    /// Stops the server and starts it again.
    ///
    /// # Errors
    /// When either fails.
    pub async fn restart(&mut self) -> Result<()> {
        self.stop().await?;
        self.start_again().await
    }

    fn cluster(&mut self) -> Result<&mut Cluster> {
        self.cluster.as_mut().context("only a server that was started here can be stopped")
    }
}

/// Has `psql` run a statement, and gives the rows it printed.
async fn ask(psql: &Path, url: &str, sql: &str) -> Result<String> {
    let mut command = Command::new(psql);
    command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--command", sql]);
    command.arg(url).env("PGCONNECT_TIMEOUT", "10").stdin(Stdio::null()).kill_on_drop(true);
    let output = command.output().await.context("starting psql")?;
    ensure!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

#[cfg(test)]
mod tests;
