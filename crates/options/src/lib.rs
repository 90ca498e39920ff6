//! The Control Panel: a page of the extension where an agent connects this browser to relays and ends that again.

mod accounts;
mod conflict;
mod control_panel;
mod form;
mod relay;

use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the page.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    yew::Renderer::<control_panel::ControlPanel>::new().render();
}
