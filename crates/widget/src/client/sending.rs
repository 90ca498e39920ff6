//! What the visitor wrote, until the relay stored it.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use session::ItemState;

use super::{Client, Effect, Fault, Refusal};
use crate::wire::Message;

/// Longest message, in characters: `domain::text::MESSAGE_MAX_CHARS`, as a test checks.
pub const MESSAGE_MAX_CHARS: usize = 4_000;
/// All messages go to one conversation, in order.
pub(super) const LANE: &str = "contact";
/// A message that another tab has not sent in so long is sent by this one too; its id keeps it from being stored twice.
const ADOPT_AFTER_MS: i64 = 15_000;
/// The same for one with files: only the page that they were chosen in can bring them, as long as it lives.
const ADOPT_WITH_FILES_AFTER_MS: i64 = 600_000;

/// A written message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The text, checked.
    pub text: String,
    /// When it was written, by the relay's clock as far as it is known.
    pub at: i64,
    /// Its files, as in [`Message::files`]: the script brings them to the relay before the message, and as often as it is sent until it
    /// has. A browser gives them to no other page: a message that outlives its page is refused if they did not get there.
    pub files: String,
}

/// A message as it is kept for the case that the page goes away before it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// `msg_…`
    pub id: String,
    /// What was written.
    pub draft: Draft,
    /// The code that it was refused with, if it was.
    pub failed: Option<String>,
}

/// A message on its way, for the screen.
pub type Pending = Kept;

/// A message that another tab of the same visitor is sending.
#[derive(Debug)]
pub(super) struct Elsewhere {
    kept: Kept,
    /// When this tab sends it too; never, if it failed there.
    adopt_at: Option<i64>,
}

impl Client {
    /// The visitor pressed "Send". A blank text without files, or an overlong one, is not taken.
    pub fn write(&mut self, id: &str, text: &str, files: String, now: i64) -> Vec<Effect> {
        let text = text.trim();
        if !(text.is_empty() && files.is_empty()) && n_chars(text) <= MESSAGE_MAX_CHARS {
            let draft = Draft { text: text.to_owned(), at: now.saturating_add(self.session.offset_ms()), files };
            self.push(id, draft);
        }
        self.settle(now)
    }

    /// The visitor pressed "Retry". A message whose id is taken gets the fresh one.
    pub fn retry(&mut self, id: &str, fresh_id: &str, now: i64) -> Vec<Effect> {
        let place = self.pending().into_iter().find(|pending| pending.id == id);
        if let Some(Kept { draft, failed: Some(code), .. }) = place {
            self.fault = None;
            if code == "id_conflict" || self.outbox.get(id).is_none() {
                self.outbox.discard(id);
                self.leave_elsewhere(id);
                self.effects.push(Effect::Drop(id.to_owned()));
                self.push(if code == "id_conflict" { fresh_id } else { id }, draft);
            } else {
                self.outbox.retry(id);
                self.effects.push(Effect::Keep(Kept { id: id.to_owned(), draft, failed: None }));
            }
            if self.token.is_some() {
                self.drive(session::Input::Start, now);
            }
        }
        self.settle(now)
    }

    /// The visitor gave up a failed message.
    pub fn discard(&mut self, id: &str, now: i64) -> Vec<Effect> {
        if self.pending().iter().any(|pending| pending.id == id && pending.failed.is_some()) {
            self.is_stored(id);
        }
        self.settle(now)
    }

    /// The relay's answer to [`Effect::Post`] with this token.
    pub fn posted(&mut self, token: &str, id: &str, answer: Result<Message, Refusal>, now: i64) -> Vec<Effect> {
        let current = self.token.as_deref() == Some(token);
        match answer {
            Ok(message) => {
                self.is_stored(id);
                if current {
                    self.log.take(message);
                }
            }
            Err(Refusal::Unreachable { retry_after_ms }) => self.outbox.unreachable(id, now, retry_after_ms),
            Err(Refusal::Unauthorized) => {
                self.outbox.unreachable(id, now, None);
                if current {
                    self.unauthorized(now);
                }
            }
            Err(Refusal::Refused { code }) => {
                self.fail(id, &code);
                if let Some(fault) = Fault::of(&code) {
                    self.give_up(fault, &code, now);
                }
            }
        }
        self.settle(now)
    }

    /// Another tab keeps this message.
    pub fn kept_elsewhere(&mut self, kept: Kept, now: i64) -> Vec<Effect> {
        let known =
            self.outbox.get(&kept.id).is_some() || self.log.messages().iter().any(|message| message.id == kept.id);
        self.leave_elsewhere(&kept.id);
        if !known {
            let after = if kept.draft.files.is_empty() { ADOPT_AFTER_MS } else { ADOPT_WITH_FILES_AFTER_MS };
            let adopt_at = kept.failed.is_none().then(|| now.saturating_add(after));
            self.elsewhere.push(Elsewhere { kept, adopt_at });
        }
        self.settle(now)
    }

    /// Another tab had this message stored, or its visitor gave it up there.
    pub fn dropped_elsewhere(&mut self, id: &str, now: i64) -> Vec<Effect> {
        self.outbox.discard(id);
        self.leave_elsewhere(id);
        self.settle(now)
    }

    /// Every message that the relay has not stored yet, in the order of writing.
    #[must_use]
    pub fn pending(&self) -> Vec<Pending> {
        let mut pending = Vec::new();
        for (id, draft, state) in self.outbox.iter() {
            insert(&mut pending, Kept { id: id.to_owned(), draft: draft.clone(), failed: failure(state) });
        }
        for it in &self.elsewhere {
            insert(&mut pending, it.kept.clone());
        }
        pending
    }

    pub(super) fn has_unsent(&self) -> bool {
        self.outbox.iter().any(|(_, _, state)| failure(state).is_none())
    }

    pub(super) fn adoption_deadline(&self) -> Option<i64> {
        self.elsewhere.iter().filter_map(|it| it.adopt_at).min()
    }

    /// Takes over what other tabs should have sent by now.
    pub(super) fn adopt(&mut self, now: i64) {
        let due = |it: &Elsewhere| it.adopt_at.is_some_and(|at| at <= now);
        for it in self.elsewhere.iter().filter(|it| due(it)) {
            self.outbox.push(LANE, &it.kept.id, it.kept.draft.clone());
        }
        self.elsewhere.retain(|it| !due(it));
    }

    /// A message is stored, or given up: it need not be kept any longer.
    pub(super) fn is_stored(&mut self, id: &str) {
        let n_elsewhere = self.elsewhere.len();
        self.leave_elsewhere(id);
        if self.outbox.stored(id).is_some() || self.elsewhere.len() < n_elsewhere {
            self.effects.push(Effect::Drop(id.to_owned()));
        }
    }

    /// Marks everything unsent as failed.
    pub(super) fn fail_all(&mut self, code: &str) {
        let ids: Vec<String> = self.outbox.iter().map(|(id, _, _)| id.to_owned()).collect();
        for id in ids {
            self.fail(&id, code);
        }
    }

    fn leave_elsewhere(&mut self, id: &str) {
        self.elsewhere.retain(|it| it.kept.id != id);
    }

    fn fail(&mut self, id: &str, code: &str) {
        self.outbox.refused(id, code);
        if let Some((draft, _)) = self.outbox.get(id) {
            let kept = Kept { id: id.to_owned(), draft: draft.clone(), failed: Some(code.to_owned()) };
            self.effects.push(Effect::Keep(kept));
        }
    }

    fn push(&mut self, id: &str, draft: Draft) {
        self.effects.push(Effect::Keep(Kept { id: id.to_owned(), draft: draft.clone(), failed: None }));
        self.outbox.push(LANE, id, draft);
    }
}

fn failure(state: ItemState) -> Option<String> {
    match state {
        ItemState::Failed { code } => Some(code),
        ItemState::Waiting | ItemState::InFlight => None,
    }
}

/// How many characters a text has.
#[must_use]
pub fn n_chars(text: &str) -> usize {
    // Every character has one byte that continues no other.
    text.bytes().filter(|byte| byte & 0xc0 != 0x80).count()
}

/// Puts a message in its place by its id, which begins with the time of writing. They come nearly in order.
pub(super) fn insert(messages: &mut Vec<Kept>, message: Kept) {
    let place = messages.iter().rposition(|other| other.id < message.id).map_or(0, |at| at + 1);
    messages.insert(place, message);
}
