//! Whether there is room for one pane only.

use yew::{hook, use_callback, use_state_eq};

use super::use_window_event;

/// From this width on all panes stand side by side; the style sheet has the same number.
#[cfg(target_arch = "wasm32")]
const WORKSPACE_PX: f64 = 900.0;

/// Whether the panel shows one pane at a time.
#[hook]
pub fn use_narrow() -> bool {
    let narrow = use_state_eq(is_narrow);
    let renew = {
        let narrow = narrow.setter();
        use_callback((), move |(), ()| narrow.set(is_narrow()))
    };
    use_window_event("resize", renew);
    *narrow
}

#[cfg(target_arch = "wasm32")]
fn is_narrow() -> bool {
    let width = web_sys::window().and_then(|window| window.inner_width().ok()).and_then(|width| width.as_f64());
    width.is_some_and(|width| width < WORKSPACE_PX)
}

#[cfg(not(target_arch = "wasm32"))]
const fn is_narrow() -> bool {
    false
}
