//! Faults that must be survived, each done for real and told in figures.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may unwrap, and says what it measured")]

mod crash;
mod crowd;
mod database;
mod doors;
mod network;
mod pair;
mod race;
mod restore;
mod rolling;
mod shared;
mod silence;
mod timers;
mod ways;
mod writing;
