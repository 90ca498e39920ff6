//! The website's chat: what runs inside the frame that `loader.js` adds to a customer's page.
//!
//! [`client`] decides, pure and without a browser: messages in, effects out. [`rows`] says what stands on the screen. [`web`] carries the
//! effects out and draws the rows. Nothing here reads HTML from data: text becomes text nodes.

pub mod client;
pub mod color;
pub mod kept;
pub mod links;
pub mod log;
pub mod rows;
pub mod settings;
pub mod texts;
pub mod web;
pub mod wire;

use wasm_bindgen::prelude::wasm_bindgen;

/// Starts the chat in its frame.
#[wasm_bindgen(start)]
pub fn start() {
    web::app::start();
}
