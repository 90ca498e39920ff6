//! What an agent does with what is known of a client: reading it, correcting it, and leaving notes (I1, I3, I4, O1).

use domain::id::NoteId;
use domain::time::Timestamp;
use protocol::contact::SetContact;
use protocol::note::LeaveNote;
use protocol::view::ConversationView;
use protocol::worker::{Answered, Request};
use yew::Callback;

use super::{Commands, random};
use crate::clock::machine_ms;
use crate::state::dossier::{DossierAction, Part, Refusal};
use crate::state::drafts::{keep_note, kept_note};
use crate::state::note_drafts::{NoteAction, NoteDraft};
use crate::state::panel::{Action, AsideAction};
use crate::text::{aside, fill, refusal, texts};

impl Commands {
    /// Fetches a part of what is known of a conversation's client: its beginning, or what comes after what is known.
    pub fn fetch_part(&self, conversation: &ConversationView, part: Part, after: Option<String>) {
        let (state, contact_id) = (self.state.clone(), conversation.contact.id.clone());
        let (of, is_first) = (contact_id.clone(), after.is_none());
        let request = match part {
            Part::Details => Request::Contact { contact_id },
            Part::Conversations => Request::ConversationsOf { contact_id, after },
            Part::Notes => Request::Notes { conversation_id: conversation.id.clone(), after },
            Part::Visit => Request::Visit { contact_id },
        };
        let tell = move |happened| state.dispatch(Action::Aside(AsideAction::Dossier(of.clone(), happened)));
        tell(DossierAction::Asked(part));
        self.ask(request, move |answered| {
            tell(match answered {
                Answered::Contact(body) => DossierAction::Details(body.contact),
                Answered::Page(page) => DossierAction::Conversations(page, is_first),
                Answered::Notes(page) => DossierAction::Notes(page, is_first),
                Answered::Visit(body) => DossierAction::Visit(body.visit),
                _ => DossierAction::Failed(part),
            });
        });
    }

    /// Corrects what is known of a conversation's client (I4); calls back with why it was not taken, or with nothing.
    pub fn set_contact(&self, conversation: &ConversationView, contact: SetContact, done: Callback<Option<Refusal>>) {
        let (commands, conversation) = (self.clone(), conversation.clone());
        let contact_id = conversation.contact.id.clone();
        self.ask(Request::SetContact { contact_id: contact_id.clone(), contact }, move |answered| {
            let refused = match answered {
                Answered::Contact(body) => {
                    let taken = DossierAction::Details(body.contact);
                    commands.state.dispatch(Action::Aside(AsideAction::Dossier(contact_id.clone(), taken)));
                    None
                }
                Answered::Refused { error } => Some(Refusal::of(Some(&error))),
                _ => Some(Refusal::of(None)),
            };
            if refused.as_ref().is_some_and(|refused| refused.is_stale) {
                commands.fetch_part(&conversation, Part::Details, None);
            }
            done.emit(refused);
        });
    }

    /// Takes what happens to the note on a conversation. What is typed is kept in the browser until it is stored or given up (O1).
    pub fn note(&self, conversation_id: &str, happened: NoteAction) {
        if let Some(account) = &self.account {
            match &happened {
                NoteAction::Type(text) => keep_note(account, conversation_id, text),
                NoteAction::Discard => keep_note(account, conversation_id, ""),
                _ => {}
            }
        }
        self.state.dispatch(Action::Aside(AsideAction::Note(conversation_id.to_owned(), happened)));
    }

    /// The note that was begun on a conversation comes back with its page.
    pub fn fetch_kept_note(&self, conversation_id: &str) {
        let kept = self.account.as_ref().and_then(|account| kept_note(account, conversation_id));
        if let Some(text) = kept {
            self.note(conversation_id, NoteAction::Kept(text.into()));
        }
    }

    /// Forgets what was kept of a note that was stored, unless another frame has gone on with it.
    fn forget_note(&self, conversation_id: &str, stored: &str) {
        if let Some(account) = &self.account
            && kept_note(account, conversation_id).is_some_and(|kept| kept == stored)
        {
            keep_note(account, conversation_id, "");
        }
    }

    /// Leaves a note on a conversation (O1); the same text has the same id again.
    pub fn leave_note(&self, conversation: &ConversationView, draft: &NoteDraft) {
        let Some(text) = draft.checked().filter(|_| !draft.is_saving) else { return };
        let new = || NoteId::new(Timestamp::from_ms(machine_ms()), random()).to_string();
        let id = draft.id().cloned().unwrap_or_else(new);
        let (commands, conversation_id) = (self.clone(), conversation.id.clone());
        let (of, contact_id) = (conversation_id.clone(), conversation.contact.id.clone());
        let typed = draft.text.clone();
        commands.note(&of, NoteAction::Saving(id.clone()));
        self.ask(Request::LeaveNote { conversation_id, note: LeaveNote { id, text } }, move |answered| {
            let why = match answered {
                Answered::Note(body) => {
                    let left = DossierAction::Left(body.note);
                    commands.state.dispatch(Action::Aside(AsideAction::Dossier(contact_id.clone(), left)));
                    commands.forget_note(&of, &typed);
                    commands.note(&of, NoteAction::Saved);
                    return;
                }
                Answered::Refused { error } => refusal(&error),
                _ => texts().unreachable.to_owned(),
            };
            commands.note(&of, NoteAction::Failed(fill(aside().note_not_saved, &[("why", &why)]).into()));
        });
    }
}
