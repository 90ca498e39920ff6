//! What the end-to-end tests and the demo stand on: a Gmail of our own, a shop page, Chromium with the extension, processes of the
//! relay, of PostgreSQL, Redis and Caddy, an S3 store, a network that fails, and words of the domain to drive them with.
//!
//! Nothing in here is a mock of our own parts: extension, relay and widget are the built ones. A test makes its own [`World`].

pub mod agent;
pub mod artefacts;
pub mod axe;
pub mod caddy;
pub mod chromium;
pub mod contact;
pub mod devtools;
pub mod eventually;
pub mod gmail;
pub mod lent;
pub mod paths;
mod port;
pub mod postgres;
pub mod proxy;
pub mod redis;
pub mod relay;
pub mod s3;
mod server;
pub mod shop;
pub mod soak;
pub mod tls;
pub mod visitor;
pub mod world;

pub use eventually::eventually;
pub use world::World;

/// The extension's id, which its manifest's key gives it on every machine.
#[must_use]
pub const fn extension_id() -> &'static str {
    protocol::EXTENSION_ID
}
