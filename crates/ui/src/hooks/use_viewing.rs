//! Tells colleagues which conversation is on the agent's screen (A8).

use protocol::worker::{ConnectionState, PanelToHub};
use yew::{hook, use_effect_with, use_mut_ref};

use super::use_visible::use_visible;
use super::{Commands, PanelContext};

/// Tells the hub whenever another conversation, or none, is before the agent; a hub that begins anew is told again.
#[hook]
pub fn use_viewing(panel: &PanelContext, commands: &Commands) {
    let is_seen = use_visible() && panel.view.shown;
    let told = use_mut_ref(|| None);
    let shown = panel.selected().filter(|_| is_seen).map(|conversation| conversation.id.clone());
    let account = commands.account.clone().filter(|_| panel.connection == ConnectionState::Live);
    let tell = commands.link.tell.clone();
    use_effect_with((account, shown), move |(account, conversation_id)| {
        let Some(account) = account.clone() else { return };
        let before = told.replace(conversation_id.clone());
        if before.is_some() || conversation_id.is_some() {
            tell.emit(PanelToHub::Viewing { account, conversation_id: conversation_id.clone() });
        }
    });
}
