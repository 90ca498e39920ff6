//! What is typed in other frames of the panel, in other Gmail tabs and in a window of its own: all frames live on while they are closed.

use yew::{AttrValue, hook, use_callback};

use super::{DraftsContext, PanelContext, use_stored};
use crate::state::drafts::Kept;
use crate::state::note_drafts::NoteAction;
use crate::state::panel::{Action, AsideAction};
use crate::storage;

/// Shows what another frame wrote, sent or gave up of this account's texts (G1, O1); used once, at the panel's top.
#[hook]
pub fn use_elsewhere(panel: &PanelContext, drafts: &DraftsContext) {
    let heard = use_callback((drafts.clone(), panel.dispatcher()), |name: String, (drafts, state)| {
        let Some(place) = drafts.place(&name) else { return };
        // Not the event's text: by now there may be a newer one, and it may be this frame's.
        let text: AttrValue = storage::read(&name).unwrap_or_default().into();
        match place {
            Kept::Answer(id) => {
                if let Some(action) = drafts.elsewhere(id, text) {
                    drafts.dispatch(action);
                }
            }
            Kept::Note(id) => {
                state.dispatch(Action::Aside(AsideAction::Note(id.to_owned(), NoteAction::Kept(text))));
            }
        }
    });
    use_stored(heard);
}
