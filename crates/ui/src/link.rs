//! How components reach the hub and the page without knowing either.

use protocol::worker::{AccountKey, Answered, PanelToHub, PanelToPage, Request};
use yew::Callback;

/// A question to the relay and who wants the answer.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Whose relay.
    pub account: AccountKey,
    /// What.
    pub request: Request,
    /// Called once, also if the hub went away ([`Answered::Unreachable`]); not at all if the panel is another account's by then.
    pub answer: Callback<Answered>,
}

/// What the panel shows in a window of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PopOut {
    /// Whose panel it is.
    pub account: AccountKey,
    /// What it shows first, if anything.
    pub conversation_id: Option<String>,
}

/// The panel's ways out.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Asks the relay through the hub.
    pub ask: Callback<Ask>,
    /// Tells the hub something that has no answer.
    pub tell: Callback<PanelToHub>,
    /// Tells the Gmail page around the panel; a window of its own understands [`PanelToPage::Close`] alone.
    pub page: Callback<PanelToPage>,
    /// Opens the panel in a window of its own.
    pub pop_out: Callback<PopOut>,
    /// Opens the Control Panel.
    pub open_options: Callback<()>,
}
