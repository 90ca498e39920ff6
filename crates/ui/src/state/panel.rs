//! Everything that one panel knows: the account's desk, fetched messages, answers on their way, and what is chosen.

mod aside;
mod carrying;
mod going;
mod hearing;

use std::rc::Rc;

use desk::Desk;
use domain::order::Tab;
use protocol::command::{ConversationPage, History};
use protocol::error::WireError;
use protocol::file::AttachmentView;
use protocol::template::TemplateList;
use protocol::view::{ConversationView, MessageView};
use protocol::worker::{AccountKey, ConnectionState, HubToPanel, OutboxItem};
use yew::Reducible;

use super::density::Density;
use super::dossier::Dossier;
use super::few::Few;
use super::files::{Files, FilesAction};
use super::finding::{Find, Finding};
use super::note_drafts::NoteDrafts;
use super::notice::Notice;
use super::outbox::Outbox;
use super::place::Place;
use super::selection::{Choose, Selection};
use super::signals::Signals;
use super::templates::Templates;
use super::thread::{Fetch, Thread};
use super::view::{Scope, View};

pub use aside::AsideAction;

/// How many conversations' messages are kept; the least recently chosen are forgotten first.
const THREADS_MAX: usize = 12;

/// A desk as a property: compared by identity, since each change makes another one.
#[derive(Clone, Debug, Default)]
pub struct DeskRef(Rc<Desk>);

impl PartialEq for DeskRef {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl std::ops::Deref for DeskRef {
    type Target = Desk;

    fn deref(&self) -> &Desk {
        &self.0
    }
}

/// Whose panel it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// The hub has not said yet.
    #[default]
    Unknown,
    /// The page's address has no account on this browser.
    NoAccount {
        /// What the page shows.
        address: Option<String>,
        /// How many accounts there are at all.
        n_accounts: u32,
    },
    /// This account's.
    Account(AccountKey),
}

/// How far the finished conversations of one scope were fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paging {
    /// What is being fetched.
    pub fetch: Fetch,
    /// Whether a page was fetched.
    pub begun: bool,
    /// Where the next page begins; nothing at the end.
    pub next: Option<String>,
}

/// The panel's state. Parts stand behind `Rc`, so a change copies only what it changes.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Whose panel it is.
    pub standing: Standing,
    /// The other accounts of the page's address: the agent may turn to each.
    pub others: Rc<Vec<AccountKey>>,
    /// How the relay connection stands.
    pub connection: ConnectionState,
    /// Whether the account's conversations were there at least once.
    pub filled: bool,
    /// The relay's clock less this machine's (L6).
    pub offset_ms: i64,
    /// Conversations, channels, agents, read marks.
    pub desk: DeskRef,
    /// Answers on their way.
    pub outbox: Rc<Outbox>,
    /// What is chosen.
    pub view: Rc<View>,
    /// What is searched for, and found.
    pub finding: Rc<Finding>,
    /// How many messages came while the panel catches up after an absence.
    pub n_caught_up: u32,
    /// Which messages of the chosen conversation are selected (K2).
    pub selection: Rc<Selection>,
    /// The templates (T1).
    pub templates: Rc<Templates>,
    /// What the agent should read now.
    pub notice: Option<Notice>,
    /// What is known of the client of whom was asked last.
    pub dossier: Rc<Dossier>,
    /// Notes that are being written.
    pub note_drafts: Rc<NoteDrafts>,
    /// Files that wait to be sent, or are on their way (F1).
    pub files: Rc<Files>,
    /// The picture that is shown by itself (F3).
    pub viewed: Option<Rc<AttachmentView>>,
    /// Who else looks and types.
    pub signals: Rc<Signals>,
    /// What was chosen and typed for accounts that are not the panel's now.
    put_aside: Vec<(AccountKey, Rc<Files>, Rc<NoteDrafts>)>,
    threads: Rc<Few<Rc<Thread>>>,
    recent: Rc<Vec<String>>,
    paging: Rc<Few<Paging>>,
    /// What the page asked for of an account that is not the panel's yet.
    asked: Option<(AccountKey, String)>,
    /// The conversation that a former frame had chosen, until it is known to be there still.
    remembered: Option<String>,
    /// Whether the hub has begun to tell everything anew: its first snapshot replaces the desk.
    refill: bool,
    n_notices: u32,
    n_changes: u32,
}

impl Default for Panel {
    fn default() -> Self {
        Self {
            standing: Standing::Unknown,
            others: Rc::default(),
            connection: ConnectionState::Connecting,
            filled: false,
            offset_ms: 0,
            desk: DeskRef::default(),
            outbox: Rc::default(),
            view: Rc::default(),
            finding: Rc::default(),
            n_caught_up: 0,
            selection: Rc::default(),
            templates: Rc::default(),
            notice: None,
            dossier: Rc::default(),
            note_drafts: Rc::default(),
            files: Rc::default(),
            viewed: None,
            signals: Rc::default(),
            put_aside: Vec::new(),
            threads: Rc::default(),
            recent: Rc::default(),
            paging: Rc::default(),
            asked: None,
            remembered: None,
            refill: false,
            n_notices: 0,
            n_changes: 0,
        }
    }
}

/// Two states of one panel are the same if nothing happened between them.
impl PartialEq for Panel {
    fn eq(&self, other: &Self) -> bool {
        self.n_changes == other.n_changes && self.desk == other.desk && Rc::ptr_eq(&self.view, &other.view)
    }
}

/// What happens to a panel.
#[derive(Clone, Debug)]
pub enum Action {
    /// The port to the hub was closed.
    Lost,
    /// Messages of the hub, in order.
    Hub(Vec<HubToPanel>),
    /// The agent, or the page, chose a conversation, or went back to the list.
    Select(Option<String>),
    /// The page asks for a conversation of an account, which may be another than the panel's for a moment more.
    Open(AccountKey, String),
    /// The agent chose a tab.
    Tab(Tab),
    /// The agent chose the tab "Search".
    Search,
    /// Something happens to what is searched for.
    Find(Find),
    /// The agent cleared the search, which brings the list back (S4).
    ClearSearch,
    /// The agent chose a message that was found.
    Jump(Box<MessageView>),
    /// The agent chose channels.
    Scope(Scope),
    /// The account's panel in this tab stood here before.
    Return(Place),
    /// Gmail's density.
    Density(Density),
    /// The panel was shown or hidden.
    Shown(bool),
    /// A part of a conversation's history was asked for.
    HistoryAsked(String, Fetch),
    /// It came.
    HistoryTaken(String, Fetch, History),
    /// It did not come.
    HistoryFailed(String),
    /// It shall be tried again.
    HistoryAgain(String),
    /// The relay refused it.
    HistoryRefused(String, WireError),
    /// Finished conversations were asked for.
    FinishedAsked(Scope),
    /// They came.
    FinishedTaken(Scope, ConversationPage),
    /// They did not come.
    FinishedFailed(Scope),
    /// The agent selects messages, or clears the selection.
    Choose(Choose),
    /// The templates were asked for.
    TemplatesAsked,
    /// They came.
    TemplatesTaken(TemplateList),
    /// They did not come.
    TemplatesFailed,
    /// A command's answer carried the conversation's new state.
    Upsert(Box<ConversationView>),
    /// An answer is handed to the hub.
    Sending(OutboxItem),
    /// An answer was given up, or its text went back to the input.
    Dropped(String),
    /// Something happens to files that are to be sent.
    Files(FilesAction),
    /// The agent looks at a picture by itself, or has looked.
    View(Option<AttachmentView>),
    /// Something of the right chat panel, or what passes by.
    Aside(AsideAction),
    /// The agent should read this.
    Notice(Notice),
    /// The agent has read it.
    Dismiss,
}

impl Panel {
    /// The account, once it is known.
    #[must_use]
    pub fn account(&self) -> Option<&AccountKey> {
        match &self.standing {
            Standing::Account(account) => Some(account),
            Standing::Unknown | Standing::NoAccount { .. } => None,
        }
    }

    /// The chosen conversation, if it is known.
    #[must_use]
    pub fn selected(&self) -> Option<Rc<ConversationView>> {
        self.conversation(self.view.selected.as_deref()?)
    }

    /// A conversation by its id, from the desk or from a fetched history; none of a channel that the agent has no access to.
    #[must_use]
    pub fn conversation(&self, id: &str) -> Option<Rc<ConversationView>> {
        let known = self.desk.conversation(id).cloned();
        let fetched = || self.threads.get(id)?.conversation(id).cloned();
        known.or_else(|| fetched().filter(|fetched| self.desk.channel(&fetched.channel_id).is_some()))
    }

    /// The fetched messages of a conversation.
    #[must_use]
    pub fn thread(&self, conversation_id: &str) -> Option<&Rc<Thread>> {
        self.threads.get(conversation_id)
    }

    /// How far the finished conversations of a scope were fetched.
    #[must_use]
    pub fn paging(&self, scope: &Scope) -> Paging {
        self.paging.get(&paging_key(scope)).cloned().unwrap_or_default()
    }

    fn with_thread(&mut self, conversation_id: &str, change: impl FnOnce(&mut Thread)) {
        if let Some(thread) = Rc::make_mut(&mut self.threads).get_mut(conversation_id) {
            change(Rc::make_mut(thread));
        }
    }

    fn with_paging(&mut self, scope: &Scope, change: impl FnOnce(&mut Paging)) {
        change(Rc::make_mut(&mut self.paging).get_or(&paging_key(scope), Paging::default));
    }

    /// Makes room for the messages of a conversation, and forgets those of the least recently chosen.
    fn open_thread(&mut self, id: Option<&str>) {
        let Some(id) = id else { return };
        let recent = Rc::make_mut(&mut self.recent);
        recent.retain(|known| known != id);
        recent.push(id.to_owned());
        let forgotten = if recent.len() > THREADS_MAX { Some(recent.remove(0)) } else { None };
        let threads = Rc::make_mut(&mut self.threads);
        threads.get_or(id, Rc::default);
        if let Some(forgotten) = forgotten {
            threads.remove(&forgotten);
        }
    }

    fn take_history(&mut self, id: &str, fetch: Fetch, history: History) {
        self.remembered.take_if(|remembered| remembered == id);
        let finished: Vec<_> =
            history.conversations.iter().filter(|known| known.closed_at.is_some()).cloned().collect();
        if !finished.is_empty() {
            Rc::make_mut(&mut self.desk.0).merge_page(finished);
        }
        if let Fetch::Around(n) = fetch {
            self.reached(n);
        }
        let told = history.conversations.iter().find(|known| known.id == id).map(|known| known.last_n);
        let last_n = self.conversation(id).map(|known| known.last_n).max(told).unwrap_or(0);
        self.with_thread(id, |thread| thread.take(fetch, history, last_n));
    }

    fn change_view(&mut self, change: impl FnOnce(&mut View)) {
        change(Rc::make_mut(&mut self.view));
        self.notice = None;
    }

    fn take(&mut self, action: Action) {
        match action {
            Action::Lost => {
                self.connection = ConnectionState::Connecting;
                self.take_files(FilesAction::Lost);
            }
            Action::Hub(messages) => messages.into_iter().for_each(|message| self.hear(message)),
            Action::Select(selected) => self.select(selected),
            Action::Open(account, id) if self.account() == Some(&account) => self.select(Some(id)),
            Action::Open(account, id) => self.asked = Some((account, id)),
            Action::Tab(tab) => self.change_view(|view| (view.tab, view.searching) = (tab, false)),
            Action::Search => self.change_view(|view| view.searching = true),
            Action::Find(find) => Rc::make_mut(&mut self.finding).take(find),
            Action::ClearSearch => self.clear_search(),
            Action::Jump(message) => self.jump(&message),
            Action::Scope(scope) => self.change_view(|view| view.scope = scope),
            Action::Return(place) => self.go_back(place),
            Action::Density(density) => Rc::make_mut(&mut self.view).density = density,
            Action::Shown(shown) => Rc::make_mut(&mut self.view).shown = shown,
            Action::HistoryAsked(id, fetch) => self.with_thread(&id, |thread| thread.ask(fetch)),
            Action::HistoryTaken(id, fetch, history) => self.take_history(&id, fetch, history),
            Action::HistoryFailed(id) => self.with_thread(&id, |thread| thread.fetch = Fetch::Failed),
            Action::HistoryAgain(id) => self.with_thread(&id, Thread::again),
            Action::HistoryRefused(id, error) => self.refuse_history(&id, &error),
            Action::FinishedAsked(scope) => self.with_paging(&scope, |paging| paging.fetch = Fetch::More),
            Action::FinishedTaken(scope, page) => {
                Rc::make_mut(&mut self.desk.0).merge_page(page.conversations);
                self.with_paging(&scope, |paging| {
                    *paging = Paging { fetch: Fetch::Idle, begun: true, next: page.next }
                });
            }
            Action::FinishedFailed(scope) => self.with_paging(&scope, |paging| paging.fetch = Fetch::Failed),
            Action::Choose(choose) => Rc::make_mut(&mut self.selection).take(choose),
            Action::TemplatesAsked => Rc::make_mut(&mut self.templates).ask(),
            Action::TemplatesTaken(list) => Rc::make_mut(&mut self.templates).take(list.templates),
            Action::TemplatesFailed => Rc::make_mut(&mut self.templates).fetch = Fetch::Failed,
            Action::Upsert(conversation) => {
                Rc::make_mut(&mut self.desk.0).merge_page(vec![*conversation]);
            }
            Action::Sending(item) => Rc::make_mut(&mut self.outbox).write(item),
            Action::Dropped(id) => {
                Rc::make_mut(&mut self.outbox).remove(&id);
            }
            Action::Files(action) => self.take_files(action),
            Action::View(file) => self.viewed = file.map(Rc::new),
            Action::Aside(action) => self.take_aside(action),
            Action::Notice(notice) => {
                self.n_notices = self.n_notices.wrapping_add(1);
                self.notice = Some(Notice { number: self.n_notices, ..notice });
            }
            Action::Dismiss => self.notice = None,
        }
    }
}

fn paging_key(scope: &Scope) -> String {
    match scope {
        Scope::All => String::new(),
        Scope::Project(id) | Scope::Channel(id) => id.clone(),
    }
}

impl Reducible for Panel {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        if matches!(&action, Action::Aside(action) if self.is_elsewhere(action)) {
            return self;
        }
        let mut next = (*self).clone();
        next.n_changes = next.n_changes.wrapping_add(1);
        next.take(action);
        Rc::new(next)
    }
}

#[cfg(test)]
mod finding_tests;
#[cfg(test)]
#[path = "panel_tests.rs"]
pub(crate) mod tests;
