//! The website's chat: what runs inside the frame that `loader.js` adds to a customer's page.
//!
//! [`client`] decides, pure and without a browser: messages in, effects out. [`rows`] says what stands on the screen. [`web`] carries the
//! effects out and draws the rows, through `boot.js`. Nothing here reads HTML from data: text becomes text nodes.
//!
//! In browsers the crate does without the standard library (see [`web`]), and nowhere formats with `core::fmt`: every byte counts.

#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

#[cfg(target_arch = "wasm32")]
mod bare;
pub mod client;
pub mod color;
pub mod digits;
pub mod id;
pub mod kept;
pub mod links;
pub mod log;
pub mod rows;
pub mod settings;
pub mod texts;
pub mod web;
pub mod wire;
