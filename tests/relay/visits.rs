//! Visits of the website: the client's page tells, agents see.

use domain::agent::Right;
use e2e::people::{Answer, Person};
use e2e::reader::Reader;
use e2e::world::World;
use protocol::error::ErrorCode;
use protocol::frame::RelayFrame;
use reqwest::Method;
use serde_json::{Value, json};

const FIREFOX: &str = "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0";

fn page(n: u32, url: &str, ago_seconds: u32) -> Value {
    json!({ "n": n, "url": url, "title": "<b>Cups</b>", "ago_seconds": ago_seconds, "seconds": ago_seconds })
}

async fn tells(client: &Person, here: bool, seconds: u32, pages: &[Value]) -> Answer {
    let screen = json!({ "width": 390, "height": 844 });
    let body = json!({ "visit": "k3x9w7q2", "here": here, "seconds": seconds, "screen": screen, "language": "de-AT", "pages": pages });
    let headers = [("user-agent", FIREFOX)];
    client.send(Method::POST, "/v1/widget/visit", body.to_string().into_bytes(), &headers).await
}

/// Waits until the agent was told so many times that more is known of the client.
async fn until_told(reader: &mut Reader, contact: &str, times: usize) {
    let is_it =
        |frame: &&RelayFrame| matches!(frame, RelayFrame::VisitChanged { contact_id, .. } if contact_id == contact);
    let told = |delivered: &e2e::reader::Delivered| delivered.frames.iter().filter(is_it).count();
    reader.until("the visit changed", |delivered| (told(delivered) >= times).then_some(())).await;
}

pub(crate) async fn a_visit_is_followed_live_by_who_has_access_and_by_nobody_else(world: World) {
    // I1
    let shop = world.project("Kettle").await;
    let (mira, tom) = (world.agent(&shop, "Mira", Right::Owner).await, world.agent(&shop, "Tom", Right::Agent).await);
    let path = format!("/v1/channels/{}/agents/{}", shop.channel_id, tom.id);
    mira.put(&path, &json!({ "assigned": false })).await.ok();
    let client = world.visitor(&shop).await;
    let (mut at_mira, mut at_tom, mut at_client) = (mira.works(), tom.works(), client.reads());
    for reader in [&mut at_mira, &mut at_tom, &mut at_client] {
        reader.live().await;
    }
    client.writes("Hello").await;
    let told = at_mira.event("the message", |event| event.kind == "message_added").await;
    let contact = told.data.conversation.unwrap().contact.id;
    let path = format!("/v1/contacts/{contact}/visit");
    assert_eq!(mira.get(&path).await.ok(), json!({ "visit": null }));

    let start = page(1, "https://shop.example/#top", 90);
    tells(&client, true, 80, &[start, page(2, "https://shop.example/cups", 10)]).await.ok();
    until_told(&mut at_mira, &contact, 1).await;
    let visit = mira.get(&path).await.ok()["visit"].clone();
    let now = world.now().as_ms();
    assert_eq!((&visit["ip"], &visit["browser"]), (&json!("127.0.0.1"), &json!("Firefox 142 on Linux")));
    assert_eq!((&visit["screen"]["height"], &visit["language"]), (&json!(844), &json!("de-AT")));
    let start = json!({ "url": "https://shop.example/", "title": "<b>Cups</b>", "at": now - 90_000, "seconds": 90 });
    assert_eq!((&visit["start_page"], &visit["n_pages"], &visit["here"]), (&start, &json!(2), &json!(true)));
    assert_eq!(
        (&visit["current_page"]["url"], &visit["on_site_seconds"]),
        (&json!("https://shop.example/cups"), &json!(80))
    );

    world.clock.advance_ms(20_000);
    tells(&client, false, 100, &[page(3, "https://shop.example/basket", 1)]).await.ok();
    until_told(&mut at_mira, &contact, 2).await;
    let visit = mira.get(&path).await.ok()["visit"].clone();
    assert_eq!((&visit["current_page"]["url"], &visit["here"]), (&json!("https://shop.example/basket"), &json!(false)));
    assert_eq!((visit["pages"].as_array().unwrap().len(), &visit["on_site_seconds"]), (3, &json!(100)));

    assert_eq!(tom.get(&path).await.code(), ErrorCode::NotFound);
    for reader in [&at_tom, &at_client] {
        let everything = reader.everything();
        assert!(!everything.contains("visit_changed") && !everything.contains("/basket"), "{everything}");
    }
    assert!(!at_mira.everything().contains("/basket"), "who shows the client asks for it");
}

#[tokio::test]
async fn one_odd_field_does_not_cost_the_rest_of_a_report() {
    // I1
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Owner).await;
    let (client, mut at_mira) = (world.visitor(&shop).await, mira.works());
    at_mira.live().await;
    client.writes("Hello").await;
    let told = at_mira.event("the message", |event| event.kind == "message_added").await;
    let path = format!("/v1/contacts/{}/visit", told.data.conversation.unwrap().contact.id);
    let good =
        json!({ "n": 2, "url": "https://shop.example/cups", "title": "я".repeat(300), "ago_seconds": 1, "seconds": 1 });
    let odd = json!({ "n": "one", "url": 7 });
    for (screen, language) in [
        (json!("wide"), json!("en-GB")),
        (json!({ "width": 1.5, "height": -1 }), json!(7)),
        (json!({ "width": 390, "height": 844 }), json!("<b>")),
    ] {
        let pages = [&odd, &page(1, "javascript:alert(1)", 1), &good, &page(2, "https://shop.example/", 1)];
        let body = json!({ "visit": "k3x9w7q2", "here": true, "seconds": 1, "screen": screen, "language": language, "pages": pages });
        client.post("/v1/widget/visit", &body).await.ok();
        let visit = mira.get(&path).await.ok()["visit"].clone();
        assert_eq!(
            (&visit["current_page"]["url"], &visit["n_pages"]),
            (&json!("https://shop.example/cups"), &json!(2))
        );
        assert_eq!(visit["current_page"]["title"].as_str().unwrap().chars().count(), 200);
    }
    let visit = mira.get(&path).await.ok()["visit"].clone();
    assert_eq!((&visit["screen"]["width"], &visit["language"]), (&json!(390), &json!(null)));
}

#[tokio::test]
async fn what_is_no_visit_is_refused_and_floods_are_limited() {
    // I1
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let client = world.visitor(&shop).await;
    let wrong = tells(&client, true, 1, &[page(1, "javascript:alert(1)", 1)]).await;
    assert_eq!(
        (wrong.code(), &wrong.body["error"]["details"]["field"]),
        (ErrorCode::InvalidValue, &json!("pages.url"))
    );
    let many: Vec<Value> = (1..=26).map(|n| page(n, "https://shop.example/", 1)).collect();
    let wrong = tells(&client, true, 1, &many).await;
    assert_eq!((wrong.code(), &wrong.body["error"]["details"]["field"]), (ErrorCode::InvalidValue, &json!("pages")));
    assert_eq!(client.post("/v1/widget/visit", &json!({ "pages": [] })).await.code(), ErrorCode::InvalidBody);
    let mut n_taken = 0;
    let refused = loop {
        let answer = tells(&client, true, 1, &[page(1, "https://shop.example/", 1)]).await;
        if !answer.status.is_success() {
            break answer;
        }
        n_taken += 1;
        assert!(n_taken < 100, "he was never stopped");
    };
    assert_eq!(refused.code(), ErrorCode::RateLimited);
    world.clock.advance_ms(60_000);
    tells(&client, true, 1, &[page(1, "https://shop.example/", 1)]).await.ok();
}
