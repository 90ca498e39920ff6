//! The Control Panel: a page of the extension where an agent connects this browser to relays and ends that again.

mod accounts;
mod agent_form;
mod blocked;
mod blocks;
mod channel_form;
mod channel_list;
mod conflict;
mod control_panel;
mod form;
mod loaded;
mod minutes;
mod project;
mod project_form;
mod relay;
mod saving;
mod settings;
mod subscription_form;
mod switch;
mod template_files;
mod template_form;
mod template_scope;
mod template_section;
mod templates;
mod theme;
mod theme_field;
mod transfer;
mod try_sound;

use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the page.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    yew::Renderer::<control_panel::ControlPanel>::new().render();
}
