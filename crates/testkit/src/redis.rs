//! A real Redis for tests, in which every test makes a world of its own.
//!
//! Tests that only need a server take [`Redis::shared`] and a [`Redis::fresh_prefix`] for their keys and topics. Tests that
//! stop, freeze or flush it start their own: what is shared cannot be disturbed, since that takes `&mut`.
//!
//! Data lies in a temporary folder and is gone with the server. It is kept through a stop and a crash, and nothing is evicted,
//! as in production.

use std::path::Path;

use anyhow::{Context, Result};
use tokio::sync::OnceCell;

mod cli;
mod cluster;
mod instance;
mod sentinel;
mod tls;

use cli::Cli;
pub use cluster::RedisCluster;
use instance::{Instance, Role};
pub use sentinel::RedisSentinel;

/// The environment variable with the address of a server that is to be used instead of a new one, such as
/// `redis://127.0.0.1:6379`.
pub const ADDRESS: &str = "DESKSIDE_TEST_REDIS_URL";

/// A running Redis. It ends when dropped, and also when the process that started it is killed.
#[derive(Debug)]
pub struct Redis {
    cli: Cli,
    /// Nothing if somebody else runs it.
    instance: Option<Instance>,
}

impl Redis {
    /// The server that [`ADDRESS`] names, or else one for all tests of this process.
    ///
    /// # Errors
    /// When Redis is not installed or does not start.
    pub async fn shared() -> Result<&'static Self> {
        // Never dropped: its keeper ends it when this process ends.
        static SHARED: OnceCell<Redis> = OnceCell::const_new();
        let find = || async {
            match std::env::var(ADDRESS) {
                Ok(url) => Ok(Self { cli: Cli::of(url, None)?, instance: None }),
                Err(_) => Self::start().await,
            }
        };
        SHARED.get_or_try_init(find).await
    }

    /// A new server, which nobody else uses.
    ///
    /// # Errors
    /// When Redis is not installed or does not start.
    pub async fn start() -> Result<Self> {
        Self::start_with(&[]).await
    }

    /// The same with these settings too, such as `["--maxmemory", "2mb"]`.
    ///
    /// # Errors
    /// When Redis is not installed or does not start.
    pub async fn start_with(settings: &[&str]) -> Result<Self> {
        Self::of(Role::Plain, settings).await
    }

    /// A new server that speaks TLS alone, with a certificate for `127.0.0.1` and `localhost`; [`Redis::ca`] signed it.
    ///
    /// # Errors
    /// When Redis is not installed or does not start.
    pub async fn start_tls() -> Result<Self> {
        Self::of(Role::Tls, &[]).await
    }

    async fn of(role: Role, settings: &[&str]) -> Result<Self> {
        let mut instance = Instance::new(role, settings)?;
        let cli = instance.start().await.context("starting Redis")?;
        Ok(Self { cli, instance: Some(instance) })
    }

    /// Its address: `redis://127.0.0.1:<port>`, or `rediss://…` with TLS.
    #[must_use]
    pub fn url(&self) -> &str {
        self.cli.url()
    }

    /// The file, in PEM, of the authority that signed its certificate, if it speaks TLS.
    #[must_use]
    pub fn ca(&self) -> Option<&Path> {
        self.cli.ca()
    }

    /// What the names of a new and empty world begin with, such as `t1a2b3c4d:`.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn fresh_prefix(&self) -> Result<String> {
        Ok(format!("t{:08x}:", getrandom::u32()?))
    }

    /// Sends a command, and gives the answer as `redis-cli` prints it.
    ///
    /// # Errors
    /// When the server does not answer or refuses.
    pub async fn run(&self, words: &[&str]) -> Result<String> {
        self.cli.run(words).await
    }

    /// Stops the server as an administrator does; all data is kept.
    ///
    /// # Errors
    /// When it does not run or does not end.
    pub async fn stop(&mut self) -> Result<()> {
        self.instance()?.server.end("TERM").await.map(drop)
    }

    /// Ends the server at once, as `kill -9` does. What it acknowledged is there after the next start.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn crash(&mut self) -> Result<()> {
        self.instance()?.server.end("KILL").await.map(drop)
    }

    /// Starts the server again, at the same address and with the data that it kept.
    ///
    /// # Errors
    /// When it runs already or does not start.
    pub async fn start_again(&mut self) -> Result<()> {
        let cli = self.cli.clone();
        self.instance()?.start_again(&cli).await
    }

    /// Freezes the server: connections stay, new ones are made by the system, and nothing answers.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn pause(&mut self) -> Result<()> {
        self.instance()?.server.signal("STOP").await
    }

    /// Lets a frozen server go on. It reads all that was sent to it meanwhile.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn resume(&mut self) -> Result<()> {
        self.instance()?.server.signal("CONT").await
    }

    /// Has the server forget everything.
    ///
    /// # Errors
    /// When it does not answer, or somebody else uses it.
    pub async fn flush(&mut self) -> Result<()> {
        self.instance()?;
        self.run(&["FLUSHALL"]).await.map(drop)
    }

    fn instance(&mut self) -> Result<&mut Instance> {
        self.instance.as_mut().context("only a server that was started here can be disturbed")
    }
}

#[cfg(test)]
mod tests;
