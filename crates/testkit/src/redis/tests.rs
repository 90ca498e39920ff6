//! Against the Redis of this machine.

use std::path::PathBuf;

use super::*;

impl Redis {
    async fn setting(&self, name: &str) -> String {
        let answer = self.run(&["CONFIG", "GET", name]).await.unwrap();
        answer.strip_prefix(name).unwrap().trim().to_owned()
    }

    async fn folder(&self) -> PathBuf {
        PathBuf::from(self.setting("dir").await)
    }
}

#[tokio::test]
async fn worlds_have_names_of_their_own() {
    let redis = Redis::shared().await.unwrap();
    let (one, other) = (redis.fresh_prefix().unwrap(), redis.fresh_prefix().unwrap());
    assert_ne!(one, other);
    redis.run(&["SET", &format!("{one}word"), "one", "EX", "60"]).await.unwrap();
    assert_eq!(redis.run(&["GET", &format!("{one}word")]).await.unwrap(), "one");
    assert_eq!(redis.run(&["GET", &format!("{other}word")]).await.unwrap(), "");
}

#[tokio::test]
async fn it_is_set_as_in_production_and_as_a_test_asks() {
    let redis = Redis::start_with(&["--maxmemory", "3mb"]).await.unwrap();
    for (name, value) in [
        ("appendonly", "yes"),
        ("appendfsync", "everysec"),
        ("save", ""),
        ("maxmemory-policy", "noeviction"),
        ("maxmemory", "3145728"),
    ] {
        assert_eq!(redis.setting(name).await, value, "{name}");
    }
    assert!(redis.run(&["SET", "word"]).await.is_err(), "what the server refuses is an error");
}

#[tokio::test]
async fn what_was_acknowledged_outlives_stops_and_crashes_but_no_flush() {
    let mut redis = Redis::start().await.unwrap();
    let url = redis.url().to_owned();
    redis.run(&["SET", "one", "1"]).await.unwrap();
    redis.stop().await.unwrap();
    assert!(redis.run(&["PING"]).await.is_err());
    assert!(redis.stop().await.is_err(), "it does not run");
    redis.start_again().await.unwrap();

    redis.run(&["SET", "two", "2"]).await.unwrap();
    redis.crash().await.unwrap();
    redis.start_again().await.unwrap();
    assert!(redis.start_again().await.is_err(), "it runs already");
    assert_eq!(redis.url(), url);
    assert_eq!(redis.run(&["MGET", "one", "two"]).await.unwrap(), "1\n2");

    redis.flush().await.unwrap();
    assert_eq!(redis.run(&["DBSIZE"]).await.unwrap(), "0");
}

#[tokio::test]
async fn a_frozen_server_answers_nothing_until_it_goes_on() {
    let mut redis = Redis::start().await.unwrap();
    redis.pause().await.unwrap();
    let cli = redis.cli.clone();
    let answer = tokio::spawn(async move { cli.run(&["INCR", "n"]).await.unwrap() });
    // It would answer within milliseconds.
    let within = std::time::Duration::from_millis(500);
    assert!(tokio::time::timeout(within, redis.run(&["PING"])).await.is_err());
    assert!(!answer.is_finished());
    redis.resume().await.unwrap();
    assert_eq!(answer.await.unwrap(), "1");
}

#[tokio::test]
async fn nothing_is_left_of_it() {
    let mut running = Redis::start().await.unwrap();
    let folder = running.folder().await;
    assert!(folder.join("appendonlydir").is_dir());
    running.pause().await.unwrap();
    let cli = running.cli.clone();
    drop(running);
    assert!(!folder.exists());
    assert!(cli.run(&["PING"]).await.is_err());

    let mut stopped = Redis::start().await.unwrap();
    let folder = stopped.folder().await;
    stopped.stop().await.unwrap();
    drop(stopped);
    assert!(!folder.exists());
}

#[tokio::test]
async fn tls_needs_the_authority() {
    let mut redis = Redis::start_tls().await.unwrap();
    assert!(redis.url().starts_with("rediss://127.0.0.1:"));
    assert_eq!(redis.run(&["SET", "word", "secret"]).await.unwrap(), "OK");
    let stranger = Cli::of(redis.url().to_owned(), None).unwrap();
    assert!(stranger.run(&["PING"]).await.is_err());
    let open = Cli::of(redis.url().replace("rediss:", "redis:"), None).unwrap();
    assert!(open.run(&["PING"]).await.is_err());
    redis.crash().await.unwrap();
    redis.start_again().await.unwrap();
    assert_eq!(redis.run(&["GET", "word"]).await.unwrap(), "secret");
    assert!(redis.ca().unwrap().is_file());
}

#[tokio::test]
async fn a_cluster_keeps_keys_on_three_masters_and_serves_again_after_one_was_killed() {
    let mut cluster = RedisCluster::start().await.unwrap();
    assert_eq!(cluster.urls().len(), 3);
    for n in 0..30 {
        cluster.run(&["SET", &format!("key{n}"), "value"]).await.unwrap();
    }
    for node in cluster.nodes() {
        assert_ne!(node.run(&["DBSIZE"]).await.unwrap(), "0");
    }
    cluster.nodes()[1].crash().await.unwrap();
    cluster.nodes()[1].start_again().await.unwrap();
    cluster.until_it_serves().await.unwrap();
    for n in 0..30 {
        assert_eq!(cluster.run(&["GET", &format!("key{n}")]).await.unwrap(), "value");
    }
}

#[tokio::test]
async fn a_sentinel_replaces_a_killed_master_by_its_replica() {
    let mut watched = RedisSentinel::start().await.unwrap();
    let master = watched.master_url().await.unwrap();
    watched.server(&master).unwrap().run(&["SET", "word", "kept"]).await.unwrap();
    watched.replicated().await.unwrap();
    assert_eq!(watched.kill_master().await.unwrap(), master);
    let next = watched.replaced(&master).await.unwrap();
    assert_ne!(next, master);
    let server = watched.server(&next).unwrap();
    assert_eq!(server.run(&["GET", "word"]).await.unwrap(), "kept");
    assert_eq!(server.run(&["SET", "word", "new"]).await.unwrap(), "OK");
}
