//! What must hold after every single step.

use crate::agent::{Actor, Availability};
use crate::alert::Audience;
use crate::clock::{FinishFrom, Policy, Turn};
use crate::conversation::{CloseReason, Conversation, Decision, Fact, Fence, Input, Refusal, Status, UnassignCause};
use crate::time::{Span, Timestamp};

/// What must hold between the state before and after one input.
pub(super) fn check_step(case: &Case<'_>) {
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
pub(super) struct Case<'a> {
    pub(super) before: &'a Conversation,
    pub(super) input: &'a Input,
    pub(super) result: &'a Result<Decision, Refusal>,
    pub(super) after: &'a Conversation,
    pub(super) policy: Policy,
    pub(super) now: Timestamp,
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
            assert!((before.assignee.is_none() && online(by)) || holds(by));
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
