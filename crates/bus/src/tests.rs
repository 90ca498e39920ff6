//! One suite for the bus of one process and of several, against real servers.

mod conformance;
mod faults;

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use domain::id::{AgentId, ChannelId};
use domain::time::Timestamp;
use store::Topic;
use store::clock::{Clock, SystemClock};
use testkit::redis::{Redis, RedisCluster, RedisSentinel};
use tokio::task::JoinSet;

use crate::{Bus, ConnectionId, LocalPresence, RedisAddress, RedisSettings, Ring};

/// How long anything that must come may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Short enough to see a lease end.
const LEASE: Duration = Duration::from_secs(3);

/// Two relays' ends of one bus, which are the same where there is one process.
struct Two {
    a: Rc<Bus>,
    b: Rc<Bus>,
    _jobs: JoinSet<()>,
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

impl Two {
    fn local() -> Self {
        let presence = Arc::new(LocalPresence::with_lease(clock(), LEASE));
        let bus = Rc::new(Bus { presence, ..Bus::local(&clock()) });
        Self { a: Rc::clone(&bus), b: bus, _jobs: JoinSet::new() }
    }

    /// On a Redis by its address, with keys that nobody else has. Waits until both ends hear each other.
    async fn on(url: &str, ca: Option<Vec<u8>>) -> Self {
        let address = RedisAddress::parse(url).unwrap().trusting(ca);
        let prefix = format!("t{}:", store::secret::hex(&store::secret::random::<6>()));
        let settings = RedisSettings { lease: LEASE, ..RedisSettings::new(address, &prefix) };
        let mut jobs = JoinSet::new();
        let mut end = || {
            let mut bus = Bus::redis(settings.clone(), &clock());
            bus.jobs.drain(..).for_each(|job| drop(jobs.spawn(job)));
            Rc::new(bus)
        };
        let two = Self { a: end(), b: end(), _jobs: jobs };
        two.until_joined().await;
        two
    }

    /// Waits until what is said at either end is heard at the other.
    async fn until_joined(&self) {
        for (from, to) in [(&self.a, &self.b), (&self.b, &self.a)] {
            let mut heard = to.doorbell.listen();
            let hears = async { while !matches!(heard.next().await, crate::Heard::Signal(_)) {} };
            let says = async {
                let mut every = tokio::time::interval(Duration::from_millis(50));
                loop {
                    every.tick().await;
                    from.doorbell.signal(signal());
                }
            };
            tokio::select! {
                () = hears => {}
                () = says => {}
                () = tokio::time::sleep(PATIENCE) => panic!("the ends do not hear each other"),
            }
        }
    }
}

fn topic() -> Arc<Topic> {
    Arc::new(Topic::Channel(ChannelId::new(Timestamp::from_ms(1), [1; 10])))
}

fn ring(seq: u64) -> Ring {
    Ring {
        topic: topic(),
        seq,
        frame: Bytes::from(format!("{{\"seq\":{seq}}}")),
        changes_access: seq.is_multiple_of(2),
    }
}

fn signal() -> crate::Signal {
    crate::Signal { topic: topic(), frame: Bytes::from_static(b"{}") }
}

fn agent(n: u8) -> AgentId {
    AgentId::new(Timestamp::from_ms(1), [n; 10])
}

fn connection(name: &str) -> ConnectionId {
    ConnectionId(name.to_owned())
}

/// Runs every case of the suite on what `$two` makes; `$keep` lives as long.
macro_rules! bus_conformance {
    ($name:ident, |$keep:ident| $two:expr, $start:expr) => {
        mod $name {
            use super::*;

            bus_conformance! { @cases |$keep| $two, $start,
                every_relay_hears_every_event_once_and_in_order,
                signals_pass_by,
                an_agent_is_here_while_a_connection_of_his_is_at_any_relay,
                a_lease_ends_by_itself,
                an_alarm_rings_at_a_relay_that_lives,
                an_alarm_that_is_armed_twice_rings_and_is_gone,
                all_relays_count_together,
                keys_do_not_share_and_a_bucket_fills_again,
            }
        }
    };
    (@cases |$keep:ident| $two:expr, $start:expr, $($case:ident,)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let $keep = $start;
                conformance::$case(&$two).await;
            }
        )*
    };
}

bus_conformance!(local, |_nothing| Two::local(), ());
bus_conformance!(redis, |server| Two::on(server.url(), None).await, Redis::shared().await.unwrap());
bus_conformance!(
    redis_by_tls,
    |server| Two::on(server.url(), Some(std::fs::read(server.ca().unwrap()).unwrap())).await,
    Redis::start_tls().await.unwrap()
);
bus_conformance!(cluster, |servers| Two::on(&cluster_url(&servers), None).await, RedisCluster::start().await.unwrap());
bus_conformance!(
    sentinel,
    |servers| Two::on(&sentinel_url(&servers), None).await,
    RedisSentinel::start().await.unwrap()
);

fn cluster_url(servers: &RedisCluster) -> String {
    let hosts: Vec<String> = servers.urls().iter().map(|url| url.replacen("redis://", "", 1)).collect();
    format!("redis+cluster://{}", hosts.join(","))
}

fn sentinel_url(servers: &RedisSentinel) -> String {
    format!("{}/{}", servers.url().replacen("redis://", "redis+sentinel://", 1), servers.master_name())
}
