//! A Redis that is watched and replaced by a sentinel.

use std::time::Duration;

use anyhow::{Context, Result};

use super::Redis;
use super::cli::Cli;
use super::instance::{Instance, Role};
use crate::eventually::eventually;

const PATIENCE: Duration = Duration::from_secs(60);
/// What the sentinel calls the master.
const MASTER: &str = "desk";

/// A master, its replica, and a sentinel that makes the replica the master once the master is silent for a second.
/// They end when dropped.
#[derive(Debug)]
pub struct RedisSentinel {
    /// First the one that was the master at first.
    servers: [Redis; 2],
    cli: Cli,
    _sentinel: Instance,
}

impl RedisSentinel {
    /// Starts the three, and waits until the replica has everything and the sentinel knows of both.
    ///
    /// # Errors
    /// When Redis is not installed, or they do not find each other.
    pub async fn start() -> Result<Self> {
        // A replica that joins needs not wait for others that might.
        let master = Redis::start_with(&["--repl-diskless-sync-delay", "0"]).await?;
        let port = port(master.url())?.to_owned();
        let replica = Redis::start_with(&["--replicaof", "127.0.0.1", &port]).await?;
        eventually("the replica to have everything", PATIENCE, || async {
            let info = replica.run(&["INFO", "replication"]).await?;
            Ok(info.lines().any(|line| line.trim_end() == "master_link_status:up").then_some(()))
        })
        .await?;
        let settings = format!(
            "sentinel monitor {MASTER} 127.0.0.1 {port} 1\n\
             sentinel down-after-milliseconds {MASTER} 1000\n\
             sentinel failover-timeout {MASTER} 5000\n"
        );
        // It writes into this file what it learns.
        let mut sentinel = Instance::new(Role::Sentinel, &["sentinel.conf"])?;
        std::fs::write(sentinel.server.folder().join("sentinel.conf"), settings)?;
        let cli = sentinel.start().await.context("starting a sentinel")?;
        let started = Self { servers: [master, replica], cli, _sentinel: sentinel };
        eventually("the sentinel to know the replica", PATIENCE, || async {
            let replicas = started.cli.run(&["SENTINEL", "REPLICAS", MASTER]).await?;
            Ok(replicas.lines().any(|line| line == "master-link-status").then_some(()))
        })
        .await?;
        Ok(started)
    }

    /// The sentinel's address, such as `redis://127.0.0.1:26379`.
    #[must_use]
    pub fn url(&self) -> &str {
        self.cli.url()
    }

    /// What the sentinel calls the master.
    #[must_use]
    pub fn master_name(&self) -> &'static str {
        MASTER
    }

    /// The address of the server that the sentinel takes for the master now.
    ///
    /// # Errors
    /// When the sentinel does not answer.
    pub async fn master_url(&self) -> Result<String> {
        let address = self.cli.run(&["SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER]).await?;
        let (host, port) = address.split_once('\n').with_context(|| format!("the sentinel answered {address:?}"))?;
        Ok(format!("redis://{host}:{port}"))
    }

    /// Waits until the replica has all that the master has. `WAIT` would not do: it looks at what its own connection wrote.
    ///
    /// # Errors
    /// When it has not in time, or either is away.
    pub async fn replicated(&self) -> Result<()> {
        let offset = |info: &str, name: &str| {
            info.lines().find_map(|line| line.trim_end().strip_prefix(name)?.strip_prefix(':').map(str::to_owned))
        };
        let [master, replica] = &self.servers;
        eventually("the replica to have what the master has", PATIENCE, || async {
            let written = offset(&master.run(&["INFO", "replication"]).await?, "master_repl_offset");
            let read = offset(&replica.run(&["INFO", "replication"]).await?, "slave_repl_offset");
            Ok((written.is_some() && written == read).then_some(()))
        })
        .await
    }

    /// Kills the server that is the master now, and gives its address. The sentinel needs a second or two to replace it.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn kill_master(&mut self) -> Result<String> {
        let url = self.master_url().await?;
        self.server(&url)?.crash().await?;
        Ok(url)
    }

    /// Waits until another server than the one at this address is the master, and takes writes. Gives its address.
    ///
    /// # Errors
    /// When there is none within a minute.
    pub async fn replaced(&mut self, url: &str) -> Result<String> {
        let now = eventually("another master", PATIENCE, || async {
            let now = self.master_url().await?;
            Ok((now != url).then_some(now))
        })
        .await?;
        let server = &*self.server(&now)?;
        eventually("the new master to take writes", PATIENCE, || async {
            let role = server.run(&["ROLE"]).await?;
            Ok(role.starts_with("master").then_some(()))
        })
        .await?;
        Ok(now)
    }

    /// The server of this address, to be started again or asked.
    ///
    /// # Errors
    /// When neither has it.
    pub fn server(&mut self, url: &str) -> Result<&mut Redis> {
        self.servers.iter_mut().find(|server| server.url() == url).with_context(|| format!("{url} is neither server"))
    }
}

fn port(url: &str) -> Result<&str> {
    url.rsplit_once(':').map(|(_, port)| port).with_context(|| format!("{url} has no port"))
}
