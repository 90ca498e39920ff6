//! Notes that are being written, by conversation: each stays where it is while the agent goes elsewhere (O1).

use domain::text::MessageText;
use yew::AttrValue;

use super::few::Few;

/// A note that is being written, or has just been left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoteDraft {
    /// The text.
    pub text: AttrValue,
    /// Whether the field is open.
    pub is_open: bool,
    /// Whether it is on its way to the relay.
    pub is_saving: bool,
    /// Whether the last one was stored.
    pub is_saved: bool,
    /// Why it was not stored, in words.
    pub failed: Option<AttrValue>,
    /// The id that this text was sent under: the relay stores the same one once only.
    id: Option<String>,
}

/// What happens to a note.
#[derive(Clone, Debug)]
pub enum NoteAction {
    /// The field is opened.
    Open,
    /// The field is closed; what stands in it stays.
    Close,
    /// The agent gives it up.
    Discard,
    /// The agent typed: the whole text.
    Type(AttrValue),
    /// The browser kept this text, or another frame of the panel wrote it: nothing, if it was stored or given up there.
    Kept(AttrValue),
    /// It goes to the relay under this id.
    Saving(String),
    /// It was stored.
    Saved,
    /// It was not stored, as far as is known.
    Failed(AttrValue),
}

impl NoteDraft {
    /// The text as it would be stored; nothing if it is blank or too long.
    #[must_use]
    pub fn checked(&self) -> Option<String> {
        MessageText::new(&self.text).ok().map(|text| text.as_str().to_owned())
    }

    /// The id of the attempt before, if the text is still the same.
    #[must_use]
    pub const fn id(&self) -> Option<&String> {
        self.id.as_ref()
    }

    /// The same with what was typed since.
    #[must_use]
    pub fn with(&self, text: AttrValue) -> Self {
        let mut draft = self.clone();
        if draft.text != text {
            draft.take(NoteAction::Type(text));
        }
        draft
    }

    fn take(&mut self, happened: NoteAction) {
        match happened {
            NoteAction::Open => (self.is_open, self.is_saved) = (true, false),
            NoteAction::Close => self.is_open = false,
            NoteAction::Discard => *self = Self::default(),
            NoteAction::Type(text) => {
                if text != self.text {
                    // Another text is another note.
                    self.id = None;
                }
                self.text = text;
            }
            NoteAction::Kept(text) => {
                // What is on its way stays until the relay has said how it went.
                if !self.is_saving && text != self.text {
                    *self = Self { is_open: self.is_open && !text.is_empty(), text, ..Self::default() };
                }
            }
            NoteAction::Saving(id) => {
                (self.is_saving, self.failed, self.id) = (true, None, Some(id));
            }
            NoteAction::Saved => *self = Self { is_saved: true, ..Self::default() },
            NoteAction::Failed(words) => (self.is_saving, self.failed) = (false, Some(words)),
        }
    }
}

/// All of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoteDrafts {
    drafts: Few<NoteDraft>,
}

impl NoteDrafts {
    /// A conversation's.
    #[must_use]
    pub fn of(&self, conversation_id: &str) -> NoteDraft {
        self.drafts.get(conversation_id).cloned().unwrap_or_default()
    }

    /// Takes what happened.
    pub fn take(&mut self, conversation_id: &str, happened: NoteAction) {
        self.drafts.get_or(conversation_id, NoteDraft::default).take(happened);
    }

    /// The account goes: nobody will say how what is on its way went. The same text has the same id again.
    pub fn rest(&mut self) {
        self.drafts.values_mut().for_each(|draft| draft.is_saving = false);
    }

    /// The agent goes elsewhere: what was stored need not be said any more.
    pub fn leave(&mut self) {
        self.drafts.retain(|_, draft| !draft.is_saved);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drafts(happened: Vec<NoteAction>) -> NoteDraft {
        let mut drafts = NoteDrafts::default();
        happened.into_iter().for_each(|happened| drafts.take("cnv_1", happened));
        assert_eq!(drafts.of("cnv_2"), NoteDraft::default(), "each conversation has its own");
        drafts.of("cnv_1")
    }

    fn typed(text: &'static str) -> NoteAction {
        NoteAction::Type(text.into())
    }

    #[test]
    fn an_empty_note_cannot_be_saved_nor_one_that_is_too_long() {
        // O1
        for text in [String::new(), " \n\t".to_owned(), "я".repeat(4_001)] {
            assert_eq!(drafts(vec![NoteAction::Type(text.into())]).checked(), None);
        }
        assert_eq!(drafts(vec![typed(" Calls at night. ")]).checked().as_deref(), Some("Calls at night."));
        assert!(drafts(vec![NoteAction::Type("я".repeat(4_000).into())]).checked().is_some());
    }

    #[test]
    fn a_failure_keeps_text_and_id_so_that_a_retry_does_not_double_it() {
        // O1
        let failed = || {
            vec![NoteAction::Open, typed("Calls"), NoteAction::Saving("not_1".into()), NoteAction::Failed("no".into())]
        };
        let draft = drafts(failed());
        assert_eq!((draft.text.as_str(), draft.id().map(String::as_str)), ("Calls", Some("not_1")));
        assert!(draft.is_open && !draft.is_saving && draft.failed.is_some());
        let mut again = failed();
        again.push(typed("Calls"));
        assert_eq!(drafts(again).id().map(String::as_str), Some("not_1"), "the same text is the same note");
        let mut other = failed();
        other.push(typed("Calls at night"));
        assert_eq!(drafts(other).id(), None, "another text is another note");
    }

    #[test]
    fn a_kept_note_waits_behind_its_button_and_follows_what_is_typed_elsewhere() {
        // O1
        let kept = |text: &'static str| NoteAction::Kept(text.into());
        let draft = drafts(vec![kept("Calls")]);
        assert_eq!((draft.is_open, draft.text.as_str()), (false, "Calls"));
        let draft = drafts(vec![NoteAction::Open, typed("Calls"), kept("Calls at night")]);
        assert_eq!((draft.is_open, draft.text.as_str()), (true, "Calls at night"));
        let given_up = vec![NoteAction::Open, typed("Calls"), kept("")];
        assert_eq!(drafts(given_up), NoteDraft::default());
    }

    #[test]
    fn what_is_typed_elsewhere_does_not_touch_a_note_on_its_way_nor_what_was_said_of_it() {
        // O1
        let kept = |text: &'static str| NoteAction::Kept(text.into());
        let saving = || vec![NoteAction::Open, typed("Calls"), NoteAction::Saving("not_1".into())];
        let mut other = saving();
        other.push(kept("Calls at night"));
        assert_eq!(drafts(other).text, "Calls");
        let mut stored = saving();
        stored.extend([NoteAction::Saved, kept("")]);
        assert!(drafts(stored).is_saved);
        let mut failed = saving();
        failed.extend([NoteAction::Failed("no".into()), kept("Calls")]);
        assert_eq!(drafts(failed).id().map(String::as_str), Some("not_1"));
    }

    #[test]
    fn a_stored_note_leaves_an_empty_field_and_a_closed_one_keeps_its_text() {
        // O1
        let begun = || vec![NoteAction::Open, typed("Calls"), NoteAction::Saving("not_1".into())];
        let mut saved = begun();
        saved.push(NoteAction::Saved);
        assert_eq!(drafts(saved), NoteDraft { is_saved: true, ..NoteDraft::default() });
        let closed = drafts(vec![NoteAction::Open, typed("Calls"), NoteAction::Close]);
        assert_eq!((closed.is_open, closed.text.as_str()), (false, "Calls"));
        assert_eq!(drafts(vec![typed("Calls"), NoteAction::Discard]), NoteDraft::default());
    }
}
