//! The hub's behaviour: what it does for pages, panels and relays.

mod alerts;
mod answers;
mod joining;
mod notifications;
mod panels;
mod presence;
mod stream;
mod uploads;
mod world;
