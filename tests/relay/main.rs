//! Real relays over HTTP and WebSocket.

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
