//! A panel that searches, is led to a message, and catches up.

use std::rc::Rc;

use domain::order::Tab;
use protocol::command::History;
use protocol::frame::RelayFrame;
use protocol::search::{FoundConversation, FoundMessage, SearchPage};
use protocol::view::{Author, ConversationView};
use protocol::worker::{ConnectionState, HubToPanel};
use yew::Reducible as _;

use super::tests::{conversation, message, opening, reduce, wrote};
use super::{Action, Panel};
use crate::state::finding::Find;
use crate::state::thread::Fetch;

/// A conversation with 200 messages.
fn long() -> ConversationView {
    ConversationView { last_n: 200, ..conversation("cnv_1") }
}

fn page(numbers: std::ops::RangeInclusive<u32>) -> History {
    let messages = numbers.map(|n| message(n, "cnv_1", Author::Contact)).collect();
    History { messages, conversations: vec![long()], has_more: true }
}

fn found() -> SearchPage {
    let messages =
        vec![FoundMessage { message: message(100, "cnv_1", Author::Contact), ranges: Vec::new(), files: Vec::new() }];
    let found = ["cnv_1", "cnv_2"].map(|id| FoundConversation {
        conversation: conversation(id),
        name: Vec::new(),
        messages: messages.clone(),
        has_more: false,
    });
    SearchPage { found: found.to_vec(), next: None }
}

/// A panel that has searched.
fn searched() -> Rc<Panel> {
    let asked = |find| Action::Find(find);
    reduce(vec![
        Action::Hub(opening(vec![long(), conversation("cnv_2")])),
        Action::Search,
        asked(Find::Type("text".into())),
        asked(Find::Search),
        asked(Find::Asked),
        asked(Find::Taken(1, found())),
    ])
}

fn jump(panel: &Rc<Panel>, n: u32) -> Rc<Panel> {
    panel.clone().reduce(Action::Jump(Box::new(message(n, "cnv_1", Author::Contact))))
}

fn fetched(panel: &Rc<Panel>, fetch: Fetch, page: History) -> Rc<Panel> {
    let id = "cnv_1".to_owned();
    let panel = panel.clone().reduce(Action::HistoryAsked(id.clone(), fetch));
    panel.reduce(Action::HistoryTaken(id, fetch, page))
}

#[test]
fn a_result_leads_to_its_message_and_the_search_stays() {
    // S2
    let panel = jump(&searched(), 100);
    assert_eq!(panel.wanted("cnv_1"), Some(Fetch::Around(100)), "not the newest");
    let panel = fetched(&panel, Fetch::Around(100), page(76..=125));
    assert_eq!(panel.wanted("cnv_1"), None, "nor afterwards");
    assert!(panel.view.target.as_ref().is_some_and(|target| target.fetched && target.n == 100));
    let back = panel.clone().reduce(Action::Select(None));
    assert!(back.view.searching && back.view.target.is_none() && back.finding.found.len() == 2);
    let opened = back.reduce(Action::Select(Some("cnv_1".into())));
    assert_eq!(
        opened.wanted("cnv_1"),
        Some(Fetch::Newest),
        "whoever comes back later stands at the end, not at the hole"
    );
    let again = jump(&panel, 120);
    assert_eq!(again.wanted("cnv_1"), None, "it is there");
    assert_ne!(again.view.target, panel.view.target);
}

#[test]
fn a_message_that_is_gone_is_not_asked_for_for_ever() {
    let nothing = History { messages: Vec::new(), ..page(1..=1) };
    let panel = fetched(&jump(&searched(), 100), Fetch::Around(100), nothing);
    assert_eq!(panel.wanted("cnv_1"), None);
}

#[test]
fn what_comes_while_one_reads_a_part_does_not_tear_one_away() {
    let panel = fetched(&jump(&searched(), 100), Fetch::Around(100), page(76..=125));
    let panel = panel.reduce(Action::Hub(vec![wrote(message(201, "cnv_1", Author::Contact))]));
    assert_eq!((panel.wanted("cnv_1"), panel.thread("cnv_1").and_then(|it| it.cut())), (None, Some(125)));
}

#[test]
fn clearing_brings_the_list_back_and_a_tab_keeps_the_search() {
    // S4
    let panel = searched().reduce(Action::Tab(Tab::My));
    assert!(!panel.view.searching && panel.finding.found.len() == 2);
    let cleared = panel.reduce(Action::Search).reduce(Action::ClearSearch);
    assert!(!cleared.view.searching && cleared.finding.found.is_empty() && cleared.finding.typed.is_empty());
    assert_eq!(cleared.view.tab, Tab::My, "the list that was there before");
    let late = cleared.reduce(Action::Find(Find::Taken(1, found())));
    assert!(late.finding.found.is_empty(), "what comes late is not shown");
}

#[test]
fn next_and_previous_go_through_what_was_found() {
    // G5
    let panel = jump(&searched(), 100);
    assert_eq!((panel.neighbour(true).as_deref(), panel.neighbour(false)), (Some("cnv_2"), None));
}

#[test]
fn nothing_is_left_of_a_channel_without_access() {
    // S3, A15
    let left = HubToPanel::Frame { frame: RelayFrame::Left { topic: "channel/chn_1".into() } };
    assert!(searched().reduce(Action::Hub(vec![left])).finding.found.is_empty());
}

#[test]
fn a_search_that_did_not_reach_the_relay_is_made_when_it_is_back() {
    let connection = |state| HubToPanel::Connection { state, offset_ms: 0 };
    let panel = searched().reduce(Action::Find(Find::Search)).reduce(Action::Find(Find::Asked));
    let panel = panel.reduce(Action::Hub(vec![connection(ConnectionState::Connecting)]));
    let panel = panel.reduce(Action::Find(Find::Failed(2)));
    assert!(!panel.finding.is_wanted());
    assert!(panel.reduce(Action::Hub(vec![connection(ConnectionState::Live)])).finding.is_wanted());
}

#[test]
fn messages_that_come_before_it_is_live_are_counted() {
    let connection = |state| HubToPanel::Connection { state, offset_ms: 0 };
    let came = |n| wrote(message(n, "cnv_1", Author::Contact));
    let panel = searched().reduce(Action::Hub(vec![came(201)]));
    assert_eq!(panel.n_caught_up, 0);
    let away = panel.reduce(Action::Hub(vec![connection(ConnectionState::Connecting), came(202), came(203)]));
    assert_eq!(away.n_caught_up, 2);
    assert_eq!(away.reduce(Action::Hub(vec![connection(ConnectionState::Live)])).n_caught_up, 0);
}

#[test]
fn back_in_what_was_found_the_keyboard_is_where_it_left() {
    // S2, G5
    let back = |panel: &Panel| Rc::new(panel.clone()).reduce(Action::Select(None)).finding.opened.clone();
    let led = jump(&searched(), 100);
    assert_eq!(back(&led).as_deref(), Some("msg_100"));
    let opened = led.clone().reduce(Action::Select(Some("cnv_2".into())));
    assert_eq!(back(&opened).as_deref(), Some("cnv_2"));
    // What is opened from another list is none of it, and another search begins at its beginning.
    let elsewhere = led.reduce(Action::Tab(Tab::Open)).reduce(Action::Select(Some("cnv_2".into())));
    assert_eq!(back(&elsewhere).as_deref(), Some("msg_100"));
    assert_eq!(elsewhere.reduce(Action::Find(Find::Search)).finding.opened, None);
}
