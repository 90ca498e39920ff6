//! What the agent may do with a conversation, asked of `domain`, so that no rule stands twice. The relay decides all the same.

use desk::Desk;
use domain::agent::{Actor, Availability, Candidate, Right};
use domain::block::{self, BlockTerm};
use domain::clock::{FinishFrom, Policy, Turn};
use domain::conversation::{CloseReason, Conversation, Input, Parts, Status, Way};
use domain::id::AgentId;
use domain::time::Timestamp;
use protocol::view::{BlockView, ConversationView, Due};

use super::blocks::{as_domain, block_of};

/// What the agent may do with one conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one button")]
pub struct Abilities {
    /// "Accept conversation".
    pub accept: bool,
    /// "Assign to an agent", "Assign".
    pub assign: bool,
    /// "Assign" → "Clear".
    pub clear: bool,
    /// Answer.
    pub answer: bool,
    /// "Close".
    pub close: bool,
    /// "Postpone".
    pub postpone: bool,
    /// "Block".
    pub block: bool,
    /// "Unblock".
    pub unblock: bool,
}

impl Abilities {
    /// What the desk's owner may do with a conversation now, by the relay's time.
    #[must_use]
    pub fn of(desk: &Desk, conversation: &ConversationView, now: i64) -> Self {
        Self::with(desk, conversation, now, desk.availability().into())
    }

    /// What he may do once he is Online.
    #[must_use]
    pub fn when_online(desk: &Desk, conversation: &ConversationView, now: i64) -> Self {
        Self::with(desk, conversation, now, Availability::Online)
    }

    fn with(desk: &Desk, view: &ConversationView, now: i64, availability: Availability) -> Self {
        let right = desk.right(&view.project_id).map_or(Right::Agent, Right::from);
        let by = || Actor { agent: me(), right, availability };
        let to = || Candidate { agent: third(), availability: Availability::Online, has_access: true };
        let fence = Some(view.fence);
        let (held, now) = (block_of(desk, view, now), Timestamp::from_ms(now));
        let conversation = conversation(view, desk.is_mine(view), held);
        let held = held.map(as_domain);
        // What would change nothing is no button: his own is accepted already.
        let may =
            |input| conversation.decide(input, policy(view), now).is_ok_and(|decision| !decision.facts.is_empty());
        Self {
            accept: may(Input::Accept { by: by() }),
            assign: may(Input::Assign { by: by(), to: to(), fence }),
            clear: may(Input::Clear { by: by(), fence }),
            answer: may(Input::AgentWrote { by: by(), fence, way: Way::Stored }),
            close: may(Input::Close { by: by(), fence }),
            postpone: may(Input::Postpone { by: by(), fence }),
            block: block::block(held, &by(), BlockTerm::Forever, now).is_ok(),
            unblock: block::unblock(held, &by(), now).is_ok(),
        }
    }
}

/// The project's setting, as far as it matters here: a conversation that is due to finish runs towards that, whoever's turn it is.
fn policy(view: &ConversationView) -> Policy {
    let finish_from = if view.due == Some(Due::Finish) { FinishFrom::ContactMessage } else { FinishFrom::OurAnswer };
    Policy { finish_from, ..Policy::default() }
}

/// The conversation as `domain` knows it. Of its agent it matters only whether he is the one who asks.
fn conversation(view: &ConversationView, mine: bool, block: Option<&BlockView>) -> Conversation {
    let at = Timestamp::from_ms;
    let assignee = view.assignee_id.as_ref().map(|_| if mine { me() } else { colleague() });
    Conversation::from_parts(Parts {
        status: view
            .closed_at
            .map_or(Status::Open, |closed| Status::Closed { at: at(closed), reason: CloseReason::Agent }),
        taken_at: assignee.as_ref().map(|_| at(view.opened_at)),
        assignee,
        fence: view.fence,
        turn: match view.turn {
            protocol::view::Turn::Ours => Turn::Ours,
            protocol::view::Turn::Theirs => Turn::Theirs,
        },
        unanswered_since: at(view.unanswered_since),
        answered_at: None,
        last_message_at: at(view.last_message_at),
        contact_wrote_at: at(view.unanswered_since),
        detach_restarted_at: None,
        finish_restarted_at: None,
        blocked_at: block.map(|block| at(block.since)),
        n_alerts: view.n_alerts,
    })
}

fn me() -> AgentId {
    AgentId::new(Timestamp::from_ms(0), [0; 10])
}

fn colleague() -> AgentId {
    AgentId::new(Timestamp::from_ms(0), [1; 10])
}

fn third() -> AgentId {
    AgentId::new(Timestamp::from_ms(0), [2; 10])
}

#[cfg(test)]
mod tests {
    use protocol::frame::RelayFrame;
    use protocol::worker::HubToPanel;

    use super::*;
    use crate::state::blocks::tests::blocked;
    use crate::state::panel::tests::{conversation, opening};

    fn desk() -> Desk {
        let mut desk = Desk::default();
        for message in opening(Vec::new()) {
            if let HubToPanel::Frame { frame } = message {
                let _: bool = desk.apply(&frame);
            }
        }
        desk
    }

    fn taken_by(agent_id: &str) -> ConversationView {
        ConversationView { assignee_id: Some(agent_id.into()), fence: 1, ..conversation("cnv_1") }
    }

    /// Those that are named, and no others.
    fn can(named: &[&str]) -> Abilities {
        let has = |name| named.contains(&name);
        Abilities {
            accept: has("accept"),
            assign: has("assign"),
            clear: has("clear"),
            answer: has("answer"),
            close: has("close"),
            postpone: has("postpone"),
            block: has("block"),
            unblock: has("unblock"),
        }
    }

    fn offline(mut desk: Desk) -> Desk {
        let offline = serde_json::json!({
            "t": "event", "topic": "agent/agt_me", "epoch": "", "seq": 1, "kind": "availability", "v": 1, "at": 0,
            "actor": {"kind": "clock"}, "cause": null, "data": {"availability": "offline"}
        });
        let frame: RelayFrame = serde_json::from_value(offline).unwrap();
        assert!(desk.apply(&frame));
        desk
    }

    #[test]
    fn a_new_one_can_be_taken_given_and_closed_but_not_answered() {
        // A1, A14, X1, B6
        let may = Abilities::of(&desk(), &conversation("cnv_1"), 0);
        assert_eq!(may, can(&["accept", "assign", "close", "block"]));
    }

    #[test]
    fn mine_can_be_answered_and_handed_on() {
        let may = Abilities::of(&desk(), &taken_by("agt_me"), 0);
        assert_eq!(may, can(&["assign", "clear", "answer", "close", "block"]));
    }

    #[test]
    fn a_colleagues_and_a_finished_one_can_only_be_read_and_their_clients_blocked() {
        // A14, X4, B6
        assert_eq!(Abilities::of(&desk(), &taken_by("agt_noah"), 0), can(&["block"]));
        let finished = ConversationView { closed_at: Some(5), ..taken_by("agt_me") };
        assert_eq!(Abilities::of(&desk(), &finished, 0), can(&["block"]));
    }

    #[test]
    fn offline_he_may_hand_back_and_close_his_own() {
        // P7
        let desk = offline(desk());
        assert_eq!(Abilities::of(&desk, &conversation("cnv_1"), 0), Abilities::default());
        let mine = taken_by("agt_me");
        assert_eq!(Abilities::of(&desk, &mine, 0), can(&["assign", "clear", "close"]));
        assert!(Abilities::when_online(&desk, &mine, 0).answer && Abilities::when_online(&desk, &mine, 0).block);
    }

    #[test]
    fn what_waits_for_the_client_can_be_postponed_by_its_owner() {
        // X3
        use protocol::view::Turn;
        let postpones = |view: &ConversationView| Abilities::of(&desk(), view, 0).postpone;
        let answered = |agent| ConversationView { turn: Turn::Theirs, due: Some(Due::Finish), ..taken_by(agent) };
        assert!(postpones(&answered("agt_me")));
        assert!(!postpones(&answered("agt_noah")));
        assert!(!postpones(&ConversationView { due: Some(Due::Detach), ..taken_by("agt_me") }));
        // X2: the project counts from the client's last message.
        assert!(postpones(&ConversationView { due: Some(Due::Finish), ..taken_by("agt_me") }));
        let away = offline(desk());
        assert!(!Abilities::of(&away, &answered("agt_me"), 0).postpone);
        assert!(Abilities::when_online(&away, &answered("agt_me"), 0).postpone);
    }

    #[test]
    fn block_and_unblock_replace_each_other_and_a_blocked_client_is_not_answered() {
        // B1, B5, B6
        let view = |until| ConversationView {
            assignee_id: Some("agt_me".into()),
            fence: 1,
            due: Some(Due::Finish),
            ..blocked("cnv_1", until)
        };
        assert_eq!(Abilities::of(&desk(), &view(None), 2_000), can(&["assign", "clear", "close", "unblock"]));
        let over = Abilities::of(&desk(), &view(Some(2_000)), 2_000);
        assert!(over.block && !over.unblock && over.answer);
        let away = offline(desk());
        assert!(!Abilities::of(&away, &view(None), 2_000).unblock);
        assert!(Abilities::when_online(&away, &view(None), 2_000).unblock);
    }
}
