//! What the agent may do with a conversation, asked of `domain`, so that no rule stands twice. The relay decides all the same.

use desk::Desk;
use domain::agent::{Actor, Availability, Candidate, Right};
use domain::clock::{Policy, Turn};
use domain::conversation::{CloseReason, Conversation, Input, Parts, Status};
use domain::id::AgentId;
use domain::time::Timestamp;
use protocol::view::ConversationView;

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
}

impl Abilities {
    /// What the desk's owner may do with a conversation now.
    #[must_use]
    pub fn of(desk: &Desk, conversation: &ConversationView) -> Self {
        Self::with(desk, conversation, desk.availability().into())
    }

    /// What he may do once he is Online.
    #[must_use]
    pub fn when_online(desk: &Desk, conversation: &ConversationView) -> Self {
        Self::with(desk, conversation, Availability::Online)
    }

    fn with(desk: &Desk, view: &ConversationView, availability: Availability) -> Self {
        let right = desk.right(&view.project_id).map_or(Right::Agent, Right::from);
        let by = || Actor { agent: me(), right, availability };
        let to = || Candidate { agent: third(), availability: Availability::Online, has_access: true };
        let fence = Some(view.fence);
        let conversation = conversation(view, desk.is_mine(view));
        let may =
            |input| conversation.decide(input, Policy::default(), Timestamp::from_ms(view.last_message_at)).is_ok();
        Self {
            accept: may(Input::Accept { by: by() }),
            assign: may(Input::Assign { by: by(), to: to(), fence }),
            clear: may(Input::Clear { by: by(), fence }),
            answer: may(Input::AgentWrote { by: by(), fence }),
            close: may(Input::Close { by: by(), fence }),
        }
    }
}

/// The conversation as `domain` knows it. Of its agent it matters only whether he is the one who asks.
fn conversation(view: &ConversationView, mine: bool) -> Conversation {
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

    #[test]
    fn a_new_one_can_be_taken_given_and_closed_but_not_answered() {
        // A1, A14, X1
        let can = Abilities::of(&desk(), &conversation("cnv_1"));
        assert_eq!(can, Abilities { accept: true, assign: true, clear: false, answer: false, close: true });
    }

    #[test]
    fn mine_can_be_answered_and_handed_on() {
        let can = Abilities::of(&desk(), &taken_by("agt_me"));
        assert_eq!(can, Abilities { accept: false, assign: true, clear: true, answer: true, close: true });
    }

    #[test]
    fn a_colleagues_and_a_finished_one_can_only_be_read() {
        // A14, X4
        assert_eq!(Abilities::of(&desk(), &taken_by("agt_noah")), Abilities::default());
        let finished = ConversationView { closed_at: Some(5), ..taken_by("agt_me") };
        assert_eq!(Abilities::of(&desk(), &finished), Abilities::default());
    }

    #[test]
    fn offline_he_may_hand_back_and_close_his_own() {
        // P7
        let mut desk = desk();
        let offline = serde_json::json!({
            "t": "event", "topic": "agent/agt_me", "epoch": "", "seq": 1, "kind": "availability", "v": 1, "at": 0,
            "actor": {"kind": "clock"}, "cause": null, "data": {"availability": "offline"}
        });
        let frame: RelayFrame = serde_json::from_value(offline).unwrap();
        assert!(desk.apply(&frame));
        assert_eq!(Abilities::of(&desk, &conversation("cnv_1")), Abilities::default());
        let mine = taken_by("agt_me");
        let can = Abilities::of(&desk, &mine);
        assert_eq!(can, Abilities { accept: false, assign: true, clear: true, answer: false, close: true });
        assert!(Abilities::when_online(&desk, &mine).answer);
    }
}
