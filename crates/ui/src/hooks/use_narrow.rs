//! How many panes there is room for.

use yew::{hook, use_callback, use_state_eq};

use super::use_window_event;

/// From this width on all panes stand side by side; the style sheet has the same number.
#[cfg(target_arch = "wasm32")]
const WORKSPACE_PX: f64 = 900.0;
/// From this width on the right chat panel stands beside the conversation; the style sheet has the same number.
#[cfg(target_arch = "wasm32")]
const ROOM_PX: f64 = 1240.0;

/// Whether the panel shows one pane at a time.
#[hook]
pub fn use_narrow() -> bool {
    use_measured(is_narrow)
}

/// Whether there is room for the right chat panel beside the conversation.
#[hook]
pub fn use_room() -> bool {
    use_measured(has_room)
}

#[hook]
fn use_measured(measure: fn() -> bool) -> bool {
    let measured = use_state_eq(measure);
    let renew = {
        let measured = measured.setter();
        use_callback((), move |(), ()| measured.set(measure()))
    };
    use_window_event("resize", renew);
    *measured
}

#[cfg(target_arch = "wasm32")]
fn width() -> Option<f64> {
    web_sys::window().and_then(|window| window.inner_width().ok()).and_then(|width| width.as_f64())
}

#[cfg(target_arch = "wasm32")]
fn is_narrow() -> bool {
    width().is_some_and(|width| width < WORKSPACE_PX)
}

#[cfg(not(target_arch = "wasm32"))]
const fn is_narrow() -> bool {
    false
}

/// Whether there is room for the right chat panel now.
#[cfg(target_arch = "wasm32")]
pub(super) fn has_room() -> bool {
    width().is_some_and(|width| width >= ROOM_PX)
}

#[cfg(not(target_arch = "wasm32"))]
pub(super) const fn has_room() -> bool {
    false
}
