//! Which address counts where proxies stand between.

use domain::agent::Right;
use e2e::people::{Answer, Person, message_id};
use e2e::world::{Project, World};
use protocol::error::ErrorCode;
use reqwest::Method;
use serde_json::json;

/// The proxy that asks the relay is this machine; the one before it stands elsewhere.
const PROXIES: &str = "127.0.0.0/8,198.51.100.0/28";

/// Asks as the proxy that stands last would: after what the client sent itself, whom the first proxy was asked by, and the first proxy.
async fn asks(who: &Person, path: &str, body: serde_json::Value, sent: &str, from: &str) -> Answer {
    let forwarded = format!("{sent}{from}, 198.51.100.2");
    let body = body.to_string().into_bytes();
    who.send(Method::POST, path, body, &[("x-forwarded-for", &forwarded)]).await
}

async fn comes(world: &World, shop: &Project, sent: &str, from: &str) -> Answer {
    let path = format!("/v1/widget/{}/visitors", shop.channel_key);
    asks(&Person::nobody(&world.url), &path, json!({}), sent, from).await
}

async fn writes(who: &Person, sent: &str, from: &str) -> Answer {
    asks(who, "/v1/widget/messages", json!({ "id": message_id(), "text": "Hello" }), sent, from).await
}

#[tokio::test]
async fn a_block_by_address_meets_the_client_behind_two_proxies_and_nobody_else() {
    // B6
    let world = World::behind(PROXIES).await;
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let mut at_mira = mira.works();
    at_mira.live().await;
    let rude = Person::nobody(&world.url).with_token(&comes(&world, &shop, "", "203.0.113.7").await.ok());
    let kind = Person::nobody(&world.url).with_token(&comes(&world, &shop, "", "203.0.113.8").await.ok());
    writes(&rude, "", "203.0.113.7").await.ok();
    let conversation = at_mira.conversation().await;
    mira.acts("block", &conversation, &json!({ "term": "forever", "also_ip": true })).await.ok();

    let refused = |answer: Answer| assert_eq!(answer.code(), ErrorCode::ContactBlocked);
    refused(comes(&world, &shop, "", "203.0.113.7").await);
    // Whatever he says himself stands further left and is not looked at: neither another client's address, nor a proxy's.
    for lie in ["203.0.113.8, ", "198.51.100.2, ", "127.0.0.1, ", "unknown, ", ", ", "203.0.113.8, 198.51.100.2, "] {
        refused(comes(&world, &shop, lie, "203.0.113.7").await);
    }
    comes(&world, &shop, "", "203.0.113.8").await.ok();
    writes(&kind, "", "203.0.113.8").await.ok();
    // Nor does a blocked address harm who only claims it.
    comes(&world, &shop, "203.0.113.7, ", "203.0.113.9").await.ok();
}

#[tokio::test]
async fn blocking_whoever_has_a_proxys_address_blocks_no_address() {
    // B6
    let world = World::behind(PROXIES).await;
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let mut at_mira = mira.works();
    at_mira.live().await;
    // It asks for itself: a check that somebody set up there, or a client of a proxy that says nothing.
    let proxy = Person::nobody(&world.url).with_token(&comes(&world, &shop, "", "198.51.100.3").await.ok());
    writes(&proxy, "", "198.51.100.3").await.ok();
    let conversation = at_mira.conversation().await;
    mira.acts("block", &conversation, &json!({ "term": "forever", "also_ip": true })).await.ok();
    assert_eq!(writes(&proxy, "", "198.51.100.3").await.code(), ErrorCode::ContactBlocked, "he himself is");
    comes(&world, &shop, "", "198.51.100.3").await.ok();
    comes(&world, &shop, "", "203.0.113.7").await.ok();
}

#[tokio::test]
async fn rate_limits_count_the_client_and_not_what_he_says_he_is() {
    let world = World::behind(PROXIES).await;
    let shop = world.project("Kettle").await;
    let mut n_taken = 0;
    let refused = loop {
        let lie = format!("192.0.2.{}, ", n_taken % 250);
        let answer = comes(&world, &shop, &lie, "203.0.113.7").await;
        if !answer.status.is_success() {
            break answer;
        }
        n_taken += 1;
        assert!(n_taken < 500, "he was never stopped");
    };
    assert_eq!(refused.code(), ErrorCode::RateLimited);
    comes(&world, &shop, "203.0.113.7, ", "203.0.113.8").await.ok();
}

#[tokio::test]
async fn where_no_proxy_is_believed_the_header_says_nothing() {
    let world = World::behind("").await;
    let shop = world.project("Kettle").await;
    let mut last = None;
    for n in 0..130 {
        last = Some(comes(&world, &shop, "", &format!("203.0.113.{n}")).await);
    }
    assert_eq!(last.unwrap().code(), ErrorCode::RateLimited, "all of them are this machine");
}
