//! The log is the record: it replays to the state.

use std::collections::BTreeMap;

use domain::block::BlockTerm;
use domain::conversation::{Conversation, Fact, Parts};
use domain::time::Timestamp;

use super::world::World;
use crate::db::query_scalar;
use crate::log::StoredFact;
use crate::rows::conversations;
use crate::{NewBlock, Topic, log};

pub(super) async fn the_log_replays_to_the_state_and_holds_no_personal_data(world: World) {
    // design rule 1
    let shop = world.shop("Kettle").await;
    let store = &world.store;
    let first = world.asks(&shop.visitor, "my address is 12 Elm Street").await;
    world.minutes_pass(1);
    store.accept(shop.mira.clone(), first.clone()).await.unwrap();
    world.minutes_pass(1);
    store.agent_active(shop.mira.clone(), first.clone()).await.unwrap();
    world.answers(&shop.mira, &first, 1).await.unwrap();
    world.minutes_pass(1);
    store.postpone(shop.mira.clone(), first.clone(), Some(1)).await.unwrap();
    store.contact_active(shop.visitor.clone()).await.unwrap();
    store.assign(shop.mira.clone(), first.clone(), shop.tom.clone(), Some(1)).await.unwrap();
    world.minutes_pass(1);
    world.writes(&shop.visitor, "anything else?").await.unwrap();
    store.clear(shop.tom.clone(), first.clone(), None).await.unwrap();
    store.accept(shop.tom.clone(), first.clone()).await.unwrap();
    world.minutes_pass(15);
    assert_eq!(store.fire_due(world.now()).await.unwrap(), 1);
    let reason = Some("because of Elm Street".to_owned());
    let new = NewBlock { term: BlockTerm::Minutes15, reason, also_ip: false };
    store.block(shop.mira.clone(), first.clone(), new).await.unwrap();
    world.minutes_pass(2);
    store.unblock(shop.mira.clone(), first.clone()).await.unwrap();
    store.close_conversation(shop.owner.clone(), first, None).await.unwrap();
    let second = world.asks(&shop.visitor, "hello again").await;
    store.accept(shop.mira.clone(), second).await.unwrap();

    let mut conn = store.readers.acquire().await.unwrap();
    let topic = Topic::Channel(shop.channel.clone()).to_string();
    let mut replayed: BTreeMap<String, Conversation> = BTreeMap::new();
    let mut kinds = std::collections::BTreeSet::new();
    for event in log::read(&mut conn, &topic, 0, 1_000).await.unwrap() {
        kinds.insert(event.kind.clone());
        let (Some(id), Some(fact)) = (event.record.conversation, event.record.fact) else {
            continue;
        };
        let at = Timestamp::from_ms(event.at);
        replayed.entry(id).or_insert_with(|| Conversation::opened(at)).evolve(&Fact::try_from(&fact).unwrap(), at);
    }
    assert_eq!((replayed.len(), kinds.len()), (2, 10), "{kinds:?}");
    for (id, state) in replayed {
        assert_eq!(conversations::find(&mut conn, &id).await.unwrap().unwrap().state, state);
    }
    let stored: Vec<String> = query_scalar("SELECT kind || actor || COALESCE(cause, '') || data FROM events")
        .fetch_all(&mut conn)
        .await
        .unwrap();
    for personal in ["Elm", "three", "example", "mira", "Visitor"] {
        assert!(stored.iter().all(|event| !event.contains(personal)), "{personal} stands in the log");
    }
}

/// One event of a kept log: what the log's rows hold.
#[derive(serde::Deserialize)]
struct Kept {
    at: i64,
    fact: StoredFact,
}

/// The log of one conversation as each step of the schema wrote it, and the state that it was.
#[test]
fn each_steps_kept_log_replays_to_its_state() {
    // design rule 1
    for (step, text) in [
        ("record", include_str!("../../fixtures/log/record.json")),
        ("rules", include_str!("../../fixtures/log/rules.json")),
    ] {
        let kept: Vec<Kept> = serde_json::from_str(text).unwrap();
        let mut state = Conversation::opened(Timestamp::from_ms(kept[0].at));
        for Kept { at, fact } in &kept {
            state.evolve(&Fact::try_from(fact).unwrap(), Timestamp::from_ms(*at));
        }
        let Parts { assignee, fence, turn, n_alerts, status, .. } = state.parts();
        let assignee = assignee.unwrap();
        let shown = format!("{assignee} fence {fence} {turn:?} {n_alerts} alerts {status:?}");
        let wanted = match step {
            "record" => {
                "agt_00000000010000000000000082 fence 6 Ours 5 alerts Closed { at: Timestamp(2140000), reason: Agent }"
            }
            _ => {
                "agt_7zzzzzzzzzzzzzzzzzzzzzzzzz fence 6 Ours 5 alerts Closed { at: Timestamp(2260000), reason: ContactBlocked }"
            }
        };
        assert_eq!(shown, wanted, "{step}");
    }
}
