//! What stands in the panel before anything is known of the account.

use yew::{Html, component, html, use_memo};

use super::empty_state::EmptyState;
use super::icon::Symbol;
use crate::clock::machine_ms;
use crate::hooks::use_clock;
use crate::text::texts;

/// So often it looks whether it has waited for long.
const TICK_MS: u32 = 5_000;
/// What takes longer than most connections do is spoken of.
const LONG_MS: i64 = 4_500;

/// That the panel connects; and why it may be that it has not.
#[component]
pub fn Opening() -> Html {
    let begun = *use_memo((), |()| machine_ms());
    let (title, hint) = words(use_clock(0, TICK_MS) - begun > LONG_MS, has_network());
    html! { <EmptyState symbol={Symbol::Chat} {title} {hint} busy={true} /> }
}

fn words(is_long: bool, has_network: bool) -> (&'static str, &'static str) {
    let texts = texts();
    match (is_long, has_network) {
        (false, _) => (texts.connecting, texts.connecting_hint),
        (true, true) => (texts.no_relay, texts.no_relay_hint),
        (true, false) => (texts.no_network, texts.no_network_hint),
    }
}

/// Whether the machine has a network, as far as the browser knows.
#[cfg(target_arch = "wasm32")]
fn has_network() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}

/// Outside a browser nobody knows.
#[cfg(not(target_arch = "wasm32"))]
const fn has_network() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_long_is_explained() {
        let titles = [(false, false), (true, true), (true, false)].map(|(is_long, network)| words(is_long, network).0);
        assert_eq!(titles, ["Connecting…", "The relay does not answer", "You are not connected to the internet"]);
    }
}
