//! The pieces of the screen, one component a file.

pub mod app;
pub mod assign_menu;
pub mod avatar;
pub mod block_form;
pub mod block_menu;
pub mod blocked_line;
pub mod bottom_panel;
pub mod button;
pub mod channel_list;
pub mod composer;
pub mod conversation_list;
pub mod conversation_pane;
pub mod conversation_row;
pub mod count_down;
pub mod divider;
pub mod empty_state;
pub mod icon;
pub mod left_panel;
pub mod message;
pub mod message_list;
pub mod notice_bar;
pub mod offline_dialog;
pub mod offline_reason;
pub mod online_button;
pub mod presence;
#[cfg(test)]
mod screens;
pub mod shortcuts_dialog;
pub mod tabs;
pub mod top_menu;

pub use app::App;
pub use button::{Button, Look};
pub use empty_state::EmptyState;
pub use icon::{Icon, Symbol};
