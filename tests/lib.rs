//! What the end-to-end tests share: relays in this process, people who use them, readers of their streams.

#![allow(clippy::unwrap_used, reason = "all of it is for tests, and a test may unwrap")]

pub mod backups;
pub mod crowded;
pub mod people;
pub mod planted;
pub mod reader;
pub mod world;
