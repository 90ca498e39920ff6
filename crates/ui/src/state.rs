//! What the panel knows, as pure reducers.

pub mod abilities;
pub mod blocks;
pub mod count_down;
pub mod density;
pub mod drafts;
pub mod marks;
pub mod menu;
pub mod notice;
pub mod outbox;
pub mod panel;
pub mod place;
pub mod shortcuts;
pub mod sight;
pub mod signs;
pub mod thread;
pub mod timeline;
pub mod view;
pub mod window;
