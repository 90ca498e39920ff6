//! Notes that agents leave for one another.

use domain::agent::{Availability, Right};
use domain::id::{AgentId, ConversationId, NoteId};
use domain::time::Timestamp;
use protocol::note::NoteView;

use super::world::{World, words};
use crate::catch_up::CatchUp;
use crate::db::{query, query_scalar};
use crate::writer::Lane;
use crate::{ChannelSettings, NewProject, StoreError, Topic, secret};

fn note_id() -> NoteId {
    NoteId::new(Timestamp::from_ms(1), secret::random_id_bytes())
}

async fn leaves(world: &World, by: &AgentId, on: &ConversationId, text: &str) -> Result<NoteView, StoreError> {
    world.store.leave_note(by.clone(), on.clone(), note_id(), words(text)).await
}

pub(super) async fn a_note_moves_nothing_alerts_nobody_and_is_left_by_whoever_has_access(world: World) {
    // O1 O2 O3 N3 P7 L2
    let shop = world.shop("Kettle").await;
    let conversation = world.asks(&shop.visitor, "hello").await;
    world.store.accept(shop.tom.clone(), conversation.clone()).await.unwrap();
    let before = world.view(&conversation).await;
    world.minutes_pass(1);
    world.heard.forget();
    world.goes(&shop.mira, Availability::Offline).await;
    let note = leaves(&world, &shop.mira, &conversation, "Prefers <b>mornings</b>").await.unwrap();
    assert_eq!((note.text.as_str(), note.agent_name.as_str()), ("Prefers <b>mornings</b>", "mira"));
    assert_eq!((note.at, &note.contact_id), (world.now().as_ms(), &before.contact.id));
    assert_eq!(world.view(&conversation).await, before, "state, order and counters are as they were");
    let told = world.heard.of("", "note_added");
    assert_eq!(told.len(), 1, "the client's topic is told nothing");
    assert_eq!(told[0].topic, Topic::Channel(shop.channel.clone()).to_string());
    assert_eq!((&told[0].data.note, &told[0].alert), (&Some(note.clone()), &protocol::view::Audience::Nobody));
    assert_eq!(told[0].data.conversation, None);

    world.store.close_conversation(shop.tom.clone(), conversation.clone(), Some(1)).await.unwrap();
    leaves(&world, &shop.mira, &conversation, "It went well").await.unwrap();
    let bank = world.shop("Bank").await;
    assert!(matches!(leaves(&world, &bank.owner, &conversation, "x").await, Err(StoreError::NotFound)));
    assert!(matches!(world.store.notes(&bank.owner, &conversation, None).await, Err(StoreError::NotFound)));
}

pub(super) async fn the_same_note_again_is_the_first_and_another_with_its_id_a_conflict(world: World) {
    // design rule 6
    let shop = world.shop("Kettle").await;
    let conversation = world.asks(&shop.visitor, "hello").await;
    let id = note_id();
    let leave =
        |by: &AgentId, text: &str| world.store.leave_note(by.clone(), conversation.clone(), id.clone(), words(text));
    let first = leave(&shop.mira, "called back").await.unwrap();
    world.minutes_pass(1);
    assert_eq!(leave(&shop.mira, "called back").await.unwrap(), first);
    assert!(matches!(leave(&shop.mira, "called").await, Err(StoreError::IdConflict)));
    assert!(matches!(leave(&shop.tom, "called back").await, Err(StoreError::IdConflict)));
    assert_eq!(world.store.notes(&shop.tom, &conversation, None).await.unwrap().notes, [first]);
    assert_eq!(world.heard.of("channel/", "note_added").len(), 1);
}

pub(super) async fn notes_of_earlier_conversations_come_in_pages_and_only_of_channels_with_access(world: World) {
    // O3
    let shop = world.shop("Kettle").await;
    let first = world.asks(&shop.visitor, "hello").await;
    let mut left = Vec::new();
    for n in 0..60 {
        world.clock.advance_ms(i64::from(n % 3 == 0));
        left.push(leaves(&world, &shop.mira, &first, &format!("note {n}")).await.unwrap());
    }
    world.store.close_conversation(shop.mira.clone(), first, None).await.unwrap();
    let second = world.asks(&shop.visitor, "hello again").await;
    for n in 60..110 {
        left.push(leaves(&world, &shop.tom, &second, &format!("note {n}")).await.unwrap());
    }
    left.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    let (mut found, mut after, mut sizes) = (Vec::new(), None, Vec::new());
    loop {
        let page = world.store.notes(&shop.mira, &second, after.as_deref()).await.unwrap();
        sizes.push(page.notes.len());
        found.extend(page.notes);
        let Some(next) = page.next else { break };
        after = Some(next);
    }
    assert_eq!((found, sizes), (left, vec![50, 50, 10]));
    assert!(matches!(world.store.notes(&shop.mira, &second, Some("x")).await, Err(StoreError::Value { .. })));

    // The same client in a channel that Mira has no access to.
    let channel = ChannelSettings::for_origins(&["https://shop.example".to_owned()]).unwrap();
    let name = domain::text::Name::new("Pot").unwrap();
    let pot =
        world.store.create_project(NewProject { name, owner_email: "o@pot.example".into(), channel }).await.unwrap();
    world.joins(&pot.project, "eve@pot.example", Right::Agent, None).await;
    let (conversation, channel) = (second.clone(), pot.channel.clone());
    let moved = world.store.writer.run(Lane::Shared, move |tx| {
        Box::pin(async move {
            query("UPDATE conversations SET channel_id = $1 WHERE id = $2")
                .bind(channel.as_str())
                .bind(conversation.as_str())
                .execute(tx.conn)
                .await?;
            Ok::<_, StoreError>(())
        })
    });
    moved.await.unwrap();
    let third = world.asks(&shop.visitor, "and again").await;
    let page = world.store.notes(&shop.mira, &third, None).await.unwrap();
    assert!(page.notes.iter().all(|note| note.conversation_id != second.as_str()), "{page:?}");
}

pub(super) async fn the_log_holds_no_note_and_what_is_erased_is_gone_from_it(world: World) {
    // design rule 1, O2
    let shop = world.shop("Kettle").await;
    let conversation = world.asks(&shop.visitor, "hello").await;
    let topic = Topic::Channel(shop.channel.clone());
    let note = leaves(&world, &shop.mira, &conversation, "lives in Elm Street").await.unwrap();
    let frames = |cursor: u64| {
        let cursor = protocol::frame::Cursor { epoch: world.store.epoch().to_owned(), seq: cursor };
        let (store, topic) = (world.store.clone(), topic.clone());
        async move {
            match store.catch_up(&topic, Some(&cursor)).await.unwrap() {
                CatchUp::Events { frames, .. } => {
                    frames.iter().map(|frame| String::from_utf8_lossy(&frame.frame).into_owned()).collect::<String>()
                }
                CatchUp::Snapshot { .. } => panic!("the log is there"),
            }
        }
    };
    assert!(frames(0).await.contains("lives in Elm Street"), "who comes back gets it too");
    let mut conn = world.store.readers.acquire().await.unwrap();
    let stored: Vec<String> = query_scalar("SELECT kind || actor || COALESCE(cause, '') || data FROM events")
        .fetch_all(&mut conn)
        .await
        .unwrap();
    drop(conn);
    assert!(stored.iter().all(|event| !event.contains("Elm")), "{stored:?}");
    let erased = world.store.writer.run(Lane::Shared, move |tx| {
        Box::pin(async move {
            query("UPDATE notes SET text = '', deleted_at = 1 WHERE id = $1").bind(&note.id).execute(tx.conn).await?;
            Ok::<_, StoreError>(())
        })
    });
    erased.await.unwrap();
    assert!(!frames(0).await.contains("Elm"));
    assert_eq!(world.store.notes(&shop.mira, &conversation, None).await.unwrap().notes, []);
}
