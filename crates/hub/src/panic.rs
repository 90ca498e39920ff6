//! A panic leaves the hub in the middle of something: its document begins anew, as after a crash.

use wasm_bindgen::{JsCast as _, JsValue};

use crate::browser;

/// A document younger than this waits until it is so old: what panics at the start would go round and round.
const MIN_AGE_MS: f64 = 5_000.0;

/// From now on a panic is told to the developer and the document is loaded again. Ports close with it, and pages and panels come back.
pub(crate) fn begin_anew_after_one() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        if let Err(reason) = load_again() {
            browser::report(&format!("the hub could not begin anew: {}", browser::words(&reason)));
        }
    }));
}

/// The timer calls the browser's own function: nothing in here runs again.
fn load_again() -> Result<(), JsValue> {
    let window = web_sys::window().ok_or_else(|| JsValue::from_str("no window"))?;
    let location = window.location();
    let reload: js_sys::Function = js_sys::Reflect::get(&location, &JsValue::from_str("reload"))?.dyn_into()?;
    let age_ms = window.performance().map_or(0.0, |performance| performance.now());
    #[expect(clippy::cast_possible_truncation, reason = "at most five thousand")]
    let wait_ms = (MIN_AGE_MS - age_ms).max(0.0) as i32;
    window.set_timeout_with_callback_and_timeout_and_arguments_0(&reload.bind0(&location), wait_ms)?;
    Ok(())
}
