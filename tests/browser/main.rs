//! The product in a real Chromium: extension, widget and relay as they are shipped.
//!
//! A failed test leaves screenshots, pages and logs in `target/e2e/<test>/`.

mod accessibility;
mod assign;
mod blocking;
mod clocks;
mod compose;
mod extension;
mod hub;
mod keys;
mod pages;
mod presence;
mod recovery;
mod story;
mod two_relays;
mod welcome;
mod widget;
