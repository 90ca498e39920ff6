//! Every type that crosses a process boundary: REST bodies, realtime frames, the extension's port messages, error codes.
//!
//! Fields are added and never renamed; a reader ignores those that it does not know. Times are milliseconds since 1970-01-01 UTC by the
//! relay's clock. Ids are the prefixed texts of [`domain::id`].

#[cfg(test)]
mod any_bytes;
pub mod command;
pub mod contact;
pub mod convert;
pub mod error;
pub mod file;
pub mod frame;
pub mod note;
pub mod origin;
pub mod search;
pub mod template;
pub mod view;
pub mod visit;
pub mod worker;

/// The version of the wire that this build speaks; both `hello` and `welcome` carry it.
pub const WIRE_VERSION: u32 = 1;

/// The extension's id: the first 16 bytes of the SHA-256 of the public `key` in `manifest.json`, as letters a to p.
pub const EXTENSION_ID: &str = "pjahmgjbpgglbnndgachnobaaakhicia";
