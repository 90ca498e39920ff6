//! The ways from one of two relays to PostgreSQL and Redis are cut, slow, and silent, while people write over both.

use std::time::Duration;

use testkit::eventually::eventually;
use testkit::postgres::Postgres;
use testkit::proxy::{Fault, Proxy};
use testkit::redis::Redis;
use testkit::soak;

use crate::pair::Pair;
use crate::writing::Load;

const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ways_that_are_cut_slow_and_silent_lose_and_double_nothing() {
    // W6 P9, design: faults
    let (postgres, redis) = (Postgres::shared().await.unwrap(), Redis::shared().await.unwrap());
    let database = postgres.fresh().await.unwrap();
    let to_database = Proxy::before(&database).await.unwrap();
    let to_redis = Proxy::before(redis.url()).await.unwrap();
    let first = [&*to_database.url(), &*to_redis.url()];
    let pair = Pair::apart(database, redis.url(), &redis.fresh_prefix().unwrap(), first).await;
    let [a, b] = pair.urls();
    let load = Load::over([&a, &b], &pair.planted.owner_code, &pair.planted.channel_key).await;
    let progress = load.until.progress.clone();
    let rounds = soak::times(1);
    for _ in 0..rounds {
        for way in [&to_redis, &to_database] {
            way.delay(Duration::from_millis(30));
            progress.more(40).await;
            way.delay(Duration::ZERO);
            let trouble = way.cut_every(Duration::from_millis(500), Fault::Cut);
            progress.more(80).await;
            drop(trouble);
        }
        // Nothing arrives on the old connections any more, and nothing says so; new ones are carried.
        to_redis.freeze().await;
        let url = format!("{a}/readyz");
        eventually("the relay to connect anew", PATIENCE, || async {
            let before = to_redis.counts().n_connections;
            let says = reqwest::get(&url).await?.text().await?;
            Ok((says == "ready" && before > 0).then_some(()))
        })
        .await
        .unwrap();
        progress.more(40).await;
        // Nor from PostgreSQL: what waits there is given up after seconds, and is written by a retry.
        let before = to_database.counts().n_connections;
        to_database.freeze().await;
        progress.more(40).await;
        eventually("connections to PostgreSQL anew", PATIENCE, || async {
            Ok((to_database.counts().n_connections > before).then_some(()))
        })
        .await
        .unwrap();
    }
    let counts = [to_redis.counts(), to_database.counts()];
    load.end().await.tell(&format!("one of two relays by ways that are cut, slow and silent, {rounds} time(s)"));
    println!(
        "  to Redis {} connections, {} reset, {} gone silent; to PostgreSQL {} connections, {} reset, {} gone silent",
        counts[0].n_connections,
        counts[0].n_cut,
        counts[0].n_frozen,
        counts[1].n_connections,
        counts[1].n_cut,
        counts[1].n_frozen
    );
}
