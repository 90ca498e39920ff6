//! Texts that were typed and not sent, by conversation.

use std::collections::BTreeMap;
use std::rc::Rc;

use protocol::worker::AccountKey;
use yew::{AttrValue, Reducible};

use crate::storage;

/// What stands in the inputs. Every change is kept in the browser as well, so that a reload of Gmail loses nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drafts {
    account: Option<AccountKey>,
    texts: BTreeMap<String, AttrValue>,
}

/// What happens to drafts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftAction {
    /// Another account: its drafts are other ones.
    Account(Option<AccountKey>),
    /// A conversation is shown: its kept draft is needed.
    Load {
        /// Which.
        conversation_id: String,
        /// What was kept.
        kept: Option<String>,
    },
    /// The agent typed.
    Type {
        /// Where.
        conversation_id: String,
        /// The whole text.
        text: AttrValue,
    },
    /// A refused answer's text goes back (A7).
    Return {
        /// Where.
        conversation_id: String,
        /// The text.
        text: String,
        /// What was kept, in case the conversation was not shown yet.
        kept: Option<String>,
    },
}

impl Drafts {
    /// The draft of a conversation; nothing if it was not loaded yet.
    #[must_use]
    pub fn of(&self, conversation_id: &str) -> Option<&AttrValue> {
        self.texts.get(conversation_id)
    }

    /// What the browser kept for a conversation. Reads the storage: for effects and callbacks, not for reducers.
    #[must_use]
    pub fn kept(&self, conversation_id: &str) -> Option<String> {
        storage::read(&key(self.account.as_ref()?, conversation_id))
    }

    /// Keeps a conversation's draft in the browser. Writes the storage: for effects and callbacks, not for reducers.
    pub fn keep(&self, conversation_id: &str, text: &str) {
        if let Some(account) = &self.account {
            storage::write(&key(account, conversation_id), text);
        }
    }
}

/// The draft after a refused answer's text came back: before what was typed since, and once only.
#[must_use]
pub fn returned(draft: &str, text: &str) -> String {
    match draft {
        _ if draft.contains(text) => draft.to_owned(),
        _ if draft.trim().is_empty() => text.to_owned(),
        _ => format!("{text}\n\n{draft}"),
    }
}

fn key(account: &AccountKey, conversation_id: &str) -> String {
    format!("ds:draft:{}:{conversation_id}", account.0)
}

impl Reducible for Drafts {
    type Action = DraftAction;

    fn reduce(self: Rc<Self>, action: DraftAction) -> Rc<Self> {
        let mut drafts = (*self).clone();
        match action {
            DraftAction::Account(account) if account == drafts.account => return self,
            DraftAction::Account(account) => drafts = Self { account, texts: BTreeMap::new() },
            DraftAction::Load { conversation_id, kept } => {
                drafts.texts.entry(conversation_id).or_insert_with(|| kept.unwrap_or_default().into());
            }
            DraftAction::Type { conversation_id, text } => {
                drafts.texts.insert(conversation_id, text);
            }
            DraftAction::Return { conversation_id, text, kept } => {
                let before =
                    drafts.texts.get(&conversation_id).cloned().unwrap_or_else(|| kept.unwrap_or_default().into());
                drafts.texts.insert(conversation_id, returned(&before, &text).into());
            }
        }
        Rc::new(drafts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reduce(drafts: Drafts, actions: Vec<DraftAction>) -> Rc<Drafts> {
        actions.into_iter().fold(Rc::new(drafts), Drafts::reduce)
    }

    fn load(kept: Option<&str>) -> DraftAction {
        DraftAction::Load { conversation_id: "cnv_1".into(), kept: kept.map(Into::into) }
    }

    fn back(text: &str) -> DraftAction {
        DraftAction::Return { conversation_id: "cnv_1".into(), text: text.into(), kept: Some("kept".into()) }
    }

    #[test]
    fn a_kept_draft_does_not_overwrite_what_is_being_typed() {
        let typed = DraftAction::Type { conversation_id: "cnv_1".into(), text: "new".into() };
        let drafts = reduce(Drafts::default(), vec![typed, load(Some("old"))]);
        assert_eq!(drafts.of("cnv_1").map(AttrValue::as_str), Some("new"));
        assert_eq!(drafts.of("cnv_2"), None);
    }

    #[test]
    fn a_refused_text_comes_back_before_what_was_typed_since_and_once() {
        // A7
        let drafts = reduce(Drafts::default(), vec![back("refused"), back("refused")]);
        assert_eq!(drafts.of("cnv_1").map(AttrValue::as_str), Some("refused\n\nkept"));
        let drafts = reduce(Drafts::default(), vec![load(None), back("refused")]);
        assert_eq!(drafts.of("cnv_1").map(AttrValue::as_str), Some("refused"));
    }

    #[test]
    fn another_account_has_other_drafts() {
        let account = DraftAction::Account(Some(AccountKey::new("https://a", "agt_1")));
        let drafts = reduce(Drafts::default(), vec![load(Some("text")), account]);
        assert_eq!(drafts.of("cnv_1"), None);
    }
}
