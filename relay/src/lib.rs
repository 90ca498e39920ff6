//! The relay: carries and keeps every conversation.
//!
//! [`open`] opens the record and what runs beside the routes; [`serve`] answers on a listener until told to stop. The caller owns both, so
//! tests bind port 0 and stop cleanly.

mod assets;
mod backup;
pub mod cli;
mod config;
mod connections;
pub mod doctor;
mod error;
mod extract;
mod fanout;
mod gmail_places;
mod health;
mod jobs;
mod lock;
mod metrics;
mod open_error;
mod origin;
mod proxies;
mod request_id;
mod routes;
mod server;
mod state;
mod stream;
mod tasks;
mod turns;
mod uploads;

pub use assets::Assets;
pub use config::{Config, load_secret_key};
pub use gmail_places::{GmailPlaces, InvalidPlaces};
pub use lock::{DataLock, LOCK_FILE};
pub use open_error::OpenError;
pub use proxies::{InvalidProxies, TrustedProxies};
pub use routes::{ROUTES, openapi};
pub use server::{Relay, open, serve};
