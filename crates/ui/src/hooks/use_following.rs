//! Asks again of a visit that goes on (I1).

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use protocol::view::ConversationView;
use protocol::worker::ConnectionState;
use yew::{hook, use_effect_with, use_mut_ref};

use super::{Commands, PanelContext};
use crate::clock::machine_ms;
use crate::state::dossier::{Dossier, Part};

/// So long after it was asked for, a visit is asked for again at the earliest.
const REST_MS: i64 = 2_000;

/// Fetches the visit again whenever more is known of it, as long as the relay can be reached.
#[hook]
pub fn use_following(
    panel: &PanelContext,
    commands: &Commands,
    conversation: &Rc<ConversationView>,
    dossier: &Rc<Dossier>,
) {
    let asked_at = use_mut_ref(|| i64::MIN);
    let is_wanted = dossier.visit_is_old && panel.connection == ConnectionState::Live;
    let (commands, conversation) = (commands.clone(), conversation.clone());
    use_effect_with(is_wanted, move |is_wanted| {
        // Whatever happened to the clock, no longer than this.
        let rest_ms = asked_at.borrow().saturating_add(REST_MS).saturating_sub(machine_ms()).clamp(0, REST_MS);
        let wait_ms = u32::try_from(rest_ms).unwrap_or(0);
        let ask = move || {
            asked_at.replace(machine_ms());
            commands.fetch_part(&conversation, Part::Visit, None);
        };
        let timeout = is_wanted.then(|| Timeout::new(wait_ms, ask));
        move || drop(timeout)
    });
}
