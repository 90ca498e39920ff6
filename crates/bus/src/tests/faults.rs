//! Redis is killed, paused, flushed, and fails over: what is lost is told, and everything comes back by itself.

use std::time::Duration;

use testkit::eventually::eventually;
use testkit::redis::{Redis, RedisSentinel};
use tokio::time::{Instant, timeout};

use super::{PATIENCE, Two, agent, connection, ring, sentinel_url};
use crate::{Heard, Rate};

async fn until_up(two: &Two, up: bool) {
    eventually("Redis to come or go", PATIENCE, || async {
        Ok((two.a.health.is_up() == up && two.b.health.is_up() == up).then_some(()))
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_redis_is_missed_and_everything_is_there_again_after_its_return() {
    // P9, design: faults
    let mut server = Redis::start().await.unwrap();
    let two = Two::on(server.url(), None).await;
    two.a.presence.touch(&agent(1), &connection("page")).await;
    let mut at_b = two.b.doorbell.listen();
    server.crash().await.unwrap();
    until_up(&two, false).await;

    // Each relay goes on by itself: its own events, leases, limits and alarms.
    let mut at_a = two.a.doorbell.listen();
    two.a.doorbell.ring(vec![ring(1)]);
    assert!(matches!(timeout(PATIENCE, at_a.next()).await.unwrap(), Heard::Ring(it) if it.seq == 1));
    assert!(two.a.presence.is_here(&agent(1)).await);
    assert!(!two.b.presence.is_here(&agent(1)).await, "the record speaks for him now");
    let rate = Rate { burst: 1, refill_ms: 60_000 };
    assert_eq!(two.a.rates.allow("k", rate).await, Ok(()));
    assert!(two.a.rates.allow("k", rate).await.is_err());
    two.a.alarms.arm(domain::time::Timestamp::from_ms(1));
    timeout(PATIENCE, two.a.alarms.rings()).await.unwrap();
    eventually("the event to be counted", PATIENCE, || async { Ok((two.a.health.n_lost() >= 1).then_some(())) })
        .await
        .unwrap();

    // It comes back without anything that it knew.
    server.start_again().await.unwrap();
    server.flush().await.unwrap();
    until_up(&two, true).await;
    two.until_joined().await;
    let mut missed = false;
    while let Ok(heard) = timeout(Duration::from_millis(100), at_b.next()).await {
        missed |= matches!(heard, Heard::Missed);
    }
    assert!(missed, "the other relay compares its heads");
    eventually("the lease to be rebuilt", PATIENCE, || async {
        two.a.presence.touch(&agent(1), &connection("page")).await;
        Ok(two.b.presence.is_here(&agent(1)).await.then_some(()))
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leases_are_put_back_with_the_connection_before_any_sign_of_life() {
    // P9: within 30 s after all data was lost
    let mut server = Redis::start().await.unwrap();
    let url = server.url().to_owned();
    let address = crate::RedisAddress::parse(&url).unwrap();
    let settings = crate::RedisSettings::new(address, "ds:");
    let mut jobs = tokio::task::JoinSet::new();
    let mut ends = Vec::new();
    for _ in 0..2 {
        let mut bus = crate::Bus::redis(settings.clone(), &super::clock());
        bus.jobs.drain(..).for_each(|job| drop(jobs.spawn(job)));
        ends.push(bus);
    }
    eventually("Redis", PATIENCE, || async { Ok(ends.iter().all(|bus| bus.health.is_up()).then_some(())) })
        .await
        .unwrap();
    ends[0].presence.touch(&agent(1), &connection("page")).await;
    assert!(ends[1].presence.is_here(&agent(1)).await);
    server.stop().await.unwrap();
    server.start_again().await.unwrap();
    server.flush().await.unwrap();
    eventually("the lease in Redis", PATIENCE, || async {
        Ok(ends[1].presence.is_here(&agent(1)).await.then_some(()))
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paused_redis_holds_nobody_up() {
    // design: faults
    let mut server = Redis::start().await.unwrap();
    let two = Two::on(server.url(), None).await;
    server.pause().await.unwrap();
    until_up(&two, false).await;
    let rate = Rate { burst: 1_000, refill_ms: 1 };
    let begun = Instant::now();
    for _ in 0..200 {
        assert_eq!(two.a.rates.allow("k", rate).await, Ok(()));
    }
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    server.resume().await.unwrap();
    until_up(&two, true).await;
    two.until_joined().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_takes_over_and_both_ends_find_it() {
    let mut servers = RedisSentinel::start().await.unwrap();
    let two = Two::on(&sentinel_url(&servers), None).await;
    let old = servers.kill_master().await.unwrap();
    servers.replaced(&old).await.unwrap();
    two.until_joined().await;
    two.a.presence.touch(&agent(1), &connection("page")).await;
    eventually("the lease", PATIENCE, || async { Ok(two.b.presence.is_here(&agent(1)).await.then_some(())) })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_relay_starts_without_redis_and_works_alone() {
    let address = crate::RedisAddress::parse("redis://127.0.0.1:1").unwrap();
    let mut bus = crate::Bus::redis(crate::RedisSettings::new(address, "ds:"), &super::clock());
    let mut jobs = tokio::task::JoinSet::new();
    bus.jobs.drain(..).for_each(|job| drop(jobs.spawn(job)));
    let mut heard = bus.doorbell.listen();
    bus.doorbell.ring(vec![ring(1)]);
    assert!(matches!(heard.next().await, Heard::Ring(it) if it.seq == 1));
    assert!(bus.health.is_shared() && !bus.health.is_up());
}
