//! What happens to the right chat panel, and what passes by.

use std::rc::Rc;

use protocol::frame::{Event, RelayFrame};
use protocol::view::ConversationView;

use super::Panel;
use crate::state::aside::{AsideTab, AsideView};
use crate::state::dossier::DossierAction;
use crate::state::note_drafts::NoteAction;

/// What happens there.
#[derive(Clone, Debug)]
pub enum AsideAction {
    /// It is shown, or not, where there is room for it beside the conversation, or where there is not.
    Show {
        /// Whether there is room for both.
        has_room: bool,
        /// Whether it is shown.
        shown: bool,
    },
    /// The agent chose a tab.
    Tab(AsideTab),
    /// Something of a client came, or did not.
    Dossier(String, DossierAction),
    /// Something happens to the note that is written on a conversation.
    Note(String, NoteAction),
    /// A frame passed by at this time of the machine's clock (A8, I1).
    Passed(RelayFrame, i64),
}

impl Panel {
    pub(super) fn take_aside(&mut self, action: AsideAction) {
        match action {
            AsideAction::Show { has_room, shown } => {
                self.change_aside(|view| *view = view.with_shown(has_room, shown));
            }
            AsideAction::Tab(tab) => self.change_aside(|view| view.tab = tab),
            AsideAction::Dossier(contact_id, happened) => {
                Rc::make_mut(&mut self.dossier).take(&contact_id, happened);
            }
            AsideAction::Note(conversation_id, happened) => {
                Rc::make_mut(&mut self.note_drafts).take(&conversation_id, happened);
            }
            AsideAction::Passed(RelayFrame::VisitChanged { .. }, _) => Rc::make_mut(&mut self.dossier).hear_visit(),
            AsideAction::Passed(frame, now) => Rc::make_mut(&mut self.signals).hear(&frame, now),
        }
    }

    /// Whether it is of somebody whom the panel does not show, so that nothing changes: each client on the website makes one every half a
    /// minute.
    pub(super) fn is_elsewhere(&self, action: &AsideAction) -> bool {
        matches!(action, AsideAction::Passed(RelayFrame::VisitChanged { contact_id, .. }, _) if !self.dossier.is_of(contact_id))
    }

    /// Another conversation is chosen: it is shown, even if the panel had taken the place of the former one.
    pub(super) fn leave_aside(&mut self) {
        self.change_aside(|view| view.over = false);
        Rc::make_mut(&mut self.note_drafts).leave();
    }

    pub(super) fn hear_of_contact(&mut self, event: &Event) {
        if let Some(details) = &event.data.contact {
            Rc::make_mut(&mut self.dossier).hear_details(details);
        }
        if let Some(conversation) = &event.data.conversation {
            self.hear_of_conversation(conversation);
        }
        if let Some(note) = &event.data.note {
            Rc::make_mut(&mut self.dossier).hear_note(note);
        }
        if let Some(message) = &event.data.message {
            Rc::make_mut(&mut self.signals).wrote(&message.conversation_id, &message.author);
        }
    }

    fn hear_of_conversation(&mut self, conversation: &ConversationView) {
        // Most are of other clients: nothing is copied for them.
        if self.dossier.is_of(&conversation.contact.id) {
            Rc::make_mut(&mut self.dossier).hear_conversation(conversation);
        }
    }

    fn change_aside(&mut self, change: impl FnOnce(&mut AsideView)) {
        change(&mut Rc::make_mut(&mut self.view).aside);
    }
}

#[cfg(test)]
mod tests {
    use protocol::command::ConversationPage;
    use protocol::frame::EventData;
    use protocol::view::Author;
    use protocol::worker::HubToPanel;
    use yew::Reducible as _;

    use super::*;
    use crate::state::dossier::tests::{details, note};
    use crate::state::dossier::{Dossier, Part};
    use crate::state::panel::Action;
    use crate::state::panel::tests::{conversation, event, message, opening, reduce};
    use crate::state::signals::Doing;

    fn told(data: EventData) -> Action {
        let frame = RelayFrame::Event(Box::new(Event { data, ..event() }));
        Action::Hub(vec![HubToPanel::Frame { frame }])
    }

    fn reading() -> Vec<Action> {
        let asked = |part| Action::Aside(AsideAction::Dossier("con_1".into(), DossierAction::Asked(part)));
        let mut actions = vec![
            Action::Hub(opening(vec![conversation("cnv_1"), conversation("cnv_2")])),
            Action::Select(Some("cnv_1".into())),
        ];
        actions.extend(Part::ALL.map(asked));
        actions
    }

    #[test]
    fn a_corrected_name_stands_in_the_dossier_and_in_the_rows_at_once() {
        // I4
        let panel = reduce(reading());
        let panel = panel.reduce(told(EventData { contact: Some(details(2, "Ann Lee")), ..Default::default() }));
        assert_eq!(panel.dossier.details.as_ref().map(|details| details.name.as_str()), Some("Ann Lee"));
        assert_eq!(panel.conversation("cnv_2").map(|it| it.contact.name.clone()).as_deref(), Some("Ann Lee"));
    }

    #[test]
    fn a_note_that_is_left_elsewhere_is_there_at_once() {
        // O1 O3
        let panel = reduce(reading());
        let panel = panel.reduce(told(EventData { note: Some(note("not_1", 5)), ..Default::default() }));
        assert_eq!(panel.dossier.notes.len(), 1);
    }

    #[test]
    fn the_clients_message_ends_his_typing() {
        // A8
        let typing =
            RelayFrame::Typing { topic: "channel/chn_1".into(), conversation_id: Some("cnv_1".into()), agent_id: None };
        let panel = reduce(reading()).reduce(Action::Aside(AsideAction::Passed(typing, 1_000)));
        assert_eq!(panel.signals.who("cnv_1", Doing::Typing, 2_000), [None]);
        let data = EventData { message: Some(message(1, "cnv_1", Author::Contact)), ..Default::default() };
        assert!(panel.reduce(told(data)).signals.who("cnv_1", Doing::Typing, 2_000).is_empty());
    }

    #[test]
    fn only_the_visit_of_the_client_who_is_shown_is_asked_for_again() {
        // I1
        let changed = |contact_id: &str| {
            let (topic, contact_id) = ("channel/chn_1".into(), contact_id.into());
            Action::Aside(AsideAction::Passed(RelayFrame::VisitChanged { topic, contact_id }, 1_000))
        };
        let panel = reduce(reading());
        let other = panel.clone().reduce(changed("con_9"));
        assert!(Rc::ptr_eq(&panel, &other), "a panel is drawn anew for a client whom it does not show");
        assert!(!panel.dossier.visit_is_old && panel.reduce(changed("con_1")).dossier.visit_is_old);
    }

    #[test]
    fn a_note_stays_where_it_is_written_while_the_agent_goes_elsewhere() {
        // O1
        let typed = Action::Aside(AsideAction::Note("cnv_1".into(), NoteAction::Type("Calls".into())));
        let mut actions = reading();
        actions.extend([typed, Action::Select(Some("cnv_2".into()))]);
        let panel = reduce(actions);
        assert_eq!(panel.note_drafts.of("cnv_2").text, "");
        assert_eq!(panel.note_drafts.of("cnv_1").text, "Calls");
    }

    #[test]
    fn another_conversation_is_shown_where_the_panel_had_taken_its_place() {
        let shows = |has_room, shown| Action::Aside(AsideAction::Show { has_room, shown });
        let mut actions = reading();
        actions.extend([shows(false, true), Action::Select(Some("cnv_2".into()))]);
        let view = reduce(actions).view.aside;
        assert_eq!((view.is_shown(true), view.is_shown(false)), (true, false));
    }

    #[test]
    fn a_lost_channel_takes_what_is_known_of_its_clients_along() {
        // A15
        let mut actions = reading();
        actions.push(told(EventData { note: Some(note("not_1", 5)), ..Default::default() }));
        let left = RelayFrame::Left { topic: "channel/chn_1".into() };
        actions.push(Action::Hub(vec![HubToPanel::Frame { frame: left }]));
        assert_eq!(*reduce(actions).dossier, Dossier::default());
    }

    #[test]
    fn a_lost_channel_leaves_what_is_known_of_another_channels_client() {
        // A15
        let left = |channel: &str| {
            let frame = RelayFrame::Left { topic: format!("channel/{channel}") };
            Action::Hub(vec![HubToPanel::Frame { frame }])
        };
        let came = |next: Option<&str>| {
            let page = ConversationPage { conversations: vec![conversation("cnv_1")], next: next.map(Into::into) };
            Action::Aside(AsideAction::Dossier("con_1".into(), DossierAction::Conversations(page, true)))
        };
        let mut actions = reading();
        actions.extend([came(None), left("chn_2")]);
        let panel = reduce(actions);
        assert_eq!(panel.dossier.conversations.len(), 1);
        assert_eq!(*panel.reduce(left("chn_1")).dossier, Dossier::default());
        // As long as not all his conversations are known, one may be of that channel.
        let mut actions = reading();
        actions.extend([came(Some("page")), left("chn_2")]);
        assert_eq!(*reduce(actions).dossier, Dossier::default());
    }
}
