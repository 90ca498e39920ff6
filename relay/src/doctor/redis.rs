//! The Redis that several relays share.
//!
//! Nothing in it is the record: without it events come within a second, deadlines by the sweep, presence from what relays write into the
//! database. So a Redis that keeps nothing over a restart is a note: what it forgets is there again within 30 s. A Redis that may throw
//! keys away while it runs is bad: presence and rate limits would be wrong for as long as it is short of memory, and nobody would see it.

use std::time::Duration;

use async_trait::async_trait;
use bus::inspect::{Inspection, Said, SentinelFacts, ServerFacts};
use bus::{RedisAddress, RedisSettings};

use super::looked::Looked;
use super::running::Running;
use super::{Check, Setup};

/// The oldest versions that are tested.
const REDIS_MIN: [u32; 2] = [7, 0];
const VALKEY_MIN: [u32; 2] = [7, 2];
/// From so many hundredths of its memory on, a Redis counts as full.
const FULL_PERCENT: u64 = 90;
/// A round trip that takes longer is felt by people.
const SLOW: Duration = Duration::from_millis(100);

const REACH_MEND: &str = "see whether it runs and listens there (`bind`, `protected-mode`), whether user and password in \
    DESKSIDE_REDIS_URL are right, and whether a firewall is in the way";

/// Looks at Redis.
pub(super) struct Redis;

#[async_trait]
impl Check for Redis {
    fn name(&self) -> &'static str {
        "redis"
    }

    async fn look(&self, setup: &Setup, _: Running, looked: &mut Looked) {
        let Some(url) = &setup.redis_url else {
            return looked.not_checked("no DESKSIDE_REDIS_URL is set: one relay by itself needs none");
        };
        let address = match RedisAddress::parse(url) {
            Ok(address) => address,
            Err(error) => return looked.bad(error.to_string(), "correct DESKSIDE_REDIS_URL"),
        };
        let ca = match setup.redis_ca.as_ref().map(std::fs::read).transpose() {
            Ok(ca) => ca,
            Err(error) => {
                return looked
                    .bad(format!("the file that DESKSIDE_REDIS_CA names cannot be read: {error}"), "correct its path");
            }
        };
        let settings = RedisSettings::new(address.trusting(ca), &setup.redis_prefix);
        told(&bus::inspect::inspect(&settings).await, looked);
    }
}

fn told(found: &Inspection, looked: &mut Looked) {
    for sentinel in &found.sentinels {
        sentinel_told(sentinel, looked);
    }
    for server in &found.servers {
        match &server.said {
            Ok(facts) => server_told(&server.server, facts, looked),
            Err(why) => looked.bad(format!("Redis at {} does not answer: {why}", server.server), REACH_MEND),
        }
    }
    let facts: Vec<&ServerFacts> = found.servers.iter().filter_map(|server| server.said.as_ref().ok()).collect();
    if facts.iter().any(|facts| facts.cluster_is_ok == Some(false)) {
        looked.bad(
            "the cluster does not serve all keys",
            "see `redis-cli --cluster check`, and start the nodes again that are down, or `--cluster fix` the slots",
        );
    }
    if facts.iter().any(|facts| facts.is_master && facts.keeps == Some(false)) {
        looked.note(
            "Redis keeps nothing over a restart of its own: presence is then right after up to 30 s, and nothing is lost",
            "set `appendonly yes` if that matters",
        );
    }
    match &found.round_trip {
        Ok(took) if *took > SLOW => looked.note(
            format!("a round trip takes {} ms", took.as_millis()),
            "put Redis near the relays, and see what keeps it busy (`redis-cli --latency`, `SLOWLOG GET`)",
        ),
        Ok(took) => looked.fact(format!("a round trip in {}.{} ms", took.as_millis(), took.as_micros() / 100 % 10)),
        // What does not answer was told already.
        Err(_) if facts.is_empty() => {}
        Err(why) => looked.bad(
            format!("what is written or published does not come back: {why}"),
            "let the user in DESKSIDE_REDIS_URL read, write and publish under the prefix, and run scripts (`ACL SETUSER`)",
        ),
    }
}

fn server_told(server: &str, facts: &ServerFacts, looked: &mut Looked) {
    let ServerFacts { product, version, .. } = facts;
    let least = if *product == "Valkey" { VALKEY_MIN } else { REDIS_MIN };
    if is_older(version, least) {
        looked.bad(
            format!("{product} {version} at {server} is too old"),
            format!("bring it up to {product} {}.{} or newer", least[0], least[1]),
        );
    }
    if !facts.is_master {
        return looked.fact(format!("{product} {version} at {server} follows another"));
    }
    if facts.eviction != "noeviction" {
        looked.bad(
            format!("{product} at {server} throws keys away when its memory is full: maxmemory-policy is {}", facts.eviction),
            "set `maxmemory-policy noeviction` (`redis-cli CONFIG SET maxmemory-policy noeviction`, and in redis.conf); if others keep a \
             cache there, give Deskside a Redis of its own",
        );
    }
    let mib = |bytes: u64| bytes / (1024 * 1024);
    let memory = match facts.max_bytes {
        Some(max) if facts.used_bytes.saturating_mul(100) / max >= FULL_PERCENT => {
            return looked.bad(
                format!("{product} at {server} uses {} of {} MiB that it may", mib(facts.used_bytes), mib(max)),
                "raise `maxmemory`, or see what else fills it (`redis-cli --bigkeys`)",
            );
        }
        Some(max) => format!("{} of {} MiB used", mib(facts.used_bytes), mib(max)),
        None => format!("{} MiB used", mib(facts.used_bytes)),
    };
    looked.fact(format!("{product} {version} at {server}, {memory}"));
}

fn sentinel_told(sentinel: &Said<SentinelFacts>, looked: &mut Looked) {
    let server = &sentinel.server;
    match &sentinel.said {
        Err(why) => looked.bad(format!("the sentinel at {server} does not answer: {why}"), REACH_MEND),
        Ok(facts) if !facts.knows_master => looked.bad(
            format!("the sentinel at {server} knows no master by the name in DESKSIDE_REDIS_URL"),
            "correct the name after the last `/`, as in `sentinel monitor NAME …`",
        ),
        Ok(facts) => match &facts.no_quorum {
            Some(why) => looked.bad(
                format!("the sentinels could not choose another master if this one failed: {why}"),
                "start the sentinels that are down, or lower the quorum: three are the least that survive the loss of one",
            ),
            None => looked.fact(format!("the sentinel at {server} watches")),
        },
    }
}

/// Whether a version such as `7.2.4` is below another.
fn is_older(version: &str, least: [u32; 2]) -> bool {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    [parts.next().unwrap_or(0), parts.next().unwrap_or(0)] < least
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(is_older("6.2.14", REDIS_MIN) && is_older("7.1.9", VALKEY_MIN) && is_older("", REDIS_MIN));
        assert!(!is_older("7.0.15", REDIS_MIN) && !is_older("7.2.4", VALKEY_MIN) && !is_older("10.0", VALKEY_MIN));
    }
}
