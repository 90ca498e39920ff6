//! The container image as an operator runs it. `cargo xtask test image` builds the image and says where podman is.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may unwrap, and says what it measured")]

use std::time::{Duration, Instant};

use e2e::people::Person;
use serde_json::{Value, json};

mod container;

use container::{Container, Ended, Podman, Process};

const MB: u64 = 1_000_000;

/// Prints a figure beside its budget.
fn within(what: &str, figure: f64, budget: f64, unit: &str) {
    println!("{what:<44} {figure:>7.1} {unit} of {budget} {unit}");
    assert!(figure <= budget, "{what} is over its budget");
}

/// The first owner's way, from what the terminal shows to a token.
async fn first_owner(link: &str) -> (Person, Value) {
    let (url, code) = link.split_once("/welcome#").unwrap();
    let nobody = Person::nobody(url);
    assert_eq!(nobody.get("/welcome").await.status, 200);
    let body = json!({ "code": code, "project_name": "Kettle", "email": "mira@example.com", "origins": ["https://shop.example"] });
    let made = nobody.post("/v1/welcome", &body).await.ok();
    assert_eq!(nobody.post("/v1/welcome", &body).await.status, 410, "the link works once");
    (Person::invited(url, made["invitation_code"].as_str().unwrap(), "Mira").await, made)
}

/// Who it runs as, and what it may do.
fn is_confined(process: &Process) {
    let ids = process.status("Uid:");
    assert!(ids.split_whitespace().all(|id| id == "65532"), "{ids}");
    assert_eq!(process.status("CapEff:").trim_start_matches('0'), "", "capabilities");
    assert_eq!(process.status("NoNewPrivs:"), "1");
    assert!(process.root_is_read_only());
}

fn resident(process: &Process, when: &str) {
    let kb: u32 = process.status("VmRSS:").trim_end_matches(" kB").parse().unwrap();
    within(&format!("resident memory {when}"), f64::from(kb) * 1024.0 / MB as f64, 32.0, "MB");
}

/// Has it stop as `docker stop` does.
async fn stopped(container: Container) -> Ended {
    let ended = container.terminate().await;
    within("SIGTERM to the end", ended.took.as_secs_f64(), 10.0, "s");
    assert!(ended.status.success(), "{:?}", ended.status);
    ended
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_command_is_a_working_system_and_the_next_start_has_all_of_it() {
    // design: budgets "relay, idle, resident / container image", "docker run to first message"
    let podman = Podman::given();
    within("image", podman.image_bytes().await as f64 / MB as f64, 30.0, "MB");

    let begun = Instant::now();
    let mut first = podman.run();
    let listens = first.line("browsers reach it at ").await;
    println!("{:<44} {:>7.1} s", "run to ready", begun.elapsed().as_secs_f64());
    let process = first.process().await;
    is_confined(&process);
    resident(&process, "after the first start");
    assert!(first.is_healthy().await);
    let refused = first.refuses(&["health", "--listen", "127.0.0.1:1"]).await;
    assert!(refused.contains("no relay answers at http://127.0.0.1:1"), "{refused}");
    let link = first.line("Make the first project at ").await;
    assert!(link.starts_with(&format!("{listens}/welcome#")), "{listens} {link}");
    let (owner, made) = first_owner(&link).await;
    let mut reader = owner.works();
    reader.live().await;
    let visitor = Person::visitor(&listens, made["channel_key"].as_str().unwrap()).await;
    visitor.writes("Is the blue kettle in stock?").await;
    let conversation = reader.conversation().await;
    within("run to the first delivered message", begun.elapsed().as_secs_f64(), 60.0, "s");
    resident(&process, "after the first message");
    let ended = stopped(first).await;
    let (_, code) = link.split_once('#').unwrap();
    assert_eq!(ended.output.matches(code).count(), 1, "{}", ended.output);
    assert!(!ended.log.contains(code), "the link is for the terminal alone: {}", ended.log);

    let begun = Instant::now();
    let mut second = podman.run();
    second.line("browsers reach it at ").await;
    println!("{:<44} {:>7.1} s", "run to ready, second start", begun.elapsed().as_secs_f64());
    resident(&second.process().await, "after the second start");
    // The reader was told to come back, and does so by itself.
    visitor.writes("And the red one?").await;
    reader
        .event("the second message", |event| {
            event.data.message.as_ref().is_some_and(|message| message.text == "And the red one?")
        })
        .await;
    let texts: Vec<Value> = owner.history(&conversation).await.iter().map(|message| message["text"].clone()).collect();
    assert_eq!(texts, ["Is the blue kettle in stock?", "And the red one?"]);
    let ended = stopped(second).await;
    assert!(!ended.output.contains("/welcome"), "there is a project already: {}", ended.output);
}

#[tokio::test]
async fn a_folder_that_is_not_the_relays_is_refused_in_words() {
    let podman = Podman::given();
    let ended = podman.run_on("/nowhere").ended_within(Duration::from_secs(30)).await;
    assert!(!ended.status.success());
    assert!(ended.log.contains("/nowhere"), "{}", ended.log);
}
