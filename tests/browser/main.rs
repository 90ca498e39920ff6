//! The product in a real Chromium: extension, widget and relay as they are shipped.
//!
//! A failed test leaves screenshots, pages and logs in `target/e2e/<test>/`.

mod accessibility;
mod alerts;
mod assign;
mod blocking;
mod clocks;
mod compose;
mod cost;
mod crowd;
mod day;
mod extension;
mod headers;
mod hub;
mod keyboard;
mod keys;
mod pages;
mod places;
mod popout;
mod presence;
mod recovery;
mod returning;
mod settings;
mod story;
mod survival;
mod two_relays;
mod welcome;
mod widget;
