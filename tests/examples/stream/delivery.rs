//! Messages that are stored and delivered to many agents.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use e2e::people::{Person, message_id};
use serde_json::{Value, json};
use testkit::relay::Relay;
use tokio::time::{MissedTickBehavior, interval};

use crate::pinned::Process;
use crate::socket::Socket;

/// For how long.
const SECONDS: usize = 20;
/// Deliveries a second.
const RATE: usize = 10_000;
/// How long the last ones may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// What was measured.
pub(crate) struct Measured {
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    /// The processor's time of the relay for each delivery, in microseconds.
    pub(crate) cpu_us: f64,
    /// How long a frame was.
    pub(crate) bytes: usize,
    /// Messages a second.
    pub(crate) rate: usize,
    /// Where a reader stands afterwards.
    pub(crate) cursors: Value,
}

/// When each message was sent, by its id.
type Sent = Arc<Mutex<HashMap<String, Instant>>>;

/// Each of the writers sends in his turn, and each agent is to get each message.
pub(crate) async fn measure(relay: &Relay, agents: &[Person], writers: &[Person]) -> Result<Measured> {
    // Everybody has written once: conversations and connections are there.
    for writer in writers {
        writer.writes("hello").await;
    }
    let rate = RATE / agents.len();
    let (n, sent) = (rate * SECONDS, Sent::default());
    let mut readers = Vec::with_capacity(agents.len());
    for agent in agents {
        let socket = Socket::open(&agent.url, &agent.token, &json!({})).await?;
        readers.push(tokio::spawn(reads(socket, Arc::clone(&sent), n)));
    }
    let process = Process::of(relay)?;
    let before = process.cpu_seconds()?;
    write(writers, rate, n, &sent).await?;
    let (mut took, mut bytes) = (Vec::with_capacity(n * agents.len()), 0);
    for reader in readers {
        let (times, total) = tokio::time::timeout(PATIENCE, reader).await.context("not everything came")???;
        took.extend(times);
        bytes += total;
    }
    let cpu = process.cpu_seconds()? - before;
    let n_deliveries = n * agents.len();
    ensure!(took.len() == n_deliveries, "{} of {n_deliveries} came", took.len());
    took.sort_by(f64::total_cmp);
    let at = |part: usize| took[(took.len() - 1) * part / 100];
    let cursors = Socket::open(&agents[0].url, &agents[0].token, &json!({})).await?.cursors();
    #[allow(clippy::cast_precision_loss, reason = "millions")]
    let cpu_us = cpu * 1e6 / n_deliveries as f64;
    Ok(Measured { p50_ms: at(50), p99_ms: at(99), cpu_us, bytes: bytes / n_deliveries, rate, cursors })
}

async fn write(writers: &[Person], rate: usize, n: usize, sent: &Sent) -> Result<()> {
    let mut ticks = interval(Duration::from_secs(1) / u32::try_from(rate)?);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut requests = Vec::with_capacity(n);
    for (_, writer) in (0..n).zip(writers.iter().cycle()) {
        ticks.tick().await;
        let (writer, sent) = (writer.clone(), Arc::clone(sent));
        requests.push(tokio::spawn(async move {
            let id = message_id();
            sent.lock().expect("nobody panics with it").insert(id.clone(), Instant::now());
            writer
                .post("/v1/widget/messages", &json!({ "id": id, "text": "Is the oak desk still in stock?" }))
                .await
                .ok()
        }));
    }
    for request in requests {
        request.await?;
    }
    Ok(())
}

/// Reads so many messages; gives how long each took in milliseconds, and how many bytes they were.
async fn reads(mut socket: Socket, sent: Sent, n: usize) -> Result<(Vec<f64>, usize)> {
    let (mut took, mut bytes) = (Vec::with_capacity(n), 0);
    while took.len() < n {
        let text = socket.next().await?;
        let Some(id) = text.split_once("\"cause\":\"").and_then(|(_, rest)| rest.split('"').next()) else { continue };
        let Some(begun) = sent.lock().expect("nobody panics with it").get(id).copied() else { continue };
        took.push(begun.elapsed().as_secs_f64() * 1_000.0);
        bytes += text.len();
    }
    Ok((took, bytes))
}
