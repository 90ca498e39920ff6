//! The hub's behaviour: what it does for pages, panels and relays.

mod alerts;
mod answers;
mod panels;
mod world;
