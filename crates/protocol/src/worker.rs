//! Messages inside the extension: between the Gmail page's script, the panel, the hub and the service worker.
//!
//! They go over `chrome.runtime` as JSON text (a port keeps JSON only). Every message that concerns a relay carries the account.

use std::collections::BTreeMap;

mod page;
mod panel;

use serde::{Deserialize, Serialize};

pub use page::{HubToPage, PageToHub, PageToPanel, PanelToPage};
pub use panel::{
    Answered, ConnectionState, HubToPanel, OutboxItem, OutboxState, PanelToHub, Request, Upload, UploadState,
};

/// The name of the port between a Gmail page's content script and the hub.
pub const PAGE_PORT: &str = "ds-page";
/// The name of the port between a panel and the hub.
pub const PANEL_PORT: &str = "ds-panel";

/// In the extension's `localStorage`, before an account's key: the hub's answers on their way, as a JSON list.
pub const OUTBOX_PREFIX: &str = "deskside/outbox/";
/// In the extension's `localStorage`, before `<account's key>:<conversation's id>`: what was typed in a panel and not sent.
pub const DRAFT_PREFIX: &str = "ds:draft:";

/// A signed-in account: the relay's origin and the agent there, as `https://relay.example|agt_…`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountKey(pub String);

impl AccountKey {
    /// The key of an agent at a relay.
    #[must_use]
    pub fn new(relay_origin: &str, agent_id: &str) -> Self {
        Self(format!("{relay_origin}|{agent_id}"))
    }
}

/// What `chrome.storage.local` keeps under `accounts`, by [`AccountKey`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The relay's origin, https or loopback.
    pub relay: String,
    /// The device token.
    pub token: String,
    /// `agt_…`
    pub agent_id: String,
    /// The address that a Gmail page must show to count for this account (P4).
    pub email: String,
    /// The agent's name.
    pub name: String,
}

/// Selectors for the places of Gmail's page, by the places' names.
pub type GmailPlaces = BTreeMap<String, Vec<String>>;

/// A set of places in Gmail's page, as `GET /v1/gmail-places` gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GmailPlacesSet {
    /// The day on which it was made, as 20261128; the highest one counts.
    pub version: u64,
    /// Selectors by place, the best first.
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, Vec<String>>))]
    pub places: GmailPlaces,
}

/// The accounts as stored.
pub type Accounts = BTreeMap<AccountKey, Account>;

/// To the service worker, by `chrome.runtime.sendMessage`; an object with `to: "worker"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ToWorker {
    /// Start the hub if it does not run.
    EnsureHub,
    /// The hub's wasm runs and listens: pages that asked for it may connect now.
    HubReady,
    /// The hub asks for the accounts; the answer is [`Accounts`].
    Accounts,
    /// Show this text on the toolbar's badge.
    Badge {
        /// Empty clears it.
        text: String,
    },
    /// Open the Control Panel.
    OpenOptions,
    /// Show a desktop notification; one with the same id is replaced (N5).
    Notify {
        /// Names it when it is clicked or cleared.
        id: String,
        /// Who wrote.
        title: String,
        /// The beginning of the text, as text.
        text: String,
        /// The channel's name.
        context: String,
    },
    /// Take a desktop notification away.
    ClearNotification {
        /// Which.
        id: String,
    },
    /// Bring a tab and its window to the front.
    ShowTab {
        /// Which.
        tab_id: i32,
    },
    /// Open a Gmail page of this account in a new tab.
    OpenGmail {
        /// The account's address.
        address: String,
    },
    /// Open the panel in a window of its own, or bring the one that stands to the front (G1).
    PopOut {
        /// Whose.
        account: AccountKey,
        /// What it shows first, if anything.
        conversation_id: Option<String>,
    },
    /// The hub has no ports left for a while: close it.
    CloseHub,
}

/// From the service worker to the hub, by `chrome.runtime.sendMessage`; an object with `to: "hub"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ToHub {
    /// The stored accounts changed.
    AccountsChanged {
        /// All of them.
        accounts: Accounts,
    },
    /// A desktop notification was clicked.
    NotificationClicked {
        /// Which.
        id: String,
    },
    /// The agent closed a desktop notification.
    NotificationClosed {
        /// Which.
        id: String,
    },
}
