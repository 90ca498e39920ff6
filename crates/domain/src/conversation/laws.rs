//! Laws that hold whatever agents, client and clock do, in any order.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;
use crate::agent::{Actor, Availability, Candidate, Right};
use crate::clock::FinishFrom;
use crate::time::Span;

mod checks;

use checks::{Case, check_step};

const POLICY: Policy = Policy {
    detach_after: Span::from_minutes(15),
    finish_after: Span::from_minutes(20),
    finish_from: FinishFrom::OurAnswer,
    blocked_finish_after: Span::from_minutes(12),
};

/// The same with "Count from the client's last message".
const FROM_CONTACT: Policy = Policy { finish_from: FinishFrom::ContactMessage, ..POLICY };

/// What somebody does, before it meets a conversation.
#[derive(Clone, Debug)]
enum Act {
    ContactWrites,
    Accept,
    Assign { to: u8, to_online: bool, to_has_access: bool },
    Clear,
    Answer { queued: bool },
    AnswerIsSent { after_contact: bool },
    AgentTypes,
    ContactTypes,
    Postpone,
    ContactIsBlocked,
    ContactIsUnblocked,
    AgentLeaves { cause: UnassignCause },
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
        6 => Just(Act::ContactWrites),
        4 => Just(Act::Accept),
        3 => (0_u8..3, prop::bool::weighted(0.8), prop::bool::weighted(0.9))
            .prop_map(|(to, to_online, to_has_access)| Act::Assign { to, to_online, to_has_access }),
        2 => Just(Act::Clear),
        8 => prop::bool::weighted(0.2).prop_map(|queued| Act::Answer { queued }),
        1 => any::<bool>().prop_map(|after_contact| Act::AnswerIsSent { after_contact }),
        3 => Just(Act::AgentTypes),
        3 => Just(Act::ContactTypes),
        2 => Just(Act::Postpone),
        1 => Just(Act::ContactIsBlocked),
        1 => Just(Act::ContactIsUnblocked),
        1 => prop_oneof![Just(UnassignCause::AgentRemoved), Just(UnassignCause::WentOffline)]
            .prop_map(|cause| Act::AgentLeaves { cause }),
        1 => Just(Act::Close),
        3 => Just(Act::AlarmRings),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let right = prop_oneof![3 => Just(Right::Agent), 1 => Just(Right::Administrator), 1 => Just(Right::Owner)];
    let fence = prop_oneof![6 => Just(FenceKnown::Present), 1 => Just(FenceKnown::Old), 1 => Just(FenceKnown::None)];
    let after = prop_oneof![3 => 0_i64..60_000, 1 => 0_i64..2_000_000];
    let step = (act(), 0_u8..3, prop::bool::weighted(0.85), right, fence, after)
        .prop_map(|(act, by, online, right, fence, after_ms)| Step { act, by, online, right, fence, after_ms });
    prop::collection::vec(step, 1..30)
}

fn availability(online: bool) -> Availability {
    if online { Availability::Online } else { Availability::Offline }
}

/// The step as an input; most acts are done by whoever can do them, so that enough of them are accepted.
fn input(step: &Step, conversation: &Conversation) -> Input {
    let by_holder =
        matches!(step.act, Act::Answer { .. } | Act::Clear | Act::Postpone | Act::AgentTypes | Act::AgentLeaves { .. });
    let holder_acts = by_holder && step.by > 0;
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
        Act::Answer { queued } => Input::AgentWrote { by, fence, way: if queued { Way::Queued } else { Way::Stored } },
        Act::AnswerIsSent { after_contact } => {
            let wrote_at = conversation.contact_wrote_at.as_ms();
            Input::AnswerSent { written_at: Timestamp::from_ms(wrote_at - i64::from(!after_contact)) }
        }
        Act::AgentTypes => Input::AgentActive { by },
        Act::ContactTypes => Input::ContactActive,
        Act::Postpone => Input::Postpone { by, fence },
        Act::ContactIsBlocked => Input::ContactBlocked,
        Act::ContactIsUnblocked => Input::ContactUnblocked,
        Act::AgentLeaves { cause } => Input::AgentLeaves { agent: by.agent, cause },
        Act::Close => Input::Close { by, fence },
        Act::AlarmRings => Input::DeadlineReached,
    }
}

/// Runs the steps on a conversation that a client has just begun; gives the log and counts what was accepted.
fn run(
    steps: &[Step],
    policy: Policy,
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
        let result = conversation.handle(input.clone(), policy, now);
        check_step(&Case { before: &before, input: &input, result: &result, after: &conversation, policy, now });
        if let Ok(decision) = &result {
            log.extend(decision.facts.iter().map(|fact| (now, fact.clone())));
        }
        each(&input, &result);
    }
    (conversation, log)
}

proptest! {
    #[test]
    fn every_step_keeps_the_laws_and_the_log_replays(steps in steps(), from_contact: bool) {
        // A2 A3 A5 A6 A7 A9 A11 A12 A14 A15 B3 B4 B6 P7 P11 X1 X2 X3 X4 N2 N3 L2
        let (conversation, log) = run(&steps, if from_contact { FROM_CONTACT } else { POLICY }, |_, _| {});
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
            run(&steps, POLICY, |_, result| {
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
    let facts = "Accepted AgentActive AgentWrote AnswerQueued AnswerSent Assigned Closed ContactActive ContactBlocked \
                 ContactUnblocked ContactWrote Postponed Unassigned";
    let refusals = "CandidateHolds CandidateOffline CandidateWithoutAccess ContactBlocked Finished NotHolder NotTaken \
                    NothingToPostpone Offline StaleFence Taken";
    let wanted: BTreeSet<String> = facts.split(' ').chain(refusals.split(' ')).map(str::to_owned).collect();
    assert_eq!(*seen.borrow(), wanted);
}

/// The variant's name.
fn name(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}").split([' ', '(']).next().unwrap_or_default().to_owned()
}
