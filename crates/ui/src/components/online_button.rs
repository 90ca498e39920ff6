//! "Online" / "Offline" (P1).

use protocol::view::Availability;
use yew::{Callback, Html, Properties, classes, component, html};

use crate::state::shortcuts::{Modifiers, Shortcut};
use crate::text::texts;

/// The button's properties.
#[derive(Properties, PartialEq)]
pub struct OnlineButtonProps {
    /// What the agent chose.
    pub availability: Availability,
    /// Whether it can be changed now.
    pub disabled: bool,
    /// Called with what the agent chooses.
    pub onchoose: Callback<Availability>,
}

/// Shows the agent's presence and changes it.
#[component]
pub fn OnlineButton(props: &OnlineButtonProps) -> Html {
    let texts = texts();
    let online = props.availability == Availability::Online;
    let (label, hint, other) = if online {
        (texts.online, texts.go_offline, Availability::Offline)
    } else {
        (texts.offline, texts.go_online_hint, Availability::Online)
    };
    let here = Modifiers::here();
    html! {
        <button type="button" class={classes!("ds-online-button", online.then_some("ds-online-button--on"))} data-testid="online-button"
            aria-pressed={online.to_string()} title={Shortcut::Presence.title(Some(hint), here)} data-shortcut={Shortcut::Presence.name()}
            aria-keyshortcuts={Shortcut::Presence.aria(here)} disabled={props.disabled} onclick={props.onchoose.reform(move |_| other)}>
            <span class="ds-online-button__dot" aria-hidden="true" />{ label }
        </button>
    }
}
