//! What an agent can do: each command goes out by the link, and its answer comes back into the state.

mod dossier;
mod files;

pub use files::new_file_id;

use domain::id::MessageId;
use domain::time::Timestamp;
use protocol::command::Assignable;
use protocol::file::AttachmentView;
use protocol::view::{Availability, BlockTerm, ConversationView};
use protocol::worker::{AccountKey, Answered, OutboxItem, PanelToHub, Request};
use yew::{Callback, UseReducerDispatcher, hook, use_context};

use crate::clock::machine_ms;
use crate::link::{Ask, Link, PopOut};
use crate::random::random;
use crate::state::finding::{Find, Finding};
use crate::state::marks::Seen;
use crate::state::notice::Notice;
use crate::state::panel::{Action, Panel};
use crate::state::pictures::Pictures;
use crate::state::selection::Choose;
use crate::state::thread::Fetch;
use crate::state::view::Scope;

/// The commands of a panel. Cheap to clone, and the same as long as the account is.
#[derive(Clone, PartialEq)]
pub struct Commands {
    /// Whose conversations stand on the screen; what is pressed there is never said of another account.
    pub account: Option<AccountKey>,
    /// The ways out.
    pub link: Link,
    /// The way into the state.
    pub state: UseReducerDispatcher<Panel>,
    /// The account's pictures that were fetched.
    pub pictures: Pictures,
}

/// The commands of the panel that this component stands in.
#[hook]
pub fn use_commands() -> Commands {
    use_context().expect("a component of the panel stands inside its provider")
}

impl Commands {
    /// Goes Online (P1).
    pub fn go_online(&self) {
        self.run(Request::SetAvailability { availability: Availability::Online, return_conversations: false });
    }

    /// Goes Offline, and returns what is in work to "New" or keeps it (P1, P11).
    pub fn go_offline(&self, return_conversations: bool) {
        self.run(Request::SetAvailability { availability: Availability::Offline, return_conversations });
    }

    /// Opens the panel in a window of its own, at a conversation if one is named (G1).
    pub fn pop_out(&self, conversation_id: Option<String>) {
        if let Some(account) = self.account.clone() {
            self.link.pop_out.emit(PopOut { account, conversation_id });
        }
    }

    /// Turns to another account of the page's address.
    pub fn turn_to(&self, account: AccountKey) {
        self.link.tell.emit(PanelToHub::Choose { account });
    }

    /// Says that something takes an agent who is Online, and offers to become so (P7).
    pub fn offer_online(&self) {
        self.state.dispatch(Action::Notice(Notice::offline()));
    }

    /// Takes a conversation (A2).
    pub fn accept(&self, conversation: &ConversationView) {
        self.run(Request::Accept { conversation_id: conversation.id.clone() });
    }

    /// Gives a conversation to an agent (A4).
    pub fn assign(&self, conversation: &ConversationView, agent_id: String) {
        let (conversation_id, fence) = claim(conversation);
        self.run(Request::Assign { conversation_id, agent_id, fence });
    }

    /// Gives a conversation back to "New" (A11).
    pub fn clear(&self, conversation: &ConversationView) {
        let (conversation_id, fence) = claim(conversation);
        self.run(Request::Clear { conversation_id, fence });
    }

    /// Finishes a conversation (X1).
    pub fn close(&self, conversation: &ConversationView) {
        let (conversation_id, fence) = claim(conversation);
        self.run(Request::Close { conversation_id, fence });
    }

    /// Gives a conversation a full period from now before it finishes (X3).
    pub fn postpone(&self, conversation: &ConversationView) {
        let (conversation_id, fence) = claim(conversation);
        self.run(Request::Postpone { conversation_id, fence });
    }

    /// Blocks a conversation's client (B1).
    pub fn block(&self, conversation: &ConversationView, term: BlockTerm, reason: Option<String>, also_ip: bool) {
        self.run(Request::Block { conversation_id: conversation.id.clone(), term, reason, also_ip });
    }

    /// Ends the block of a conversation's client (B5).
    pub fn unblock(&self, conversation: &ConversationView) {
        self.run(Request::Unblock { conversation_id: conversation.id.clone() });
    }

    /// Tells the relay that the agent types in a conversation (A9).
    pub fn typing(&self, conversation: &ConversationView) {
        let Some(account) = self.account.clone() else { return };
        self.link.tell.emit(PanelToHub::Typing { account, conversation_id: conversation.id.clone() });
    }

    /// Asks who could have a conversation (A4); a failure becomes a notice, and the answer is nothing.
    pub fn assignable(&self, conversation_id: &str, answer: Callback<Option<Assignable>>) {
        let state = self.state.clone();
        let request = Request::Assignable { conversation_id: conversation_id.to_owned() };
        self.ask(request, move |answered| match answered {
            Answered::Assignable(assignable) => answer.emit(Some(assignable)),
            other => {
                answer.emit(None);
                report(&state, other);
            }
        });
    }

    /// Sends an answer: it stands on the screen at once and in the hub's outbox until the relay has it. Without an account
    /// there is nobody to send it as.
    pub fn send(&self, conversation: &ConversationView, text: String) {
        self.send_with(&conversation.id, conversation.fence, text, Vec::new());
    }

    /// The same with files that the relay has already (F1).
    pub fn send_with(&self, conversation_id: &str, fence: u32, text: String, attachments: Vec<AttachmentView>) {
        let Some(account) = self.account.clone() else { return };
        let at = machine_ms();
        let id = MessageId::new(Timestamp::from_ms(at), random()).to_string();
        let item = OutboxItem { id, conversation_id: conversation_id.to_owned(), text, attachments, fence, at };
        self.state.dispatch(Action::Sending(item.clone()));
        self.link.tell.emit(PanelToHub::Send { account, item });
    }

    /// Tries a failed answer again.
    pub fn retry(&self, item: &OutboxItem) {
        let Some(account) = self.account.clone() else { return };
        self.state.dispatch(Action::Sending(item.clone()));
        self.link.tell.emit(PanelToHub::Retry { account, message_id: item.id.clone() });
    }

    /// Takes a failed answer out.
    pub fn discard(&self, message_id: &str) {
        let Some(account) = self.account.clone() else { return };
        self.state.dispatch(Action::Dropped(message_id.to_owned()));
        self.link.tell.emit(PanelToHub::Discard { account, message_id: message_id.to_owned() });
    }

    /// Fetches a part of a conversation's messages.
    pub fn fetch_history(&self, conversation_id: &str, fetch: Fetch) {
        let (state, id) = (self.state.clone(), conversation_id.to_owned());
        self.state.dispatch(Action::HistoryAsked(id.clone(), fetch));
        let request = Request::History { conversation_id: id.clone(), before: fetch.before() };
        self.ask(request, move |answered| match answered {
            Answered::History(history) => state.dispatch(Action::HistoryTaken(id.clone(), fetch, history)),
            Answered::Refused { error } => state.dispatch(Action::HistoryRefused(id.clone(), error)),
            _ => state.dispatch(Action::HistoryFailed(id.clone())),
        });
    }

    /// Searches, or fetches more of what was found (S1, S4).
    pub fn search(&self, finding: &Finding) {
        let (state, number) = (self.state.clone(), finding.number);
        self.state.dispatch(Action::Find(Find::Asked));
        let request = Request::Search { query: finding.query.to_string(), after: finding.next.clone() };
        self.ask(request, move |answered| {
            state.dispatch(Action::Find(match answered {
                Answered::Found(page) => Find::Taken(number, page),
                Answered::Refused { error } => Find::Refused(number, error),
                _ => Find::Failed(number),
            }));
        });
    }

    /// Fetches the next finished conversations of a scope.
    pub fn fetch_finished(&self, scope: &Scope, after: Option<String>) {
        let (state, of) = (self.state.clone(), scope.clone());
        self.state.dispatch(Action::FinishedAsked(scope.clone()));
        let desk::Filter { project_id, channel_id } = scope.filter();
        self.ask(Request::Finished { channel_id, project_id, after }, move |answered| match answered {
            Answered::Page(page) => state.dispatch(Action::FinishedTaken(of.clone(), page)),
            other => {
                state.dispatch(Action::FinishedFailed(of.clone()));
                if !matches!(other, Answered::Unreachable) {
                    report(&state, other);
                }
            }
        });
    }

    /// Fetches the templates (T1).
    pub fn fetch_templates(&self) {
        let state = self.state.clone();
        self.state.dispatch(Action::TemplatesAsked);
        self.ask(Request::Templates, move |answered| match answered {
            Answered::Templates(list) => state.dispatch(Action::TemplatesTaken(list)),
            _ => state.dispatch(Action::TemplatesFailed),
        });
    }

    /// Selects messages, or clears the selection (K2).
    pub fn choose(&self, choose: Choose) {
        self.state.dispatch(Action::Choose(choose));
    }

    /// Tells the relay what stands on the screen (N2), and calls back if it may not have arrived.
    pub fn mark_read(&self, seen: Seen, failed: impl Fn(&Seen) + 'static) {
        let request =
            Request::MarkRead { conversation_id: seen.conversation_id.clone(), n_alerts: seen.n_alerts, n: seen.n };
        self.ask(request, move |answered| {
            if answered != Answered::Done {
                failed(&seen);
            }
        });
    }

    fn run(&self, request: Request) {
        let state = self.state.clone();
        self.ask(request, move |answered| report(&state, answered));
    }

    fn ask(&self, request: Request, answer: impl Fn(Answered) + 'static) {
        match self.account.clone() {
            Some(account) => self.link.ask.emit(Ask { account, request, answer: Callback::from(answer) }),
            None => answer(Answered::Unreachable),
        }
    }
}

fn claim(conversation: &ConversationView) -> (String, Option<u32>) {
    (conversation.id.clone(), Some(conversation.fence))
}

fn report(state: &UseReducerDispatcher<Panel>, answered: Answered) {
    match answered {
        Answered::Conversation { conversation } => {
            state.dispatch(Action::Dismiss);
            state.dispatch(Action::Upsert(conversation));
        }
        Answered::Done => state.dispatch(Action::Dismiss),
        Answered::Refused { error } => state.dispatch(Action::Notice(Notice::refused(&error))),
        Answered::Unreachable => state.dispatch(Action::Notice(Notice::unreachable())),
        // Shown by whoever asked.
        Answered::Assignable(_)
        | Answered::History(_)
        | Answered::Page(_)
        | Answered::Found(_)
        | Answered::Notes(_)
        | Answered::Note(_)
        | Answered::Contact(_)
        | Answered::Visit(_)
        | Answered::Templates(_)
        | Answered::FileLimit { .. }
        | Answered::File { .. } => {}
    }
}
