//! A Redis Cluster.

use std::time::Duration;

use anyhow::{Context, Result};

use super::Redis;
use crate::eventually::eventually;
use crate::port::free_port;

const PATIENCE: Duration = Duration::from_secs(60);
/// How many share the keys: fewer cannot agree that one is gone.
const N_MASTERS: usize = 3;

/// A cluster of three masters without replicas. It ends when dropped.
#[derive(Debug)]
pub struct RedisCluster {
    nodes: Vec<Redis>,
}

impl RedisCluster {
    /// Starts the servers, makes them a cluster, and waits until every one serves.
    ///
    /// # Errors
    /// When Redis is not installed, or the cluster does not form.
    pub async fn start() -> Result<Self> {
        let mut nodes = Vec::new();
        for _ in 0..N_MASTERS {
            // Where they would speak to each other by themselves, outgoing connections get their ports.
            let port = free_port()?.to_string();
            let settings =
                ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-port", port.as_str()];
            nodes.push(Redis::start_with(&settings).await?);
        }
        let cluster = Self { nodes };
        let urls = cluster.urls();
        let addresses: Vec<&str> = urls.iter().filter_map(|url| url.strip_prefix("redis://")).collect();
        let first = cluster.nodes.first().context("a cluster has nodes")?;
        let mut words = vec!["--cluster", "create"];
        words.extend(addresses);
        words.extend(["--cluster-replicas", "0", "--cluster-yes"]);
        first.run(&words).await?;
        cluster.until_it_serves().await?;
        Ok(cluster)
    }

    /// The addresses of the masters.
    #[must_use]
    pub fn urls(&self) -> Vec<String> {
        self.nodes.iter().map(|node| node.url().to_owned()).collect()
    }

    /// The masters, to be stopped, killed or started again.
    pub fn nodes(&mut self) -> &mut [Redis] {
        &mut self.nodes
    }

    /// Sends a command to the master that has its key, and gives the answer as `redis-cli` prints it.
    ///
    /// # Errors
    /// When the cluster does not answer or refuses.
    pub async fn run(&self, words: &[&str]) -> Result<String> {
        let follows: Vec<&str> = [&["-c"], words].concat();
        self.nodes.first().context("a cluster has nodes")?.run(&follows).await
    }

    /// Waits until every master says that all keys have a master that is there.
    ///
    /// # Errors
    /// When they do not within a minute.
    pub async fn until_it_serves(&self) -> Result<()> {
        for node in &self.nodes {
            eventually("the cluster to serve", PATIENCE, || async {
                let info = node.run(&["CLUSTER", "INFO"]).await?;
                Ok(info.lines().any(|line| line.trim_end() == "cluster_state:ok").then_some(()))
            })
            .await?;
        }
        Ok(())
    }
}
