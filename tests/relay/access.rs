//! Who may do what: every route, and two projects that never see each other.

mod table;

use domain::agent::Right;
use protocol::error::ErrorCode;
use relay::{ROUTES, openapi};
use reqwest::Method;
use serde_json::json;

use e2e::people::{Person, message_id};
use e2e::world::World;

pub(crate) use table::every_route_answers_everybody_as_the_table_says;

#[test]
fn the_description_lists_every_route() {
    let text = serde_json::to_value(openapi()).unwrap();
    for (method, path, who) in ROUTES {
        let described = !text["paths"][path][method.to_lowercase()].is_null();
        let is_page = path.starts_with("/demo")
            || path.starts_with("/welcome")
            || path.starts_with("/widget")
            || path == "/extension.zip"
            || path.ends_with("z")
            || path.ends_with("openapi.json")
            || path == "/v1/stream";
        assert_eq!(described, !is_page, "{method} {path} ({who})");
    }
    insta::assert_json_snapshot!("openapi", text);
}

#[tokio::test]
async fn a_foreign_page_and_a_wrong_token_are_refused_at_every_route() {
    // J3, design rule 10
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let agent = world.agent(&shop, "Mira", Right::Owner).await;
    let mut wrong = Person::nobody(&world.url);
    wrong.token = "dsd_0000".to_owned();
    for (method, path, who) in
        ROUTES.into_iter().filter(|(_, path, _)| path.starts_with("/v1/") && *path != "/v1/stream")
    {
        let path = path.replace("{id}", "cnv_00000000000000000000000000").replace("{channel_id}", &shop.channel_id);
        let path = path.replace("{project_id}", shop.id.as_str()).replace("{agent_id}", &agent.id);
        let path = path.replace("{block_id}", "blk_00000000000000000000000000").replace("{key}", &shop.channel_key);
        let path = path.replace("{contact_id}", "con_00000000000000000000000000");
        let path = path.replace("{template_id}", "tpl_00000000000000000000000000");
        let path = path.replace("{attachment_id}", "att_00000000000000000000000000");
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        if who != "anybody" {
            let answer = wrong.send(method.clone(), &path, b"{}".to_vec(), &[]).await;
            assert_eq!(answer.code(), ErrorCode::Unauthorized, "{method} {path}");
        }
        let foreign = [("origin", "https://evil.example")];
        let answer = agent.send(method.clone(), &path, b"{}".to_vec(), &foreign).await;
        assert_eq!(answer.code(), ErrorCode::OriginNotAllowed, "{method} {path}");
    }
}

#[tokio::test]
async fn two_projects_never_see_each_other() {
    let world = World::new().await;
    let (shop, bank) = (world.project("Kettle").await, world.project("Bank").await);
    let (mira, eve) = (world.agent(&shop, "Mira", Right::Owner).await, world.agent(&bank, "Eve", Right::Owner).await);
    let (client, spy) = (world.visitor(&shop).await, world.visitor(&bank).await);
    let (mut at_mira, mut at_eve, mut at_spy) = (mira.reads(), eve.reads(), spy.reads());
    for reader in [&mut at_mira, &mut at_eve, &mut at_spy] {
        reader.live().await;
    }
    client.writes("secret of the shop").await;
    let conversation = at_mira.conversation().await;
    for verb in ["accept", "assign", "clear", "close", "messages", "read"] {
        let body = json!({ "agent_id": eve.id, "id": message_id(), "text": "hi", "fence": 0, "n_alerts": 1, "n": 1 });
        assert_eq!(eve.acts(verb, &conversation, &body).await.code(), ErrorCode::NotFound, "{verb}");
    }
    for query in ["history", "assignable"] {
        assert_eq!(
            eve.get(&format!("/v1/conversations/{conversation}/{query}")).await.code(),
            ErrorCode::NotFound,
            "{query}"
        );
    }
    let path = format!("/v1/me/subscriptions/{}", shop.channel_id);
    assert_eq!(eve.put(&path, &json!({ "subscribed": true })).await.code(), ErrorCode::NotFound);
    mira.acts("accept", &conversation, &json!({})).await.ok();
    mira.acts("close", &conversation, &json!({})).await.ok();
    for path in [
        "/v1/conversations?tab=finished".to_owned(),
        format!("/v1/conversations?tab=finished&channel_id={}", shop.channel_id),
    ] {
        assert_eq!(eve.get(&path).await.ok()["conversations"], json!([]), "{path}");
    }
    // A message of Eve's own project arrives after all of that: whatever leaked would stand before it.
    spy.writes("own").await;
    at_eve.event("her own message", |event| event.kind == "message_added").await;
    at_spy.event("his own message", |event| event.kind == "message_added").await;
    for reader in [&at_eve, &at_spy] {
        let everything = reader.everything();
        for id in [&conversation, shop.id.as_str(), shop.channel_id.as_str(), mira.id.as_str(), "secret"] {
            assert!(!everything.contains(id), "{id} in {everything}");
        }
    }
}

#[tokio::test]
async fn only_accepted_extensions_get_cors() {
    let world = World::new().await;
    let http = reqwest::Client::new();
    let origin = format!("chrome-extension://{}", protocol::EXTENSION_ID);
    let preflight = http
        .request(Method::OPTIONS, format!("{}/v1/me", world.url))
        .header("origin", &origin)
        .header("access-control-request-method", "GET")
        .send()
        .await
        .unwrap();
    assert_eq!(preflight.status(), 204);
    assert_eq!(preflight.headers()["access-control-allow-origin"], origin.as_str());
    let allowed = preflight.headers()["access-control-allow-headers"].to_str().unwrap();
    for name in ["authorization", "content-type", protocol::file::NAME_HEADER] {
        assert!(allowed.split(", ").any(|one| one == name), "{name} in {allowed}");
    }
    let other =
        http.get(format!("{}/v1/me", world.url)).header("origin", "chrome-extension://abc").send().await.unwrap();
    assert_eq!(other.status(), 403);
    assert!(other.headers().get("access-control-allow-origin").is_none());
}

#[tokio::test]
async fn an_agent_sees_only_the_channels_that_he_is_assigned_to() {
    // N1, J2
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let (mira, tom) = (world.agent(&shop, "Mira", Right::Owner).await, world.agent(&shop, "Tom", Right::Agent).await);
    let client = world.visitor(&shop).await;
    client.writes("first").await;
    let mut at_mira = mira.reads();
    at_mira.live().await;
    let conversation = at_mira.snapshot_conversations().remove(0);
    mira.acts("accept", &conversation, &json!({})).await.ok();
    world.sql("DELETE FROM assignments").await;

    for verb in ["accept", "assign", "clear", "close", "messages", "read"] {
        let body = json!({ "agent_id": tom.id, "id": message_id(), "text": "hi", "fence": 1, "n_alerts": 1, "n": 1 });
        assert_eq!(tom.acts(verb, &conversation, &body).await.code(), ErrorCode::NotFound, "{verb}");
    }
    for query in ["history", "assignable"] {
        let path = format!("/v1/conversations/{conversation}/{query}");
        assert_eq!(tom.get(&path).await.code(), ErrorCode::NotFound, "{query}");
    }
    let to_tom = mira.acts("assign", &conversation, &json!({ "agent_id": tom.id })).await;
    assert_eq!(to_tom.code(), ErrorCode::CandidateWithoutAccess);
    mira.acts("close", &conversation, &json!({})).await.ok();
    assert_eq!(tom.get("/v1/conversations?tab=finished").await.ok()["conversations"], json!([]));
    let mut at_tom = tom.reads();
    at_tom.live().await;
    assert!(!at_tom.everything().contains(&shop.channel_id), "not even its topic");
    // Owners have access to all channels of their project.
    assert_eq!(mira.get("/v1/conversations?tab=finished").await.ok()["conversations"][0]["id"], conversation.as_str());
}

#[tokio::test]
async fn finished_conversations_come_in_pages_newest_first() {
    // L2
    let world = World::new().await;
    let (shop, bank) = (world.project("Kettle").await, world.project("Bank").await);
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    world.joins(&mira, &bank, "Mira", Right::Agent).await;
    let mut at_mira = mira.reads();
    at_mira.live().await;
    let mut closed = Vec::new();
    for n in 0..120 {
        // Now and then two finish in the same millisecond.
        world.clock.advance_ms(i64::from(n % 5 != 0) * 600);
        let client = world.visitor(if n % 3 == 0 { &bank } else { &shop }).await;
        let id = client.writes("hello").await["message"]["id"].as_str().unwrap().to_owned();
        let event = at_mira.event("it", |event| event.cause.as_deref() == Some(id.as_str())).await;
        let conversation = event.data.conversation.unwrap().id;
        let body = mira.acts("close", &conversation, &json!({})).await.ok();
        closed.push((body["conversation"]["closed_at"].as_i64().unwrap(), conversation));
    }
    closed.sort();
    closed.reverse();
    let (mut found, mut after, mut n_pages) = (Vec::new(), String::new(), 0);
    loop {
        let page = mira.get(&format!("/v1/conversations?tab=finished{after}")).await.ok();
        found.extend(page["conversations"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap().to_owned()));
        n_pages += 1;
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(found, closed.into_iter().map(|(_, id)| id).collect::<Vec<_>>());
    assert_eq!(n_pages, 3);
    let wrong = mira.get("/v1/conversations?tab=finished&after=yesterday").await;
    assert_eq!(wrong.code(), ErrorCode::InvalidValue);
}
