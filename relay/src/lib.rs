//! The relay: carries and keeps every conversation.
//!
//! [`open`] opens the record and what runs beside the routes; [`serve`] answers on a listener until told to stop. The caller owns both, so
//! tests bind port 0 and stop cleanly.

mod assets;
pub mod cli;
mod config;
mod error;
mod extract;
mod fanout;
mod jobs;
mod origin;
mod request_id;
mod routes;
mod server;
mod state;
mod stream;
mod tasks;

pub use assets::Assets;
pub use config::{Config, load_secret_key};
pub use routes::{ROUTES, openapi};
pub use server::{Relay, open, serve};
