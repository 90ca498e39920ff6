//! Two relays under load while what they share is killed, flushed, paused and restarted.

use std::time::Duration;

use e2e::people::Person;
use e2e::reader::Reader;
use store::secret::random;
use testkit::eventually::eventually;
use testkit::postgres::Postgres;
use testkit::redis::Redis;
use testkit::soak;

use crate::pair::Pair;
use crate::writing::Load;

/// Presence in Redis is right again within this time after it lost everything (P9).
const REBUILT_WITHIN: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(20);

/// What `/readyz` says.
async fn ready(url: &str) -> String {
    reqwest::get(format!("{url}/readyz")).await.unwrap().text().await.unwrap()
}

async fn until_degraded(pair: &Pair, degraded: bool) {
    eventually("both relays to notice", PATIENCE, || async {
        let [a, b] = pair.urls();
        let all = [ready(&a).await, ready(&b).await];
        Ok(all.iter().all(|text| text.contains("Redis is away") == degraded).then_some(()))
    })
    .await
    .unwrap();
}

async fn until_leased(redis: &Redis, agent: &Person) {
    eventually("the lease in Redis", REBUILT_WITHIN, || async {
        let n = redis.run(&["ZCARD", &format!("ds:pres:{{{}}}", agent.id)]).await?;
        Ok((n.trim() == "1").then_some(()))
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_killed_flushed_and_paused_under_load_loses_and_doubles_nothing() {
    // P9 W6, design: faults
    let mut redis = Redis::start().await.unwrap();
    let url = redis.url().to_owned();
    let pair = Pair::on(Postgres::shared().await.unwrap().fresh().await.unwrap(), &url, "ds:", None).await;
    let [a, b] = pair.urls();
    let present = pair.planted.agents(1, &pair.urls()).await.remove(0);
    let mut page = Reader::connect_here(&b, &present.token);
    page.live().await;
    until_leased(&redis, &present).await;
    let load = Load::over([&a, &b], &pair.planted.owner_code, &pair.planted.channel_key).await;
    let progress = load.until.progress.clone();
    let rounds = soak::times(1);
    for _ in 0..rounds {
        progress.more(40).await;
        redis.crash().await.unwrap();
        until_degraded(&pair, true).await;
        progress.more(40).await;
        redis.start_again().await.unwrap();
        redis.flush().await.unwrap();
        until_degraded(&pair, false).await;
        until_leased(&redis, &present).await;

        // Flushed while the relays are connected, and do not notice: the next sign of life puts the lease back.
        redis.flush().await.unwrap();
        progress.more(40).await;
        until_leased(&redis, &present).await;

        redis.pause().await.unwrap();
        until_degraded(&pair, true).await;
        progress.more(40).await;
        redis.resume().await.unwrap();
        until_degraded(&pair, false).await;
        progress.more(40).await;
    }
    let me = present.get("/v1/me").await.ok();
    assert_eq!(me["availability"], "online", "his page was open all the time");
    load.end().await.tell(&format!("two relays; Redis killed, flushed twice and paused, {rounds} time(s)"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_restarted_and_crashed_under_two_relays_loses_and_doubles_nothing() {
    // W6, design: faults
    let mut postgres = Postgres::start().await.unwrap();
    let redis = Redis::shared().await.unwrap();
    let prefix = redis.fresh_prefix().unwrap();
    let pair = Pair::on(postgres.fresh().await.unwrap(), redis.url(), &prefix, None).await;
    let [a, b] = pair.urls();
    let load = Load::over([&a, &b], &pair.planted.owner_code, &pair.planted.channel_key).await;
    let progress = load.until.progress.clone();
    let rounds = soak::times(1);
    for _ in 0..rounds {
        progress.more(40).await;
        postgres.stop().await.unwrap();
        for url in [&a, &b] {
            let refused = Person::nobody(url).get("/v1/me").await;
            assert!(matches!(refused.status.as_u16(), 401 | 503), "{refused:?}");
            let answer = reqwest::get(format!("{url}/readyz")).await.unwrap();
            assert_eq!(answer.status(), 503);
            assert!(answer.headers().contains_key("retry-after"), "{answer:?}");
        }
        postgres.start_again().await.unwrap();
        progress.more(40).await;
        postgres.crash().await.unwrap();
        postgres.start_again().await.unwrap();
        progress.more(40).await;
    }
    load.end().await.tell(&format!("two relays; PostgreSQL stopped and crashed, {rounds} time(s)"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn either_of_two_relays_killed_under_load_loses_and_doubles_nothing() {
    // W6 A13, design: faults, first row
    let mut pair = Pair::shared().await;
    let [a, b] = pair.urls();
    let load = Load::over([&a, &b], &pair.planted.owner_code, &pair.planted.channel_key).await;
    let progress = load.until.progress.clone();
    let kills = soak::times(3);
    for _ in 0..kills {
        for first in [true, false] {
            progress.more(10 + usize::from(random::<1>()[0] % 32)).await;
            let relay = if first { &mut pair.a } else { &mut pair.b };
            relay.kill().await.unwrap();
            relay.start().await.unwrap();
        }
    }
    progress.more(40).await;
    load.end().await.tell(&format!("kill -9 of two relays in turn, {} times", 2 * kills));
}
