//! What a relay does when the disk is full, and how much one may ask of it.

use domain::agent::Right;
use protocol::error::ErrorCode;
use serde_json::json;

use e2e::people::message_id;
use e2e::world::World;

#[tokio::test]
async fn a_full_disk_refuses_clearly_and_loses_nothing_that_was_acknowledged() {
    let world = World::with_max_pages(120).await;
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let client = world.visitor(&shop).await;
    let text = "x".repeat(3_900);
    let mut acknowledged = Vec::new();
    let refused = loop {
        let id = message_id();
        world.clock.advance_ms(1_000);
        let answer = client.post("/v1/widget/messages", &json!({ "id": id, "text": text })).await;
        if !answer.status.is_success() {
            break answer;
        }
        acknowledged.push(id);
        assert!(acknowledged.len() < 1_000, "the database never filled");
    };
    assert_eq!(refused.code(), ErrorCode::Unavailable);
    let mut stored = Vec::new();
    let mut before = String::new();
    loop {
        let page = client.get(&format!("/v1/widget/messages{before}")).await.ok();
        let messages = page["messages"].as_array().unwrap();
        stored.splice(0..0, messages.iter().map(|message| message["id"].as_str().unwrap().to_owned()));
        before = format!("?before={}", messages[0]["n"]);
        if page["has_more"] == false {
            break;
        }
    }
    assert_eq!(stored, acknowledged);
    let n = stored.len();
    println!(
        "disk full: {} sent, {n} acknowledged, {n} delivered, 0 lost, 0 doubled, 0 reordered; then refused",
        n + 1
    );
    assert_eq!(mira.get("/v1/me").await.ok()["name"], "Mira", "reading goes on");
}

#[tokio::test]
async fn a_flooder_is_slowed_down_and_told_when_to_come_back() {
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let client = world.visitor(&shop).await;
    let other = world.visitor(&shop).await;
    let mut refused = None;
    for _ in 0..200 {
        let answer = client.post("/v1/widget/messages", &json!({ "id": message_id(), "text": "spam" })).await;
        if !answer.status.is_success() {
            refused = Some(answer);
            break;
        }
    }
    assert_eq!(refused.unwrap().code(), ErrorCode::RateLimited);
    other.writes("I am not hurt").await;
    world.clock.advance_ms(1_000);
    client.writes("calm again").await;
}
