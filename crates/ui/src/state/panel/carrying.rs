//! Files on their way through a panel.

use std::rc::Rc;

use super::{Action, Panel};
use crate::state::files::{FilesAction, Said};
use crate::state::notice::Notice;
use crate::text::files;

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

    /// Another account's panel knows nothing of the chosen files: they cannot be kept as the texts are.
    pub(super) fn mourn_files(&mut self, there_were: bool) {
        if there_were {
            self.take(Action::Notice(Notice::fault(files().choose_again)));
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::error::{ErrorCode, ErrorDetails, Holder, WireError};
    use protocol::worker::{HubToPanel, UploadState};
    use yew::Reducible as _;

    use super::*;
    use crate::state::files::tests::{chosen, sending};
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
        let panel = panel.reduce(hub("b", UploadState::Refused { error }));
        assert!(panel.notice.as_ref().is_some_and(|notice| notice.offers_online));
    }

    fn notice_error() -> WireError {
        let (message, request_id) = (String::new(), String::new());
        WireError { code: ErrorCode::Unknown, message, details: ErrorDetails::default(), request_id }
    }

    #[test]
    fn files_go_with_their_account_and_the_agent_is_told() {
        // A7
        let choose = FilesAction::Choose("cnv_1".into(), vec![chosen("a", 1)]);
        let panel = reduce(vec![Action::Hub(opening(vec![conversation("cnv_1")])), Action::Files(choose)]);
        let panel = panel.reduce(Action::Hub(vec![told(None, Some("else@example.com"), 1)]));
        assert!(panel.files.is_empty());
        assert!(panel.notice.as_ref().is_some_and(|notice| notice.text.contains("Choose them again")));
    }
}
