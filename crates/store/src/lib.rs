//! The record: one `Store` in domain terms over SQLite or PostgreSQL.
//!
//! Every method that writes is one command in one transaction: it loads under the lock, asks [`domain`], writes the new state and appends
//! its events to the log. The answer leaves after the commit is durable. Commands are batched by the writer; reads go to a pool that
//! cannot write.

pub mod backup;
pub mod catch_up;
pub mod clock;
mod commands;
mod db;
mod error;
pub mod inspect;
mod join;
mod log;
mod queries;
mod rows;
pub mod sealed;
pub mod secret;
mod store;
#[cfg(test)]
mod tests;
mod topic;
mod writer;

pub use commands::answers::NewAnswer;
pub use commands::blocking::NewBlock;
pub use commands::invitations::{Invited, Redeemed};
pub use commands::projects::{ChannelSettings, NewProject, ProjectCreated};
pub use commands::reads::Seen;
pub use commands::template_files::{TakenFile, TemplateUploader};
pub use commands::templates::TemplateContent;
pub use commands::tokens::{Principal, Visitor};
pub use commands::uploads::{KeptFile, NewFile, Uploader};
pub use commands::welcome::NewWelcome;
pub use error::{Denied, StoreError};
pub use log::{Appended, LogFrame};
pub use queries::channels::WidgetChannel;
pub use queries::lists::FinishedFilter;
pub use queries::outbox::OutboxCounts;
pub use store::{BATCH_MAX, Batch, Database, Listener, Options, Store};
pub use topic::Topic;
