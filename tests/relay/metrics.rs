//! What an operator sees of a relay.

mod shipped;
mod text;

use std::time::Duration;

use domain::agent::Right;
use e2e::people::{Person, message_id};
use e2e::world::World;
use protocol::error::ErrorCode;
use reqwest::Method;
use serde_json::json;
use testkit::eventually::eventually;
use testkit::postgres::Postgres;
use testkit::redis::Redis;
use testkit::relay::Relay;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use self::text::{Kind, Metrics};

const PATIENCE: Duration = Duration::from_secs(30);

/// Asks until a sample has a value that fits.
async fn until(url: &str, name: &str, labels: &[(&str, &str)], fits: impl Fn(f64) -> bool) -> Metrics {
    eventually(format!("{name} {labels:?}"), PATIENCE, || async {
        let metrics = Metrics::of(url).await;
        Ok(fits(metrics.value(name, labels)).then_some(metrics))
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn what_happens_is_counted() {
    let world = World::new().await;
    let url = world.metrics_url();
    let shop = world.project("Kettle").await;
    let (mira, tom) = (world.agent(&shop, "Mira", Right::Agent).await, world.agent(&shop, "Tom", Right::Agent).await);
    let client = world.visitor(&shop).await;
    let (mut at_mira, mut at_client) = (mira.works(), client.reads());
    at_mira.live().await;
    at_client.live().await;
    let before = Metrics::of(&url).await;
    assert_eq!(before.value("deskside_connections", &[("who", "agent")]), 1.0);
    assert_eq!(before.value("deskside_connections", &[("who", "visitor")]), 1.0);
    assert!(before.value("deskside_frames_sent_total", &[("by", "snapshot")]) > 2.0);
    assert_eq!(before.value("deskside_frames_sent_total", &[("by", "live")]), 0.0);

    client.writes("Hello").await;
    let conversation = at_mira.conversation().await;
    at_client.event("his own message", |event| event.kind == "message_added").await;
    mira.acts("accept", &conversation, &json!({})).await.ok();
    assert_eq!(tom.acts("accept", &conversation, &json!({})).await.code(), ErrorCode::ConversationTaken);
    let grew = |metrics: &Metrics, name: &str, labels: &[(&str, &str)]| {
        metrics.value(name, labels) - before.value(name, labels)
    };
    let after = Metrics::of(&url).await;
    // At least: signs of life are commands too.
    assert!(grew(&after, "deskside_commands_total", &[("result", "done")]) >= 2.0);
    assert_eq!(grew(&after, "deskside_commands_total", &[("result", "refused")]), 1.0);
    assert_eq!(grew(&after, "deskside_commands_total", &[("result", "failed")]), 0.0);
    assert!(grew(&after, "deskside_commit_commands_sum", &[]) >= 3.0);
    assert!(grew(&after, "deskside_commit_seconds_count", &[]) >= 2.0);
    assert_eq!(grew(&after, "deskside_http_request_seconds_count", &[("method", "write"), ("status", "2xx")]), 2.0);
    assert_eq!(grew(&after, "deskside_http_request_seconds_count", &[("method", "write"), ("status", "4xx")]), 1.0);
    let n_events = grew(&after, "deskside_events_appended_total", &[]);
    assert!(n_events >= 3.0, "{n_events}");
    assert!(grew(&after, "deskside_frames_sent_total", &[("by", "live")]) >= 2.0);
    until(&url, "deskside_events_passed_total", &[("by", "doorbell")], |n| n >= 3.0).await;

    world.clock.advance_ms(15 * 60_000 + 2_000);
    let late = until(&url, "deskside_timer_lateness_seconds_count", &[], |n| n >= 1.0).await;
    assert_eq!(late.value("deskside_timer_lateness_seconds_bucket", &[("le", "1")]), 0.0);
    let n_fired = late.value("deskside_timer_lateness_seconds_count", &[]);
    assert_eq!(late.value("deskside_timer_lateness_seconds_bucket", &[("le", "2.5")]), n_fired);

    drop(at_client);
    drop(at_mira);
    let gone = until(&url, "deskside_connections", &[("who", "agent")], |n| n == 0.0).await;
    assert_eq!(gone.value("deskside_connections_opened_total", &[("who", "agent")]), 1.0);
    until(&url, "deskside_connections_closed_total", &[("why", "gone")], |n| n == 2.0).await;
}

#[tokio::test]
async fn who_is_refused_and_who_asks_too_much_is_counted() {
    let world = World::new().await;
    let url = world.metrics_url();
    let shop = world.project("Kettle").await;
    let client = world.visitor(&shop).await;
    let mut n_refused = 0.0;
    for _ in 0..100 {
        let answer = client.post("/v1/widget/messages", &json!({ "id": message_id(), "text": "spam" })).await;
        n_refused += f64::from(u8::from(!answer.status.is_success()));
    }
    assert!(n_refused > 10.0);
    let metrics = Metrics::of(&url).await;
    assert_eq!(metrics.value("deskside_rate_limited_total", &[("what", "contact")]), n_refused);
    let mut stranger = e2e::reader::Reader::connect(&world.url, "no such token");
    stranger.until("a refusal", |delivered| (delivered.n_connects > 0).then_some(())).await;
    let metrics = until(&url, "deskside_connections_closed_total", &[("why", "refused")], |n| n >= 1.0).await;
    assert_eq!(metrics.value("deskside_connections_opened_total", &[("who", "visitor")]), 0.0);
}

#[tokio::test]
async fn the_door_answers_one_question_and_the_public_one_never_does() {
    let world = World::new().await;
    let url = world.metrics_url();
    let door = Person::nobody(url.trim_end_matches("/metrics"));
    for (method, path) in [
        (Method::GET, "/"),
        (Method::GET, "/metrics/"),
        (Method::GET, "/healthz"),
        (Method::GET, "/v1/openapi.json"),
        (Method::POST, "/metrics"),
        (Method::DELETE, "/metrics"),
    ] {
        assert_eq!(door.send(method.clone(), path, Vec::new(), &[]).await.status, 404, "{method} {path}");
    }
    assert_eq!(door.get("/metrics").await.status, 200);
    assert_eq!(Person::nobody(&world.url).get("/metrics").await.code(), ErrorCode::NotFound);
}

/// Labels have values that are known beforehand: no ids, addresses or texts.
pub(crate) async fn what_is_told_is_explained_and_names_nobody(world: World) {
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let mut at_mira = mira.works();
    at_mira.live().await;
    world.visitor(&shop).await.writes("Hello from 203.0.113.7").await;
    at_mira.conversation().await;
    let metrics = Metrics::of(&world.metrics_url()).await;
    let n_series: usize = metrics.families().iter().map(|family| family.samples.len()).sum();
    assert!(n_series < 400, "{n_series} series");
    for family in metrics.families() {
        let name = &family.name;
        assert!(name.starts_with("deskside_"), "{name}");
        let is_base = ["_ms", "_millis", "_minutes", "_kb", "_mb"].iter().all(|unit| !name.contains(unit));
        assert!(is_base, "{name} is not in seconds or bytes");
        assert!(family.kind != Kind::Histogram || !family.samples.is_empty(), "{name}");
        for (label, value) in family.samples.iter().flat_map(|sample| &sample.labels) {
            let is_known = match label.as_str() {
                "le" => true,
                "version" => value == env!("CARGO_PKG_VERSION"),
                _ => {
                    value.len() <= 12 && value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
                }
            };
            assert!(is_known, "{name} {label}={value}");
        }
    }
}

#[tokio::test]
async fn it_answers_while_the_record_is_away() {
    let mut database = Postgres::start().await.unwrap();
    let world = World::on_url(database.fresh().await.unwrap()).await;
    let url = world.metrics_url();
    let shop = world.project("Kettle").await;
    let client = world.visitor(&shop).await;
    let metrics = Metrics::of(&url).await;
    assert_eq!(metrics.value("deskside_record_up", &[]), 1.0);
    assert!(metrics.value("deskside_record_round_trip_seconds", &[]) > 0.0);
    database.crash().await.unwrap();
    let refused = client.post("/v1/widget/messages", &json!({ "id": message_id(), "text": "Hello" })).await;
    assert_eq!(refused.code(), ErrorCode::Unavailable);
    let metrics = Metrics::of(&url).await;
    assert_eq!(metrics.value("deskside_record_up", &[]), 0.0);
    assert_eq!(metrics.value("deskside_http_request_seconds_count", &[("method", "write"), ("status", "5xx")]), 1.0);
    database.start_again().await.unwrap();
    until(&url, "deskside_record_up", &[], |up| up == 1.0).await;
}

#[tokio::test]
async fn it_tells_whether_redis_rings_or_the_log_has_to_be_read() {
    let mut redis = Redis::start().await.unwrap();
    let world = World::two_on(redis.url(), &redis.fresh_prefix().unwrap()).await;
    let url = world.metrics_url();
    let metrics = until(&url, "deskside_redis_up", &[], |up| up == 1.0).await;
    assert_eq!(metrics.value("deskside_redis_configured", &[]), 1.0);
    assert_eq!(metrics.value("deskside_degraded", &[]), 0.0);
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let client = world.visitor(&shop).await;
    let mut at_mira = mira.works();
    at_mira.live().await;
    client.writes("By the doorbell").await;
    at_mira.conversation().await;
    let rang = until(&url, "deskside_events_passed_total", &[("by", "doorbell")], |n| n >= 1.0).await;
    assert!(rang.value("deskside_redis_round_trip_seconds", &[]) > 0.0);

    redis.crash().await.unwrap();
    until(&url, "deskside_redis_up", &[], |up| up == 0.0).await;
    let before = Metrics::of(&url).await;
    assert_eq!(before.value("deskside_degraded", &[]), 1.0);
    client.writes("Found by comparing").await;
    let labels = [("by", "log")];
    let n_before = before.value("deskside_events_passed_total", &labels);
    until(&url, "deskside_events_passed_total", &labels, |n| n >= n_before + 1.0).await;
    redis.start_again().await.unwrap();
    let after = until(&url, "deskside_redis_up", &[], |up| up == 1.0).await;
    assert!(after.value("deskside_redis_connections_total", &[]) >= 2.0);
}

#[tokio::test]
async fn a_shutdown_is_seen_to_its_end() {
    let mut world = World::new().await;
    let url = world.metrics_url();
    let shop = world.project("Kettle").await;
    let client = world.visitor(&shop).await;
    let mut at_client = client.reads();
    at_client.live().await;
    assert_eq!(Metrics::of(&url).await.value("deskside_stopping", &[]), 0.0);
    // Half a request, which the relay waits for once it has asked for the rest.
    let mut half = TcpStream::connect(world.url.trim_start_matches("http://")).await.unwrap();
    half.write_all(
        b"POST /v1/invitations/redeem HTTP/1.1\r\nhost: relay\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\
          expect: 100-continue\r\n\r\n",
    )
    .await
    .unwrap();
    let mut asked = [0; 25];
    half.read_exact(&mut asked).await.unwrap();
    assert_eq!(asked, *b"HTTP/1.1 100 Continue\r\n\r\n");
    let seen = async {
        let metrics = until(&url, "deskside_stopping", &[], |stopping| stopping == 1.0).await;
        drop(half);
        metrics
    };
    let ((), _) = tokio::join!(world.stop(), seen);
    assert!(reqwest::get(&url).await.is_err(), "it ends with the relay");
}

#[tokio::test]
async fn a_relay_tells_of_its_process_where_the_operator_wants_it() {
    // Free once it is dropped.
    let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string();
    let mut relay = Relay::new().unwrap().with("DESKSIDE_METRICS_LISTEN", &address);
    relay.start().await.unwrap();
    let metrics = Metrics::of(&format!("http://{address}/metrics")).await;
    assert_eq!(metrics.value("deskside_build_info", &[("version", env!("CARGO_PKG_VERSION"))]), 1.0);
    let (resident, known) =
        (metrics.value("deskside_process_resident_memory_bytes", &[]), relay.resident_kb().unwrap());
    let ratio = resident / f64::from(u32::try_from(known).unwrap()) / 1_024.0;
    assert!((0.5..2.0).contains(&ratio), "{resident} bytes, {known} KiB");
    let n_open = metrics.value("deskside_process_open_fds", &[]);
    assert!(n_open > 5.0 && n_open < metrics.value("deskside_process_max_fds", &[]), "{n_open}");
    assert!(metrics.value("deskside_process_cpu_seconds_total", &[]) < 60.0);
    assert!(metrics.value("deskside_process_start_time_seconds", &[]) > 1_500_000_000.0);
    println!("idle relay: {:.1} MiB resident, {n_open} open files", resident / 1_048_576.0);
}
