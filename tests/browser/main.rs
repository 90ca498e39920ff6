//! The product in a real Chromium: extension, widget and relay as they are shipped.
//!
//! A failed test leaves screenshots, pages and logs in `target/e2e/<test>/`.

mod accessibility;
mod alerts;
mod aside;
mod assign;
mod blocking;
mod clocks;
mod compose;
mod composing;
mod cost;
mod crowd;
mod day;
mod extension;
mod files;
mod finding;
mod headers;
mod hub;
mod keyboard;
mod keys;
mod manual;
mod pages;
mod places;
mod popout;
mod presence;
mod recovery;
mod returning;
mod scale;
mod selecting;
mod settings;
mod shift;
mod story;
mod survival;
mod template_files;
mod two_relays;
mod visits;
mod welcome;
mod widget;
mod widget_files;
