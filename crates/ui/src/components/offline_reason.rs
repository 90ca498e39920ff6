//! "Why am I offline?" (P10).

use yew::{AttrValue, Html, Properties, component, html};

use super::icon::{Icon, Symbol};
use crate::hooks::use_disclosure;
use crate::text::texts;

/// The DOM id of the reason.
const ID: &str = "ds-offline-reason";

/// The reason's properties.
#[derive(Properties, PartialEq)]
pub struct OfflineReasonProps {
    /// The reason, in words.
    pub words: AttrValue,
}

/// A small button that says why the agent is Offline.
#[component]
pub fn OfflineReason(props: &OfflineReasonProps) -> Html {
    let reason = use_disclosure();
    let is_open = reason.is_open;
    html! {
        <div class="ds-offline-reason" ref={reason.root} onfocusout={reason.onfocusout} onkeydown={reason.onkeydown}>
            <button type="button" class="ds-button ds-button--round ds-offline-reason__button" data-testid="why-offline"
                aria-label={texts().why_offline} title={texts().why_offline} aria-expanded={is_open.to_string()}
                aria-describedby={is_open.then_some(ID)} onclick={reason.toggle.reform(|_| ())}>
                <Icon symbol={Symbol::Info} />
            </button>
            // It is always there, so that screen readers watch it.
            <div role="status">
                if is_open {
                    <p id={ID} class="ds-popover ds-offline-reason__words" tabindex="-1" data-testid="offline-reason">{ &props.words }</p>
                }
            </div>
        </div>
    }
}
