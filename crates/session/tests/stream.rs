//! Laws of the session, against a relay model and a reader that checks every frame it gets.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "stream/world.rs"]
mod world;

use proptest::prelude::*;
use session::{Config, Cursor, Head, Input, Output, Session, State};

use crate::world::{Step, World};

fn step() -> impl Strategy<Value = Step> {
    let topic = 0..world::N_TOPICS;
    prop_oneof![
        8 => topic.clone().prop_map(|topic| Step::Publish { topic }),
        12 => Just(Step::Carry),
        3 => Just(Step::Lose),
        2 => Just(Step::Double),
        2 => Just(Step::Swap),
        2 => (topic.clone(), 1_u32..4).prop_map(|(topic, n_parts)| Step::StartOver { topic, n_parts }),
        1 => topic.clone().prop_map(|topic| Step::Prune { topic }),
        1 => topic.prop_map(|topic| Step::LeaveAndJoin { topic }),
        1 => Just(Step::Drop),
        1 => Just(Step::Restore),
        1 => Just(Step::Wake),
        2 => (1_i64..60_000).prop_map(|ms| Step::Pass { ms }),
        1 => (1_i64..4_000_000).prop_map(|ms| Step::JumpBack { ms }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    /// W6: whatever is lost, doubled, swapped or cut, the reader gets every event once and in order, or a snapshot instead (the
    /// world asserts it at each frame), and stands at every head as soon as the line is good again.
    #[test]
    fn every_event_once_in_order_or_a_snapshot(steps in prop::collection::vec(step(), 1..250), seed: u64) {
        let mut world = World::new(seed);
        for step in steps {
            world.run(step);
        }
        world.heal();
        world.assert_caught_up();
    }
}

fn open_session(cursors: &[(&str, u64)]) -> Session {
    let mut session = Session::new(Config::default());
    session.handle(Input::Start, 0);
    session.handle(Input::Opened, 0);
    session.handle(Input::Frame(Head::Welcome { time_ms: 0, epoch: "e" }), 0);
    for (topic, seq) in cursors {
        let head = Head::Snapshot { topic, epoch: "e", seq: *seq, part: 0, last: true };
        assert_eq!(session.handle(Input::Frame(head), 0), [Output::Deliver]);
    }
    assert_eq!(session.handle(Input::Frame(Head::UpToDate { time_ms: 0 }), 0), [Output::State(State::Live)]);
    session
}

fn event(topic: &str, seq: u64) -> Input<'_> {
    Input::Frame(Head::Event { topic, epoch: "e", seq })
}

fn resume(topic: &str, seq: u64) -> Output {
    Output::Resume { topic: topic.to_owned(), cursor: Cursor { epoch: String::from("e"), seq } }
}

#[test]
fn it_connects_greets_catches_up_and_is_live() {
    let mut session = Session::new(Config::default());
    assert_eq!((session.state(), session.deadline()), (State::Stopped, None));
    assert_eq!(session.handle(Input::Start, 0), [Output::State(State::Connecting), Output::Connect]);
    assert_eq!(session.deadline(), Some(10_000));
    assert_eq!(session.handle(Input::Opened, 5), [Output::Hello { cursors: Vec::new() }]);
    let welcome = Input::Frame(Head::Welcome { time_ms: 107, epoch: "e" });
    assert_eq!(session.handle(welcome, 7), [Output::State(State::CatchingUp)]);
    assert_eq!(session.offset_ms(), 100);
    assert_eq!(session.handle(Input::Frame(Head::UpToDate { time_ms: 108 }), 8), [Output::State(State::Live)]);
    assert_eq!(session.handle(Input::Frame(Head::Ping { time_ms: 20_109 }), 20_009), [Output::Pong]);
    assert_eq!(session.deadline(), Some(65_009));
}

#[test]
fn a_gap_is_asked_for_once_and_later_events_wait_for_it() {
    let mut session = open_session(&[("a", 3), ("b", 1)]);
    assert_eq!(session.handle(event("a", 5), 10), [resume("a", 3)]);
    assert_eq!(session.handle(event("a", 6), 11), [], "held off, and not asked for again");
    assert_eq!(session.handle(event("b", 2), 12), [Output::Deliver], "other topics go on");
    for seq in 4..=6 {
        assert_eq!(session.handle(event("a", seq), 13), [Output::Deliver]);
    }
    assert_eq!(session.handle(event("a", 6), 14), [], "a duplicate");
    assert_eq!(session.handle(event("a", 8), 15), [resume("a", 6)], "the next gap is another one");
}

#[test]
fn an_unanswered_resume_is_asked_again_after_five_seconds() {
    let mut session = open_session(&[("a", 3)]);
    assert_eq!(session.handle(event("a", 5), 10), [resume("a", 3)]);
    assert_eq!(session.deadline(), Some(5_010));
    assert_eq!(session.handle(Input::Timer, 5_009), []);
    assert_eq!(session.handle(Input::Timer, 5_010), [resume("a", 3)]);
    assert_eq!(session.deadline(), Some(10_010));
}

#[test]
fn what_came_between_the_parts_of_a_snapshot_is_asked_for_after_the_last() {
    let mut session = open_session(&[("a", 3)]);
    let part = |part, last| Input::Frame(Head::Snapshot { topic: "a", epoch: "e", seq: 7, part, last });
    assert_eq!(session.handle(part(0, false), 0), [Output::Deliver]);
    assert_eq!(session.cursor("a"), None, "only the last part sets the cursor");
    assert_eq!(session.handle(event("a", 8), 0), []);
    assert_eq!(session.handle(part(1, true), 0), [Output::Deliver, resume("a", 7)]);
    assert_eq!(session.handle(event("a", 8), 0), [Output::Deliver]);
}

#[test]
fn a_lost_part_or_an_unknown_topic_is_started_over() {
    let nowhere =
        |topic: &str| Output::Resume { topic: topic.to_owned(), cursor: Cursor { epoch: String::new(), seq: 0 } };
    let mut session = open_session(&[("a", 3)]);
    let part = |part, last| Input::Frame(Head::Snapshot { topic: "a", epoch: "e", seq: 7, part, last });
    assert_eq!(session.handle(part(0, false), 0), [Output::Deliver]);
    assert_eq!(session.handle(part(2, true), 0), [nowhere("a")]);
    assert_eq!(session.handle(event("new", 1), 0), [nowhere("new")]);
}

#[test]
fn another_epoch_is_resumed_with_the_old_cursor_and_left_forgets() {
    let mut session = open_session(&[("a", 3)]);
    let foreign = Input::Frame(Head::Event { topic: "a", epoch: "f", seq: 4 });
    assert_eq!(session.handle(foreign, 0), [resume("a", 3)]);
    assert_eq!(session.handle(Input::Frame(Head::Left { topic: "a" }), 0), [Output::Deliver]);
    session.handle(Input::Closed, 0);
    let retry_at = session.deadline().unwrap();
    session.handle(Input::Timer, retry_at);
    assert_eq!(session.handle(Input::Opened, retry_at), [Output::Hello { cursors: Vec::new() }]);
}

#[test]
fn silence_ends_the_connection_and_waits_lie_between_the_bounds() {
    let mut session = open_session(&[("a", 3)]);
    assert_eq!(session.handle(Input::Timer, 44_999), []);
    assert_eq!(session.handle(Input::Timer, 45_000), [Output::Close, Output::State(State::Connecting)]);
    let mut now = 45_000;
    for _ in 0..20 {
        let wait = session.deadline().unwrap() - now;
        assert!((250..=10_000).contains(&wait), "{wait}");
        now += wait;
        assert_eq!(session.handle(Input::Timer, now), [Output::Connect]);
        assert_eq!(session.handle(Input::Closed, now), []);
    }
    assert_eq!(session.handle(Input::Wake, now), [Output::Connect], "the network is back: at once");
    assert_eq!(session.handle(Input::Timer, now + 10_000), [Output::Close], "the socket never opened");
}

#[test]
fn wake_gives_up_a_connection_that_missed_a_ping() {
    let mut session = open_session(&[]);
    assert_eq!(session.handle(Input::Wake, 20_000), []);
    assert_eq!(
        session.handle(Input::Wake, 3_600_000),
        [Output::Close, Output::State(State::Connecting), Output::Connect]
    );
}

#[test]
fn a_bad_token_ends_it_until_it_is_started_again() {
    let mut session = open_session(&[("a", 3)]);
    let refused = Input::Frame(Head::Error { code: "unauthorized" });
    assert_eq!(session.handle(refused, 9), [Output::Close, Output::State(State::SignedOut)]);
    assert_eq!(session.deadline(), None);
    assert_eq!(session.handle(Input::Wake, 10), []);
    assert_eq!(session.handle(Input::Start, 11), [Output::State(State::Connecting), Output::Connect]);
}

#[test]
fn goaway_is_followed_to_the_millisecond_and_other_errors_by_backing_off() {
    let mut session = open_session(&[]);
    let goaway = Input::Frame(Head::Goaway { after_ms: 1_234 });
    assert_eq!(session.handle(goaway, 100), [Output::Close, Output::State(State::Connecting)]);
    assert_eq!(session.deadline(), Some(1_334));
    let mut session = open_session(&[]);
    let slow = Input::Frame(Head::Error { code: "too_slow" });
    assert_eq!(session.handle(slow, 100), [Output::Close, Output::State(State::Connecting)]);
    assert!((350..=600).contains(&session.deadline().unwrap()));
}

#[test]
fn an_error_that_comes_again_after_each_catching_up_is_met_with_longer_waits() {
    let mut session = open_session(&[]);
    let mut now = 0;
    let mut end_and_come_back = |live_ms: i64| {
        now += live_ms;
        session.handle(Input::Frame(Head::Error { code: "not_found" }), now);
        let wait = session.deadline().unwrap() - now;
        now += wait;
        session.handle(Input::Timer, now);
        session.handle(Input::Opened, now);
        session.handle(Input::Frame(Head::Welcome { time_ms: now, epoch: "e" }), now);
        session.handle(Input::Frame(Head::UpToDate { time_ms: now }), now);
        wait
    };
    let waits: Vec<i64> = (0..20).map(|_| end_and_come_back(1)).collect();
    assert!(waits[0] <= 500 && waits[10..].iter().sum::<i64>() > 30_000, "{waits:?}");
    assert!(end_and_come_back(10_000) <= 500, "a stream that stood was a good one");
}

#[test]
fn stop_closes_and_start_resumes_where_the_reader_stood() {
    let mut session = open_session(&[("a", 3)]);
    assert_eq!(session.handle(Input::Stop, 1), [Output::Close, Output::State(State::Stopped)]);
    assert_eq!(session.handle(Input::Stop, 1), []);
    session.handle(Input::Start, 2);
    let cursors = vec![(String::from("a"), Cursor { epoch: String::from("e"), seq: 3 })];
    assert_eq!(session.handle(Input::Opened, 2), [Output::Hello { cursors }]);
}

#[test]
fn the_offset_is_the_least_late_sample_and_follows_a_clock_that_was_set() {
    let mut session = open_session(&[]);
    for (relay_ms, now_ms) in [(20_050, 20_000), (40_090, 40_000), (60_010, 60_000)] {
        session.handle(Input::Frame(Head::Ping { time_ms: relay_ms }), now_ms);
    }
    assert_eq!(session.offset_ms(), 90, "L6");
    session.handle(Input::Frame(Head::Ping { time_ms: 80_000 }), 3_680_000);
    assert_eq!(session.offset_ms(), -3_600_000);
}
