//! The keyboard goes along when one pane takes the place of the other, or what had it goes away.

use gloo_timers::callback::Timeout;
use protocol::view::ConversationView;
use yew::{hook, use_effect_with, use_mut_ref};

use crate::focus;

/// Gives the focus to the pane that takes the other's place, unless something in it, or beside it, has it already. Back in what was found,
/// it is where the agent `left` it, by its id. When the conversation changes hands or ends, buttons go away: a focus on one of them goes
/// to the messages.
#[hook]
pub fn use_pane_focus(is_list: bool, left: Option<String>, conversation: Option<&ConversationView>) {
    let stands = conversation.map(|one| (one.assignee_id.clone(), one.closed_at));
    let now = (is_list, stands);
    let before = use_mut_ref(|| now.clone());
    use_effect_with(now, move |now| {
        if before.replace(now.clone()) == *now {
            return;
        }
        let is_list = now.0;
        let pane = if is_list { focus::LIST } else { focus::MESSAGES };
        let give = move || {
            if focus::is_lost() {
                let left = left.filter(|_| is_list).and_then(|id| focus::find_shown(&["#", &*id].concat()));
                focus::give(left.or_else(|| focus::find_shown(pane)));
            }
        };
        // The pane is drawn after this, and may take the focus itself.
        Timeout::new(0, give).forget();
    });
}
