//! Bad input gets a typed error and changes nothing; unknown fields are ignored.

use domain::agent::Right;
use futures_util::{SinkExt as _, StreamExt as _};
use protocol::error::ErrorCode;
use protocol::frame::RelayFrame;
use reqwest::Method;
use serde_json::json;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

use e2e::people::message_id;
use e2e::world::World;

#[tokio::test]
async fn bodies_that_cannot_be_taken_are_refused_and_nothing_is_stored() {
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let client = world.visitor(&shop).await;
    let text = |text: &str| json!({ "id": message_id(), "text": text }).to_string().into_bytes();
    let cases: Vec<(Vec<u8>, ErrorCode)> = vec![
        (vec![b'x'; 1_000_000], ErrorCode::TooLarge),
        (b"{\"id\":\"\xff\xfe\",\"text\":\"a\"}".to_vec(), ErrorCode::InvalidBody),
        (b"not json".to_vec(), ErrorCode::InvalidBody),
        (b"[]".to_vec(), ErrorCode::InvalidBody),
        (b"".to_vec(), ErrorCode::InvalidBody),
        (json!({ "id": message_id(), "text": 7 }).to_string().into_bytes(), ErrorCode::InvalidBody),
        (json!({ "id": "msg_1", "text": "a" }).to_string().into_bytes(), ErrorCode::InvalidValue),
        (text(""), ErrorCode::InvalidValue),
        (text(" \n\u{0} "), ErrorCode::InvalidValue),
        (text(&"я".repeat(4_001)), ErrorCode::InvalidValue),
    ];
    for (body, code) in cases {
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        let answer = client.send(Method::POST, "/v1/widget/messages", body, &[]).await;
        assert_eq!(answer.code(), code, "{shown}");
    }
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = client.send(Method::POST, "/v1/widget/messages", text("a"), &form).await;
    assert_eq!(answer.code(), ErrorCode::InvalidBody);
    assert_eq!(client.get("/v1/widget/messages?before=x").await.code(), ErrorCode::InvalidValue);
    assert_eq!(client.get("/v1/widget/messages").await.ok()["messages"], json!([]));

    let newer = json!({ "id": message_id(), "text": "taken", "mood": "good", "reactions": [1] });
    client.post("/v1/widget/messages", &newer).await.ok();
}

#[tokio::test]
async fn the_same_id_again_gives_the_first_answer_and_with_another_body_a_conflict() {
    // design rule 6, W6
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let (client, other) = (world.visitor(&shop).await, world.visitor(&shop).await);
    let body = json!({ "id": message_id(), "text": "Hello" });
    let first = client.post("/v1/widget/messages", &body).await.ok();
    world.clock.advance_ms(5_000);
    assert_eq!(client.post("/v1/widget/messages", &body).await.ok(), first);
    let changed = json!({ "id": body["id"], "text": "Hello!" });
    assert_eq!(client.post("/v1/widget/messages", &changed).await.code(), ErrorCode::IdConflict);
    assert_eq!(other.post("/v1/widget/messages", &body).await.code(), ErrorCode::IdConflict);

    let mut at_mira = mira.reads();
    at_mira.live().await;
    let conversation = at_mira.snapshot_conversations().remove(0);
    mira.acts("accept", &conversation, &json!({})).await.ok();
    let stolen = json!({ "id": body["id"], "text": "Hello", "fence": 1 });
    assert_eq!(mira.acts("messages", &conversation, &stolen).await.code(), ErrorCode::IdConflict);
    let answer = json!({ "id": message_id(), "text": "Hi", "fence": 1 });
    let first = mira.acts("messages", &conversation, &answer).await.ok();
    mira.acts("close", &conversation, &json!({})).await.ok();
    assert_eq!(mira.acts("messages", &conversation, &answer).await.ok(), first, "also after it was finished");
    assert_eq!(mira.history(&conversation).await.len(), 2);
}

/// Sends a first frame and gives the last frame before the close.
async fn first_frame(url: &str, frame: Message) -> Option<RelayFrame> {
    let (mut socket, _) = connect_async(format!("{}/v1/stream", url.replacen("http", "ws", 1))).await.unwrap();
    socket.send(frame).await.unwrap();
    let mut last = None;
    while let Some(Ok(message)) = socket.next().await {
        if let Message::Text(text) = message {
            last = Some(serde_json::from_str(&text).unwrap());
        }
    }
    last
}

#[tokio::test]
async fn a_stream_with_a_wrong_first_frame_is_told_and_closed() {
    let world = World::new().await;
    let hello = |token: &str| Message::text(json!({ "t": "hello", "token": token, "version": 1 }).to_string());
    let cases = [
        (hello("dsd_unknown"), ErrorCode::Unauthorized),
        (hello(&"x".repeat(5_000)), ErrorCode::Unauthorized),
        (Message::text("{}"), ErrorCode::InvalidFrame),
        (Message::text("{\"t\":\"pong\"}"), ErrorCode::InvalidFrame),
        (Message::text("no json"), ErrorCode::InvalidFrame),
        (Message::binary(vec![0, 159, 146]), ErrorCode::InvalidFrame),
    ];
    for (frame, code) in cases {
        let shown = format!("{frame:?}").chars().take(60).collect::<String>();
        match first_frame(&world.url, frame).await {
            Some(RelayFrame::Error { error }) => assert_eq!(error.code, code, "{shown}"),
            other => panic!("{shown}: {other:?}"),
        }
    }
    assert_eq!(
        first_frame(&world.url, Message::text("x".repeat(1_000_000))).await,
        None,
        "too large: closed without a word"
    );
}

#[tokio::test]
async fn an_invitation_is_used_once_and_within_24_hours() {
    // J3
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let nobody = e2e::people::Person::nobody(&world.url);
    let redeem = |code: String| json!({ "code": code });
    let invited = world.store.invite(shop.id.clone(), "ann@example.com".to_owned(), Right::Agent).await.unwrap();
    let first = nobody.post("/v1/invitations/redeem", &redeem(invited.code.to_uppercase())).await.ok();
    assert_eq!((first["name"].as_str(), first["email"].as_str()), (Some("ann"), Some("ann@example.com")));
    assert_eq!(nobody.post("/v1/invitations/redeem", &redeem(invited.code)).await.code(), ErrorCode::InvitationInvalid);
    assert_eq!(
        nobody.post("/v1/invitations/redeem", &redeem("x".to_owned())).await.code(),
        ErrorCode::InvitationInvalid
    );
    let invited = world.store.invite(shop.id.clone(), "ann@example.com".to_owned(), Right::Agent).await.unwrap();
    world.clock.advance_ms(24 * 3_600_000);
    assert_eq!(nobody.post("/v1/invitations/redeem", &redeem(invited.code)).await.code(), ErrorCode::InvitationInvalid);
    let invited = world.store.invite(shop.id, "ann@example.com".to_owned(), Right::Agent).await.unwrap();
    world.clock.advance_ms(24 * 3_600_000 - 1);
    let again = nobody.post("/v1/invitations/redeem", &redeem(invited.code)).await.ok();
    assert_eq!(again["agent_id"], first["agent_id"], "the same address is the same agent");
}

#[tokio::test]
async fn another_projects_invitation_gives_nobody_but_the_agent_himself_a_device() {
    // J3: a device stands for the agent in all his projects, and a code proves nothing about the address.
    let world = World::new().await;
    let (shop, bank) = (world.project("Kettle").await, world.project("Bank").await);
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let eve = world.agent(&bank, "Eve", Right::Owner).await;
    let invited = world.store.invite(bank.id.clone(), "mira@example.com".to_owned(), Right::Agent).await.unwrap();
    let code = json!({ "code": invited.code });
    for thief in [e2e::people::Person::nobody(&world.url), eve] {
        assert_eq!(thief.post("/v1/invitations/redeem", &code).await.code(), ErrorCode::SignInFirst);
    }
    let taken = mira.post("/v1/invitations/redeem", &code).await.ok();
    assert_eq!(taken["agent_id"], mira.id.as_str(), "the refusals did not use the code up");
}

pub(crate) async fn bytes_that_a_database_cannot_hold_are_a_4xx_everywhere(world: World) {
    // design: any bytes on any public door
    let shop = world.project("Kettle").await;
    let boss = world.agent(&shop, "Boss", Right::Owner).await;
    let nobody = e2e::people::Person::nobody(&world.url);
    for path in ["/widget/%00.js", "/demo/%00", "/widget/a%00b/frame"] {
        assert_eq!(nobody.get(path).await.code(), ErrorCode::NotFound, "{path}");
    }
    assert_eq!(nobody.post("/v1/widget/%00/visitors", &json!({})).await.code(), ErrorCode::NotFound);
    let invited = world.store.invite(shop.id.clone(), "tom@example.com".to_owned(), Right::Agent).await.unwrap();
    let body = json!({ "code": invited.code, "name": "To\u{0}m", "device": "\u{0}Lap\u{0}top" });
    assert_eq!(nobody.post("/v1/invitations/redeem", &body).await.ok()["name"], "Tom");
    let path = format!("/v1/projects/{}/agents/{}/right", shop.id, boss.id);
    assert_eq!(boss.put(&path, &json!({ "right": "Administator" })).await.code(), ErrorCode::InvalidBody);
    let client = world.visitor(&shop).await;
    client.post("/v1/widget/messages", &json!({ "id": message_id(), "text": "a\u{0}b" })).await.ok();
    assert_eq!(client.get("/v1/widget/messages").await.ok()["messages"][0]["text"], "ab");
}
