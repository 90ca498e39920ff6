//! Files of templates: who brings and has them, that messages keep what was sent of them, and that nothing is left of what nobody needs.

use domain::agent::Right;
use domain::file::FileName;
use domain::id::{AgentId, AttachmentId, ConversationId, TemplateId};
use domain::message::Content;
use domain::template::{Owner, TemplateFiles};
use domain::text::Name;
use domain::time::Timestamp;
use protocol::file::AttachmentView;
use protocol::template::TemplateView;

use super::world::{Shop, World, message_id, words};
use crate::{KeptFile, NewAnswer, NewFile, StoreError, TakenFile, TemplateContent, TemplateUploader, secret};

fn id() -> AttachmentId {
    AttachmentId::new(Timestamp::from_ms(1), secret::random_id_bytes())
}

fn content(files: Option<&[&AttachmentId]>) -> TemplateContent {
    let files = files.map(|files| TemplateFiles::new(files.iter().map(|id| (*id).clone()).collect()).unwrap());
    TemplateContent { title: Name::new("Prices").unwrap(), text: words("Our prices:"), files }
}

/// Brings a file for a template.
async fn brings(
    world: &World,
    by: &AgentId,
    owner: &Owner,
    id: &AttachmentId,
    name: &str,
) -> Result<KeptFile, StoreError> {
    let by = TemplateUploader { agent: by.clone(), owner: owner.clone() };
    let file_key = world.store.begin_template_file(by.clone(), id.clone()).await?;
    let (name, media_type, sha256) = (FileName::new(name), "image/png".to_owned(), "aa".to_owned());
    let file = NewFile { id: id.clone(), name, size_bytes: 7, media_type, pixels: Some((3, 2)), sha256, file_key };
    world.store.finish_template_file(by, file).await
}

/// A template with one file.
async fn made(world: &World, by: &AgentId, owner: &Owner) -> (TemplateId, AttachmentId, String) {
    let (template, file) = (TemplateId::new(Timestamp::from_ms(1), secret::random_id_bytes()), id());
    let kept = brings(world, by, owner, &file, "Prices.pdf").await.unwrap();
    let with = content(Some(&[&file]));
    world.store.make_template(by.clone(), template.clone(), owner.clone(), with).await.unwrap();
    (template, file, kept.file_key)
}

async fn takes(
    world: &World,
    by: &AgentId,
    conversation: &ConversationId,
    id: &AttachmentId,
    file: &AttachmentId,
) -> Result<AttachmentView, StoreError> {
    let (id, template_file, conversation) = (id.clone(), file.clone(), conversation.clone());
    world.store.take_template_file(by.clone(), TakenFile { id, template_file, conversation, fence: Some(1) }).await
}

async fn sends(world: &World, by: &AgentId, conversation: &ConversationId, file: &AttachmentId) {
    let content = Content::new("", vec![file.clone()]).unwrap();
    let answer = NewAnswer { id: message_id(), conversation: conversation.clone(), content, fence: Some(1) };
    world.store.answer(by.clone(), answer).await.unwrap();
}

/// A conversation that the agent has.
async fn taken(world: &World, shop: &Shop) -> ConversationId {
    let conversation = world.asks(&shop.visitor, "hello").await;
    world.store.accept(shop.mira.clone(), conversation.clone()).await.unwrap();
    conversation
}

fn is_about<T>(result: &Result<T, StoreError>, about: &str) -> bool {
    matches!(result, Err(StoreError::Value { field, .. }) if *field == about)
}

fn ids(template: &TemplateView) -> Vec<&str> {
    template.attachments.iter().map(|file| file.id.as_str()).collect()
}

/// What the purge takes away.
async fn purged(world: &World) -> Vec<String> {
    world.clock.advance_ms(1);
    let mut keys = world.store.unsent_files(world.now()).await.unwrap();
    keys.sort();
    world.store.forget_files(keys.clone()).await.unwrap();
    keys
}

pub(super) async fn a_template_has_its_files_in_order_and_only_those_that_were_brought_for_it(world: World) {
    // T2
    let shop = world.shop("Kettle").await;
    let (mine, ours) = (Owner::Agent(shop.mira.clone()), Owner::Project(shop.id.clone()));
    let (a, b, of_project) = (id(), id(), id());
    for file in [&a, &b] {
        brings(&world, &shop.mira, &mine, file, "../Ёж.png").await.unwrap();
    }
    brings(&world, &shop.owner, &ours, &of_project, "x.png").await.unwrap();
    let refused = brings(&world, &shop.mira, &ours, &id(), "x.png").await;
    assert!(matches!(refused, Err(StoreError::Forbidden)), "{refused:?}");
    let template = TemplateId::new(Timestamp::from_ms(1), secret::random_id_bytes());
    let make = |files: &[&AttachmentId]| {
        world.store.make_template(shop.mira.clone(), template.clone(), mine.clone(), content(Some(files)))
    };
    // Not another owner's, nor what nobody brought.
    assert!(is_about(&make(&[&of_project]).await, "attachments") && is_about(&make(&[&id()]).await, "attachments"));
    let first = make(&[&b, &a]).await.unwrap();
    assert_eq!((ids(&first), first.attachments[0].name.as_str()), (vec![b.as_str(), a.as_str()], "Ёж.png"));
    assert_eq!(make(&[&b, &a]).await.unwrap(), first, "its answer was lost");
    assert!(matches!(make(&[&a, &b]).await, Err(StoreError::IdConflict)));
    let told = world.heard.of("agent/", "template_changed").pop().unwrap();
    assert_eq!(told.data.template.as_ref(), Some(&first));
    assert_eq!(world.store.templates(&shop.mira).await.unwrap().templates, std::slice::from_ref(&first));

    let change = |rev, files: Option<&[&AttachmentId]>| {
        world.store.change_template(shop.mira.clone(), template.clone(), rev, content(files))
    };
    // An older page knows nothing of files, and takes none away.
    assert_eq!(change(1, None).await.unwrap(), first);
    let second = change(1, Some(&[&a])).await.unwrap();
    assert_eq!((second.rev, ids(&second)), (2, vec![a.as_str()]));
    assert_eq!(change(1, Some(&[&a])).await.unwrap(), second, "its answer was lost");
    assert!(is_about(&change(2, Some(&[&a, &b])).await, "attachments"), "it was let go");
    // What another template has is its own.
    let other = TemplateId::new(Timestamp::from_ms(1), secret::random_id_bytes());
    let stolen = world.store.make_template(shop.mira.clone(), other, mine.clone(), content(Some(&[&a]))).await;
    assert!(is_about(&stolen, "attachments"), "{stolen:?}");
}

pub(super) async fn a_templates_file_is_for_who_may_use_it_and_one_that_is_not_saved_for_its_author(world: World) {
    // T2 F5
    let (shop, bank) = (world.shop("Kettle").await, world.shop("Bank").await);
    let boss = world.joins(&shop.id, "boss@kettle.example", Right::Administrator, None).await;
    let (mine, ours) = (Owner::Agent(shop.mira.clone()), Owner::Project(shop.id.clone()));
    let (template, own, _) = made(&world, &shop.mira, &mine).await;
    let (_, of_project, _) = made(&world, &boss, &ours).await;
    let waits = id();
    brings(&world, &boss, &ours, &waits, "x.png").await.unwrap();
    let has = async |by: &AgentId, id: &AttachmentId| world.store.attachment(by, id).await.is_ok();
    for (by, wanted) in [
        (&shop.mira, [true, true, false]),
        (&shop.tom, [false, true, false]),
        (&boss, [false, true, true]),
        (&bank.owner, [false, false, false]),
    ] {
        assert_eq!([has(by, &own).await, has(by, &of_project).await, has(by, &waits).await], wanted);
    }
    // No client has it before it is sent to him.
    assert!(world.store.contact_attachment(&shop.visitor, &of_project).await.is_err());
    let conversation = taken(&world, &shop).await;
    let (sent, another) = (id(), id());
    let view = takes(&world, &shop.mira, &conversation, &sent, &own).await.unwrap();
    assert_eq!((view.id.as_str(), view.name.as_str(), view.width), (sent.as_str(), "Prices.pdf", Some(3)));
    assert_eq!(takes(&world, &shop.mira, &conversation, &sent, &own).await.unwrap(), view, "its answer was lost");
    takes(&world, &shop.mira, &conversation, &another, &of_project).await.unwrap();
    // Not what waits, nor another's, nor another project's, nor without the claim.
    let (_, theirs, _) = made(&world, &bank.owner, &Owner::Project(bank.id.clone())).await;
    let (_, toms, _) = made(&world, &shop.tom, &Owner::Agent(shop.tom.clone())).await;
    for file in [&waits, &theirs, &toms, &id(), &sent] {
        let refused = takes(&world, &shop.mira, &conversation, &id(), file).await;
        assert!(is_about(&refused, "template_file_id"), "{refused:?}");
    }
    assert!(matches!(takes(&world, &shop.tom, &conversation, &id(), &of_project).await, Err(StoreError::Refused(_))));
    assert!(matches!(takes(&world, &bank.owner, &conversation, &id(), &theirs).await, Err(StoreError::NotFound)));
    let reused = takes(&world, &shop.mira, &conversation, &own, &own).await;
    assert!(matches!(reused, Err(StoreError::IdConflict)), "{reused:?}");
    // The template goes; what was taken before goes out, also if that is said again.
    world.store.delete_template(shop.mira.clone(), template).await.unwrap();
    assert_eq!(takes(&world, &shop.mira, &conversation, &sent, &own).await.unwrap(), view);
    assert!(is_about(&takes(&world, &shop.mira, &conversation, &id(), &own).await, "template_file_id"));
    assert!(!has(&shop.mira, &own).await);
    sends(&world, &shop.mira, &conversation, &sent).await;
    assert!(has(&shop.tom, &sent).await && world.store.contact_attachment(&shop.visitor, &sent).await.is_ok());
}

pub(super) async fn what_no_template_and_no_message_has_is_purged_and_nothing_else(world: World) {
    // T2 F3
    let shop = world.shop("Kettle").await;
    let (mine, ours) = (Owner::Agent(shop.mira.clone()), Owner::Project(shop.id.clone()));
    let conversation = taken(&world, &shop).await;
    let (_, stays, _) = made(&world, &shop.mira, &mine).await;
    let (left, unused, unused_key) = made(&world, &shop.mira, &mine).await;
    let (gone, used, _) = made(&world, &shop.owner, &ours).await;
    let unsaved = brings(&world, &shop.mira, &mine, &id(), "unsaved.png").await.unwrap().file_key;
    // Bytes of which nothing came.
    let by = TemplateUploader { agent: shop.mira.clone(), owner: mine.clone() };
    let loose = world.store.begin_template_file(by, id()).await.unwrap();
    let (sent, waits) = (id(), id());
    takes(&world, &shop.mira, &conversation, &sent, &used).await.unwrap();
    sends(&world, &shop.mira, &conversation, &sent).await;
    takes(&world, &shop.mira, &conversation, &waits, &stays).await.unwrap();
    world.store.delete_template(shop.owner.clone(), gone).await.unwrap();
    let change = world.store.change_template(shop.mira.clone(), left, 1, content(Some(&[])));
    assert_eq!(ids(&change.await.unwrap()), [""; 0]);
    assert!(world.store.attachment(&shop.mira, &unused).await.is_err());
    world.minutes_pass(24 * 60);
    let mut wanted = vec![unused_key, unsaved, loose];
    wanted.sort();
    assert_eq!(purged(&world).await, wanted);
    assert_eq!(purged(&world).await, [""; 0]);
    // The copy that was not sent is forgotten; its template has the bytes still, as the message has the others.
    assert!(world.store.attachment(&shop.mira, &waits).await.is_err());
    for (by, file) in [(&shop.mira, &stays), (&shop.tom, &sent)] {
        world.store.attachment(by, file).await.unwrap();
    }
    world.store.contact_attachment(&shop.visitor, &sent).await.unwrap();
}
