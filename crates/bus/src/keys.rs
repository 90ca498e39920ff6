//! The names of everything that stands in Redis; no other file makes one.
//!
//! The braces keep what one script touches on one node of a cluster. What could tell a person, an address or a token, goes in hashed.

use domain::id::AgentId;
use sha2::{Digest as _, Sha256};

/// Names behind one prefix, so that several systems can share a Redis.
#[derive(Clone, Debug)]
pub struct Keys {
    prefix: String,
}

impl Keys {
    /// Names that begin with this.
    #[must_use]
    pub fn new(prefix: &str) -> Self {
        Self { prefix: prefix.to_owned() }
    }

    /// The channel of the doorbell.
    #[must_use]
    pub fn doorbell(&self) -> String {
        format!("{}bell", self.prefix)
    }

    /// An agent's leases.
    #[must_use]
    pub fn presence(&self, agent: &AgentId) -> String {
        format!("{}pres:{{{agent}}}", self.prefix)
    }

    /// The alarms of all relays.
    #[must_use]
    pub fn alarms(&self) -> String {
        format!("{}{{alarms}}", self.prefix)
    }

    /// A bucket of the rate limits. `who` may hold a token or an address: only its hash stands in Redis.
    #[must_use]
    pub fn rate(&self, who: &str) -> String {
        let digest = Sha256::digest(who.as_bytes());
        let hash: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("{}rate:{{{hash}}}", self.prefix)
    }

    /// What a look at Redis from outside writes, publishes and takes away.
    #[must_use]
    pub fn probe(&self, mark: &str) -> String {
        format!("{}probe:{{{mark}}}", self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use domain::time::Timestamp;

    use super::*;

    #[test]
    fn names_have_the_prefix_and_tell_no_token() {
        let keys = Keys::new("ds:");
        let agent = AgentId::new(Timestamp::from_ms(1), [1; 10]);
        assert_eq!(keys.doorbell(), "ds:bell");
        assert_eq!(keys.alarms(), "ds:{alarms}");
        assert_eq!(keys.presence(&agent), format!("ds:pres:{{{agent}}}"));
        let rate = keys.rate("stream:dev_secret");
        assert!(rate.starts_with("ds:rate:{") && rate.len() == "ds:rate:{}".len() + 32, "{rate}");
        assert!(!rate.contains("secret"));
        assert_ne!(rate, keys.rate("stream:dev_other"));
    }
}
