//! Files: who may bring and have them, that each is sent once, and that what nobody sent is forgotten.

use domain::agent::Availability;
use domain::block::BlockTerm;
use domain::conversation::Refusal;
use domain::file::{FileName, UNSENT_MAX};
use domain::id::{AgentId, AttachmentId, ConversationId};
use domain::message::Content;
use domain::time::Timestamp;
use protocol::file::{ChannelSwitches, SetChannelSwitches};
use protocol::view::MessageView;

use super::world::{Shop, World, message_id};
use crate::catch_up::CatchUp;
use crate::commands::tokens::Visitor;
use crate::db::query_scalar;
use crate::{KeptFile, NewAnswer, NewBlock, NewFile, StoreError, Topic, Uploader, secret};

fn id() -> AttachmentId {
    AttachmentId::new(Timestamp::from_ms(1), secret::random_id_bytes())
}

fn agent(shop: &Shop, agent: &AgentId, conversation: &ConversationId, fence: u32) -> Uploader {
    assert!([&shop.mira, &shop.tom, &shop.owner].contains(&agent));
    Uploader::Agent { agent: agent.clone(), conversation: conversation.clone(), fence: Some(fence) }
}

fn visitor(visitor: &Visitor) -> Uploader {
    Uploader::Visitor { visitor: visitor.clone(), ip: None }
}

/// Uploads a file whose bytes have this hash.
async fn uploads(
    world: &World,
    by: Uploader,
    id: &AttachmentId,
    name: &str,
    sha256: &str,
) -> Result<KeptFile, StoreError> {
    let file_key = world.store.begin_upload(by.clone(), id.clone()).await?;
    let (name, media_type) = (FileName::new(name), "image/png".to_owned());
    let (id, sha256, pixels) = (id.clone(), sha256.to_owned(), Some((3, 2)));
    world.store.finish_upload(by, NewFile { id, name, size_bytes: 7, media_type, pixels, sha256, file_key }).await
}

async fn answers(
    world: &World,
    by: &AgentId,
    conversation: &ConversationId,
    text: &str,
    files: &[&AttachmentId],
) -> Result<MessageView, StoreError> {
    let content = Content::new(text, files.iter().map(|id| (*id).clone()).collect()).unwrap();
    let answer = NewAnswer { id: message_id(), conversation: conversation.clone(), content, fence: Some(1) };
    world.store.answer(by.clone(), answer).await
}

fn is_about_attachments<T>(result: &Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Value { field: "attachments", .. }))
}

pub(super) async fn a_file_stands_in_its_message_and_is_sent_once_by_its_sender(world: World) {
    // F1 F3
    let shop = world.shop("Kettle").await;
    let first = world.asks(&shop.visitor, "hello").await;
    world.store.accept(shop.mira.clone(), first.clone()).await.unwrap();
    let (a, b) = (id(), id());
    let view = uploads(&world, agent(&shop, &shop.mira, &first, 1), &a, "b/kettle.png", "aa").await.unwrap().view;
    assert_eq!((view.name.as_str(), view.size, view.width, view.height), ("kettle.png", 7, Some(3), Some(2)));
    uploads(&world, agent(&shop, &shop.mira, &first, 1), &b, "Ёж.png", "bb").await.unwrap();
    let sent = answers(&world, &shop.mira, &first, "", &[&b, &a]).await.unwrap();
    assert_eq!(sent.attachments.iter().map(|file| file.id.as_str()).collect::<Vec<_>>(), [b.as_str(), a.as_str()]);
    assert_eq!((sent.text.as_str(), world.view(&first).await.preview.text.as_str()), ("", "Ёж.png"));
    // It stands everywhere where the message does: in the event, in the log, in the history, in the client's own.
    let told = world.heard.of("channel/", "message_added").pop().unwrap().data.message.unwrap();
    let to_client = world.heard.of("contact/", "message_added").pop().unwrap().data.contact_message.unwrap();
    assert_eq!((told.attachments, &to_client.attachments), (sent.attachments.clone(), &sent.attachments));
    assert_eq!(to_client.text, "");
    let history = world.store.history(&shop.tom, &first, None).await.unwrap().messages;
    assert_eq!((history[0].attachments.len(), &history[1]), (0, &sent));
    let own = world.store.contact_history(&shop.visitor, None).await.unwrap().messages;
    assert_eq!(own[1].attachments, sent.attachments);
    let stored: Vec<String> = {
        let mut conn = world.store.readers.acquire().await.unwrap();
        query_scalar("SELECT COALESCE(cause, '') || data FROM events").fetch_all(&mut conn).await.unwrap()
    };
    assert!(stored.iter().all(|event| !event.contains("kettle") && !event.contains("Ёж")), "a name stands in the log");

    assert!(is_about_attachments(&answers(&world, &shop.mira, &first, "again", &[&a]).await));
    assert!(is_about_attachments(&answers(&world, &shop.mira, &first, "nothing", &[&id()]).await));
    // Not another's, nor from elsewhere.
    let (theirs, other) = (id(), world.visitor(&shop.channel_key, None).await.unwrap());
    uploads(&world, visitor(&shop.visitor), &theirs, "x.png", "cc").await.unwrap();
    assert!(is_about_attachments(&answers(&world, &shop.mira, &first, "mine?", &[&theirs]).await));
    let says = |by: &Visitor, id: &AttachmentId| {
        world.store.contact_writes(by.clone(), message_id(), Content::new("hi", vec![id.clone()]).unwrap(), None)
    };
    assert!(is_about_attachments(&says(&other, &theirs).await));
    let second = world.asks(&other, "me too").await;
    world.store.accept(shop.mira.clone(), second.clone()).await.unwrap();
    let here = id();
    uploads(&world, agent(&shop, &shop.mira, &first, 1), &here, "x.png", "dd").await.unwrap();
    assert!(is_about_attachments(&answers(&world, &shop.mira, &second, "wrong place", &[&here]).await));
    assert_eq!(says(&shop.visitor, &theirs).await.unwrap().attachments[0].id, theirs.as_str());
}

pub(super) async fn only_the_owner_by_his_present_claim_and_online_brings_a_file(world: World) {
    // A7 P7
    let shop = world.shop("Kettle").await;
    let conversation = world.asks(&shop.visitor, "hello").await;
    let tries = async |by: &AgentId, fence| {
        let tried = uploads(&world, agent(&shop, by, &conversation, fence), &id(), "a.png", "aa").await;
        match tried {
            Err(StoreError::Refused(denied)) => Some(denied.refusal),
            other => other.map(|_| None).unwrap(),
        }
    };
    assert_eq!(tries(&shop.mira, 0).await, Some(Refusal::NotHolder { holder: None }));
    world.store.accept(shop.mira.clone(), conversation.clone()).await.unwrap();
    let holder = Some(shop.mira.clone());
    assert_eq!(tries(&shop.mira, 0).await, Some(Refusal::StaleFence { holder: holder.clone() }));
    assert_eq!(tries(&shop.owner, 1).await, Some(Refusal::NotHolder { holder }));
    assert_eq!(tries(&shop.mira, 1).await, None);
    world.goes(&shop.mira, Availability::Offline).await;
    assert_eq!(tries(&shop.mira, 1).await, Some(Refusal::Offline));
    world.goes(&shop.mira, Availability::Online).await;
    let block = NewBlock { term: BlockTerm::Hour, reason: None, also_ip: false };
    world.store.block(shop.tom.clone(), conversation.clone(), block).await.unwrap();
    assert_eq!(tries(&shop.mira, 1).await, Some(Refusal::ContactBlocked));
    let blocked = uploads(&world, visitor(&shop.visitor), &id(), "a.png", "aa").await;
    assert!(matches!(blocked, Err(StoreError::ContactBlocked { until: Some(_) })), "{blocked:?}");
    world.store.unblock(shop.tom.clone(), conversation.clone()).await.unwrap();
    world.store.close_conversation(shop.mira.clone(), conversation.clone(), None).await.unwrap();
    assert_eq!(tries(&shop.mira, 1).await, Some(Refusal::Finished));
    let stranger = world.shop("Bank").await.owner;
    let by = Uploader::Agent { agent: stranger, conversation, fence: Some(1) };
    assert!(matches!(uploads(&world, by, &id(), "a.png", "aa").await, Err(StoreError::NotFound)));
}

pub(super) async fn the_same_file_again_is_the_first_and_another_with_its_id_a_conflict(world: World) {
    // design rule 6
    let shop = world.shop("Kettle").await;
    let conversation = world.asks(&shop.visitor, "hello").await;
    world.store.accept(shop.mira.clone(), conversation.clone()).await.unwrap();
    let (by, file) = (agent(&shop, &shop.mira, &conversation, 1), id());
    let first = uploads(&world, by.clone(), &file, "a.png", "aa").await.unwrap();
    let again = uploads(&world, by.clone(), &file, "a.png", "aa").await.unwrap();
    assert_eq!(
        (&again.view, &again.file_key),
        (&first.view, &first.file_key),
        "the bytes that came again are not needed"
    );
    for (name, sha256) in [("b.png", "aa"), ("a.png", "bb")] {
        let changed = uploads(&world, by.clone(), &file, name, sha256).await;
        assert!(matches!(changed, Err(StoreError::IdConflict)), "{changed:?}");
    }
    let stolen = uploads(&world, visitor(&shop.visitor), &file, "a.png", "aa").await;
    assert!(matches!(stolen, Err(StoreError::IdConflict)), "{stolen:?}");

    let (message, content) = (message_id(), Content::new("see", vec![file.clone()]).unwrap());
    let answer = |id, content: &Content| {
        let (conversation, content) = (conversation.clone(), content.clone());
        world.store.answer(shop.mira.clone(), NewAnswer { id, conversation, content, fence: Some(1) })
    };
    let sent = answer(message.clone(), &content).await.unwrap();
    // Answers that were lost on the way are given again, also after it was finished.
    world.store.close_conversation(shop.mira.clone(), conversation.clone(), None).await.unwrap();
    assert_eq!(answer(message.clone(), &content).await.unwrap(), sent);
    assert_eq!(uploads(&world, by, &file, "a.png", "aa").await.unwrap().view, first.view);
    let without = answer(message, &Content::new("see", Vec::new()).unwrap()).await;
    assert!(matches!(without, Err(StoreError::IdConflict)), "{without:?}");
}

pub(super) async fn a_file_counts_as_activity_of_who_sends_it(world: World) {
    // A9 X2
    let shop = world.shop("Kettle").await;
    let conversation = world.asks(&shop.visitor, "hello").await;
    world.store.accept(shop.mira.clone(), conversation.clone()).await.unwrap();
    let deadline = async || world.view(&conversation).await.deadline_at.unwrap() - world.now().as_ms();
    world.minutes_pass(10);
    assert_eq!(deadline().await, 5 * 60_000);
    uploads(&world, agent(&shop, &shop.mira, &conversation, 1), &id(), "a.png", "aa").await.unwrap();
    assert_eq!(deadline().await, 15 * 60_000);
    world.answers(&shop.mira, &conversation, 1).await.unwrap();
    world.minutes_pass(10);
    assert_eq!(deadline().await, 5 * 60_000);
    uploads(&world, visitor(&shop.visitor), &id(), "b.png", "bb").await.unwrap();
    assert_eq!(deadline().await, 15 * 60_000);
}

pub(super) async fn what_nobody_sent_is_forgotten_after_a_day_and_what_was_sent_stays(world: World) {
    // F1: nothing is left of what did not go out
    let shop = world.shop("Kettle").await;
    let (sent, waits) = (id(), id());
    uploads(&world, visitor(&shop.visitor), &sent, "sent.png", "aa").await.unwrap();
    let content = Content::new("", vec![sent.clone()]).unwrap();
    world.store.contact_writes(shop.visitor.clone(), message_id(), content, None).await.unwrap();
    let old = uploads(&world, visitor(&shop.visitor), &waits, "waits.png", "bb").await.unwrap().file_key;
    // Its bytes came, and nothing else.
    let loose = world.store.begin_upload(visitor(&shop.visitor), id()).await.unwrap();
    world.minutes_pass(24 * 60);
    assert_eq!(world.store.unsent_files(world.now()).await.unwrap(), [""; 0]);
    let fresh = id();
    uploads(&world, visitor(&shop.visitor), &fresh, "fresh.png", "cc").await.unwrap();
    world.clock.advance_ms(1);
    let mut keys = world.store.unsent_files(world.now()).await.unwrap();
    keys.sort();
    let mut wanted = vec![old, loose];
    wanted.sort();
    assert_eq!(keys, wanted);
    assert_eq!(world.store.unsent_files(world.now()).await.unwrap().len(), 2, "told again until they are away");
    world.store.forget_files(keys).await.unwrap();
    assert_eq!(world.store.unsent_files(world.now()).await.unwrap(), [""; 0]);
    assert!(matches!(world.store.contact_attachment(&shop.visitor, &waits).await, Err(StoreError::NotFound)));
    for id in [&sent, &fresh] {
        world.store.contact_attachment(&shop.visitor, id).await.unwrap();
    }
    let gone =
        world.store.contact_writes(shop.visitor.clone(), message_id(), Content::new("", vec![waits]).unwrap(), None);
    assert!(is_about_attachments(&gone.await));
}

pub(super) async fn a_file_is_for_who_has_access_to_its_channel_and_for_its_client(world: World) {
    // F5
    let (shop, bank) = (world.shop("Kettle").await, world.shop("Bank").await);
    let conversation = world.asks(&shop.visitor, "hello").await;
    world.store.accept(shop.mira.clone(), conversation.clone()).await.unwrap();
    let (theirs, ours, waits) = (id(), id(), id());
    uploads(&world, visitor(&shop.visitor), &theirs, "a.png", "aa").await.unwrap();
    for (file, hash) in [(&ours, "bb"), (&waits, "cc")] {
        uploads(&world, agent(&shop, &shop.mira, &conversation, 1), file, "b.png", hash).await.unwrap();
    }
    let to_agent = async |by: &AgentId, id: &AttachmentId| world.store.attachment(by, id).await.is_ok();
    let to_client = async |by: &Visitor, id: &AttachmentId| world.store.contact_attachment(by, id).await.is_ok();
    // What is not sent yet is its sender's own.
    assert!(to_agent(&shop.mira, &ours).await && !to_agent(&shop.tom, &ours).await);
    assert!(to_client(&shop.visitor, &theirs).await && !to_client(&shop.visitor, &ours).await);
    assert!(!to_agent(&shop.mira, &theirs).await);
    let content = Content::new("", vec![theirs.clone()]).unwrap();
    world.store.contact_writes(shop.visitor.clone(), message_id(), content, None).await.unwrap();
    answers(&world, &shop.mira, &conversation, "", &[&ours]).await.unwrap();
    let neighbour = world.visitor(&shop.channel_key, None).await.unwrap();
    for file in [&theirs, &ours] {
        for by in [&shop.mira, &shop.tom, &shop.owner] {
            assert!(to_agent(by, file).await);
        }
        assert!(to_client(&shop.visitor, file).await);
        assert!(!to_agent(&bank.owner, file).await && !to_client(&bank.visitor, file).await);
        assert!(!to_client(&neighbour, file).await);
    }
    world.store.set_assigned(shop.owner.clone(), shop.channel.clone(), shop.tom.clone(), false).await.unwrap();
    assert!(!to_agent(&shop.tom, &theirs).await);
    assert!(
        !to_client(&shop.visitor, &waits).await
            && !to_agent(&shop.owner, &waits).await
            && !to_agent(&shop.owner, &id()).await
    );
}

pub(super) async fn a_switch_keeps_clients_files_out_and_everybody_is_told(world: World) {
    // F4
    let shop = world.shop("Kettle").await;
    let off = SetChannelSwitches { files_allowed: Some(false), visits_allowed: None };
    let set = |by: &AgentId, wanted| world.store.set_channel_switches(by.clone(), shop.channel.clone(), wanted);
    assert!(matches!(set(&shop.mira, off).await, Err(StoreError::Forbidden)));
    let stranger = world.shop("Bank").await.owner;
    assert!(matches!(set(&stranger, off).await, Err(StoreError::NotFound)));
    let waits = id();
    uploads(&world, visitor(&shop.visitor), &waits, "a.png", "aa").await.unwrap();
    let topic = Topic::Channel(shop.channel.clone());
    world.heard.forget();
    let switches = ChannelSwitches { files_allowed: false, visits_allowed: true };
    assert_eq!(set(&shop.owner, off).await.unwrap(), switches);
    assert_eq!(set(&shop.owner, off).await.unwrap(), switches);
    let told = world.heard.of("channel/", "channel_changed");
    assert_eq!(told.len(), 1, "what changes nothing is told to nobody");
    assert_eq!(told[0].data.channel.as_ref().unwrap().switches, switches);
    assert_eq!(world.store.channel_switches(&shop.owner, &shop.channel).await.unwrap(), switches);
    assert_eq!(world.store.widget_channel(&shop.channel_key).await.unwrap().switches, switches);
    let cursor = protocol::frame::Cursor { epoch: world.store.epoch().to_owned(), seq: told[0].seq - 1 };
    let later = world.store.catch_up(&topic, Some(&cursor)).await.unwrap();
    let CatchUp::Events { frames, .. } = later else { panic!("it starts over") };
    assert!(String::from_utf8_lossy(&frames[0].frame).contains("\"files_allowed\":false"));

    let refused = uploads(&world, visitor(&shop.visitor), &id(), "a.png", "aa").await;
    assert!(matches!(refused, Err(StoreError::FilesNotAllowed)), "{refused:?}");
    let content = Content::new("", vec![waits.clone()]).unwrap();
    let sends = || world.store.contact_writes(shop.visitor.clone(), message_id(), content.clone(), None);
    assert!(matches!(sends().await, Err(StoreError::FilesNotAllowed)));
    world.writes(&shop.visitor, "words go").await.unwrap();
    let on = SetChannelSwitches { files_allowed: Some(true), visits_allowed: Some(false) };
    assert_eq!(set(&shop.owner, on).await.unwrap(), ChannelSwitches { files_allowed: true, visits_allowed: false });
    sends().await.unwrap();
}

pub(super) async fn file_names_are_found_with_and_beside_the_text(world: World) {
    // S3
    let shop = world.shop("Kettle").await;
    let sends = async |text: &str, names: &[&str]| {
        let mut files = Vec::new();
        for name in names {
            files.push(id());
            uploads(&world, visitor(&shop.visitor), files.last().unwrap(), name, "aa").await.unwrap();
        }
        world.clock.advance_ms(1_000);
        let content = Content::new(text, files).unwrap();
        world.store.contact_writes(shop.visitor.clone(), message_id(), content, None).await.unwrap().id
    };
    let first = sends("", &["Счёт №7.PDF"]).await;
    let second = sends("the grüne kettle", &["photo.png", "发票发票.jpg"]).await;
    sends("nothing of it", &[]).await;
    for (q, wanted) in
        [("СЧЕТ", &first), ("pdf", &first), ("发票", &second), ("GRUNE photo", &second), ("票.jp", &second)]
    {
        let found = world.store.search(&shop.mira, q, None).await.unwrap().found;
        let ids: Vec<&str> = found.iter().flat_map(|one| &one.messages).map(|one| one.message.id.as_str()).collect();
        assert_eq!(ids, [wanted.as_str()], "{q}");
    }
    let found = world.store.search(&shop.mira, "grune photo", None).await.unwrap().found.remove(0).messages.remove(0);
    let range = |start, end| protocol::search::TextRange { start, end };
    assert_eq!((found.ranges, found.files), (vec![range(4, 9)], vec![vec![range(0, 5)], Vec::new()]));
    assert!(world.store.search(&shop.mira, "kettlephoto", None).await.unwrap().found.is_empty(), "a line each");
}

pub(super) async fn no_client_fills_the_place_with_files_that_he_does_not_send(world: World) {
    let shop = world.shop("Kettle").await;
    for _ in 0..UNSENT_MAX {
        uploads(&world, visitor(&shop.visitor), &id(), "a.png", "aa").await.unwrap();
    }
    let refused = uploads(&world, visitor(&shop.visitor), &id(), "a.png", "aa").await;
    assert!(matches!(refused, Err(StoreError::Value { field: "id", .. })), "{refused:?}");
    let other = world.visitor(&shop.channel_key, None).await.unwrap();
    uploads(&world, visitor(&other), &id(), "a.png", "aa").await.unwrap();
}
