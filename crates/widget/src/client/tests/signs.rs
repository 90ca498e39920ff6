//! A blocked client, and signs of typing.

use super::*;
use crate::texts::{BLOCKED, Text, refusal};

fn held(until: Option<i64>) -> Frame {
    event(1, Change { block: Some(Block { blocked: true, until }), ..Change::default() })
}

fn is_blocked(client: &Client) -> bool {
    client.log().block().blocked
}

#[test]
fn a_block_comes_and_goes_with_events() {
    // B2, B4, B5: the input comes back by itself.
    let mut client = live(0, vec![message(1, "msg_1", None)]);
    assert!(!is_blocked(&client));
    client.frame(event(2, Change { block: Some(Block { blocked: true, until: Some(9_000) }), ..Change::default() }), 1);
    assert_eq!(client.log().block(), Block { blocked: true, until: Some(9_000) });
    client.frame(event(3, Change { seen_n: Some(1), ..Change::default() }), 2);
    assert!(is_blocked(&client), "other events leave it");
    client.frame(event(4, Change { block: Some(Block::default()), ..Change::default() }), 3);
    assert!(!is_blocked(&client));
}

#[test]
fn a_block_is_known_after_a_reload_and_belongs_to_one_identity() {
    // B4
    let mut client = Client::new(1);
    client.start(Some("tok".into()), vec![], 0);
    client.opened(1);
    client.frame(Frame::Welcome { time_ms: 1, epoch: "ep".into() }, 1);
    let history = History { messages: vec![], has_more: false };
    let block = Block { blocked: true, until: None };
    let contact = Some(ContactState { history, seen_n: 0, open: false, block });
    client.frame(Frame::Snapshot { topic: TOPIC.into(), epoch: "ep".into(), seq: 0, part: 0, last: true, contact }, 1);
    assert!(is_blocked(&client));
    client.frame(snapshot(0, vec![], false), 2);
    assert!(!is_blocked(&client), "a snapshot without one ends it");
    client.frame(held(None), 3);
    client.token_kept_elsewhere("theirs".into(), 4);
    assert!(!is_blocked(&client));
}

#[test]
fn a_message_that_was_on_its_way_fails_and_can_be_tried_again() {
    // B4, W6
    let mut client = live(0, vec![]);
    client.write("msg_1", "a", String::new(), 1);
    client.posted("tok", "msg_1", Err(refused(BLOCKED)), 2);
    assert_eq!((shown(&client), client.fault()), (vec![String::from("msg_1 contact_blocked")], None));
    assert_eq!(refusal(BLOCKED), Text::Blocked);
    assert_eq!(posts(&client.retry("msg_1", "msg_9", 3)), ["msg_1"]);
}

#[test]
fn a_visitor_whose_address_is_blocked_is_told_instead_of_waiting() {
    // B6
    let mut client = Client::new(1);
    client.start(None, vec![], 0);
    client.write("msg_1", "a", String::new(), 1);
    client.visitor_answered(Err(refused(BLOCKED)), 2);
    assert_eq!((shown(&client), client.fault()), (vec![String::from("msg_1 contact_blocked")], None));
    assert_eq!(client.deadline(), None, "nothing is tried by itself");
    assert!(client.retry("msg_1", "msg_9", 3).contains(&Effect::AskVisitor));
}

#[test]
fn typing_is_said_at_the_first_key_and_then_every_ten_seconds_while_live() {
    // X2
    let typing = [Effect::Say("{\"t\":\"typing\"}".into())];
    let mut client = Client::new(1);
    client.start(None, vec![], 0);
    assert_eq!(client.typed(1), [], "nobody knows him yet");
    let mut client = live(0, vec![]);
    assert_eq!(client.typed(5), typing);
    assert_eq!(client.typed(10_004), []);
    assert_eq!(client.typed(10_005), typing);
    assert_eq!(client.typed(10), typing, "a clock that was set back silences nobody");
    client.closed(20_000);
    assert_eq!(client.typed(40_000), [], "it would come too late");
}
