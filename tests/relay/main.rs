//! Real relays over HTTP and WebSocket.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may unwrap, and says what it measured")]

mod access;
mod bad_input;
mod crash;
mod limits;
mod races;
mod reader;
mod story;
mod streams;
mod timers;
mod world;
