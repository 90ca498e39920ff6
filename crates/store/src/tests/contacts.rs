//! What agents write down of a client, and his conversations.

use domain::agent::Availability;
use domain::id::{AgentId, ContactId};
use protocol::contact::{ContactDetails, SetContact};
use protocol::view::CloseReason;

use super::world::World;
use crate::catch_up::CatchUp;
use crate::db::query_scalar;
use crate::{StoreError, Topic};

fn called(rev: u32, name: &str) -> SetContact {
    let text = str::to_owned;
    SetContact {
        rev,
        name: text(name),
        email: text("ann@example.com"),
        phone: text("+44 20"),
        about: text("Elm Street"),
    }
}

async fn sets(
    world: &World,
    by: &AgentId,
    contact: &ContactId,
    wanted: SetContact,
) -> Result<ContactDetails, StoreError> {
    world.store.set_contact(by.clone(), contact.clone(), wanted).await
}

pub(super) async fn a_corrected_name_is_on_every_screen_and_what_another_changed_is_not_overwritten(world: World) {
    // I4
    let shop = world.shop("Kettle").await;
    let conversation = world.asks(&shop.visitor, "hello").await;
    world.store.accept(shop.tom.clone(), conversation.clone()).await.unwrap();
    let contact = &shop.visitor.contact;
    let first = world.store.contact(&shop.mira, contact).await.unwrap();
    assert_eq!((first.rev, first.email.as_str(), first.about.as_str()), (0, "", ""));
    let before = world.view(&conversation).await;
    world.goes(&shop.mira, Availability::Offline).await;
    world.heard.forget();
    let set = sets(&world, &shop.mira, contact, called(0, "Ann Lee")).await.unwrap();
    assert_eq!((set.rev, set.name.as_str(), set.phone.as_str()), (1, "Ann Lee", "+44 20"));
    let told = world.heard.events();
    assert_eq!(told.len(), 1, "and nothing to the client: {told:?}");
    assert_eq!(
        (told[0].topic.clone(), told[0].kind.as_str()),
        (Topic::Channel(shop.channel.clone()).to_string(), "contact_changed")
    );
    assert_eq!((&told[0].data.contact, &told[0].alert), (&Some(set.clone()), &protocol::view::Audience::Nobody));
    let mut after = before;
    after.contact.name = "Ann Lee".to_owned();
    assert_eq!(told[0].data.conversation, Some(after.clone()), "nothing else of it changed");
    assert_eq!(world.view(&conversation).await, after);

    assert_eq!(sets(&world, &shop.mira, contact, called(0, "Ann Lee")).await.unwrap(), set, "its answer was lost");
    let late = sets(&world, &shop.tom, contact, called(0, "Anne")).await;
    assert!(matches!(late, Err(StoreError::StaleRevision)), "{late:?}");
    assert_eq!(sets(&world, &shop.tom, contact, called(1, "Anne")).await.unwrap().rev, 2);
    for (wanted, field) in [(called(2, " "), "name"), (SetContact { email: "ann".into(), ..called(2, "Ann") }, "email")]
    {
        match sets(&world, &shop.tom, contact, wanted).await {
            Err(StoreError::Text { field: named, .. } | StoreError::Value { field: named, .. }) => {
                assert_eq!(named, field);
            }
            other => panic!("{other:?}"),
        }
    }
    // He writes on: an older release saves his counts, and so does this one, and neither touches what was written down.
    world.writes(&shop.visitor, "more").await.unwrap();
    assert_eq!(world.store.contact(&shop.tom, contact).await.unwrap().name, "Anne");
}

pub(super) async fn a_client_is_known_to_who_has_access_to_a_channel_of_his(world: World) {
    // I4, design rule 10
    let (shop, bank) = (world.shop("Kettle").await, world.shop("Bank").await);
    let contact = &shop.visitor.contact;
    let unseen = |result: Result<ContactDetails, StoreError>| matches!(result, Err(StoreError::NotFound));
    assert!(unseen(world.store.contact(&shop.owner, contact).await), "he wrote nothing yet");
    world.asks(&shop.visitor, "hello").await;
    world.store.contact(&shop.mira, contact).await.unwrap();
    assert!(unseen(world.store.contact(&bank.owner, contact).await));
    assert!(unseen(sets(&world, &bank.owner, contact, called(0, "Ann")).await));
    world.store.set_assigned(shop.owner.clone(), shop.channel.clone(), shop.mira.clone(), false).await.unwrap();
    assert!(unseen(world.store.contact(&shop.mira, contact).await));
    assert!(unseen(sets(&world, &shop.mira, contact, called(0, "Ann")).await));
    let list = world.store.conversations_of(&shop.mira, contact, None).await;
    assert!(matches!(list, Err(StoreError::NotFound)));
}

pub(super) async fn his_conversations_come_in_pages_with_when_and_how_they_ended(world: World) {
    // I3 X3
    let shop = world.shop("Kettle").await;
    let mut asked = Vec::new();
    for n in 0..60 {
        world.clock.advance_ms(i64::from(n % 2) * 1_000);
        let conversation = world.asks(&shop.visitor, "hello").await;
        world.store.close_conversation(shop.mira.clone(), conversation.clone(), None).await.unwrap();
        asked.push((world.now().as_ms(), conversation.to_string()));
    }
    asked.sort();
    asked.reverse();
    let list = |after: Option<String>| {
        let (store, mira, contact) = (world.store.clone(), shop.mira.clone(), shop.visitor.contact.clone());
        async move { store.conversations_of(&mira, &contact, after.as_deref()).await }
    };
    let first = list(None).await.unwrap();
    let second = list(first.next.clone()).await.unwrap();
    assert_eq!((first.conversations.len(), second.conversations.len(), &second.next), (50, 10, &None));
    let found: Vec<_> = first.conversations.into_iter().chain(second.conversations).collect();
    assert!(found.iter().all(|view| view.close_reason == Some(CloseReason::Agent) && view.closed_at.is_some()));
    assert_eq!(found.into_iter().map(|view| (view.opened_at, view.id)).collect::<Vec<_>>(), asked);
    assert!(matches!(list(Some("x".to_owned())).await, Err(StoreError::Value { .. })));
}

pub(super) async fn who_was_away_is_told_how_he_is_called_now_and_the_log_holds_no_name(world: World) {
    // I4, design rule 1
    let shop = world.shop("Kettle").await;
    world.asks(&shop.visitor, "hello").await;
    sets(&world, &shop.mira, &shop.visitor.contact, called(0, "Ann Lee")).await.unwrap();
    let now = sets(&world, &shop.mira, &shop.visitor.contact, called(1, "Anne Lee")).await.unwrap();
    let cursor = protocol::frame::Cursor { epoch: world.store.epoch().to_owned(), seq: 0 };
    let topic = Topic::Channel(shop.channel.clone());
    let CatchUp::Events { frames, .. } = world.store.catch_up(&topic, Some(&cursor)).await.unwrap() else {
        panic!("the log is there");
    };
    let frames: Vec<String> = frames.iter().map(|frame| String::from_utf8_lossy(&frame.frame).into_owned()).collect();
    let told: Vec<_> = frames.iter().filter(|frame| frame.contains("contact_changed")).collect();
    assert_eq!(told.len(), 2);
    let wanted = format!("\"contact\":{}", serde_json::to_string(&now).unwrap());
    assert!(told.iter().all(|frame| frame.contains(&wanted) && !frame.contains("Ann Lee")), "{told:?}");
    let mut conn = world.store.readers.acquire().await.unwrap();
    let stored: Vec<String> = query_scalar("SELECT data FROM events").fetch_all(&mut conn).await.unwrap();
    assert!(stored.iter().all(|event| !event.contains("Lee") && !event.contains("Elm") && !event.contains("ann@")));
}
