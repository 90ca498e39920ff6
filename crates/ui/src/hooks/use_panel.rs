//! The panel's state as a context.

use yew::{UseReducerHandle, hook, use_context};

use crate::state::drafts::Drafts;
use crate::state::panel::Panel;

/// The handle of the panel's state.
pub type PanelContext = UseReducerHandle<Panel>;
/// The handle of the drafts.
pub type DraftsContext = UseReducerHandle<Drafts>;

/// The panel's state; the component is drawn anew with each change.
#[hook]
pub fn use_panel() -> PanelContext {
    use_context().expect("a component of the panel stands inside its provider")
}

/// The drafts; the component is drawn anew with each change.
#[hook]
pub fn use_drafts() -> DraftsContext {
    use_context().expect("a component of the panel stands inside its provider")
}
