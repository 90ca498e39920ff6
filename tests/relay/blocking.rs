//! Blocking a site visitor, as he and the agents meet it.

use domain::agent::Right;
use e2e::world::World;
use protocol::error::ErrorCode;
use serde_json::json;

pub(crate) async fn a_blocked_client_is_told_once_refused_and_comes_back_by_himself(world: World) {
    // B1 B2 B4 B5 B6 P7
    let shop = world.project("Kettle").await;
    let (mira, tom) = (world.agent(&shop, "Mira", Right::Agent).await, world.agent(&shop, "Tom", Right::Agent).await);
    let boss = world.agent(&shop, "Boss", Right::Administrator).await;
    let client = world.visitor(&shop).await;
    let (mut at_mira, mut at_client) = (mira.works(), client.reads());
    at_mira.live().await;
    at_client.live().await;
    client.writes("You are all fools").await;
    let conversation = at_mira.conversation().await;
    tom.goes("offline").await;
    let body = json!({ "term": "15_minutes", "reason": "insults" });
    assert_eq!(tom.acts("block", &conversation, &body).await.code(), ErrorCode::AgentOffline);
    let blocked = mira.acts("block", &conversation, &body).await.ok();
    assert_eq!(blocked["conversation"]["contact"]["block"]["reason"], "insults");
    let told = at_client.event("blocked", |event| event.data.block.is_some()).await;
    let until = told.data.block.unwrap().until;
    assert_eq!(until, Some(e2e::world::START.as_ms() + 15 * 60_000));
    let message = json!({ "id": e2e::people::message_id(), "text": "Let me in" });
    let refused = client.post("/v1/widget/messages", &message).await;
    assert_eq!(refused.code(), ErrorCode::ContactBlocked);
    assert_eq!(refused.body["error"]["details"]["until"], json!(until));
    // Who reloads the page is told by the snapshot.
    let mut again = client.reads();
    again.live().await;
    assert!(again.everything().contains(r#""block":{"blocked":true"#));

    let path = format!("/v1/projects/{}/blocks", shop.id);
    let list = boss.get(&path).await.ok();
    assert_eq!(list["blocks"][0]["block"]["by_name"], "Mira");
    assert_eq!(mira.get(&path).await.code(), ErrorCode::Forbidden);
    assert_eq!(mira.acts("block", &conversation, &body).await.code(), ErrorCode::AlreadyBlocked);

    world.clock.advance_ms(15 * 60_000);
    at_client.event("free", |event| event.data.block.is_some_and(|block| !block.blocked)).await;
    client.post("/v1/widget/messages", &message).await.ok();
    assert_eq!(mira.acts("unblock", &conversation, &json!({})).await.code(), ErrorCode::NotBlocked);
    let everything = at_client.everything();
    assert!(!everything.contains("insults") && !everything.contains("Mira"), "he is not told by whom and why");
}
