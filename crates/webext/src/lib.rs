//! The browser's extension interface (`chrome.*`), typed. Nothing else in the workspace names `chrome`.
//!
//! Ports carry JSON text; single messages and stored values are plain objects, so that the extension's JavaScript reads them too.
//! Every listener is removed when its handle is dropped.

mod error;
pub mod json;
mod listener;
pub mod message;
mod port;
pub mod storage;
mod sys;

pub use error::Error;
pub use listener::Listener;
pub use port::{Incoming, Port, PortEvent, on_connect};

use wasm_bindgen::JsCast as _;

/// Who opened a port or sent a message, as the browser vouches for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The extension's id; nothing if it was not an extension's page or script.
    pub extension_id: Option<String>,
    /// The origin of the page or frame.
    pub origin: Option<String>,
    /// The tab, if it was in one.
    pub tab_id: Option<i32>,
    /// The frame in the tab; 0 is the tab's own page.
    pub frame_id: Option<i32>,
}

impl Sender {
    /// Whether a page or frame of this extension speaks, not a script in somebody's page.
    #[must_use]
    pub fn is_own_page(&self) -> bool {
        self.is_own() && self.origin.as_deref().is_some_and(|origin| origin == own_origin())
    }

    /// Whether this extension's background speaks: its service worker, of which Chromium does not always tell the origin (*measured*), or a
    /// document of its own that stands in no tab. A script in a page has that page's tab and origin.
    #[must_use]
    pub fn is_background(&self) -> bool {
        self.is_own() && self.tab_id.is_none() && self.origin.as_deref().is_none_or(|origin| origin == own_origin())
    }

    /// Whether this extension speaks: one of its pages, or its script in a page.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.extension_id.as_deref() == Some(id().as_str())
    }
}

impl From<&sys::MessageSender> for Sender {
    fn from(sender: &sys::MessageSender) -> Self {
        let tab = sender.tab();
        let tab_id = if tab.is_object() { tab.unchecked_ref::<sys::Tab>().id() } else { None };
        Self { extension_id: sender.id(), origin: sender.origin(), tab_id, frame_id: sender.frame_id() }
    }
}

/// This extension's id.
#[must_use]
pub fn id() -> String {
    sys::RUNTIME.with(sys::Runtime::id).unwrap_or_default()
}

/// The origin of this extension's pages.
#[must_use]
pub fn own_origin() -> String {
    format!("chrome-extension://{}", id())
}

/// The address of a file of this extension, by its path from the extension's top folder.
///
/// # Errors
/// [`Error::Refused`] after the extension was updated or removed under this page.
pub fn url(path: &str) -> Result<String, Error> {
    sys::get_url(path).map_err(|reason| Error::refused(&reason))
}
