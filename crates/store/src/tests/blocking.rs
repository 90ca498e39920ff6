//! Blocking clients.

use domain::agent::Availability;
use domain::block::{BlockRefused, BlockTerm};
use protocol::view::{CloseReason, ContactBlock, Due};

use super::world::{Shop, World, message_id, words};
use crate::{NewBlock, StoreError, Visitor};

fn term(term: BlockTerm) -> NewBlock {
    NewBlock { term, reason: None, also_ip: false }
}

fn is_blocked<T>(result: &Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::ContactBlocked { .. }))
}

pub(super) async fn a_block_holds_for_its_term_and_ends_by_itself(world: World) {
    // B1 B2 B4 B5 B6
    let shop = world.shop("Kettle").await;
    let conversation = world.asks(&shop.visitor, "you all are fools").await;
    world.store.accept(shop.mira.clone(), conversation.clone()).await.unwrap();
    world.heard.forget();
    let new = NewBlock { reason: Some("insults".to_owned()), ..term(BlockTerm::Hour) };
    let view = world.store.block(shop.tom.clone(), conversation.clone(), new).await.unwrap();
    let block = view.contact.block.unwrap();
    assert_eq!((block.since, block.until), (1_000_000, Some(1_000_000 + 3_600_000)));
    assert_eq!((block.by_name.as_str(), block.reason.as_deref()), ("tom", Some("insults")));
    assert_eq!((view.due, view.deadline_at), (Some(Due::Finish), Some(1_000_000 + 15 * 60_000)));
    let told = world.heard.of("contact/", "contact_blocked");
    assert_eq!(told.len(), 1, "he is told once");
    assert_eq!(told[0].data.block, Some(ContactBlock { blocked: true, until: block.until }));
    assert!(!serde_json::to_string(&told).unwrap().contains("insults"), "and not why");

    assert!(is_blocked(&world.writes(&shop.visitor, "hello?").await));
    let answered = world.answers(&shop.mira, &conversation, 1).await;
    assert!(matches!(answered, Err(StoreError::Refused(denied)) if denied.refusal.to_string().contains("blocked")));
    let again = world.store.block(shop.mira.clone(), conversation.clone(), term(BlockTerm::Day)).await;
    assert!(matches!(again, Err(StoreError::Block(BlockRefused::AlreadyBlocked))));

    world.minutes_pass(15);
    assert_eq!(world.store.fire_due(world.now()).await.unwrap(), 1, "it does not detach, it finishes");
    assert_eq!(world.view(&conversation).await.close_reason, Some(CloseReason::ContactBlocked));
    assert!(is_blocked(&world.writes(&shop.visitor, "still here").await), "and no new one begins");
    world.minutes_pass(44);
    assert_eq!(world.store.fire_due(world.now()).await.unwrap(), 0);
    world.minutes_pass(1);
    world.heard.forget();
    assert_eq!(world.store.fire_due(world.now()).await.unwrap(), 1);
    let told = world.heard.of("contact/", "contact_unblocked");
    assert_eq!(told[0].data.block, Some(ContactBlock { blocked: false, until: None }));
    let shown = world.heard.of("channel/", "contact_unblocked");
    assert!(shown[0].data.conversation.as_ref().unwrap().contact.block.is_none(), "the finished one shows it too");
    world.writes(&shop.visitor, "I am sorry").await.unwrap();
}

pub(super) async fn for_ever_never_ends_and_unblock_ends_it(world: World) {
    // B5 B6 N3
    let shop = world.shop("Kettle").await;
    let conversation = world.asks(&shop.visitor, "spam").await;
    world.store.accept(shop.mira.clone(), conversation.clone()).await.unwrap();
    world.minutes_pass(10);
    world.store.block(shop.mira.clone(), conversation.clone(), term(BlockTerm::Forever)).await.unwrap();
    world.goes(&shop.tom, Availability::Offline).await;
    let away = world.store.unblock(shop.tom.clone(), conversation.clone()).await;
    assert!(matches!(away, Err(StoreError::Block(BlockRefused::Offline))));
    assert_eq!(world.store.next_deadline(world.now()).await.unwrap().unwrap().as_ms(), 1_000_000 + 15 * 60_000);
    world.minutes_pass(10);
    let view = world.store.unblock(shop.mira.clone(), conversation.clone()).await.unwrap();
    assert!(view.contact.block.is_none());
    let in_15 = world.now().as_ms() + 15 * 60_000;
    assert_eq!((view.due, view.deadline_at), (Some(Due::Detach), Some(in_15)), "a full period after the block");
    world.answers(&shop.mira, &conversation, 1).await.unwrap();
    let twice = world.store.unblock(shop.mira.clone(), conversation).await;
    assert!(matches!(twice, Err(StoreError::Block(BlockRefused::NotBlocked))));
    world.writes(&shop.visitor, "thanks").await.unwrap();
}

pub(super) async fn a_blocked_address_keeps_new_visitors_out(world: World) {
    // B6
    let shop = world.shop("Kettle").await;
    let from = |ip: &'static str| async move { Some(ip.to_owned()) };
    let write = |shop: &Shop, ip| world.store.contact_writes(shop.visitor.clone(), message_id(), words("spam"), ip);
    write(&shop, from("192.0.2.99").await).await.unwrap();
    // From another network, in the same conversation: the address that he writes from last counts.
    write(&shop, from("203.0.113.7").await).await.unwrap();
    let mut conn = world.store.readers.acquire().await.unwrap();
    let contact = crate::rows::contacts::load(&mut conn, &shop.visitor.contact).await.unwrap();
    let row = crate::rows::conversations::newest(&mut conn, &contact.id).await.unwrap().unwrap();
    drop(conn);
    let other = world.visitor(&shop.channel_key, Some("203.0.113.7")).await.unwrap();
    world.store.contact_writes(other.clone(), message_id(), words("hi"), from("203.0.113.7").await).await.unwrap();
    let types = async |visitor: &Visitor| world.store.contact_active(visitor.clone()).await.unwrap();
    let theirs = domain::id::ConversationId::parse(&types(&other).await.expect("he is heard").id).unwrap();
    world.store.accept(shop.mira.clone(), theirs.clone()).await.unwrap();
    world.answers(&shop.mira, &theirs, 1).await.unwrap();
    let deadline = types(&other).await.unwrap().deadline_at;
    assert!(deadline.is_some(), "his silence would finish it");
    let new = NewBlock { also_ip: true, ..term(BlockTerm::Day) };
    let view = world.store.block(shop.tom.clone(), row.id.clone(), new).await.unwrap();
    assert!(view.contact.block.unwrap().also_ip);
    assert!(is_blocked(&world.visitor(&shop.channel_key, Some("203.0.113.7")).await));
    // B4: nobody hears either of them type, and no clock begins anew.
    world.clock.advance_ms(60_000);
    assert!(types(&shop.visitor).await.is_none() && types(&other).await.is_none());
    let mut conn = world.store.readers.acquire().await.unwrap();
    let row = crate::rows::conversations::newest(&mut conn, &other.contact).await.unwrap().unwrap();
    drop(conn);
    assert_eq!(row.deadline_at, deadline);
    let written = world.store.contact_writes(other, message_id(), words("me too"), from("203.0.113.7").await).await;
    assert!(is_blocked(&written), "nor may one who was there before");
    let far = world.visitor(&shop.channel_key, Some("198.51.100.1")).await.unwrap();
    world.writes(&far, "I am somebody else").await.unwrap();
    let bank = world.shop("Bank").await;
    assert!(world.visitor(&bank.channel_key, Some("203.0.113.7")).await.is_ok(), "another project's door is open");
}

pub(super) async fn the_list_is_for_administrators_and_comes_in_pages(world: World) {
    // B6
    let shop = world.shop("Kettle").await;
    for n in 0..120 {
        world.clock.advance_ms(i64::from(n % 3 == 0));
        let visitor = world.visitor(&shop.channel_key, None).await.unwrap();
        let conversation = world.asks(&visitor, "spam").await;
        world.store.block(shop.mira.clone(), conversation, term(BlockTerm::Forever)).await.unwrap();
    }
    let (mut ids, mut after, mut n_pages) = (Vec::new(), None, 0);
    loop {
        let page = world.store.blocked(&shop.owner, &shop.id, after.as_deref()).await.unwrap();
        ids.extend(page.blocks.into_iter().map(|it| (it.block.since, it.block.id)));
        n_pages += 1;
        let Some(next) = page.next else { break };
        after = Some(next);
    }
    assert_eq!((ids.len(), n_pages), (120, 3));
    assert!(ids.windows(2).all(|pair| pair[0] > pair[1]), "the latest first, each once");
    let agent = world.store.blocked(&shop.mira, &shop.id, None).await;
    assert!(matches!(agent, Err(StoreError::Forbidden)));
    let bank = world.shop("Bank").await;
    assert!(matches!(world.store.blocked(&bank.owner, &shop.id, None).await, Err(StoreError::NotFound)));
    assert!(matches!(world.store.blocked(&shop.owner, &shop.id, Some("x")).await, Err(StoreError::Value { .. })));

    let id = domain::id::BlockId::parse(&ids[7].1).unwrap();
    let undo = |by: &domain::id::AgentId| world.store.unblock_listed(by.clone(), shop.id.clone(), id.clone());
    assert!(matches!(undo(&shop.mira).await, Err(StoreError::Forbidden)));
    world.goes(&shop.owner, Availability::Offline).await;
    undo(&shop.owner).await.unwrap();
    assert!(matches!(undo(&shop.owner).await, Err(StoreError::NotFound)), "it has ended");
    let elsewhere = world.store.unblock_listed(bank.owner.clone(), bank.id.clone(), id).await;
    assert!(matches!(elsewhere, Err(StoreError::NotFound)));
}

pub(super) async fn a_block_that_is_over_is_no_block_though_nothing_swept(world: World) {
    // B5
    let shop = world.shop("Kettle").await;
    let conversation = world.asks(&shop.visitor, "spam").await;
    world.store.accept(shop.mira.clone(), conversation.clone()).await.unwrap();
    world.store.block(shop.mira.clone(), conversation.clone(), term(BlockTerm::Minutes15)).await.unwrap();
    world.minutes_pass(60);
    // B6: it was to finish 15 minutes after the block, and does, though nobody looked in time.
    let next = world.asks(&shop.visitor, "I may write again").await;
    assert_ne!(next, conversation);
    let finished = world.view(&conversation).await;
    assert_eq!((finished.close_reason, finished.contact.block), (Some(CloseReason::ContactBlocked), None));
    world.store.accept(shop.mira.clone(), next.clone()).await.unwrap();
    world.answers(&shop.mira, &next, 1).await.unwrap();
    assert_eq!(world.store.fire_due(world.now()).await.unwrap(), 0, "nothing is left to end");
    world.store.block(shop.mira.clone(), next, term(BlockTerm::Day)).await.unwrap();
}
