//! Laws that hold whatever agents, client and clock do, in any order.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;
use crate::agent::{Availability, Right};
use crate::time::Span;

const POLICY: Policy = Policy { detach_after: Span::from_minutes(15), finish_after: Span::from_minutes(20) };

/// What somebody does, before it meets a conversation.
#[derive(Clone, Debug)]
enum Act {
    ContactWrites,
    Accept,
    Assign { to: u8, to_online: bool, to_has_access: bool },
    Clear,
    Answer,
    Close,
    AlarmRings,
}

/// One step: who does what, after how long, with which knowledge of the fence.
#[derive(Clone, Debug)]
struct Step {
    act: Act,
    by: u8,
    online: bool,
    right: Right,
    fence: FenceKnown,
    after_ms: i64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum FenceKnown {
    Present,
    Old,
    None,
}

fn agent(n: u8) -> AgentId {
    AgentId::new(Timestamp::from_ms(1), [n; 10])
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => Just(Act::ContactWrites),
        4 => Just(Act::Accept),
        3 => (0_u8..3, prop::bool::weighted(0.8), prop::bool::weighted(0.9))
            .prop_map(|(to, to_online, to_has_access)| Act::Assign { to, to_online, to_has_access }),
        2 => Just(Act::Clear),
        5 => Just(Act::Answer),
        1 => Just(Act::Close),
        2 => Just(Act::AlarmRings),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let right = prop_oneof![3 => Just(Right::Agent), 1 => Just(Right::Administrator), 1 => Just(Right::Owner)];
    let fence = prop_oneof![6 => Just(FenceKnown::Present), 1 => Just(FenceKnown::Old), 1 => Just(FenceKnown::None)];
    let after = prop_oneof![3 => 0_i64..60_000, 1 => 0_i64..2_000_000];
    let step = (act(), 0_u8..3, prop::bool::weighted(0.85), right, fence, after)
        .prop_map(|(act, by, online, right, fence, after_ms)| Step { act, by, online, right, fence, after_ms });
    prop::collection::vec(step, 1..40)
}

fn availability(online: bool) -> Availability {
    if online { Availability::Online } else { Availability::Offline }
}

/// The step as an input; most acts are done by whoever can do them, so that enough of them are accepted.
fn input(step: &Step, conversation: &Conversation) -> Input {
    let holder_acts = matches!(step.act, Act::Answer | Act::Clear) && step.by > 0;
    let by = match conversation.assignee() {
        Some(holder) if holder_acts => holder.clone(),
        _ => agent(step.by),
    };
    let by = Actor { agent: by, right: step.right, availability: availability(step.online) };
    let fence = match step.fence {
        FenceKnown::Present => Some(conversation.fence()),
        FenceKnown::Old => Some(conversation.fence().wrapping_sub(1)),
        FenceKnown::None => None,
    };
    match step.act {
        Act::ContactWrites => Input::ContactWrote,
        Act::Accept => Input::Accept { by },
        Act::Assign { to, to_online, to_has_access } => {
            let to = Candidate { agent: agent(to), availability: availability(to_online), has_access: to_has_access };
            Input::Assign { by, to, fence }
        }
        Act::Clear => Input::Clear { by, fence },
        Act::Answer => Input::AgentWrote { by, fence },
        Act::Close => Input::Close { by, fence },
        Act::AlarmRings => Input::DeadlineReached,
    }
}

/// What must hold between the state before and after one input.
fn check_step(
    before: &Conversation,
    input: &Input,
    result: &Result<Decision, Refusal>,
    after: &Conversation,
    now: Timestamp,
) {
    let Ok(decision) = result else {
        assert_eq!(before, after, "a refusal changes nothing");
        return;
    };
    // X4: a finished conversation stays as it is.
    assert!(before.status == Status::Open || decision.facts.is_empty());
    // A7: each change of owner raises the fence, and nothing else does.
    assert_eq!(before.assignee != after.assignee, before.fence != after.fence);
    if let Input::AgentWrote { by, fence } = input {
        // A7, P7: an answer is the Online owner's, with the present fence.
        assert_eq!(before.assignee.as_ref(), Some(&by.agent));
        assert_eq!(*fence, Some(before.fence));
        assert_eq!(by.availability, Availability::Online);
    }
    if let Input::Accept { by } = input {
        // A2, A3, P7
        assert_eq!(before.assignee, None);
        assert_eq!(after.assignee.as_ref(), Some(&by.agent));
        assert_eq!(by.availability, Availability::Online);
    }
    if let Input::Assign { by, to, fence } = input {
        // A4, A5, A14
        assert!(
            to.has_access && to.availability == Availability::Online && before.assignee.as_ref() != Some(&to.agent)
        );
        assert!(fence.is_none_or(|fence| fence == before.fence));
        let may = match &before.assignee {
            Some(holder) => *holder == by.agent || by.right.administers(),
            None => by.availability == Availability::Online,
        };
        assert!(may);
        // A6, N3: he is told, nobody else.
        let told = if by.agent == to.agent { Audience::Nobody } else { Audience::Only(to.agent.clone()) };
        assert_eq!(decision.audience, told);
    }
    if let Input::Clear { by, fence } = input {
        // A11, A12
        assert!(before.assignee.as_ref() == Some(&by.agent) || by.right.administers());
        assert!(fence.is_none_or(|fence| fence == before.fence));
        assert_eq!(decision.audience, Audience::Subscribed);
    }
    if let Input::Close { by, fence } = input {
        // X1
        let may = by.right.administers()
            || before.assignee.as_ref().map_or(by.availability == Availability::Online, |holder| *holder == by.agent);
        assert!(may);
        assert!(fence.is_none_or(|fence| fence == before.fence));
    }
    if *input == Input::ContactWrote {
        // N3
        let told = before.assignee.clone().map_or(Audience::Subscribed, Audience::Assignee);
        assert_eq!(decision.audience, told);
        assert_eq!((after.turn, after.n_alerts, after.last_message_at), (Turn::Ours, before.n_alerts + 1, now));
    }
    check_clock(before, input, decision, after, now);
}

fn check_clock(before: &Conversation, input: &Input, decision: &Decision, after: &Conversation, now: Timestamp) {
    if *input == Input::DeadlineReached {
        let due = before.deadline(POLICY).filter(|deadline| deadline.at <= now);
        assert_eq!(due.is_some(), !decision.facts.is_empty(), "an alarm does just what is due");
        if decision.facts.contains(&Fact::Closed { reason: CloseReason::ContactIdle }) {
            // X2: an unanswered client is never finished.
            assert_eq!(before.turn, Turn::Theirs);
        }
    }
    // A9: taking, assigning and clearing do not change the turn.
    if !matches!(input, Input::ContactWrote | Input::AgentWrote { .. }) {
        assert_eq!(before.turn, after.turn);
        // L2: and only messages move it in the lists.
        assert_eq!(before.last_message_at, after.last_message_at);
    }
    // A9: never two clocks, and the one that runs is the turn's.
    let expected = match (after.status, after.turn, &after.assignee) {
        (Status::Open, Turn::Ours, Some(_)) => Some(Due::Detach),
        (Status::Open, Turn::Theirs, _) => Some(Due::Finish),
        (Status::Open, Turn::Ours, None) | (Status::Closed { .. }, ..) => None,
    };
    assert_eq!(after.deadline(POLICY).map(|deadline| deadline.due), expected);
}

/// Runs the steps on a conversation that a client has just begun; gives the log and counts what was accepted.
fn run(
    steps: &[Step],
    mut each: impl FnMut(&Input, &Result<Decision, Refusal>),
) -> (Conversation, Vec<(Timestamp, Fact)>) {
    let mut now = Timestamp::from_ms(1_000_000);
    let mut conversation = Conversation::opened(now);
    let mut log = Vec::new();
    let first = Step {
        act: Act::ContactWrites,
        by: 0,
        online: true,
        right: Right::Agent,
        fence: FenceKnown::None,
        after_ms: 0,
    };
    for step in std::iter::once(&first).chain(steps) {
        now = Timestamp::from_ms(now.as_ms() + step.after_ms);
        let before = conversation.clone();
        let input = input(step, &conversation);
        let result = conversation.handle(input.clone(), POLICY, now);
        check_step(&before, &input, &result, &conversation, now);
        if let Ok(decision) = &result {
            log.extend(decision.facts.iter().map(|fact| (now, fact.clone())));
        }
        each(&input, &result);
    }
    (conversation, log)
}

proptest! {
    #[test]
    fn every_step_keeps_the_laws_and_the_log_replays(steps in steps()) {
        // A2 A3 A5 A6 A7 A9 A11 A12 A14 P7 X1 X2 X4 N3 L2
        let (conversation, log) = run(&steps, |_, _| {});
        let mut replayed = Conversation::opened(Timestamp::from_ms(1_000_000));
        for (at, fact) in &log {
            replayed.evolve(fact, *at);
        }
        prop_assert_eq!(&replayed, &conversation);
        prop_assert_eq!(Conversation::from_parts(conversation.parts()), conversation);
    }
}

#[test]
fn enough_is_accepted_and_every_fact_and_refusal_happens() {
    let (tried, accepted) = (Cell::new(0_u32), Cell::new(0_u32));
    let seen = RefCell::new(BTreeSet::new());
    TestRunner::deterministic()
        .run(&steps(), |steps| {
            run(&steps, |_, result| {
                tried.set(tried.get() + 1);
                match result {
                    Ok(decision) => {
                        accepted.set(accepted.get() + u32::from(!decision.facts.is_empty()));
                        seen.borrow_mut().extend(decision.facts.iter().map(name));
                    }
                    Err(refusal) => drop(seen.borrow_mut().insert(name(refusal))),
                }
            });
            Ok(())
        })
        .unwrap();
    let share = f64::from(accepted.get()) / f64::from(tried.get());
    assert!(share >= 0.3, "only {share:.2} of the commands were accepted");
    let facts = "Accepted AgentWrote Assigned Closed ContactWrote Unassigned";
    let refusals =
        "CandidateHolds CandidateOffline CandidateWithoutAccess Finished NotHolder NotTaken Offline StaleFence Taken";
    let wanted: BTreeSet<String> = facts.split(' ').chain(refusals.split(' ')).map(str::to_owned).collect();
    assert_eq!(*seen.borrow(), wanted);
}

/// The variant's name.
fn name(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}").split([' ', '(']).next().unwrap_or_default().to_owned()
}

/// A conversation in work: the client wrote at 0, agent 1 took it at `taken_at`.
fn taken(taken_at: i64) -> Conversation {
    let mut conversation = Conversation::opened(Timestamp::from_ms(0));
    conversation.evolve(&Fact::ContactWrote, Timestamp::from_ms(0));
    conversation.evolve(&Fact::Accepted { agent: agent(1) }, Timestamp::from_ms(taken_at));
    conversation
}

#[test]
fn detach_runs_from_the_later_of_taking_and_the_first_unanswered_message() {
    // A9
    let minutes = |n: i64| Timestamp::from_ms(n * 60_000);
    let mut conversation = taken(60_000);
    assert_eq!(conversation.deadline(POLICY), Some(Deadline { at: minutes(16), due: Due::Detach }));
    conversation.evolve(&Fact::ContactWrote, minutes(5));
    assert_eq!(conversation.deadline(POLICY).map(|d| d.at), Some(minutes(16)), "a second question gives no more time");
    conversation.evolve(&Fact::Assigned { to: agent(2), from: Some(agent(1)) }, minutes(6));
    assert_eq!(conversation.deadline(POLICY).map(|d| d.at), Some(minutes(21)), "being assigned restarts it");
    let early =
        conversation.decide(Input::DeadlineReached, POLICY, Timestamp::from_ms(minutes(21).as_ms() - 1)).unwrap();
    assert_eq!(early.facts, []);
    let due = conversation.decide(Input::DeadlineReached, POLICY, minutes(21)).unwrap();
    assert_eq!(due.facts, [Fact::Unassigned { from: agent(2), cause: UnassignCause::AgentIdle }]);
    assert_eq!(due.audience, Audience::Subscribed);
}

#[test]
fn finish_runs_from_our_last_answer_and_stops_when_the_client_writes() {
    // A9, X2
    let minutes = |n: i64| Timestamp::from_ms(n * 60_000);
    let mut conversation = taken(0);
    conversation.evolve(&Fact::AgentWrote { agent: agent(1) }, minutes(1));
    assert_eq!(conversation.deadline(POLICY), Some(Deadline { at: minutes(21), due: Due::Finish }));
    let due = conversation.decide(Input::DeadlineReached, POLICY, minutes(21)).unwrap();
    assert_eq!(due.facts, [Fact::Closed { reason: CloseReason::ContactIdle }]);
    conversation.evolve(&Fact::ContactWrote, minutes(2));
    assert_eq!(conversation.deadline(POLICY).map(|d| d.due), Some(Due::Detach));
    conversation.evolve(&Fact::Unassigned { from: agent(1), cause: UnassignCause::Cleared }, minutes(3));
    assert_eq!(conversation.deadline(POLICY), None, "our turn without an owner: no clock");
}
