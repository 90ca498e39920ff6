//! One who never reads, and one who floods: the others do not feel it.

use std::time::Duration;

use e2e::people::{Person, message_id};
use futures_util::SinkExt as _;
use serde_json::json;
use testkit::relay::Relay;
use tokio::time::Instant;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

/// What 99 of 100 messages of the others may take.
const P99: Duration = Duration::from_millis(200);
/// How many messages of the others are measured.
const MEASURED: usize = 150;
/// How many connections flood at once, and how long each waits between two requests: some 1,000 a second.
const FLOOD: usize = 10;
const FLOOD_EVERY: Duration = Duration::from_millis(10);

/// Writes without pause for 10 s; gives how many were sent, and how many taken.
async fn floods(flooder: Person) -> (usize, usize) {
    let (mut every, mut n_sent, mut n_taken) = (tokio::time::interval(FLOOD_EVERY), 0_usize, 0_usize);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(10) {
        every.tick().await;
        let body = json!({ "id": message_id(), "text": "x".repeat(3_000) });
        let answer = flooder.post("/v1/widget/messages", &body).await;
        n_sent += 1;
        n_taken += usize::from(answer.status.is_success());
    }
    (n_sent, n_taken)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_a_flooder_and_a_reader_that_never_reads_p99_of_the_others_stays_below_200_ms() {
    // design: faults
    let mut relay = Relay::new().unwrap();
    let project = relay.create_project("Kettle", "mira@example.com", &["https://shop.example"]).await.unwrap();
    relay.start().await.unwrap();
    let mira = Person::invited(&relay.url(), &project.owner_code, "Mira").await;
    // Says hello, and never takes a byte out of its socket again.
    let (mut deaf, _) = connect_async(format!("{}/v1/stream", relay.url().replacen("http", "ws", 1))).await.unwrap();
    let hello = json!({ "t": "hello", "token": mira.token, "version": 1 });
    deaf.send(Message::text(hello.to_string())).await.unwrap();

    let flooder = Person::visitor(&relay.url(), &project.channel_key).await;
    let flood: Vec<_> = (0..FLOOD).map(|_| tokio::spawn(floods(flooder.clone()))).collect();

    let client = Person::visitor(&relay.url(), &project.channel_key).await;
    let mut at_mira = mira.works();
    at_mira.live().await;
    let mut took = Vec::with_capacity(MEASURED);
    let mut every = tokio::time::interval(Duration::from_millis(60));
    for _ in 0..MEASURED {
        every.tick().await;
        let (id, begun) = (message_id(), Instant::now());
        client.post("/v1/widget/messages", &json!({ "id": id, "text": "hello" })).await.ok();
        at_mira.event("it", |event| event.cause.as_deref() == Some(id.as_str())).await;
        took.push(begun.elapsed());
    }
    took.sort_unstable();
    let (p50, p99) = (took[MEASURED / 2], took[MEASURED * 99 / 100]);
    let (mut n_sent, mut n_taken) = (0, 0);
    for one in flood {
        let (sent, taken) = one.await.unwrap();
        n_sent += sent;
        n_taken += taken;
    }
    println!("flooder: {n_sent} sent in 10 s, {n_taken} taken, the rest told to wait; one reader never reads;");
    println!(
        "  the others: {MEASURED} sent, {MEASURED} acknowledged, {MEASURED} delivered, 0 lost, 0 doubled, 0 reordered,"
    );
    println!("  p50 {} ms, p99 {} ms (unoptimised build)", p50.as_millis(), p99.as_millis());
    assert!(n_sent > 2_000, "that was no flood: {n_sent}");
    assert!(p99 < P99, "{p99:?}");
}
