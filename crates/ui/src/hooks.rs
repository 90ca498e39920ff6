//! Hooks: what components share, and what drives fetching and read marks.

pub mod use_commands;
pub mod use_count_down;
pub mod use_disclosure;
pub mod use_driver;
pub mod use_modal;
pub mod use_narrow;
pub mod use_now;
pub mod use_pane_focus;
pub mod use_panel;
pub mod use_place;
pub mod use_shortcuts;
pub mod use_title;
pub mod use_visible;
pub mod use_window_event;

pub use use_commands::{Commands, use_commands};
pub use use_count_down::use_count_down;
pub use use_disclosure::{Disclosure, use_disclosure};
pub(crate) use use_driver::give_back;
pub use use_driver::use_driver;
pub use use_modal::{Modal, use_modal};
pub use use_narrow::use_narrow;
pub use use_now::use_now;
pub use use_pane_focus::use_pane_focus;
pub use use_panel::{DraftsContext, PanelContext, use_drafts, use_panel};
pub use use_shortcuts::{Shortcuts, use_shortcuts};
pub use use_title::use_title;
pub use use_window_event::{use_window_event, use_window_keys};
