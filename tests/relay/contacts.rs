//! A client's data, as agents correct it.

use domain::agent::Right;
use e2e::world::World;
use protocol::error::ErrorCode;
use serde_json::json;

pub(crate) async fn a_corrected_name_is_on_every_screen_and_the_client_is_told_nothing(world: World) {
    // I3 I4
    let shop = world.project("Kettle").await;
    let (mira, tom) = (world.agent(&shop, "Mira", Right::Agent).await, world.agent(&shop, "Tom", Right::Agent).await);
    let client = world.visitor(&shop).await;
    let (mut at_tom, mut at_client) = (tom.works(), client.at(world.visitors_url()).reads());
    at_tom.live().await;
    at_client.live().await;
    client.writes("Hello").await;
    let conversation = at_tom.conversation().await;
    let view = &at_tom.event("it", |event| event.data.conversation.is_some()).await.data.conversation.unwrap();
    let path = format!("/v1/contacts/{}", view.contact.id);
    assert_eq!(mira.get(&path).await.ok()["contact"]["rev"], 0);
    let wanted = json!({ "rev": 0, "name": "Ann Lee", "email": "ann@example.com", "about": "Prefers mornings" });
    let set = mira.put(&path, &wanted).await.ok();
    let told = at_tom.event("the name", |event| event.kind == "contact_changed").await;
    assert_eq!(serde_json::to_value(told.data.contact.unwrap()).unwrap(), set["contact"]);
    assert_eq!(told.data.conversation.unwrap().contact.name, "Ann Lee");
    let late = json!({ "rev": 0, "name": "Anne" });
    assert_eq!(tom.put(&path, &late).await.code(), ErrorCode::StaleRevision);
    let wrong = tom.put(&path, &json!({ "rev": 1, "name": "Anne", "email": "nowhere" })).await;
    assert_eq!((wrong.code(), &wrong.body["error"]["details"]["field"]), (ErrorCode::InvalidValue, &json!("email")));

    tom.acts("close", &conversation, &json!({})).await.ok();
    world.clock.advance_ms(1_000);
    client.writes("Hello again").await;
    let list = tom.get(&format!("{path}/conversations")).await.ok();
    let ends: Vec<_> = list["conversations"].as_array().unwrap().iter().map(|one| &one["close_reason"]).collect();
    assert_eq!(ends, [&json!(null), &json!("agent")]);
    let is_second = |event: &protocol::frame::Event| {
        event.data.contact_message.as_ref().is_some_and(|message| message.text == "Hello again")
    };
    at_client.event("his message", is_second).await;
    assert!(!at_client.everything().contains("Ann Lee"), "{}", at_client.everything());
}
