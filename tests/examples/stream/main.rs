//! What a relay's streams cost: an idle connection's memory, a crowd that comes back at once, delivery at 10,000 a second with each message
//! stored first, the processor's time for it against a bare loop of the same run, and catching up. `cargo xtask bench stream`.
//!
//! The relay has one core and whoever measures it the other, where there are two.

#![allow(clippy::print_stdout, reason = "it prints what it measured")]

mod bare;
mod delivery;
mod pinned;
mod socket;

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use e2e::people::Person;
use futures_util::future::try_join_all;
use serde_json::{Value, json};
use testkit::eventually;
use testkit::relay::{Project, Relay};

use crate::socket::Socket;

/// How many connections are idle, and come back at once.
const CROWD: usize = 2_000;
/// How many agents each message is delivered to.
const AGENTS: usize = 100;
/// How many messages one catches up with.
const MISSED: u64 = 1_000;
/// How often that is tried; the middle one counts.
const TRIES: usize = 9;

/// Budgets: bytes, milliseconds, and times as much.
const IDLE_BYTES: f64 = 16.0 * 1_024.0;
const AT_ONCE_MS: f64 = 300.0;
const CATCH_UP_MS: f64 = 10.0;
const P50_MS: f64 = 1.0;
const P99_MS: f64 = 5.0;
const TIMES_BARE: f64 = 2.0;

/// Prints what one measured beside its budget; whether it fits.
fn print(what: &str, value: f64, unit: &str, budget: f64) -> bool {
    let fits = value <= budget;
    let over = if fits { "" } else { "  over the budget" };
    println!("  {what:<66} {value:>9.2} {unit:<5} of {budget:>8.0}{over}");
    fits
}

/// Visitors of the website, each with an address of his own.
async fn visitors(relay: &Relay, project: &Project, n: usize) -> Result<Vec<Person>> {
    let (nobody, mut all) = (Person::nobody(&relay.url()), Vec::with_capacity(n));
    for n in 0..n {
        let address = format!("10.{}.{}.{}", 1 + n / 62_500, n / 250 % 250, 1 + n % 250);
        let path = format!("/v1/widget/{}/visitors", project.channel_key);
        let sent = nobody.send(reqwest::Method::POST, &path, b"{}".to_vec(), &[("x-forwarded-for", &address)]).await;
        all.push(nobody.with_token(&sent.ok()));
    }
    Ok(all)
}

/// Agents who are Online.
async fn agents(relay: &Relay, project: &Project, n: usize) -> Result<Vec<Person>> {
    let (nobody, mut all) = (Person::nobody(&relay.url()), Vec::with_capacity(n));
    for n in 0..n {
        let code = relay.invite(&project.id, &format!("agent{n}@example.com"), "agent").await?;
        let body = json!({ "code": code, "name": format!("Agent {n}") }).to_string().into_bytes();
        let address = format!("10.250.0.{}", 1 + n % 250);
        let path = "/v1/invitations/redeem";
        let sent = nobody.send(reqwest::Method::POST, path, body, &[("x-forwarded-for", &address)]).await;
        let agent = nobody.with_token(&sent.ok());
        agent.goes("online").await;
        all.push(agent);
    }
    Ok(all)
}

/// Connects all at once; gives their sockets once each is up to date.
async fn connect(people: &[Person], cursors: &[Value]) -> Result<Vec<Socket>> {
    let each = people.iter().zip(cursors);
    try_join_all(each.map(|(person, cursors)| Socket::open(&person.url, &person.token, cursors))).await
}

/// The memory of idle connections, and the same people coming back at once.
async fn crowd(relay: &Relay, project: &Project) -> Result<bool> {
    let people = visitors(relay, project, CROWD).await?;
    let process = pinned::Process::of(relay)?;
    let (before, n_before) = (relay.resident_kb()?, process.n_descriptors()?);
    // One after the other: a crowd's own buffers are not what an idle connection keeps.
    let mut sockets = Vec::with_capacity(CROWD);
    for person in &people {
        sockets.push(Socket::open(&person.url, &person.token, &json!({})).await?);
    }
    let grown = relay.resident_kb()?.saturating_sub(before);
    #[allow(clippy::cast_precision_loss, reason = "thousands of kilobytes")]
    let each = (grown * 1_024) as f64 / CROWD as f64;
    let mut fits = print(&format!("memory of each of {CROWD} idle connections"), each, "bytes", IDLE_BYTES);
    let cursors: Vec<Value> = sockets.iter().map(Socket::cursors).collect();
    drop(sockets);
    eventually("the relay to let them go", testkit::chromium::PATIENCE, || async {
        Ok((process.n_descriptors()? < n_before + CROWD / 10).then_some(()))
    })
    .await?;
    let begun = Instant::now();
    let back = connect(&people, &cursors).await?;
    let took = begun.elapsed().as_secs_f64() * 1_000.0;
    ensure!(back.iter().all(|socket| socket.n_frames() == 0), "somebody got something although nothing happened");
    fits &= print(&format!("{CROWD} come back at once, until the last is up to date"), took, "ms", AT_ONCE_MS);
    Ok(fits)
}

/// Catching up with the last messages of a channel.
async fn catching_up(agent: &Person, project_topics: &Value) -> Result<bool> {
    let mut cursors = project_topics.clone();
    let (topic, head) = cursors
        .as_object()
        .and_then(|topics| topics.iter().find(|(topic, _)| topic.starts_with("channel/")))
        .and_then(|(topic, cursor)| Some((topic.clone(), cursor["seq"].as_u64()?)))
        .context("no channel's cursor")?;
    ensure!(head > MISSED, "only {head} events happened");
    cursors[&topic]["seq"] = json!(head - MISSED);
    let mut took = Vec::with_capacity(TRIES);
    for _ in 0..TRIES {
        let (socket, ms) = Socket::times(&agent.url, &agent.token, &cursors).await?;
        ensure!(socket.n_frames() as u64 == MISSED, "{} came, {MISSED} were missed", socket.n_frames());
        took.push(ms);
    }
    took.sort_by(f64::total_cmp);
    Ok(print(&format!("catching up with {MISSED} messages"), took[TRIES / 2], "ms", CATCH_UP_MS))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    if std::env::args().nth(1).as_deref() == Some(bare::ARGUMENT) {
        return bare::serve();
    }
    let settings = [("DESKSIDE_TRUSTED_PROXIES", "127.0.0.1"), ("DESKSIDE_LOG", "warn")];
    let mut relay = Relay::new()?.with_all(settings.map(|(name, value)| (name, value.to_owned())));
    let project = relay.create_project("Kettle", "mira@example.com", &["https://shop.example"]).await?;
    relay.start().await?;
    pinned::apart(relay.id()?)?;
    let mut fits = crowd(&relay, &project).await?;
    // A relay that has not seen that crowd.
    relay.terminate().await?;
    relay.start().await?;
    pinned::apart(relay.id()?)?;
    let (people, writers) = (agents(&relay, &project, AGENTS).await?, visitors(&relay, &project, AGENTS).await?);
    let measured = delivery::measure(&relay, &people, &writers).await?;
    fits &= print("delivery at 10,000 a second, stored first: p50", measured.p50_ms, "ms", P50_MS);
    fits &= print("  p99", measured.p99_ms, "ms", P99_MS);
    let bare = bare::measure(AGENTS, measured.bytes, measured.rate)?;
    println!(
        "  a bare loop of sockets and fsync: p50 {:.2} ms, p99 {:.2} ms, {:.1} µs of the processor for a delivery; the relay {:.1} µs",
        bare.p50_ms, bare.p99_ms, bare.cpu_us, measured.cpu_us
    );
    fits &= print("  processor's time against it", measured.cpu_us / bare.cpu_us, "times", TIMES_BARE);
    fits &= catching_up(&people[0], &measured.cursors).await?;
    ensure!(fits, "something is over its budget");
    Ok(())
}
