//! What is known of one client: what agents wrote down of him, his visit of the website, his conversations, and the notes about him (I1, I3,
//! I4, O1–O3).

use std::rc::Rc;

use protocol::command::ConversationPage;
use protocol::contact::ContactDetails;
use protocol::error::{ErrorCode, WireError};
use protocol::note::{NotePage, NoteView};
use protocol::view::ConversationView;
use protocol::visit::VisitView;
use yew::AttrValue;

use super::panel::Paging;
use super::thread::Fetch;
use crate::text::{aside, refusal, texts};

/// A part that is fetched by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Name, e-mail, phone and free text.
    Details,
    /// His conversations.
    Conversations,
    /// Notes.
    Notes,
    /// His visit of the website.
    Visit,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Details, Self::Conversations, Self::Notes, Self::Visit];
}

/// What happens to a dossier.
#[derive(Clone, Debug)]
pub enum DossierAction {
    /// A part was asked for.
    Asked(Part),
    /// It did not come.
    Failed(Part),
    /// What is known of the client came.
    Details(ContactDetails),
    /// Conversations came; the first ones, or those after what is known.
    Conversations(ConversationPage, bool),
    /// Notes came; the newest ones, or those after what is known.
    Notes(NotePage, bool),
    /// What is known of his visit came; nothing if nobody told of one.
    Visit(Option<VisitView>),
    /// The agent left a note.
    Left(NoteView),
}

/// One client's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dossier {
    contact_id: String,
    /// What agents wrote down of him.
    pub details: Option<Rc<ContactDetails>>,
    /// His conversations, the latest first.
    pub conversations: Vec<Rc<ConversationView>>,
    /// Notes of all his conversations, newest first.
    pub notes: Vec<Rc<NoteView>>,
    /// His latest visit of the website, if anybody told of one.
    pub visit: Option<Rc<VisitView>>,
    /// Whether more is known of the visit than was asked for.
    pub visit_is_old: bool,
    fetches: [Paging; 4],
}

impl Dossier {
    /// How far a part was fetched.
    #[must_use]
    pub const fn paging(&self, part: Part) -> &Paging {
        let [details, conversations, notes, visit] = &self.fetches;
        match part {
            Part::Details => details,
            Part::Conversations => conversations,
            Part::Notes => notes,
            Part::Visit => visit,
        }
    }

    /// Whether it is this client's.
    #[must_use]
    pub fn is_of(&self, contact_id: &str) -> bool {
        self.contact_id == contact_id
    }

    /// Whether something of it may belong to a channel, as far as his conversations are known.
    #[must_use]
    pub fn may_concern(&self, channel_id: &str) -> bool {
        let Paging { begun, next, .. } = self.paging(Part::Conversations);
        !begun || next.is_some() || self.conversations.iter().any(|known| known.channel_id == channel_id)
    }

    /// Whether a part of this client's is to be fetched.
    #[must_use]
    pub fn wants(&self, contact_id: &str, part: Part) -> bool {
        let paging = self.paging(part);
        !self.is_of(contact_id) || (!paging.begun && paging.fetch == Fetch::Idle)
    }

    /// Takes what happened; what was asked of another client meanwhile is passed over.
    pub fn take(&mut self, contact_id: &str, happened: DossierAction) {
        if !self.is_of(contact_id) {
            if !matches!(happened, DossierAction::Asked(_)) {
                return;
            }
            *self = Self { contact_id: contact_id.to_owned(), ..Self::default() };
        }
        match happened {
            DossierAction::Asked(part) => {
                self.visit_is_old &= part != Part::Visit;
                self.paging_mut(part).fetch = Fetch::More;
            }
            DossierAction::Failed(part) => self.paging_mut(part).fetch = Fetch::Failed,
            DossierAction::Details(details) => {
                self.done(Part::Details, None);
                self.learn(&details);
            }
            DossierAction::Conversations(page, is_first) => {
                self.done(Part::Conversations, page.next);
                if is_first {
                    self.conversations.clear();
                }
                self.conversations.extend(page.conversations.into_iter().map(Rc::new));
            }
            DossierAction::Visit(visit) => {
                self.done(Part::Visit, None);
                self.learn_visit(visit);
            }
            DossierAction::Left(note) => self.add_note(&Rc::new(note)),
            DossierAction::Notes(page, is_first) => {
                self.done(Part::Notes, page.next);
                let page = page.notes.into_iter().map(Rc::new);
                if is_first {
                    // One that came by its event may have been stored after the page was read.
                    let later = std::mem::take(&mut self.notes);
                    self.notes = page.collect();
                    let newest = self.notes.first().map_or(i64::MIN, |note| note.at);
                    later.iter().rev().filter(|note| note.at >= newest).for_each(|note| self.add_note(note));
                } else {
                    self.notes.extend(page);
                }
            }
        }
    }

    /// Something was written down of a client.
    pub fn hear_details(&mut self, details: &ContactDetails) {
        if self.is_of(&details.id) {
            self.learn(details);
        }
    }

    /// A note was left.
    pub fn hear_note(&mut self, note: &NoteView) {
        if self.is_of(&note.contact_id) {
            self.add_note(&Rc::new(note.clone()));
        }
    }

    /// More is known of the visit: it is to be asked for again.
    pub const fn hear_visit(&mut self) {
        self.visit_is_old = true;
    }

    /// A conversation of the client changed, or began.
    pub fn hear_conversation(&mut self, conversation: &ConversationView) {
        match self.conversations.iter_mut().find(|known| known.id == conversation.id) {
            Some(known) if known.rev <= conversation.rev => *known = Rc::new(conversation.clone()),
            Some(_) => {}
            None => self.conversations.insert(0, Rc::new(conversation.clone())),
        }
    }

    /// Something may have been missed: all of it is fetched again, and what is known stays until then.
    pub fn outdate(&mut self) {
        self.fetches = Default::default();
    }

    /// The relay can be reached again.
    pub fn try_again(&mut self) {
        for paging in self.fetches.iter_mut().filter(|paging| paging.fetch == Fetch::Failed) {
            paging.fetch = Fetch::Idle;
        }
    }

    fn learn(&mut self, details: &ContactDetails) {
        if self.details.as_ref().is_none_or(|known| known.rev <= details.rev) {
            self.details = Some(Rc::new(details.clone()));
        }
    }

    /// Of two answers that overtook each other the later state counts.
    fn learn_visit(&mut self, visit: Option<VisitView>) {
        let known_at = self.visit.as_ref().map_or(i64::MIN, |known| known.at);
        if visit.as_ref().is_none_or(|visit| known_at <= visit.at) {
            self.visit = visit.map(Rc::new);
        }
    }

    fn add_note(&mut self, note: &Rc<NoteView>) {
        if !self.notes.iter().any(|known| known.id == note.id) {
            self.notes.insert(0, note.clone());
        }
    }

    fn done(&mut self, part: Part, next: Option<String>) {
        *self.paging_mut(part) = Paging { fetch: Fetch::Idle, begun: true, next };
    }

    const fn paging_mut(&mut self, part: Part) -> &mut Paging {
        let [details, conversations, notes, visit] = &mut self.fetches;
        match part {
            Part::Details => details,
            Part::Conversations => conversations,
            Part::Notes => notes,
            Part::Visit => visit,
        }
    }
}

/// Why a correction was not taken, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The field that it is about; nothing for all of it.
    pub field: Option<String>,
    /// Whether somebody else changed it meanwhile.
    pub is_stale: bool,
    /// The words.
    pub words: AttrValue,
}

impl Refusal {
    /// What the relay refused; nothing if it could not be reached.
    #[must_use]
    pub fn of(error: Option<&WireError>) -> Self {
        let Some(error) = error else {
            return Self { field: None, is_stale: false, words: texts().unreachable.into() };
        };
        let field = error.details.field.clone().filter(|_| error.code == ErrorCode::InvalidValue);
        let words = match field.as_deref() {
            Some("name") => aside().name_wrong.into(),
            Some("email") => aside().email_wrong.into(),
            Some("phone") => aside().phone_wrong.into(),
            Some("about") => aside().about_wrong.into(),
            _ => refusal(error).into(),
        };
        Self { field, is_stale: error.code == ErrorCode::StaleRevision, words }
    }
}

#[cfg(test)]
#[path = "dossier_tests.rs"]
pub(crate) mod tests;
