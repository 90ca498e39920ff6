//! Laws that hold whatever agents, client and clock do, in any order.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;
use crate::agent::{Availability, Right};
use crate::time::Span;

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

/// What must hold between the state before and after one input.
fn check_step(case: &Case<'_>) {
    let Case { before, result, after, .. } = case;
    let Ok(decision) = result else {
        assert_eq!(before, after, "a refusal changes nothing");
        return;
    };
    // X4: a finished conversation stays as it is.
    assert!(before.status == Status::Open || decision.facts.is_empty());
    // A7: each change of owner raises the fence, and nothing else does.
    assert_eq!(after.fence, before.fence + u32::from(before.assignee != after.assignee));
    assert!(decision.facts.len() <= 1, "one thing at a time");
    check_owner(case, decision);
    check_by_itself(case, decision);
    check_audience(case, decision);
    check_turn(case, decision);
    check_clocks(case, decision);
}

/// One input with the state around it.
struct Case<'a> {
    before: &'a Conversation,
    input: &'a Input,
    result: &'a Result<Decision, Refusal>,
    after: &'a Conversation,
    policy: Policy,
    now: Timestamp,
}

/// Who may do what agents do.
fn check_owner(case: &Case<'_>, decision: &Decision) {
    let Case { before, input, after, .. } = case;
    let holds = |by: &Actor| before.assignee.as_ref() == Some(&by.agent);
    let online = |by: &Actor| by.availability == Availability::Online;
    let is_present = |fence: &Option<Fence>| fence.is_none_or(|fence| fence == before.fence);
    match input {
        Input::AgentWrote { by, fence, .. } => {
            // A7, P7, B6: an answer is the Online owner's, with the present fence, to a client who is not blocked.
            assert!(holds(by) && online(by) && *fence == Some(before.fence) && before.blocked_at.is_none());
        }
        // A2, A3, P7
        Input::Accept { by } => {
            assert!(before.assignee.is_none() && online(by));
            assert_eq!(after.assignee.as_ref(), Some(&by.agent));
        }
        Input::Assign { by, to, fence } => {
            // A4, A5, A14, P7
            assert!(to.has_access && to.availability == Availability::Online && is_present(fence));
            assert_ne!(before.assignee.as_ref(), Some(&to.agent));
            assert_eq!(after.assignee.as_ref(), Some(&to.agent));
            let may = if before.assignee.is_some() { holds(by) || by.right.administers() } else { online(by) };
            assert!(may);
        }
        // A11, A14
        Input::Clear { by, fence } => {
            assert!(before.assignee.is_some() && after.assignee.is_none());
            assert!((holds(by) || by.right.administers()) && is_present(fence));
        }
        // X1
        Input::Close { by, fence } => {
            let may = holds(by) || by.right.administers() || (before.assignee.is_none() && online(by));
            assert!(may && is_present(fence));
        }
        // X3
        Input::Postpone { by, fence } => {
            assert!(holds(by) && online(by) && is_present(fence));
            assert_eq!(
                after.deadline(case.policy).map(|it| it.at),
                Some(case.now.plus(case.policy.finish_after)).map(|finish_at| {
                    match case.before.clocks(case.policy).detach_at {
                        Some(detach_at) => finish_at.min(detach_at),
                        None => finish_at,
                    }
                })
            );
        }
        // A9: only the Online owner's own typing, while his clock runs.
        Input::AgentActive { by } => {
            let runs = before.clocks(case.policy).detach_at.is_some();
            assert_eq!(!decision.facts.is_empty(), holds(by) && online(by) && runs);
        }
        // A15, P11
        Input::AgentLeaves { agent, cause } => {
            let leaves = before.status == Status::Open && before.assignee.as_ref() == Some(agent);
            let fact = Fact::Unassigned { from: agent.clone(), cause: *cause };
            assert_eq!(decision.facts, if leaves { vec![fact] } else { Vec::new() });
        }
        Input::ContactWrote
        | Input::AnswerSent { .. }
        | Input::ContactActive
        | Input::ContactBlocked
        | Input::ContactUnblocked
        | Input::DeadlineReached => {}
    }
}

/// What the client, his messenger and the clock do.
fn check_by_itself(case: &Case<'_>, decision: &Decision) {
    let Case { before, input, after, policy, now, .. } = case;
    let did = !decision.facts.is_empty();
    let is_open = before.status == Status::Open;
    match input {
        Input::ContactWrote => {
            // B3, B4
            assert!(before.blocked_at.is_none());
            assert_eq!((after.turn, after.n_alerts, after.last_message_at), (Turn::Ours, before.n_alerts + 1, *now));
        }
        // A9: what was written before the client's last message does not answer it.
        Input::AnswerSent { written_at } => assert_eq!(did, is_open && *written_at >= before.contact_wrote_at),
        // X2, B6
        Input::ContactActive => {
            assert_eq!(did, before.blocked_at.is_none() && before.clocks(*policy).finish_at.is_some());
        }
        Input::ContactBlocked => {
            assert_eq!(did, is_open && before.blocked_at.is_none());
            assert!(!is_open || after.blocked_at.is_some());
        }
        Input::ContactUnblocked => {
            assert_eq!(did, is_open && before.blocked_at.is_some());
            assert!(!is_open || after.blocked_at.is_none());
        }
        Input::DeadlineReached => {
            let due = before.clocks(*policy).due(*now);
            assert_eq!(due.is_some(), did, "an alarm does just what is due");
            if after.status != before.status {
                // X2: an unanswered client is never finished, unless the project counts from his message, or he is blocked.
                let counted = policy.finish_from == FinishFrom::ContactMessage;
                assert!(before.turn == Turn::Theirs || counted || before.blocked_at.is_some());
                let reason =
                    if before.blocked_at.is_some() { CloseReason::ContactBlocked } else { CloseReason::ContactIdle };
                assert_eq!(after.status, Status::Closed { at: *now, reason });
                assert!(before.clocks(*policy).detach_at.is_none_or(|at| at > *now), "detach goes first");
            } else if did {
                // B6: a blocked client's conversation does not detach.
                assert!(before.blocked_at.is_none() && before.turn == Turn::Ours);
                let from = before.assignee.clone().unwrap();
                assert_eq!(decision.facts, [Fact::Unassigned { from, cause: UnassignCause::AgentIdle }]);
            }
        }
        Input::Accept { .. }
        | Input::Assign { .. }
        | Input::Clear { .. }
        | Input::AgentWrote { .. }
        | Input::AgentActive { .. }
        | Input::Postpone { .. }
        | Input::AgentLeaves { .. }
        | Input::Close { .. } => {}
    }
}

/// Whom it alerts (N3, A6, A12).
fn check_audience(case: &Case<'_>, decision: &Decision) {
    let Case { before, input, .. } = case;
    let told = match (input, decision.facts.first()) {
        (Input::ContactWrote, _) => before.assignee.clone().map_or(Audience::Subscribed, Audience::Assignee),
        (Input::Assign { by, to, .. }, _) if by.agent != to.agent => Audience::Only(to.agent.clone()),
        (_, Some(Fact::Unassigned { .. })) if before.blocked_at.is_none() => Audience::Subscribed,
        _ => Audience::Nobody,
    };
    assert_eq!(decision.audience, told);
    let counted = told != Audience::Nobody && !matches!(input, Input::Assign { .. });
    assert_eq!(case.after.n_alerts, before.n_alerts + u32::from(counted), "N2: what is told counts");
}

/// Whose turn it is, and the place in the lists.
fn check_turn(case: &Case<'_>, decision: &Decision) {
    let Case { before, after, now, .. } = case;
    let turn = match decision.facts.first() {
        Some(Fact::ContactWrote) => Turn::Ours,
        Some(Fact::AgentWrote { .. } | Fact::AnswerSent { .. }) => Turn::Theirs,
        // A9: taking, assigning, clearing, and an answer that is queued do not change the turn.
        _ => before.turn,
    };
    assert_eq!(after.turn, turn);
    // L2: only messages of client and agent move it in the lists.
    let is_message = matches!(
        decision.facts.first(),
        Some(Fact::ContactWrote | Fact::AgentWrote { .. } | Fact::AnswerQueued { .. })
    );
    assert_eq!(after.last_message_at, if is_message { *now } else { before.last_message_at });
}

/// A9: never two clocks, and the one that runs is the turn's; with "Count from the client's last message" finishing runs always.
fn check_clocks(case: &Case<'_>, decision: &Decision) {
    let Case { before, after, policy, now, .. } = case;
    let clocks = after.clocks(*policy);
    let always = policy.finish_from == FinishFrom::ContactMessage;
    let (detach, finish) = match (after.status, after.blocked_at, after.turn, &after.assignee) {
        (Status::Closed { .. }, ..) => (false, false),
        (Status::Open, Some(_), ..) => (false, true),
        (Status::Open, None, Turn::Ours, Some(_)) => (true, always),
        (Status::Open, None, Turn::Ours, None) => (false, always),
        (Status::Open, None, Turn::Theirs, _) => (false, true),
    };
    assert_eq!((clocks.detach_at.is_some(), clocks.finish_at.is_some()), (detach, finish));
    assert!(always || !(detach && finish), "never two clocks");
    let Some(fact) = decision.facts.first() else { return };
    // B6: while he is blocked nothing moves the end.
    if before.blocked_at.is_some() && after.blocked_at.is_some() && after.status == Status::Open {
        assert_eq!(clocks.finish_at, before.clocks(*policy).finish_at);
        return;
    }
    let full = |span: Span| Some(now.plus(span));
    let restarts_detach = matches!(
        fact,
        Fact::Accepted { .. }
            | Fact::Assigned { .. }
            | Fact::AgentActive { .. }
            | Fact::AnswerQueued { .. }
            | Fact::ContactUnblocked
    );
    if detach && (restarts_detach || before.turn == Turn::Theirs) {
        assert_eq!(clocks.detach_at, full(policy.detach_after), "{fact:?} begins it anew");
    } else if detach {
        assert_eq!(clocks.detach_at, before.clocks(*policy).detach_at, "{fact:?} does not touch it");
    }
    let restarts_finish = match fact {
        Fact::ContactActive | Fact::Postponed { .. } | Fact::ContactUnblocked => true,
        Fact::AgentWrote { .. } | Fact::AnswerSent { .. } => !always,
        Fact::ContactWrote => always,
        Fact::ContactBlocked => {
            assert_eq!(clocks.finish_at, full(policy.blocked_finish_after));
            return;
        }
        _ => false,
    };
    if finish && restarts_finish {
        assert_eq!(clocks.finish_at, full(policy.finish_after), "{fact:?} begins it anew");
    } else if finish {
        assert_eq!(clocks.finish_at, before.clocks(*policy).finish_at, "{fact:?} does not touch it");
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
