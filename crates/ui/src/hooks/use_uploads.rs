//! Brings files to the relay, one after the other, and sends their answer when all are there (F1).

use domain::text::MessageText;
use yew::{AttrValue, hook, use_effect_with};

use super::{Commands, DraftsContext, PanelContext};
use crate::state::drafts::DraftAction;
use crate::state::files::FilesAction;
use crate::state::panel::Action;

/// Drives the files of a panel; used once, at its top.
#[hook]
pub fn use_uploads(panel: &PanelContext, drafts: &DraftsContext, commands: &Commands) {
    let (drafts, commands) = (drafts.clone(), commands.clone());
    use_effect_with(panel.files.clone(), move |files| {
        if commands.account.is_none() {
            return;
        }
        if let Some((basket, chosen)) = files.next() {
            commands.bring(basket, chosen);
        }
        if let Some((basket, views)) = files.ready() {
            let id = &basket.conversation_id;
            let text = match drafts.of(id).filter(|text| !text.trim().is_empty()).map(|text| MessageText::new(text)) {
                Some(Ok(text)) => text.as_str().to_owned(),
                None => String::new(),
                // It grew too long meanwhile: the input says so, and nothing is sent without it.
                Some(Err(_)) => {
                    commands.state.dispatch(Action::Files(FilesAction::Stop(id.clone())));
                    return;
                }
            };
            drafts.keep(id, "");
            drafts.dispatch(DraftAction::Type { conversation_id: id.clone(), text: AttrValue::default() });
            commands.send_with(id, basket.sending.unwrap_or_default(), text, views);
            commands.state.dispatch(Action::Files(FilesAction::Gone(id.clone())));
        }
    });
}
