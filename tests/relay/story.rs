//! The main story: a client writes, an agent answers.

use domain::agent::Right;
use protocol::error::ErrorCode;
use protocol::view::Audience;
use serde_json::json;

use e2e::people::message_id;
use e2e::world::World;

pub(crate) async fn a_client_writes_two_agents_see_it_one_answers_and_closes(world: World) {
    // A1 A2 A3 A8 W4 W6 X1 X5 L1
    let shop = world.project("Kettle").await;
    let (mira, tom) = (world.agent(&shop, "Mira", Right::Owner).await, world.agent(&shop, "Tom", Right::Agent).await);
    let client = world.visitor(&shop).await;
    let (mut at_mira, mut at_tom, mut at_client) = (mira.reads(), tom.reads(), client.reads());
    for reader in [&mut at_mira, &mut at_tom, &mut at_client] {
        reader.live().await;
    }

    client.writes("Is the <b>blue</b> kettle in stock?").await;
    let mut conversation = String::new();
    for reader in [&mut at_mira, &mut at_tom] {
        let event = reader.event("the message", |event| event.kind == "message_added").await;
        let view = event.data.conversation.unwrap();
        assert_eq!((view.assignee_id, view.n_alerts, view.fence), (None, 1, 0));
        assert_eq!(event.alert, Audience::Subscribed);
        assert_eq!(event.data.message.unwrap().text, "Is the <b>blue</b> kettle in stock?");
        conversation = view.id;
    }

    let taken = mira.acts("accept", &conversation, &json!({})).await.ok();
    assert_eq!(taken["conversation"]["fence"], 1);
    let seen = at_tom.event("accepted", |event| event.kind == "conversation_accepted").await;
    assert_eq!(seen.data.conversation.unwrap().assignee_id.as_deref(), Some(mira.id.as_str()));
    let late = tom.acts("accept", &conversation, &json!({})).await;
    assert_eq!((late.code(), late.holder()), (ErrorCode::ConversationTaken, "Mira"));

    mira.answers(&conversation, 1, "Yes, three are left.").await.ok();
    let answer =
        at_client.event("the answer", |event| event.data.contact_message.as_ref().is_some_and(|m| m.n == 2)).await;
    assert_eq!(answer.data.contact_message.unwrap().agent_name.as_deref(), Some("Mira"));

    mira.acts("close", &conversation, &json!({ "fence": 1 })).await.ok();
    at_client.event("the end", |event| event.data.open == Some(false)).await;
    let finished = tom.get("/v1/conversations?tab=finished").await.ok();
    assert_eq!(finished["conversations"][0]["id"], conversation.as_str());
    let too_late = mira.answers(&conversation, 1, "One more thing").await;
    assert_eq!(too_late.code(), ErrorCode::ConversationFinished);

    client.writes("And the red one?").await;
    let again =
        at_tom.event("a new one", |event| event.data.conversation.as_ref().is_some_and(|c| c.id != conversation)).await;
    let again = again.data.conversation.unwrap();
    assert_eq!((again.assignee_id, again.previous_id.as_deref()), (None, Some(conversation.as_str())));
    let texts: Vec<String> =
        tom.history(&again.id).await.iter().map(|m| m["text"].as_str().unwrap().to_owned()).collect();
    assert_eq!(texts, ["Is the <b>blue</b> kettle in stock?", "Yes, three are left.", "And the red one?"]);
    let mine = client.get("/v1/widget/messages").await.ok();
    assert_eq!(mine["messages"].as_array().unwrap().len(), 3);
}

pub(crate) async fn only_the_owner_with_the_present_fence_answers(world: World) {
    // A6 A7 A11 A14
    let shop = world.project("Kettle").await;
    let (mira, tom) = (world.agent(&shop, "Mira", Right::Agent).await, world.agent(&shop, "Tom", Right::Agent).await);
    let client = world.visitor(&shop).await;
    let mut at_mira = mira.reads();
    at_mira.live().await;
    client.writes("Hello").await;
    let conversation = at_mira.conversation().await;
    mira.acts("accept", &conversation, &json!({})).await.ok();

    let by_other = tom.answers(&conversation, 1, "I too").await;
    assert_eq!((by_other.code(), by_other.holder()), (ErrorCode::NotHolder, "Mira"));
    let without = mira.acts("messages", &conversation, &json!({ "id": message_id(), "text": "Hi" })).await;
    assert_eq!((without.code(), without.holder()), (ErrorCode::StaleFence, "Mira"));
    let by_other = tom.acts("clear", &conversation, &json!({})).await;
    assert_eq!((by_other.code(), by_other.holder()), (ErrorCode::NotHolder, "Mira"));

    mira.acts("assign", &conversation, &json!({ "agent_id": tom.id, "fence": 1 })).await.ok();
    let stale = mira.answers(&conversation, 1, "Still me").await;
    assert_eq!((stale.code(), stale.holder()), (ErrorCode::NotHolder, "Tom"));
    let old = tom.answers(&conversation, 1, "With the fence of Mira's claim").await;
    assert_eq!((old.code(), old.holder()), (ErrorCode::StaleFence, "Tom"));
    assert_eq!(mira.history(&conversation).await.len(), 1, "nothing refused was stored");
    tom.answers(&conversation, 2, "Mine now").await.ok();
    assert_eq!(mira.history(&conversation).await.len(), 2);

    tom.acts("clear", &conversation, &json!({ "fence": 2 })).await.ok();
    let back = at_mira.event("cleared", |event| event.kind == "conversation_unassigned").await;
    assert_eq!(back.alert, Audience::Subscribed);
    assert_eq!(back.data.conversation.unwrap().n_alerts, 2);
}

pub(crate) async fn assigning_needs_somebody_online_with_access_and_tells_him(world: World) {
    // A4 A5 A6 N3 P7
    let shop = world.project("Kettle").await;
    let (mira, tom) = (world.agent(&shop, "Mira", Right::Agent).await, world.agent(&shop, "Tom", Right::Agent).await);
    let other = world.project("Other").await;
    let eve = world.agent(&other, "Eve", Right::Owner).await;
    let client = world.visitor(&shop).await;
    client.writes("Hello").await;
    let mut at_tom = tom.reads();
    at_tom.live().await;
    let conversation = at_tom.snapshot_conversations().remove(0);

    let names = |body: serde_json::Value| {
        body["agents"]
            .as_array()
            .unwrap()
            .iter()
            .map(|agent| agent["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let path = format!("/v1/conversations/{conversation}/assignable");
    assert_eq!(names(mira.get(&path).await.ok()), ["Mira", "Tom"]);
    let foreign = mira.acts("assign", &conversation, &json!({ "agent_id": eve.id })).await;
    assert_eq!(foreign.code(), ErrorCode::CandidateWithoutAccess);
    tom.goes("offline").await;
    assert_eq!(names(mira.get(&path).await.ok()), ["Mira"]);
    let gone = mira.acts("assign", &conversation, &json!({ "agent_id": tom.id })).await;
    assert_eq!(gone.code(), ErrorCode::CandidateOffline);
    assert_eq!(tom.acts("accept", &conversation, &json!({})).await.code(), ErrorCode::AgentOffline);

    tom.goes("online").await;
    let path = format!("/v1/conversations/{conversation}/read");
    tom.post(&path, &json!({ "n_alerts": 1, "n": 1 })).await.ok();
    at_tom.event("read", |event| event.data.read.as_ref().is_some_and(|read| read.n_alerts == 1)).await;
    mira.acts("assign", &conversation, &json!({ "agent_id": tom.id })).await.ok();
    let told = at_tom.event("assigned", |event| event.kind == "conversation_assigned").await;
    assert_eq!(told.alert, Audience::Only { agent_id: tom.id.clone() });
    at_tom.event("unread again", |event| event.data.read.as_ref().is_some_and(|read| read.n_alerts == 0)).await;
}

pub(crate) async fn presence_of_colleagues_and_seen_for_the_client(world: World) {
    // P1 P8 N2 W6
    let shop = world.project("Kettle").await;
    let (mira, tom) = (world.agent(&shop, "Mira", Right::Agent).await, world.agent(&shop, "Tom", Right::Agent).await);
    let client = world.visitor(&shop).await;
    client.writes("Hello").await;
    let (mut at_mira, mut at_client) = (mira.reads(), client.reads());
    at_mira.live().await;
    at_client.live().await;
    tom.goes("offline").await;
    let seen = at_mira
        .event("Tom is Offline", |event| event.data.agent.as_ref().is_some_and(|agent| agent.id == tom.id))
        .await;
    assert_eq!(seen.data.agent.unwrap().availability, protocol::view::Availability::Offline);
    let conversation = at_mira.snapshot_conversations().remove(0);
    let path = format!("/v1/conversations/{conversation}/read");
    mira.post(&path, &json!({ "n_alerts": 99, "n": 99 })).await.ok();
    let seen = at_client.event("seen", |event| event.kind == "messages_seen").await;
    assert_eq!(seen.data.seen_n, Some(1), "nobody has seen more than there is");
    let everything = at_client.everything();
    assert!(
        !everything.contains("agt_") && !everything.contains("cnv_"),
        "the client's frames carry no ids of ours: {everything}"
    );
}
