//! The keyboard goes along when one pane takes the place of the other.

use gloo_timers::callback::Timeout;
use yew::{hook, use_effect_with, use_mut_ref};

use crate::focus;

/// Gives the focus to the pane that takes the other's place, unless something in it, or beside it, has it already. Back in what was found,
/// it is where the agent `left` it, by its id.
#[hook]
pub fn use_pane_focus(is_list: bool, left: Option<String>) {
    let before = use_mut_ref(|| is_list);
    use_effect_with(is_list, move |is_list| {
        if before.replace(*is_list) == *is_list {
            return;
        }
        let pane = if *is_list { focus::LIST } else { focus::MESSAGES };
        let is_list = *is_list;
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
