//! The agent's panel inside Gmail: the frame's page, which joins `ui` to the hub and to the page around it.

mod hub;
mod page;
mod root;
mod unsent;
mod window;

use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the panel in the frame's document.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    page::prepare();
    yew::Renderer::<root::Root>::new().render();
}
