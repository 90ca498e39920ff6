//! P6, P10, B1: the agent's own presence and times, and his clients' blocks.

use protocol::view::{AgentSettings, BlockView, OfflineCause, OfflineView};

use super::*;

fn own() -> String {
    format!("agent/{}", me())
}

fn offline(cause: OfflineCause, at: i64) -> OfflineView {
    OfflineView { cause, at, by_name: None }
}

#[test]
fn the_reason_comes_beside_the_availability_and_replaces_the_one_before() {
    // P10
    let mut desk = desk(Vec::new());
    assert_eq!(desk.offline(), None);
    let by_hand = EventData {
        availability: Some(Availability::Offline),
        offline: Some(offline(OfflineCause::ByHand, 5)),
        ..EventData::default()
    };
    assert!(apply(&mut desk, own(), by_hand.clone()));
    assert!(!apply(&mut desk, own(), by_hand));
    assert_eq!(desk.offline(), Some(&offline(OfflineCause::ByHand, 5)));
    let mark = ReadMark { conversation_id: id("cnv", 1), n_alerts: 1 };
    apply(&mut desk, own(), EventData { read: Some(mark), ..EventData::default() });
    assert_eq!(desk.offline(), Some(&offline(OfflineCause::ByHand, 5)), "other events leave it");
    let without_reason = EventData { availability: Some(Availability::Offline), ..EventData::default() };
    assert!(apply(&mut desk, own(), without_reason));
    assert_eq!(desk.offline(), None);
    let online = EventData { availability: Some(Availability::Online), ..EventData::default() };
    assert!(apply(&mut desk, own(), online));
    assert_eq!((desk.availability(), desk.offline()), (Availability::Online, None));
}

#[test]
fn presence_and_times_go_on_to_a_panel_that_opens() {
    // P6, A10, P10
    let mut desk = desk(vec![conversation(1, 1)]);
    let settings = AgentSettings {
        offline_after_minutes: 30,
        detach_after_minutes: 5,
        sound_notifications: false,
        popup_notifications: true,
        repeat_until_seen: true,
    };
    let data = EventData { settings: Some(settings), ..EventData::default() };
    assert!(apply(&mut desk, own(), data.clone()));
    assert!(!apply(&mut desk, own(), data));
    let closed = EventData {
        availability: Some(Availability::Offline),
        offline: Some(offline(OfflineCause::LastPageClosed, 9)),
        ..EventData::default()
    };
    apply(&mut desk, own(), closed);
    let mut copy = Desk::default();
    for frame in desk.snapshots() {
        assert!(copy.apply(&frame));
    }
    assert_eq!(copy.settings(), Some(settings));
    assert_eq!(copy.offline(), Some(&offline(OfflineCause::LastPageClosed, 9)));
    assert_eq!(copy.availability(), Availability::Offline);
}

fn block() -> BlockView {
    let (id, by_name) = (id("blk", 1), String::from("Bob"));
    BlockView { id, since: 1, until: None, by_name, reason: None, also_ip: false }
}

#[test]
fn an_event_of_an_unknown_kind_brings_its_conversation_with_the_block() {
    // B1: "contact_blocked" and whatever else the desk has never heard of: what counts are the rows.
    let mut desk = desk(vec![conversation(1, 1)]);
    let blocked = changed(&conversation(1, 1), |it| it.contact.block = Some(block()));
    assert!(update(&mut desk, blocked));
    let known = desk.open_of(&id("con", 1)).unwrap();
    assert_eq!((&known.id, known.contact.block.as_ref()), (&id("cnv", 1), Some(&block())));
    assert!(desk.open_of(&id("con", 2)).is_none());
}

#[test]
fn a_finished_conversation_takes_its_clients_block_though_it_did_not_change() {
    // B1
    let mut desk = desk(Vec::new());
    let mut finished = conversation(7, 1);
    finished.closed_at = Some(40);
    assert!(desk.merge_page(vec![finished.clone()]));
    assert!(!desk.merge_page(vec![finished.clone()]));
    finished.contact.block = Some(block());
    assert!(desk.merge_page(vec![finished.clone()]));
    assert_eq!(desk.conversation(&id("cnv", 7)).unwrap().contact.block, Some(block()));
    finished.rev = 0;
    finished.contact.block = None;
    assert!(!desk.merge_page(vec![finished]), "an older state is older whatever it says");
}
