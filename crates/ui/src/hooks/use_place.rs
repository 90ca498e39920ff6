//! Where the panel stands is kept for the browser's tab, and found again by a frame that is made anew.

use protocol::worker::AccountKey;
use yew::{hook, use_effect_with, use_mut_ref};

use super::PanelContext;
use crate::state::panel::Action;
use crate::state::place::Place;

/// Goes to where the account's panel stood in this tab, as soon as the account is known, and keeps from then on where it stands.
#[hook]
pub fn use_place(panel: &PanelContext) {
    let state = panel.dispatcher();
    let returned = use_mut_ref(|| None::<AccountKey>);
    use_effect_with((panel.account().cloned(), Place::of(&panel.view)), move |(account, place)| {
        let is_known = returned.replace(account.clone()) == *account;
        let Some(account) = account else { return };
        match Place::kept(account).filter(|_| !is_known) {
            Some(there) => state.dispatch(Action::Return(there)),
            None => place.keep(account),
        }
    });
}
