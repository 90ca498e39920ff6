//! Files on their way through a panel.

use std::rc::Rc;

use super::{Action, Panel};
use crate::state::files::{FilesAction, Said};
use crate::state::notice::Notice;

impl Panel {
    pub(super) fn take_files(&mut self, action: FilesAction) {
        let notice = match Rc::make_mut(&mut self.files).take(action) {
            None => return,
            Some(Said::Left(text)) => Notice { text: text.into(), ..Notice::fault("") },
            Some(Said::Failed(text, None)) => Notice { text: text.into(), ..Notice::fault("") },
            Some(Said::Failed(text, Some(error))) => Notice { text: text.into(), ..Notice::refused(&error) },
        };
        self.take(Action::Notice(notice));
    }
}

#[cfg(test)]
mod tests {
    use protocol::error::{ErrorCode, ErrorDetails, Holder, WireError};
    use protocol::worker::{AccountKey, ConnectionState, HubToPanel, UploadState};
    use yew::Reducible as _;

    use super::*;
    use crate::state::files::tests::{brought, sending};
    use crate::state::note_drafts::NoteAction;
    use crate::state::panel::AsideAction;
    use crate::state::panel::tests::{conversation, opening, reduce, told};

    fn hub(id: &str, state: UploadState) -> Action {
        Action::Hub(vec![HubToPanel::UploadState { attachment_id: id.into(), state }])
    }

    #[test]
    fn a_file_that_is_refused_says_so_with_the_holder_and_stays() {
        // A7, F1
        let mut actions = vec![Action::Hub(opening(vec![conversation("cnv_1")]))];
        actions.extend(sending(&["a", "b"]).into_iter().map(Action::Files));
        let panel = reduce(actions);
        let holder = Some(Holder { agent_id: "agt_noah".into(), name: "Noah".into() });
        let details = ErrorDetails { holder, ..Default::default() };
        let (message, request_id) = (String::new(), String::new());
        let error = WireError { code: ErrorCode::StaleFence, message, details, request_id };
        let panel = panel.reduce(hub("a", UploadState::Refused { error }));
        let notice = panel.notice.clone().expect("a notice");
        assert!(notice.text.contains("“a.png”") && notice.text.contains("Noah"), "{}", notice.text);
        assert_eq!(panel.files.of("cnv_1").map(|basket| basket.files.len()), Some(2));
        // P7
        let error = WireError { code: ErrorCode::AgentOffline, ..notice_error() };
        let panel = panel.reduce(Action::Files(FilesAction::Send("cnv_1".into(), 2)));
        let panel = brought("a").into_iter().map(Action::Files).fold(panel, Panel::reduce);
        let panel = panel.reduce(hub("a", UploadState::Refused { error }));
        assert!(panel.notice.as_ref().is_some_and(|notice| notice.offers_online));
    }

    fn notice_error() -> WireError {
        let (message, request_id) = (String::new(), String::new());
        WireError { code: ErrorCode::Unknown, message, details: ErrorDetails::default(), request_id }
    }

    #[test]
    fn what_was_chosen_and_typed_waits_for_its_account_and_is_no_others() {
        // A7, O1
        let note = AsideAction::Note("cnv_1".into(), NoteAction::Type("Calls".into()));
        let mut actions = vec![Action::Hub(opening(vec![conversation("cnv_1")])), Action::Aside(note)];
        actions.extend(sending(&["a", "b"]).into_iter().map(Action::Files));
        let panel = reduce(actions);
        let has = |panel: &Panel| {
            let basket = panel.files.of("cnv_1").map(|basket| (basket.files.len(), basket.sending));
            (basket, panel.note_drafts.of("cnv_1").text.to_string())
        };
        let all = (Some((2, None)), String::from("Calls"));
        let other = told(Some(AccountKey::new("https://desk.example", "agt_other")), None, 2);
        let panel = panel.reduce(Action::Hub(vec![other.clone()]));
        assert_eq!(has(&panel), (None, String::new()));
        let panel = panel.reduce(Action::Hub(vec![told(None, Some("else@example.com"), 1)]));
        assert_eq!(has(&panel), (None, String::new()));
        let panel = panel.reduce(Action::Hub(opening(vec![conversation("cnv_1")])));
        assert_eq!(has(&panel), all, "and nothing goes by itself");
        // Signed out, and signed in again.
        let out = HubToPanel::Connection { state: ConnectionState::SignedOut, offset_ms: 0 };
        let panel = panel.reduce(Action::Hub(vec![out.clone()]));
        let again = panel.clone().reduce(Action::Hub(opening(vec![conversation("cnv_1")])));
        assert_eq!(has(&again), all);
        assert_eq!(has(&panel.reduce(Action::Hub(vec![other]))), (None, String::new()));
    }
}
