//! Queries: on the readers' pool, never in the writer's way.

mod attachments;
pub(crate) mod blocked;
pub(crate) mod channels;
mod contacts;
mod database_time;
pub(crate) mod history;
pub(crate) mod lists;
pub(crate) mod me;
mod notes;
pub(crate) mod outbox;
pub(crate) mod place;
pub(crate) mod projects;
mod replaced;
mod search;
pub(crate) mod snapshots;
mod templates;
mod visits;
