//! Notes, as the agents meet them and the client never does.

use domain::agent::Right;
use e2e::people::note_id;
use e2e::world::World;
use protocol::error::ErrorCode;
use serde_json::json;

pub(crate) async fn a_note_is_on_every_agents_screen_and_never_reaches_the_client(world: World) {
    // O1 O2 O3 N3 P7
    let shop = world.project("Kettle").await;
    let (mira, tom) = (world.agent(&shop, "Mira", Right::Agent).await, world.agent(&shop, "Tom", Right::Agent).await);
    let client = world.visitor(&shop).await;
    let (mut at_mira, mut at_tom, mut at_client) = (mira.works(), tom.works(), client.at(world.visitors_url()).reads());
    for reader in [&mut at_mira, &mut at_tom, &mut at_client] {
        reader.live().await;
    }
    client.writes("Hello").await;
    let conversation = at_mira.conversation().await;
    mira.acts("accept", &conversation, &json!({})).await.ok();
    tom.goes("offline").await;
    for text in ["", " \n "] {
        let empty = json!({ "id": note_id(), "text": text });
        assert_eq!(tom.acts("notes", &conversation, &empty).await.code(), ErrorCode::InvalidValue);
    }
    let body = json!({ "id": note_id(), "text": "Mohnkipferl: called twice" });
    let left = tom.acts("notes", &conversation, &body).await.ok();
    let told = at_mira.event("the note", |event| event.kind == "note_added").await;
    assert_eq!(serde_json::to_value(told.data.note.unwrap()).unwrap(), left["note"]);
    assert_eq!(told.alert, protocol::view::Audience::Nobody);
    let path = format!("/v1/conversations/{conversation}/notes");
    assert_eq!(mira.get(&path).await.ok()["notes"], json!([left["note"]]));

    // X4: on a finished one too. Whatever leaked to the client would stand before the end of the conversation.
    mira.acts("close", &conversation, &json!({ "fence": 1 })).await.ok();
    mira.acts("notes", &conversation, &json!({ "id": note_id(), "text": "Mohnkipferl: done" })).await.ok();
    client.writes("One more thing").await;
    let said = |event: &protocol::frame::Event| {
        event.data.contact_message.as_ref().is_some_and(|message| message.text == "One more thing")
    };
    at_client.event("his second message", said).await;
    assert!(!at_client.everything().contains("Mohnkipferl"), "{}", at_client.everything());
    let mut again = client.reads();
    again.live().await;
    assert!(!again.everything().contains("Mohnkipferl"));
    assert!(!client.get("/v1/widget/messages").await.ok().to_string().contains("Mohnkipferl"));
    assert_eq!(client.get(&path).await.code(), ErrorCode::Unauthorized);
}
