//! Where a panel goes in its lists: on and back in the one that is shown, and to where a former frame stood.

use std::rc::Rc;

use protocol::error::{ErrorCode, WireError};
use protocol::view::MessageView;

use super::{Action, Panel};
use crate::state::finding::{Finding, Target};
use crate::state::notice::Notice;
use crate::state::place::Place;
use crate::state::thread::Fetch;
use crate::state::view::Scope;

impl Panel {
    /// The chosen channels; all, as long as those that were chosen are not among the agent's.
    #[must_use]
    pub fn scope(&self) -> Scope {
        let is_known = match &self.view.scope {
            Scope::All => true,
            Scope::Project(id) => self.desk.projects().iter().any(|project| project.id == *id),
            Scope::Channel(id) => self.desk.channel(id).is_some(),
        };
        if is_known { self.view.scope.clone() } else { Scope::All }
    }

    /// The conversation that stands after the chosen one in the list, or before it; the first, if the chosen one is not in the list.
    #[must_use]
    pub fn neighbour(&self, forwards: bool) -> Option<String> {
        let rows: Vec<String> = if self.view.searching {
            self.finding.found.iter().map(|found| found.conversation.id.clone()).collect()
        } else {
            self.desk.list(self.view.tab, &self.scope().filter()).iter().map(|row| row.id.clone()).collect()
        };
        let at = rows.iter().position(|row| Some(row) == self.view.selected.as_ref());
        let next = match (at, forwards) {
            (None, _) => 0,
            (Some(at), true) => at + 1,
            (Some(at), false) => at.checked_sub(1)?,
        };
        rows.get(next).cloned()
    }

    /// Chooses a conversation, or the list.
    pub(super) fn select(&mut self, selected: Option<String>) {
        (self.asked, self.remembered) = (None, None);
        if self.view.searching && selected.is_some() {
            Rc::make_mut(&mut self.finding).opened.clone_from(&selected);
        }
        self.open_thread(selected.as_deref());
        if self.view.selected != selected {
            self.selection = Rc::default();
        }
        self.change_view(|view| (view.selected, view.target) = (selected, None));
        self.leave_aside();
    }

    /// Chooses a message that was found, in its conversation (S2).
    pub(super) fn jump(&mut self, message: &MessageView) {
        let former = self.view.target.as_ref().map_or(0, |target| target.number);
        self.select(Some(message.conversation_id.clone()));
        let number = former.wrapping_add(1);
        let target = Target { id: message.id.clone(), n: message.n, number, fetched: false };
        self.change_view(|view| view.target = Some(target));
        Rc::make_mut(&mut self.finding).opened = Some(message.id.clone());
    }

    /// The messages around this number came, whether or not it is still among them.
    pub(super) fn reached(&mut self, n: u32) {
        if let Some(target) = Rc::make_mut(&mut self.view).target.as_mut().filter(|target| target.n == n) {
            target.fetched = true;
        }
    }

    /// Forgets what was searched for; the list comes back.
    pub(super) fn clear_search(&mut self) {
        let number = self.finding.number.wrapping_add(1);
        self.finding = Rc::new(Finding { number, ..Finding::default() });
        self.change_view(|view| view.searching = false);
    }

    /// What is to be fetched of a conversation's messages, if anything: those that a search led to, or the newest.
    #[must_use]
    pub fn wanted(&self, id: &str) -> Option<Fetch> {
        let thread = self.thread(id).filter(|thread| thread.fetch == Fetch::Idle)?;
        match self.view.target.as_ref().filter(|target| !target.fetched && !thread.covers(target.n)) {
            Some(target) => Some(Fetch::Around(target.n)),
            // Whoever comes back to where a search led once stands at the end again, not at a hole.
            None => {
                let is_left = thread.cut().is_some() && self.view.target.is_none();
                (is_left || (thread.cut().is_none() && (!thread.loaded || thread.stale))).then_some(Fetch::Newest)
            }
        }
    }

    /// Goes back to where the panel stood, unless a conversation was asked for meanwhile.
    pub(super) fn go_back(&mut self, place: Place) {
        let Place { tab, scope, selected, beside } = place;
        let selected = selected.filter(|_| self.view.selected.is_none());
        self.open_thread(selected.as_deref());
        let view = Rc::make_mut(&mut self.view);
        (view.tab, view.scope, view.aside.beside) = (tab, scope, beside);
        if selected.is_some() {
            view.selected.clone_from(&selected);
            self.remembered = selected;
        }
    }

    /// A remembered conversation that is gone is simply not chosen any more; of others the agent is told why.
    pub(super) fn refuse_history(&mut self, id: &str, error: &WireError) {
        if error.code == ErrorCode::NotFound && self.remembered.as_deref() == Some(id) {
            self.change_view(|view| view.selected = None);
        } else {
            self.take(Action::Notice(Notice::refused(error)));
        }
        self.with_thread(id, |thread| thread.fetch = Fetch::Failed);
    }
}

#[cfg(test)]
mod tests {
    use domain::order::Tab;
    use protocol::command::History;
    use protocol::view::{Author, ConversationView};
    use yew::Reducible as _;

    use super::*;
    use crate::state::panel::tests::{conversation, message, opening, reduce, told};

    fn place(tab: Tab, scope: Scope, selected: Option<&str>) -> Action {
        Action::Return(Place { tab, scope, selected: selected.map(Into::into), beside: true })
    }

    fn opened(ids: &[&str]) -> Action {
        Action::Hub(opening(ids.iter().map(|id| conversation(id)).collect()))
    }

    fn not_found() -> WireError {
        let (message, request_id) = (String::new(), String::new());
        WireError { code: ErrorCode::NotFound, message, details: Default::default(), request_id }
    }

    #[test]
    fn a_frame_that_is_made_anew_stands_where_the_former_stood() {
        // G1
        let there = place(Tab::My, Scope::Channel("chn_1".into()), Some("cnv_1"));
        let panel = reduce(vec![opened(&["cnv_1"]), there]);
        assert_eq!((panel.view.tab, panel.scope()), (Tab::My, Scope::Channel("chn_1".into())));
        assert_eq!(panel.selected().map(|it| it.id.clone()).as_deref(), Some("cnv_1"));
        assert!(panel.thread("cnv_1").is_some(), "its messages have a place to come to");
    }

    #[test]
    fn what_the_page_asked_for_meanwhile_comes_first() {
        // N4
        let asked = Action::Select(Some("cnv_2".into()));
        let panel = reduce(vec![asked, opened(&["cnv_1", "cnv_2"]), place(Tab::My, Scope::All, Some("cnv_1"))]);
        assert_eq!((panel.view.selected.as_deref(), panel.view.tab), (Some("cnv_2"), Tab::My));
    }

    #[test]
    fn a_remembered_conversation_that_is_gone_is_simply_not_chosen() {
        let gone = || Action::HistoryRefused("cnv_9".into(), not_found());
        let panel = reduce(vec![opened(&["cnv_1"]), place(Tab::Open, Scope::All, Some("cnv_9")), gone()]);
        assert_eq!((panel.view.selected.as_deref(), panel.notice.is_some()), (None, false));
        // Of one that he chooses himself he is told.
        let panel = panel.reduce(Action::Select(Some("cnv_9".into()))).reduce(gone());
        assert_eq!((panel.view.selected.as_deref(), panel.notice.is_some()), (Some("cnv_9"), true));
    }

    #[test]
    fn a_relay_that_cannot_tell_now_loses_nothing() {
        let busy = WireError { code: ErrorCode::RateLimited, ..not_found() };
        let there = || place(Tab::Open, Scope::All, Some("cnv_1"));
        let panel = reduce(vec![opened(&["cnv_1"]), there(), Action::HistoryRefused("cnv_1".into(), busy)]);
        assert_eq!(panel.view.selected.as_deref(), Some("cnv_1"));
        assert!(panel.thread("cnv_1").is_some_and(|thread| thread.fetch == Fetch::Failed));
        let panel = reduce(vec![opened(&["cnv_1"]), there(), Action::HistoryFailed("cnv_1".into())]);
        assert_eq!(panel.view.selected.as_deref(), Some("cnv_1"));
    }

    #[test]
    fn a_remembered_conversation_that_came_is_one_like_the_others() {
        let messages = vec![message(1, "cnv_1", Author::Contact)];
        let history = History { messages, conversations: Vec::new(), has_more: false };
        let taken = Action::HistoryTaken("cnv_1".into(), Fetch::Newest, history);
        let there = place(Tab::Open, Scope::All, Some("cnv_1"));
        let panel = reduce(vec![opened(&["cnv_1"]), there, taken, Action::HistoryRefused("cnv_1".into(), not_found())]);
        assert_eq!((panel.view.selected.as_deref(), panel.notice.is_some()), (Some("cnv_1"), true));
    }

    #[test]
    fn channels_that_are_not_the_agents_any_more_are_all_channels() {
        // L5
        for scope in [Scope::Channel("chn_9".into()), Scope::Project("prj_9".into())] {
            let panel = reduce(vec![opened(&["cnv_1"]), place(Tab::Open, scope, None)]);
            assert_eq!(panel.scope(), Scope::All);
        }
        let panel = reduce(vec![opened(&[]), place(Tab::Open, Scope::Project("prj_1".into()), None)]);
        assert_eq!(panel.scope(), Scope::Project("prj_1".into()));
    }

    #[test]
    fn next_and_previous_go_through_the_list_that_is_shown() {
        // G5
        let at = |id: &str, waited| ConversationView { unanswered_since: waited, ..conversation(id) };
        let list = vec![at("cnv_a", 1), at("cnv_b", 2), at("cnv_c", 3)];
        let panel = reduce(vec![Action::Hub(opening(list))]);
        let goes = |from: Option<&str>, forwards| {
            panel.clone().reduce(Action::Select(from.map(Into::into))).neighbour(forwards)
        };
        assert_eq!(goes(None, true).as_deref(), Some("cnv_a"));
        assert_eq!(goes(Some("cnv_a"), true).as_deref(), Some("cnv_b"));
        assert_eq!(goes(Some("cnv_c"), false).as_deref(), Some("cnv_b"));
        assert_eq!((goes(Some("cnv_c"), true), goes(Some("cnv_a"), false)), (None, None));
        assert_eq!(goes(Some("cnv_of_another_list"), false).as_deref(), Some("cnv_a"));
        assert_eq!(panel.reduce(Action::Hub(vec![told(None, None, 0)])).neighbour(true), None);
    }
}
