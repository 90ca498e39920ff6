//! The realtime session and the outbox, without input or output of their own.
//!
//! A driver (the hub, the widget, a test) owns the socket and the clock. It passes what happens to [`Session::handle`] and carries
//! out the [`Output`]s in order; [`Session::deadline`] says when to pass [`Input::Timer`]. Nothing here knows a codec: the driver
//! shows only the [`Head`] of each frame. [`Outbox`] holds what is to be sent, in order per lane, until it was taken or refused.
//!
//! Times are milliseconds of the driver's wall clock. It may jump: a jump back moves the deadlines along.

//!
//! Nothing here uses the standard library: the website's chat, where every byte counts, is built without it.

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod backoff;
mod input;
mod offset;
mod outbox;
mod queue;
mod stream;
mod time;
mod topic;

pub use backoff::Backoff;
pub use input::{Config, Head, Input, Output, State};
pub use outbox::{Due, ItemState, Outbox};
pub use stream::Session;
pub use topic::Cursor;
