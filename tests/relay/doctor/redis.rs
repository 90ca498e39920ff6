//! Faults of a Redis.

use std::time::Duration;

use relay::doctor::{Grade, Setup};
use testkit::eventually::eventually;
use testkit::redis::{Redis, RedisCluster, RedisSentinel};
use testkit::relay::Relay;

use super::patient::{Says, says, setup};

/// How long a failover may take to be known everywhere.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is said of a Redis at this address; what else is said of a setup without a database does not matter here.
async fn of(url: &str) -> Says {
    let relay = Relay::new().unwrap();
    says(&Setup { redis_url: Some(url.to_owned()), ..setup(&relay) }).await
}

#[tokio::test]
async fn a_redis_that_forgets_is_bad_while_it_runs_and_a_note_over_a_restart() {
    let redis = Redis::start().await.unwrap();
    redis.run(&["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"]).await.unwrap();
    redis.run(&["CONFIG", "SET", "appendonly", "no"]).await.unwrap();
    let report = of(redis.url()).await;
    report.bad("redis", &["maxmemory-policy is allkeys-lru", "CONFIG SET maxmemory-policy noeviction"]);
    report.has("redis", Grade::Note, &["keeps nothing over a restart", "appendonly yes"]);
    redis.run(&["CONFIG", "SET", "maxmemory-policy", "noeviction"]).await.unwrap();
    redis.run(&["CONFIG", "SET", "save", "60 1"]).await.unwrap();
    let report = of(redis.url()).await;
    report.has("redis", Grade::Ok, &["a round trip in", "MiB used"]);
    assert!(
        report.0.findings.iter().filter(|finding| finding.check == "redis").all(|finding| finding.grade == Grade::Ok)
    );
}

#[tokio::test]
async fn a_redis_that_is_full_frozen_or_gone_is_named() {
    let mut redis = Redis::start().await.unwrap();
    redis.run(&["SET", "filler", &"x".repeat(100_000)]).await.unwrap();
    redis.run(&["CONFIG", "SET", "maxmemory", "900000"]).await.unwrap();
    let report = of(redis.url()).await;
    report.bad("redis", &["that it may", "raise `maxmemory`"]);
    report.bad("redis", &["does not come back", "ACL SETUSER"]);
    redis.pause().await.unwrap();
    of(redis.url()).await.bad("redis", &["does not answer", "firewall"]);
    redis.resume().await.unwrap();
    redis.stop().await.unwrap();
    of(redis.url()).await.bad("redis", &["does not answer"]);
    let secret = redis.url().replace("redis://", "redis://mira:hunter2@");
    let report = of(&secret).await;
    report.bad("redis", &["does not answer"]);
    assert!(!report.0.to_string().contains("hunter2"), "{}", report.0);
    of("localhost").await.bad("redis", &["redis+sentinel://", "DESKSIDE_REDIS_URL"]);
}

#[tokio::test]
async fn every_node_of_a_cluster_is_asked() {
    let mut cluster = RedisCluster::start().await.unwrap();
    let first = cluster.urls()[0].replace("redis://", "redis+cluster://");
    let report = of(&first).await;
    for url in cluster.urls() {
        report.has("redis", Grade::Ok, &[url.trim_start_matches("redis://")]);
    }
    report.has("redis", Grade::Ok, &["a round trip in"]);
    let gone = cluster.urls()[2].clone();
    cluster.nodes()[2].stop().await.unwrap();
    of(&first).await.bad("redis", &[gone.trim_start_matches("redis://"), "does not answer"]);
}

#[tokio::test]
async fn every_sentinel_is_asked_and_whether_it_knows_the_master() {
    let mut sentinels = RedisSentinel::start().await.unwrap();
    let hosts = sentinels.url().replace("redis://", "redis+sentinel://");
    let url = format!("{hosts}/{}", sentinels.master_name());
    let master = sentinels.master_url().await.unwrap();
    let report = of(&url).await;
    report.has(
        "redis",
        Grade::Ok,
        &["the sentinel at", "watches", master.trim_start_matches("redis://"), "a round trip in"],
    );
    of(&format!("{hosts}/nobody")).await.bad("redis", &["knows no master by the name", "sentinel monitor"]);
    let before = sentinels.kill_master().await.unwrap();
    let after = sentinels.replaced(&before).await.unwrap();
    // The sentinel names the new master at once, and a little later as one that may be written to.
    let words = [after.trim_start_matches("redis://"), "a round trip in"];
    eventually("the new master to be found", PATIENCE, || async {
        let report = of(&url).await.0;
        let found =
            report.findings.iter().any(|it| it.grade == Grade::Ok && words.iter().all(|word| it.found.contains(word)));
        Ok(found.then_some(()))
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_redis_by_tls_needs_its_authority() {
    let redis = Redis::start_tls().await.unwrap();
    of(redis.url()).await.bad("redis", &["does not answer"]);
    let relay = Relay::new().unwrap();
    let redis_ca = redis.ca().map(ToOwned::to_owned);
    let setup = Setup { redis_url: Some(redis.url().to_owned()), redis_ca, ..setup(&relay) };
    says(&setup).await.has("redis", Grade::Ok, &["a round trip in"]);
}
