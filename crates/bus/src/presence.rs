//! Which agents have a Gmail page open, on any relay: a lease per connection (P4, design rule 8).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use domain::id::AgentId;
use domain::time::Timestamp;
use store::clock::Clock;
use tokio::time::Instant;

/// So long a lease holds after its last sign of life; a relay drops a silent connection earlier.
pub(crate) const LEASE: Duration = Duration::from_secs(60);
/// A connection that was heard so lately is alive now: it is asked for a sign of life every 20 s.
const ALIVE: Duration = Duration::from_secs(20);

/// One connection of an agent, over all relays.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConnectionId(pub String);

/// Leases of agents' connections. One relay's disconnect cannot erase another's.
#[async_trait]
pub trait Presence: Send + Sync + 'static {
    /// A connection of the agent, with a Gmail page of his behind it, showed life now.
    async fn touch(&self, agent: &AgentId, connection: &ConnectionId);
    /// The connection is gone, or no Gmail page is behind it any more. Says when it was last heard, if it was here.
    async fn leave(&self, agent: &AgentId, connection: &ConnectionId) -> Option<Timestamp>;
    /// Whether any connection of the agent is here.
    async fn is_here(&self, agent: &AgentId) -> bool;
    /// The last sign of life of each agent who is connected to this relay.
    async fn seen(&self) -> Vec<(AgentId, Timestamp)>;
}

/// The leases of a single process.
pub struct LocalPresence {
    clock: Arc<dyn Clock>,
    lease: Duration,
    agents: Mutex<HashMap<AgentId, HashMap<ConnectionId, Lease>>>,
}

/// The last sign of life, by the relay's clock and by one that never jumps.
#[derive(Clone, Copy, Debug)]
struct Lease {
    heard_at: Timestamp,
    heard: Instant,
}

impl LocalPresence {
    /// Leases that go by this clock.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self::with_lease(clock, LEASE)
    }

    pub(crate) fn with_lease(clock: Arc<dyn Clock>, lease: Duration) -> Self {
        Self { clock, lease, agents: Mutex::default() }
    }

    /// The connections whose leases hold.
    pub(crate) fn alive(&self) -> Vec<(AgentId, ConnectionId)> {
        let now = now();
        self.with(|agents| {
            let leases = agents.iter().flat_map(|(agent, all)| all.iter().map(move |(id, lease)| (agent, id, lease)));
            let alive = leases.filter(|(.., lease)| now.duration_since(lease.heard) < self.lease);
            alive.map(|(agent, id, _)| (agent.clone(), id.clone())).collect()
        })
    }

    fn with<R>(&self, act: impl FnOnce(&mut HashMap<AgentId, HashMap<ConnectionId, Lease>>) -> R) -> R {
        act(&mut self.agents.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Presence for LocalPresence {
    async fn touch(&self, agent: &AgentId, connection: &ConnectionId) {
        let lease = Lease { heard_at: self.clock.now(), heard: now() };
        self.with(|agents| agents.entry(agent.clone()).or_default().insert(connection.clone(), lease));
    }

    async fn leave(&self, agent: &AgentId, connection: &ConnectionId) -> Option<Timestamp> {
        self.with(|agents| {
            let connections = agents.get_mut(agent)?;
            let left = connections.remove(connection)?;
            if connections.is_empty() {
                agents.remove(agent);
            }
            Some(left.heard_at)
        })
    }

    async fn is_here(&self, agent: &AgentId) -> bool {
        let now = now();
        self.with(|agents| {
            let holds = |lease: &Lease| now.duration_since(lease.heard) < self.lease;
            agents.get(agent).is_some_and(|connections| connections.values().any(holds))
        })
    }

    async fn seen(&self) -> Vec<(AgentId, Timestamp)> {
        let (now_at, now) = (self.clock.now(), now());
        let alive_at = |lease: &Lease| if now.duration_since(lease.heard) <= ALIVE { now_at } else { lease.heard_at };
        self.with(|agents| {
            let last = |connections: &HashMap<ConnectionId, Lease>| connections.values().map(alive_at).max();
            agents.iter().filter_map(|(agent, connections)| Some((agent.clone(), last(connections)?))).collect()
        })
    }
}

fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use store::clock::TestClock;

    use super::*;

    fn agent(n: u8) -> AgentId {
        AgentId::new(Timestamp::from_ms(1), [n; 10])
    }

    fn connection(name: &str) -> ConnectionId {
        ConnectionId(name.to_owned())
    }

    #[tokio::test(start_paused = true)]
    async fn an_agent_is_here_while_one_of_his_connections_is() {
        // P4 P5
        let clock = Arc::new(TestClock::at(Timestamp::from_ms(1_000)));
        let presence = LocalPresence::new(clock.clone());
        presence.touch(&agent(1), &connection("home")).await;
        presence.touch(&agent(1), &connection("office")).await;
        clock.advance_ms(5);
        assert_eq!(presence.leave(&agent(1), &connection("home")).await, Some(Timestamp::from_ms(1_000)));
        assert_eq!(presence.leave(&agent(1), &connection("home")).await, None);
        assert!(presence.is_here(&agent(1)).await);
        assert_eq!(presence.seen().await, [(agent(1), Timestamp::from_ms(1_005))], "alive, so seen now");
        presence.leave(&agent(1), &connection("office")).await;
        assert!(!presence.is_here(&agent(1)).await);
        assert_eq!(presence.seen().await, []);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_silent_was_seen_when_it_was_heard_and_its_lease_ends() {
        // P5 P9
        let clock = Arc::new(TestClock::at(Timestamp::from_ms(1_000)));
        let presence = LocalPresence::new(clock.clone());
        presence.touch(&agent(1), &connection("a")).await;
        tokio::time::advance(Duration::from_secs(21)).await;
        clock.advance_ms(21_000);
        assert_eq!(presence.seen().await, [(agent(1), Timestamp::from_ms(1_000))]);
        assert!(presence.is_here(&agent(1)).await);
        tokio::time::advance(Duration::from_secs(40)).await;
        assert!(!presence.is_here(&agent(1)).await);
        // A clock that jumps takes nobody away.
        presence.touch(&agent(1), &connection("a")).await;
        clock.advance_ms(3_600_000);
        assert!(presence.is_here(&agent(1)).await);
    }
}
