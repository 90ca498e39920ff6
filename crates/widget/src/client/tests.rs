mod signs;

use crate::client::{Client, Draft, Effect, Fault, Kept, Refusal};
use crate::rows::{Author, Progress, Row, rows};
use crate::wire::{Block, Change, ContactState, Frame, History, Message};

const TOPIC: &str = "contact/con_1";
const LATER: Refusal = Refusal::Unreachable { retry_after_ms: None };

fn message(n: u32, id: &str, agent: Option<&str>) -> Message {
    Message {
        id: id.into(),
        n,
        agent_name: agent.map(str::to_owned),
        text: format!("text of {id}"),
        at: 1_000 * i64::from(n),
        files: String::new(),
    }
}

fn event(seq: u64, change: Change) -> Frame {
    Frame::Event { topic: TOPIC.into(), epoch: "ep".into(), seq, change }
}

fn wrote(seq: u64, message: Message) -> Frame {
    event(seq, Change { message: Some(message), open: Some(true), ..Change::default() })
}

fn snapshot(seq: u64, messages: Vec<Message>, has_more: bool) -> Frame {
    let (history, block) = (History { messages, has_more }, Block::default());
    let state = ContactState { history, seen_n: 0, open: true, block };
    Frame::Snapshot { topic: TOPIC.into(), epoch: "ep".into(), seq, part: 0, last: true, contact: Some(state) }
}

fn draft(text: &str, at: i64) -> Draft {
    Draft { text: text.into(), at, files: String::new() }
}

fn kept(id: &str, text: &str) -> Kept {
    Kept { id: id.into(), draft: draft(text, 1), failed: None }
}

fn refused(code: &str) -> Refusal {
    Refusal::Refused { code: code.into() }
}

/// A client with a token whose stream is live from `now` on.
fn live(now: i64, messages: Vec<Message>) -> Client {
    let mut client = Client::new(7);
    assert_eq!(client.start(Some("tok".into()), vec![], now), [Effect::Connect]);
    go_live(&mut client, now, messages);
    client
}

fn go_live(client: &mut Client, now: i64, messages: Vec<Message>) -> Vec<Effect> {
    let mut effects = client.opened(now);
    effects.extend(client.frame(Frame::Welcome { time_ms: now, epoch: "ep".into() }, now));
    effects.extend(client.frame(snapshot(messages.len() as u64, messages, false), now));
    effects.extend(client.frame(Frame::UpToDate { time_ms: now }, now));
    effects
}

fn posts(effects: &[Effect]) -> Vec<&str> {
    effects.iter().filter_map(|it| if let Effect::Post { id, .. } = it { Some(id.as_str()) } else { None }).collect()
}

/// `id state` of every message on the screen.
fn shown(client: &Client) -> Vec<String> {
    let bubble = |row: Row<'_>| match row {
        Row::Bubble(bubble) => {
            let state = match bubble.author {
                Author::Agent(name) => name,
                Author::Me(Progress::Sending) => "sending",
                Author::Me(Progress::Sent) => "sent",
                Author::Me(Progress::Seen) => "seen",
                Author::Me(Progress::Failed { code }) => code,
            };
            Some(format!("{} {state}", bubble.id))
        }
        Row::Greeting | Row::Day { .. } | Row::Ended => None,
    };
    rows(client, &client.pending(), true, |_| 0).into_iter().filter_map(bubble).collect()
}

/// Lets time pass until the client is due, and returns what it does.
fn next(client: &mut Client) -> (i64, Vec<Effect>) {
    let at = client.deadline().unwrap();
    (at, client.timer(at))
}

#[test]
fn nothing_is_asked_for_before_there_is_something_to_send() {
    // W3: opening the chat makes no visitor.
    let mut client = Client::new(1);
    assert_eq!(client.start(None, vec![], 0), []);
    assert_eq!(client.show(true, 1), []);
    assert_eq!(client.deadline(), None);

    let effects = client.write("msg_1", " hello ", String::new(), 10);
    assert_eq!(
        effects,
        [Effect::Keep(Kept { id: "msg_1".into(), draft: draft("hello", 10), failed: None }), Effect::AskVisitor]
    );
    assert_eq!(shown(&client), ["msg_1 sending"]);

    let effects = client.visitor_answered(Ok("tok".into()), 20);
    let post = Effect::Post { token: "tok".into(), id: "msg_1".into(), draft: draft("hello", 10) };
    assert_eq!(effects, [Effect::KeepToken("tok".into()), Effect::Connect, post]);
    let effects = client.posted("tok", "msg_1", Ok(message(1, "msg_1", None)), 30);
    assert_eq!(effects, [Effect::Drop("msg_1".into())]);
    assert_eq!(shown(&client), ["msg_1 sent"]);
}

#[test]
fn a_blank_or_overlong_text_is_not_taken() {
    let mut client = live(0, vec![]);
    assert_eq!(client.write("msg_1", " \n ", String::new(), 1), []);
    assert_eq!(client.write("msg_2", &"x".repeat(4_001), String::new(), 1), []);
    // F4: files alone are a message.
    assert_eq!(posts(&client.write("msg_3", " ", "[{}]".into(), 1)), ["msg_3"]);
    assert_eq!(super::MESSAGE_MAX_CHARS, domain::text::MESSAGE_MAX_CHARS);
}

#[test]
fn a_message_goes_through_its_states() {
    // W6
    let mut client = live(0, vec![]);
    client.write("msg_1", "hello", String::new(), 1);
    assert_eq!(shown(&client), ["msg_1 sending"]);
    client.frame(wrote(1, message(1, "msg_1", None)), 2);
    assert_eq!(shown(&client), ["msg_1 sent"], "the stream was quicker than the answer");
    assert_eq!(client.posted("tok", "msg_1", Ok(message(1, "msg_1", None)), 3), []);
    client.frame(event(2, Change { seen_n: Some(1), ..Change::default() }), 4);
    assert_eq!(shown(&client), ["msg_1 seen"]);
}

#[test]
fn one_message_is_in_flight_and_the_order_stays() {
    let mut client = live(0, vec![]);
    assert_eq!(posts(&client.write("msg_1", "a", String::new(), 1)), ["msg_1"]);
    assert_eq!(posts(&client.write("msg_2", "b", String::new(), 2)), Vec::<&str>::new());
    assert_eq!(posts(&client.posted("tok", "msg_1", Err(LATER), 3)), Vec::<&str>::new());
    let (at, effects) = next(&mut client);
    assert_eq!(posts(&effects), ["msg_1"]);
    let effects = client.posted("tok", "msg_1", Ok(message(1, "msg_1", None)), at);
    assert_eq!(posts(&effects), ["msg_2"]);
}

#[test]
fn a_message_stored_without_an_answer_is_found_in_the_snapshot() {
    let mut client = Client::new(1);
    client.start(Some("tok".into()), vec![kept("msg_1", "a"), kept("msg_2", "b")], 0);
    assert_eq!(shown(&client), ["msg_1 sending", "msg_2 sending"]);
    let effects = go_live(&mut client, 1, vec![message(1, "msg_1", None)]);
    assert!(effects.contains(&Effect::Drop("msg_1".into())));
    assert_eq!(shown(&client), ["msg_1 sent", "msg_2 sending"]);
}

#[test]
fn a_refused_message_is_marked_and_can_be_retried_or_deleted() {
    let mut client = live(0, vec![]);
    client.write("msg_1", "a", String::new(), 1);
    let effects = client.posted("tok", "msg_1", Err(refused("invalid_value")), 2);
    assert!(matches!(&effects[..], [Effect::Keep(Kept { failed: Some(code), .. })] if code == "invalid_value"));
    assert_eq!(shown(&client), ["msg_1 invalid_value"]);
    assert_eq!(posts(&client.write("msg_2", "b", String::new(), 3)), ["msg_2"], "it holds nothing up");
    client.posted("tok", "msg_2", Ok(message(1, "msg_2", None)), 3);
    assert_eq!(posts(&client.retry("msg_1", "msg_9", 4)), ["msg_1"]);
    client.posted("tok", "msg_1", Err(refused("id_conflict")), 5);
    let effects = client.retry("msg_1", "msg_9", 6);
    assert_eq!(posts(&effects), ["msg_9"], "a taken id is given up");
    assert!(effects.contains(&Effect::Drop("msg_1".into())));
    assert_eq!(client.discard("msg_9", 7), [], "what is on its way cannot be taken back");
    client.posted("tok", "msg_9", Err(refused("invalid_value")), 8);
    assert_eq!(client.discard("msg_9", 9), [Effect::Drop("msg_9".into())]);
    assert_eq!(shown(&client), ["msg_2 sent"]);
}

#[test]
fn a_token_that_is_no_good_is_replaced_and_nothing_typed_is_lost() {
    let mut client = live(0, vec![message(1, "msg_0", Some("Ada"))]);
    client.write("msg_1", "a", String::new(), 1);
    let effects = client.posted("tok", "msg_1", Err(Refusal::Unauthorized), 2);
    assert_eq!(effects, [Effect::ForgetToken("tok".into()), Effect::Disconnect, Effect::AskVisitor]);
    assert!(client.is_history_lost());
    assert_eq!(shown(&client), ["msg_1 sending"]);
    let effects = client.visitor_answered(Ok("new".into()), 3);
    assert_eq!(posts(&effects), ["msg_1"]);

    // The new one is no good either: slower and slower.
    client.posted("new", "msg_1", Err(Refusal::Unauthorized), 4);
    let (at, _) = next(&mut client);
    assert!(at >= 1_000, "{at}");
}

#[test]
fn a_revoked_stream_is_noticed_without_writing() {
    let mut client = Client::new(1);
    client.start(Some("old".into()), vec![], 0);
    client.opened(1);
    let effects = client.frame(Frame::Error { code: "unauthorized".into() }, 2);
    assert!(effects.contains(&Effect::ForgetToken("old".into())));
    assert!(client.is_history_lost());
    assert_eq!(client.deadline(), None, "a new identity is made with the next message");
    assert!(client.write("msg_1", "a", String::new(), 3).contains(&Effect::AskVisitor));
}

#[test]
fn a_foreign_page_is_told_and_the_text_stays_to_be_tried_again() {
    // W2
    let mut client = Client::new(1);
    client.start(None, vec![], 0);
    client.write("msg_1", "a", String::new(), 1);
    client.visitor_answered(Err(refused("origin_not_allowed")), 2);
    assert_eq!(client.fault(), Some(Fault::OriginNotAllowed));
    assert_eq!(shown(&client), ["msg_1 origin_not_allowed"]);
    assert_eq!(client.deadline(), None);
    assert!(client.retry("msg_1", "msg_9", 3).contains(&Effect::AskVisitor));
    assert_eq!(client.fault(), None);
}

#[test]
fn a_relay_that_is_away_is_asked_again_and_spoken_of_after_some_seconds() {
    let mut client = Client::new(1);
    client.start(None, vec![], 0);
    client.write("msg_1", "a", String::new(), 0);
    client.visitor_answered(Err(LATER), 100);
    assert!(!client.is_slow());
    let mut now = 100;
    let mut n_asked = 0;
    while now < 60_000 {
        let (at, effects) = next(&mut client);
        now = at;
        assert_eq!(client.is_slow(), now >= 4_000, "at {now}");
        if effects.contains(&Effect::AskVisitor) {
            n_asked += 1;
            client.visitor_answered(Err(LATER), now);
        }
    }
    assert!((4..20).contains(&n_asked), "{n_asked}");
    client.visitor_answered(Err(LATER), now);
    assert!(client.wake(now).contains(&Effect::AskVisitor), "the network is back");
}

#[test]
fn a_lost_connection_heals_with_the_cursor() {
    let mut client = live(0, vec![message(1, "msg_1", None)]);
    client.closed(10);
    let (at, effects) = next(&mut client);
    assert_eq!(effects, [Effect::Connect]);
    let effects = client.opened(at);
    assert!(
        matches!(&effects[..], [Effect::Say(hello)] if hello.contains("\"contact/con_1\":{\"epoch\":\"ep\",\"seq\":1}")),
        "{effects:?}"
    );
    client.frame(Frame::Welcome { time_ms: at, epoch: "ep".into() }, at);
    client.frame(wrote(2, message(2, "msg_2", Some("Ada"))), at);
    client.frame(wrote(2, message(2, "msg_2", Some("Ada"))), at);
    assert_eq!(shown(&client), ["msg_1 sent", "msg_2 Ada"]);
}

#[test]
fn two_tabs_send_a_message_once_and_the_second_takes_over_from_a_closed_one() {
    let mut other = live(0, vec![]);
    assert_eq!(posts(&other.kept_elsewhere(kept("msg_1", "a"), 1)), Vec::<&str>::new());
    assert_eq!(shown(&other), ["msg_1 sending"]);
    other.dropped_elsewhere("msg_1", 2);
    other.frame(wrote(1, message(1, "msg_1", None)), 3);
    assert_eq!(shown(&other), ["msg_1 sent"]);

    other.kept_elsewhere(kept("msg_2", "b"), 10);
    let (at, effects) = next(&mut other);
    assert_eq!((at, posts(&effects)), (15_010, vec!["msg_2"]));
    let effects = other.posted("tok", "msg_2", Ok(message(2, "msg_2", None)), at);
    assert_eq!(effects, [Effect::Drop("msg_2".into())]);

    // F4: another tab has no other's files; it waits for as long as a slow line may take to bring them.
    let with_files = Kept { draft: Draft { files: "[{}]".into(), ..draft("c", 1) }, ..kept("msg_3", "") };
    other.kept_elsewhere(with_files, at);
    let (later, effects) =
        std::iter::repeat_with(|| next(&mut other)).find(|(_, done)| !posts(done).is_empty()).unwrap();
    assert_eq!((later, posts(&effects)), (at + 600_000, vec!["msg_3"]));
}

#[test]
fn the_token_of_another_tab_is_taken_over() {
    let mut client = Client::new(1);
    client.start(None, vec![], 0);
    client.write("msg_1", "a", String::new(), 1);
    let effects = client.token_kept_elsewhere("theirs".into(), 2);
    assert_eq!(posts(&effects), ["msg_1"]);
    assert_eq!(client.token_kept_elsewhere("theirs".into(), 3), []);
    assert_eq!(client.visitor_answered(Ok("mine".into()), 4), [], "the one that came first stays");
}

#[test]
fn older_messages_are_asked_for_once_and_go_in_front() {
    let mut client = Client::new(1);
    client.start(Some("tok".into()), vec![], 0);
    client.opened(1);
    client.frame(Frame::Welcome { time_ms: 1, epoch: "ep".into() }, 1);
    client.frame(snapshot(9, vec![message(3, "msg_3", Some("Ada"))], true), 1);
    assert_eq!(client.older(2), [Effect::AskPage { token: "tok".into(), before: 3 }]);
    assert_eq!(client.older(3), []);
    client.paged(
        "tok",
        3,
        Ok(History { messages: vec![message(1, "msg_1", None), message(2, "msg_2", None)], has_more: false }),
        4,
    );
    assert_eq!(shown(&client), ["msg_1 sent", "msg_2 sent", "msg_3 Ada"]);
    assert_eq!(client.older(5), []);
}

#[test]
fn what_comes_while_the_chat_is_closed_is_unread() {
    // W7
    let mut client = live(0, vec![message(1, "msg_1", Some("Ada"))]);
    assert_eq!(client.n_unread(), 0, "history is no news");
    client.frame(wrote(2, message(2, "msg_2", Some("Ada"))), 1);
    client.frame(wrote(3, message(3, "msg_3", None)), 1);
    assert_eq!(client.n_unread(), 1);
    client.show(true, 2);
    assert_eq!(client.n_unread(), 0);
}

#[test]
fn rows_have_days_runs_greeting_and_end() {
    let mut client =
        live(0, vec![message(1, "msg_1", None), message(2, "msg_2", Some("Ada")), message(3, "msg_3", Some("Ada"))]);
    client.frame(event(4, Change { open: Some(false), ..Change::default() }), 1);
    let drawn: Vec<String> = rows(&client, &client.pending(), true, |at| at / 3_000)
        .iter()
        .map(|row| if let Row::Bubble(bubble) = row { format!("{} {}", bubble.id, bubble.starts) } else { row.key() })
        .collect();
    assert_eq!(drawn, ["greeting", "day 0", "msg_1 true", "msg_2 true", "day 1", "msg_3 true", "ended"]);
}

#[test]
fn answers_are_sorted_into_what_helps() {
    // A proxy's own 403 or 404 page is no word of the relay.
    assert_eq!(Refusal::of(404, None, None), LATER);
    assert_eq!(Refusal::of(404, Some("not_found".into()), None), refused("not_found"));
    assert_eq!(Refusal::of(401, Some("unauthorized".into()), None), Refusal::Unauthorized);
    // A proxy with its own sign-in does not cost the visitor his identity (W4).
    assert_eq!(Refusal::of(401, None, None), Refusal::Unreachable { retry_after_ms: None });
    assert_eq!(Refusal::of(503, Some("unavailable".into()), Some(5)), Refusal::Unreachable { retry_after_ms: Some(5) });
    assert_eq!(Refusal::of(429, None, None), LATER);
}
