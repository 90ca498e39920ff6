//! Drafts in the browser's storage, which all panels of the profile share. For effects and callbacks, not for reducers.

use protocol::worker::{AccountKey, DRAFT_PREFIX, OutboxItem};

use super::{BETWEEN, Drafts};
use crate::storage;

/// Before a conversation's id: the note that was begun on it. The account stands before it as before all drafts, and takes it along.
const NOTE: &str = "note/";
/// In place of a conversation's id: the messages whose texts came back.
const RETURNED: &str = "returned";
/// How many messages are remembered as come back; a refusal is told to all panels within moments.
const RETURNED_MAX: usize = 100;
/// How many drafts of conversations that are not open are kept, the newest ones.
const FINISHED_MAX: usize = 20;

/// What is kept under a name, with its conversation's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept<'a> {
    /// An answer's draft.
    Answer(&'a str),
    /// A note's.
    Note(&'a str),
}

impl Drafts {
    /// What the browser kept for a conversation.
    #[must_use]
    pub fn kept(&self, conversation_id: &str) -> Option<String> {
        storage::read(&key(self.account.as_ref()?, conversation_id))
    }

    /// Keeps a conversation's draft in the browser; a blank one is forgotten.
    pub fn keep(&self, conversation_id: &str, text: &str) {
        if let Some(account) = &self.account {
            keep(account, conversation_id, text);
        }
    }

    /// What of this account's is kept under a name; nothing of another's.
    #[must_use]
    pub fn place<'a>(&self, name: &'a str) -> Option<Kept<'a>> {
        let id = name.strip_prefix(&key(self.account.as_ref()?, ""))?;
        Some(id.strip_prefix(NOTE).map_or(Kept::Answer(id), Kept::Note))
    }

    /// Whether a panel has given a message's text back already.
    #[must_use]
    pub fn was_returned(&self, message_id: &str) -> bool {
        self.kept(RETURNED).is_some_and(|ids| ids.split(' ').any(|id| id == message_id))
    }

    /// Notes that this panel gives a message's text back.
    pub fn note_returned(&self, message_id: &str) {
        self.keep(RETURNED, &with_id(&self.kept(RETURNED).unwrap_or_default(), message_id));
    }

    /// Forgets drafts of conversations that ended long ago.
    pub fn tidy(&self, is_open: impl Fn(&str) -> bool) {
        let Some(account) = &self.account else { return };
        let prefix = key(account, "");
        let kept = storage::names().into_iter().filter_map(|name| name.strip_prefix(&prefix).map(ToOwned::to_owned));
        for id in outdated(kept.collect(), is_open) {
            self.keep(&id, "");
        }
    }
}

/// The note that was begun on a conversation (O1).
#[must_use]
pub fn kept_note(account: &AccountKey, conversation_id: &str) -> Option<String> {
    storage::read(&key(account, &note(conversation_id)))
}

/// Keeps the note that is begun on a conversation in the browser; a blank one is forgotten.
pub fn keep_note(account: &AccountKey, conversation_id: &str, text: &str) {
    keep(account, &note(conversation_id), text);
}

/// Keeps the texts of answers that can no longer be sent as drafts of their conversations, in the given order.
pub fn keep_unsent(account: &AccountKey, items: &[OutboxItem]) {
    for (at, item) in items.iter().enumerate() {
        let id = &item.conversation_id;
        if items[..at].iter().any(|earlier| earlier.conversation_id == *id) {
            continue;
        }
        let key = key(account, id);
        let texts = items.iter().filter(|item| item.conversation_id == *id).map(|item| item.text.clone());
        let texts: Vec<String> = texts.chain(storage::read(&key)).filter(|text| !text.is_empty()).collect();
        storage::write(&key, &texts.join(BETWEEN));
    }
}

/// Forgets the drafts of accounts that are not signed in any more.
pub fn forget_others<'a>(accounts: impl Iterator<Item = &'a AccountKey>) {
    let accounts: Vec<&str> = accounts.map(|account| account.0.as_str()).collect();
    for name in storage::names() {
        if account_of(&name).is_some_and(|account| !accounts.contains(&account)) {
            storage::write(&name, "");
        }
    }
}

fn keep(account: &AccountKey, id: &str, text: &str) {
    storage::write(&key(account, id), if text.trim().is_empty() { "" } else { text });
}

fn note(conversation_id: &str) -> String {
    format!("{NOTE}{conversation_id}")
}

/// The conversation of a draft or a note.
fn conversation(id: &str) -> &str {
    id.strip_prefix(NOTE).unwrap_or(id)
}

fn key(account: &AccountKey, conversation_id: &str) -> String {
    format!("{DRAFT_PREFIX}{}:{conversation_id}", account.0)
}

/// Whose draft a name is; nothing if it is no draft's.
fn account_of(name: &str) -> Option<&str> {
    name.strip_prefix(DRAFT_PREFIX)?.rsplit_once(':').map(|(account, _)| account)
}

fn with_id(ids: &str, message_id: &str) -> String {
    let mut ids: Vec<&str> = ids.split_whitespace().collect();
    ids.push(message_id);
    ids[ids.len().saturating_sub(RETURNED_MAX)..].join(" ")
}

/// The drafts and notes of conversations that are not open, but for the newest. The conversations' ids are in the order of time.
fn outdated(mut ids: Vec<String>, is_open: impl Fn(&str) -> bool) -> Vec<String> {
    ids.retain(|id| id != RETURNED && !is_open(conversation(id)));
    let n_newer = |id: &String| ids.iter().filter(|other| conversation(other) > conversation(id)).count();
    ids.iter().filter(|id| n_newer(id) >= FINISHED_MAX).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drafts_name_tells_its_account() {
        let account = AccountKey::new("https://desk.example:8443", "agt_1");
        assert_eq!(account_of(&key(&account, "cnv_1")), Some(account.0.as_str()));
        assert_eq!(account_of("deskside/outbox/https://desk.example|agt_1"), None);
    }

    #[test]
    fn a_notes_name_tells_its_account_and_its_conversation() {
        // O1
        let account = AccountKey::new("https://desk.example:8443", "agt_1");
        let name = key(&account, &note("cnv_1"));
        assert_eq!(account_of(&name), Some(account.0.as_str()), "it goes with the account");
        let drafts = Drafts { account: Some(account.clone()), ..Drafts::default() };
        assert_eq!(drafts.place(&name), Some(Kept::Note("cnv_1")));
        assert_eq!(drafts.place(&key(&account, "cnv_1")), Some(Kept::Answer("cnv_1")));
        assert_eq!(drafts.place(&key(&AccountKey::new("https://desk.example:8443", "agt_2"), "cnv_1")), None);
        assert_eq!(Drafts::default().place(&name), None);
    }

    #[test]
    fn notes_are_kept_as_long_as_answers() {
        // O1
        let ids: Vec<String> = (0..30).map(|n| note(&format!("cnv_{n:02}"))).collect();
        let gone = outdated(ids, |id| id == "cnv_00");
        assert_eq!((gone.len(), gone.first().map(String::as_str)), (9, Some("note/cnv_01")));
    }

    #[test]
    fn only_the_newest_drafts_of_finished_conversations_are_kept() {
        let mut ids: Vec<String> = (0..30).map(|n| format!("cnv_{n:02}")).collect();
        ids.push(RETURNED.to_owned());
        let gone = outdated(ids, |id| id == "cnv_00");
        assert_eq!((gone.len(), gone.first().map(String::as_str)), (9, Some("cnv_01")));
    }

    #[test]
    fn the_memory_of_what_came_back_is_bounded() {
        let ids = (0..150).fold(String::new(), |ids, n| with_id(&ids, &format!("msg_{n}")));
        assert_eq!(ids.split(' ').count(), RETURNED_MAX);
        assert!(ids.ends_with(" msg_149"));
    }
}
