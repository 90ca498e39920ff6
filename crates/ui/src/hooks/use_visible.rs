//! Whether the tab is visible.

use yew::{hook, use_callback, use_state_eq};

use super::use_window_event::use_window_event;

/// Whether the agent can see the tab.
#[hook]
pub fn use_visible() -> bool {
    let visible = use_state_eq(is_visible);
    let renew = {
        let visible = visible.setter();
        use_callback((), move |(), ()| visible.set(is_visible()))
    };
    use_window_event("visibilitychange", renew);
    *visible
}

#[cfg(target_arch = "wasm32")]
fn is_visible() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_some_and(|document| document.visibility_state() == web_sys::VisibilityState::Visible)
}

#[cfg(not(target_arch = "wasm32"))]
const fn is_visible() -> bool {
    true
}
