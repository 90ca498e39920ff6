//! Single stories of the clocks, minute by minute.

use super::*;
use crate::agent::{Actor, Availability, Candidate, Right};
use crate::alert::Audience;
use crate::clock::{Due, FinishFrom};
use crate::time::Span;

const POLICY: Policy = Policy {
    detach_after: Span::from_minutes(15),
    finish_after: Span::from_minutes(20),
    finish_from: FinishFrom::OurAnswer,
    blocked_finish_after: Span::from_minutes(12),
};

fn agent(n: u8) -> AgentId {
    AgentId::new(Timestamp::from_ms(1), [n; 10])
}

fn minutes(n: i64) -> Timestamp {
    Timestamp::from_ms(n * 60_000)
}

fn just_before(at: Timestamp) -> Timestamp {
    Timestamp::from_ms(at.as_ms() - 1)
}

fn actor(n: u8) -> Actor {
    Actor { agent: agent(n), right: Right::Agent, availability: Availability::Online }
}

/// A conversation in work: the client wrote at 0, agent 1 took it at `taken_at`.
fn taken(taken_at: Timestamp) -> Conversation {
    let mut conversation = Conversation::opened(minutes(0));
    conversation.evolve(&Fact::ContactWrote, minutes(0));
    conversation.evolve(&Fact::Accepted { agent: agent(1) }, taken_at);
    conversation
}

fn due(conversation: &Conversation, policy: Policy, now: Timestamp) -> Vec<Fact> {
    conversation.decide(Input::DeadlineReached, policy, now).unwrap().facts
}

#[test]
fn detach_runs_from_the_later_of_taking_and_the_first_unanswered_message() {
    // A9
    let mut conversation = taken(minutes(1));
    assert_eq!(conversation.deadline(POLICY), Some(Deadline { at: minutes(16), due: Due::Detach }));
    conversation.evolve(&Fact::ContactWrote, minutes(5));
    assert_eq!(conversation.deadline(POLICY).map(|d| d.at), Some(minutes(16)), "a second question gives no more time");
    conversation.evolve(&Fact::Assigned { to: agent(2), from: Some(agent(1)) }, minutes(6));
    assert_eq!(conversation.deadline(POLICY).map(|d| d.at), Some(minutes(21)), "being assigned restarts it");
    assert_eq!(due(&conversation, POLICY, just_before(minutes(21))), []);
    let decision = conversation.decide(Input::DeadlineReached, POLICY, minutes(21)).unwrap();
    assert_eq!(decision.facts, [Fact::Unassigned { from: agent(2), cause: UnassignCause::AgentIdle }]);
    assert_eq!(decision.audience, Audience::Subscribed);
}

#[test]
fn the_owners_typing_moves_it_and_nobody_elses() {
    // A9: typing at 10:00 moves it to 25:00.
    let mut conversation = taken(minutes(0));
    conversation.handle(Input::AgentActive { by: actor(2) }, POLICY, minutes(10)).unwrap();
    assert_eq!(conversation.deadline(POLICY).map(|d| d.at), Some(minutes(15)));
    conversation.handle(Input::AgentActive { by: actor(1) }, POLICY, minutes(10)).unwrap();
    assert_eq!(conversation.deadline(POLICY).map(|d| d.at), Some(minutes(25)));
    assert_eq!(due(&conversation, POLICY, minutes(15)), []);
}

#[test]
fn a_queued_answer_is_no_answer_but_activity_until_it_is_sent() {
    // A9
    let mut conversation = taken(minutes(0));
    let answer = Input::AgentWrote { by: actor(1), fence: Some(1), way: Way::Queued };
    conversation.handle(answer, POLICY, minutes(3)).unwrap();
    assert_eq!(conversation.deadline(POLICY), Some(Deadline { at: minutes(18), due: Due::Detach }));
    let mut again = conversation.clone();
    again.evolve(&Fact::ContactWrote, minutes(4));
    let sent = Input::AnswerSent { written_at: minutes(3) };
    assert_eq!(
        again.decide(sent.clone(), POLICY, minutes(5)).unwrap().facts,
        [],
        "it does not answer what came after it"
    );
    conversation.handle(sent, POLICY, minutes(5)).unwrap();
    assert_eq!(conversation.deadline(POLICY), Some(Deadline { at: minutes(25), due: Due::Finish }));
}

#[test]
fn finish_runs_from_our_last_answer_and_stops_when_the_client_writes() {
    // A9, X2
    let mut conversation = taken(minutes(0));
    conversation.evolve(&Fact::AgentWrote { agent: agent(1) }, minutes(1));
    assert_eq!(conversation.deadline(POLICY), Some(Deadline { at: minutes(21), due: Due::Finish }));
    assert_eq!(due(&conversation, POLICY, minutes(21)), [Fact::Closed { reason: CloseReason::ContactIdle }]);
    conversation.handle(Input::ContactActive, POLICY, minutes(2)).unwrap();
    assert_eq!(conversation.deadline(POLICY).map(|d| d.at), Some(minutes(22)), "a client's typing restarts it");
    conversation.evolve(&Fact::ContactWrote, minutes(3));
    assert_eq!(conversation.deadline(POLICY).map(|d| d.due), Some(Due::Detach));
    conversation.evolve(&Fact::Unassigned { from: agent(1), cause: UnassignCause::Cleared }, minutes(4));
    assert_eq!(conversation.deadline(POLICY), None, "our turn without an owner: no clock");
}

#[test]
fn postponing_gives_a_full_period_from_now() {
    // X3
    let mut conversation = taken(minutes(0));
    let postpone = |n| Input::Postpone { by: actor(n), fence: None };
    assert_eq!(conversation.decide(postpone(1), POLICY, minutes(1)), Err(Refusal::NothingToPostpone));
    conversation.evolve(&Fact::AgentWrote { agent: agent(1) }, minutes(1));
    let other = conversation.decide(postpone(2), POLICY, minutes(20));
    assert_eq!(other, Err(Refusal::NotHolder { holder: Some(agent(1)) }));
    conversation.handle(postpone(1), POLICY, minutes(20)).unwrap();
    assert_eq!(conversation.deadline(POLICY), Some(Deadline { at: minutes(40), due: Due::Finish }));
}

#[test]
fn counted_from_the_clients_last_message_both_run_and_detach_goes_first() {
    // X2
    let policy = Policy { finish_from: FinishFrom::ContactMessage, ..POLICY };
    let mut conversation = taken(minutes(5));
    assert_eq!(conversation.deadline(policy), Some(Deadline { at: minutes(20), due: Due::Detach }), "of equal times");
    assert!(matches!(due(&conversation, policy, minutes(30))[..], [Fact::Unassigned { .. }]));
    conversation.evolve(&Fact::Unassigned { from: agent(1), cause: UnassignCause::AgentIdle }, minutes(20));
    assert_eq!(due(&conversation, policy, minutes(20)), [Fact::Closed { reason: CloseReason::ContactIdle }]);
    conversation.evolve(&Fact::AgentWrote { agent: agent(1) }, minutes(12));
    assert_eq!(conversation.deadline(policy).map(|d| d.at), Some(minutes(20)), "our answer does not move it");
}

#[test]
fn a_blocked_clients_conversation_does_not_detach_and_finishes_by_itself() {
    // B6
    let mut conversation = taken(minutes(0));
    conversation.handle(Input::ContactBlocked, POLICY, minutes(10)).unwrap();
    assert_eq!(conversation.deadline(POLICY), Some(Deadline { at: minutes(22), due: Due::Finish }));
    assert_eq!(due(&conversation, POLICY, minutes(16)), []);
    let answer = Input::AgentWrote { by: actor(1), fence: Some(1), way: Way::Stored };
    assert_eq!(conversation.decide(answer, POLICY, minutes(11)), Err(Refusal::ContactBlocked));
    assert_eq!(conversation.decide(Input::ContactWrote, POLICY, minutes(11)), Err(Refusal::ContactBlocked));
    assert_eq!(due(&conversation, POLICY, minutes(22)), [Fact::Closed { reason: CloseReason::ContactBlocked }]);
    conversation.handle(Input::ContactUnblocked, POLICY, minutes(20)).unwrap();
    let deadline = conversation.deadline(POLICY);
    assert_eq!(deadline, Some(Deadline { at: minutes(35), due: Due::Detach }), "a full period after the block");
}

/// A table of who may: nobody has it, or agent 1 has it; agent 2 or the holder asks, with a right, Online or not.
#[test]
fn who_may_assign_clear_close_and_postpone() {
    // A11 A14 P7 X1 X3
    use Availability::{Offline, Online};
    use Right::{Administrator, Agent, Owner};
    let free = {
        let mut free = Conversation::opened(minutes(0));
        free.evolve(&Fact::ContactWrote, minutes(0));
        free
    };
    let mut held = taken(minutes(0));
    held.evolve(&Fact::AgentWrote { agent: agent(1) }, minutes(1));
    // Who has it, who asks → may he assign, clear, close, postpone.
    let cases = [
        (&free, 2, Agent, Online, [true, false, true, false]),
        (&free, 2, Agent, Offline, [false, false, false, false]),
        (&free, 2, Administrator, Offline, [false, false, true, false]),
        (&free, 2, Owner, Offline, [false, false, true, false]),
        (&held, 1, Agent, Online, [true, true, true, true]),
        (&held, 1, Agent, Offline, [true, true, true, false]),
        (&held, 2, Agent, Online, [false, false, false, false]),
        (&held, 2, Administrator, Online, [true, true, true, false]),
        (&held, 2, Owner, Offline, [true, true, true, false]),
    ];
    for (conversation, n, right, availability, may) in cases {
        let by = || Actor { agent: agent(n), right, availability };
        let to = || Candidate { agent: agent(3), availability: Online, has_access: true };
        let asked = |fence| {
            [
                Input::Assign { by: by(), to: to(), fence },
                Input::Clear { by: by(), fence },
                Input::Close { by: by(), fence },
                Input::Postpone { by: by(), fence },
            ]
            .map(|input| conversation.decide(input, POLICY, minutes(2)))
        };
        let present = asked(Some(conversation.fence()));
        assert_eq!(present.map(|decided| decided.is_ok()), may, "{n} {right:?} {availability:?}");
        assert_eq!(asked(None).map(|decided| decided.is_ok()), may, "without a fence");
        for (old, may) in asked(Some(conversation.fence() + 1)).into_iter().zip(may) {
            let stale = Err(Refusal::StaleFence { holder: conversation.assignee().cloned() });
            assert!(if may { old == stale } else { old.is_err() }, "an old fence is refused: {old:?}");
        }
    }
}

#[test]
fn what_agents_shall_notice_is_counted() {
    // N2
    let mut conversation = taken(minutes(0));
    assert_eq!(conversation.n_alerts(), 1);
    conversation.evolve(&Fact::Unassigned { from: agent(1), cause: UnassignCause::Cleared }, minutes(1));
    assert_eq!(conversation.n_alerts(), 2);
}
