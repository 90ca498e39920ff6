//! Leases of agents' connections on all relays (P4, design rule 8).

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use domain::id::AgentId;
use domain::time::Timestamp;
use redis::Script;
use store::clock::Clock;

use crate::keys::Keys;
use crate::presence::{ConnectionId, LocalPresence, Presence};
use crate::redis::link::{Away, Link};

static TOUCH: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("../lua/touch_presence.lua")));
static COUNT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("../lua/count_presence.lua")));

/// This relay's leases, which it also writes into a sorted set for each agent in Redis.
pub(crate) struct RedisPresence {
    local: LocalPresence,
    link: Arc<Link>,
    keys: Keys,
    lease: Duration,
}

impl RedisPresence {
    pub(crate) fn new(clock: Arc<dyn Clock>, link: Arc<Link>, keys: Keys, lease: Duration) -> Self {
        Self { local: LocalPresence::with_lease(clock, lease), link, keys, lease }
    }

    /// Puts this relay's leases into Redis again after each new connection: it may have lost everything (P9). If it loses them while
    /// connected, the next sign of life of each socket does the same within 20 s.
    pub(crate) async fn rebuild(self: Arc<Self>) {
        let mut connections = self.link.connections();
        while connections.changed().await.is_ok() {
            for (agent, connection) in self.local.alive() {
                if self.lease_in_redis(&agent, &connection).await == Err(Away) {
                    break;
                }
            }
        }
    }

    async fn lease_in_redis(&self, agent: &AgentId, connection: &ConnectionId) -> Result<i64, Away> {
        let args = [connection.0.clone(), self.lease.as_millis().to_string()];
        self.link.run_script(&TOUCH, &self.keys.presence(agent), &args).await
    }
}

#[async_trait]
impl Presence for RedisPresence {
    async fn touch(&self, agent: &AgentId, connection: &ConnectionId) {
        self.local.touch(agent, connection).await;
        if self.lease_in_redis(agent, connection).await == Err(Away) {
            tracing::debug!("a lease stands on this relay and the record alone");
        }
    }

    async fn leave(&self, agent: &AgentId, connection: &ConnectionId) -> Option<Timestamp> {
        let heard_at = self.local.leave(agent, connection).await;
        let mut command = redis::cmd("ZREM");
        command.arg(self.keys.presence(agent)).arg(&connection.0);
        if self.link.ask::<i64>(&command).await == Err(Away) {
            tracing::debug!("a lease in Redis ends by itself");
        }
        heard_at
    }

    /// While Redis is away, what other relays write into the record every 20 s speaks for their agents.
    async fn is_here(&self, agent: &AgentId) -> bool {
        self.local.is_here(agent).await
            || self.link.run_script::<i64>(&COUNT, &self.keys.presence(agent), &[]).await.is_ok_and(|n| n > 0)
    }

    async fn seen(&self) -> Vec<(AgentId, Timestamp)> {
        self.local.seen().await
    }
}
