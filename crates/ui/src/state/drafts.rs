//! Texts that were typed and not sent, by conversation.

mod kept;

use std::rc::Rc;

use protocol::worker::{AccountKey, OutboxItem};
use yew::{AttrValue, Reducible};

use super::few::Few;

pub use kept::{Kept, forget_others, keep_note, keep_unsent, kept_note};

/// Between texts that came back, and before what was typed.
const BETWEEN: &str = "\n\n";

/// What stands in one input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Draft {
    text: AttrValue,
    /// How many bytes at its beginning are texts that came back: the next one follows on them.
    n_returned: usize,
    /// The messages whose texts came back.
    returned: Vec<String>,
}

impl Draft {
    fn of(text: impl Into<AttrValue>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    fn typed(&mut self, text: AttrValue) {
        let head = self.text.get(..self.n_returned).unwrap_or_default();
        if !text.starts_with(head) {
            self.n_returned = 0;
        }
        self.text = text;
    }

    /// Puts a refused answer's text in: after those that came back before it, ahead of what was typed since, and once only.
    fn give_back(&mut self, message_id: &str, text: &str) {
        if self.returned.iter().any(|known| known == message_id) {
            return;
        }
        self.returned.push(message_id.to_owned());
        // One of files alone has none.
        if text.is_empty() {
            return;
        }
        let (head, typed) = self.text.split_at_checked(self.n_returned).unwrap_or(("", &self.text));
        let head = if head.is_empty() { text.to_owned() } else { format!("{head}{BETWEEN}{text}") };
        let typed = if typed.trim().is_empty() { "" } else { typed.trim_start_matches('\n') };
        self.n_returned = head.len();
        let between = if typed.is_empty() { "" } else { BETWEEN };
        self.text = format!("{head}{between}{typed}").into();
    }
}

/// What stands in the inputs. Every change is kept in the browser as well, so that a reload of Gmail loses nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drafts {
    account: Option<AccountKey>,
    drafts: Few<Draft>,
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
        /// The answer.
        item: OutboxItem,
        /// What was kept, in case the conversation was not shown yet.
        kept: Option<String>,
    },
}

impl Drafts {
    /// The draft of a conversation; nothing if it was not loaded yet.
    #[must_use]
    pub fn of(&self, conversation_id: &str) -> Option<&AttrValue> {
        self.drafts.get(conversation_id).map(|draft| &draft.text)
    }

    /// What to do about a text that another frame of the panel wrote, sent or emptied: whoever wrote last is right, or what was sent there
    /// would stand here to be sent once more. Nothing if it was not needed here yet, or stands here so.
    #[must_use]
    pub fn elsewhere(&self, conversation_id: &str, text: AttrValue) -> Option<DraftAction> {
        let known = self.of(conversation_id).filter(|known| **known != text);
        known.map(|_| DraftAction::Type { conversation_id: conversation_id.to_owned(), text })
    }

    /// What [`DraftAction::Return`] does, for the browser to keep.
    #[must_use]
    pub fn after_return(&self, item: &OutboxItem, kept: Option<&str>) -> AttrValue {
        let known = self.drafts.get(&item.conversation_id).cloned();
        let mut draft = known.unwrap_or_else(|| Draft::of(kept.unwrap_or_default().to_owned()));
        draft.give_back(&item.id, &item.text);
        draft.text
    }
}

impl Reducible for Drafts {
    type Action = DraftAction;

    fn reduce(self: Rc<Self>, action: DraftAction) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            DraftAction::Account(account) if account == next.account => return self,
            DraftAction::Account(account) => next = Self { account, drafts: Few::default() },
            DraftAction::Load { conversation_id, kept } => {
                next.drafts.get_or(&conversation_id, || Draft::of(kept.unwrap_or_default()));
            }
            DraftAction::Type { conversation_id, text } => {
                next.drafts.get_or(&conversation_id, Draft::default).typed(text);
            }
            DraftAction::Return { item, kept } => {
                let draft = next.drafts.get_or(&item.conversation_id, || Draft::of(kept.unwrap_or_default()));
                draft.give_back(&item.id, &item.text);
            }
        }
        Rc::new(next)
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

    fn typed(text: &str) -> DraftAction {
        DraftAction::Type { conversation_id: "cnv_1".into(), text: text.to_owned().into() }
    }

    fn item(id: &str, text: &str) -> OutboxItem {
        OutboxItem {
            id: id.into(),
            conversation_id: "cnv_1".into(),
            text: text.into(),
            attachments: Vec::new(),
            fence: 1,
            at: 5,
        }
    }

    fn back(id: &str, text: &str) -> DraftAction {
        DraftAction::Return { item: item(id, text), kept: Some("kept".into()) }
    }

    fn text(drafts: &Drafts) -> Option<&str> {
        drafts.of("cnv_1").map(AttrValue::as_str)
    }

    #[test]
    fn a_kept_draft_does_not_overwrite_what_is_being_typed() {
        let drafts = reduce(Drafts::default(), vec![typed("new"), load(Some("old"))]);
        assert_eq!(text(&drafts), Some("new"));
        assert_eq!(drafts.of("cnv_2"), None);
    }

    #[test]
    fn what_another_frame_wrote_or_sent_stands_here_too() {
        // G1
        let drafts = reduce(Drafts::default(), vec![typed("Let me")]);
        let heard = |drafts: &Drafts, text: &'static str| drafts.elsewhere("cnv_1", text.into());
        assert_eq!(heard(&drafts, "Let me"), None);
        let more = heard(&drafts, "Let me look").expect("another text");
        let drafts = drafts.reduce(more);
        assert_eq!(text(&drafts), Some("Let me look"));
        let sent = heard(&drafts, "").expect("it was sent");
        assert_eq!(text(&drafts.reduce(sent)), Some(""));
        assert_eq!(heard(&Drafts::default(), "Let me"), None, "it is read when it is shown");
    }

    #[test]
    fn a_text_that_came_back_elsewhere_has_the_next_one_before_it() {
        // A7
        let drafts = reduce(Drafts::default(), vec![typed("third"), back("msg_a", "first")]);
        let heard = drafts.elsewhere("cnv_1", "first\n\nthird, and more".into()).expect("another text");
        let drafts = drafts.reduce(heard).reduce(back("msg_b", "second"));
        assert_eq!(text(&drafts), Some("first\n\nsecond\n\nthird, and more"));
    }

    #[test]
    fn a_refused_text_comes_back_before_what_was_typed_since_and_once() {
        // A7
        let drafts = reduce(Drafts::default(), vec![back("msg_a", "refused"), back("msg_a", "refused")]);
        assert_eq!(text(&drafts), Some("refused\n\nkept"));
        let drafts = reduce(Drafts::default(), vec![load(None), back("msg_a", "refused")]);
        assert_eq!(text(&drafts), Some("refused"));
    }

    #[test]
    fn a_short_refused_text_comes_back_though_the_draft_happens_to_contain_it() {
        let drafts = reduce(Drafts::default(), vec![typed("Yesterday"), back("msg_a", "Yes")]);
        assert_eq!(text(&drafts), Some("Yes\n\nYesterday"));
    }

    #[test]
    fn refused_texts_keep_the_order_in_which_they_were_written() {
        let actions = vec![typed("third"), back("msg_a", "first"), back("msg_b", "second")];
        let drafts = reduce(Drafts::default(), actions);
        assert_eq!(text(&drafts), Some("first\n\nsecond\n\nthird"));
        let drafts = drafts.reduce(typed("first\n\nsecond\n\nthird!"));
        assert_eq!(drafts.after_return(&item("msg_c", "and"), None), "first\n\nsecond\n\nand\n\nthird!");
        let drafts = drafts.reduce(typed("something else"));
        assert_eq!(drafts.after_return(&item("msg_c", "and"), None), "and\n\nsomething else");
    }

    #[test]
    fn what_is_kept_is_what_stands_in_the_input() {
        let drafts = Drafts::default();
        let kept = drafts.after_return(&item("msg_a", "refused"), Some("kept"));
        assert_eq!(text(&reduce(drafts, vec![back("msg_a", "refused")])), Some(kept.as_str()));
    }

    #[test]
    fn another_account_has_other_drafts() {
        let account = DraftAction::Account(Some(AccountKey::new("https://a", "agt_1")));
        let drafts = reduce(Drafts::default(), vec![load(Some("text")), account]);
        assert_eq!(drafts.of("cnv_1"), None);
    }
}
