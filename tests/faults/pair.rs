//! Two relay processes on one PostgreSQL and one Redis.

use e2e::planted::Planted;
use testkit::postgres::Postgres;
use testkit::redis::Redis;
use testkit::relay::Relay;

/// The key of both.
const KEY: &str = "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e";

/// The relays, which run, and a project of theirs.
pub(crate) struct Pair {
    pub(crate) a: Relay,
    pub(crate) b: Relay,
    pub(crate) planted: Planted,
    pub(crate) database_url: String,
}

impl Pair {
    /// On the shared servers, with a world of its own in each.
    pub(crate) async fn shared() -> Self {
        let (postgres, redis) = (Postgres::shared().await.unwrap(), Redis::shared().await.unwrap());
        let prefix = redis.fresh_prefix().unwrap();
        Self::on(postgres.fresh().await.unwrap(), redis.url(), &prefix, None).await
    }

    /// On a database and a Redis by their addresses; browsers reach both relays at `public_url`, if it is given.
    pub(crate) async fn on(database_url: String, redis_url: &str, prefix: &str, public_url: Option<String>) -> Self {
        let mut a = relay(&database_url, redis_url, prefix);
        if let Some(url) = public_url {
            a = a.public_url(url);
        }
        let b = Relay::beside(&a).unwrap();
        Self::of(a, b, database_url).await
    }

    /// The first relay reaches the database and Redis by other addresses than the second, such as those of proxies.
    pub(crate) async fn apart(database_url: String, redis_url: &str, prefix: &str, first: [&str; 2]) -> Self {
        let [database_of_first, redis_of_first] = first;
        let b = relay(&database_url, redis_url, prefix);
        let a = relay(database_of_first, redis_of_first, prefix);
        Self::of(a, b, database_url).await
    }

    async fn of(mut a: Relay, mut b: Relay, database_url: String) -> Self {
        a.start().await.unwrap();
        b.start().await.unwrap();
        let planted = Planted::new(&database_url, KEY).await;
        Self { a, b, planted, database_url }
    }

    /// Where the two are reached.
    pub(crate) fn urls(&self) -> [String; 2] {
        [self.a.url(), self.b.url()]
    }

    /// The record at a clock of one's own.
    pub(crate) async fn store_at(&self, clock: std::sync::Arc<dyn store::clock::Clock>) -> store::Store {
        e2e::planted::open(&self.database_url, KEY, clock).await
    }
}

fn relay(database_url: &str, redis_url: &str, prefix: &str) -> Relay {
    let relay = Relay::on_postgres(database_url.to_owned()).unwrap();
    relay.with("DESKSIDE_SECRET_KEY", KEY).with("DESKSIDE_REDIS_URL", redis_url).with("DESKSIDE_REDIS_PREFIX", prefix)
}
