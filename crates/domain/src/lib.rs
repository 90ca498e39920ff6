//! The rules of the product, pure: state, input and time in; facts and refusals out.
//!
//! Nothing here reads a clock, draws a random number, or knows of a database, a socket or a browser.
//! The relay decides with it under the row's lock; the hub and the panel use the same order of lists
//! and the same audience of an alert, so that no rule stands twice.

pub mod agent;
pub mod alert;
pub mod block;
pub mod clock;
pub mod contact;
pub mod conversation;
pub mod file;
pub mod id;
pub mod message;
pub mod order;
pub mod presence;
pub mod search;
pub mod staff;
pub mod template;
pub mod text;
pub mod time;
pub mod visit;
