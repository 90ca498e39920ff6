//! What a Gmail page's content script says and hears.

use serde::{Deserialize, Serialize};

use crate::view::Availability;
use crate::worker::{AccountKey, GmailPlaces};

/// From a Gmail page's content script to the hub.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PageToHub {
    /// The first message.
    Hello {
        /// Made by the page; the panel in it names the same.
        page_id: String,
        /// The address that the page shows, if it was found.
        address: Option<String>,
        /// Whether the tab is visible.
        visible: bool,
        /// Whether its panel is open.
        panel_open: bool,
    },
    /// The tab or its panel changed.
    State {
        /// Whether the tab is visible.
        visible: bool,
        /// Whether its panel is open.
        panel_open: bool,
    },
    /// The agent closed a pop-up: he has seen it.
    Dismissed {
        /// Whose.
        conversation_id: String,
    },
}

/// From the hub to a Gmail page's content script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum HubToPage {
    /// Show a pop-up; one of the same conversation is replaced (N4).
    Popup {
        /// Whose.
        account: AccountKey,
        /// Where a click leads.
        conversation_id: String,
        /// Who wrote.
        who: String,
        /// The channel's name.
        channel: String,
        /// The beginning of the text, as text.
        text: String,
    },
    /// Take a pop-up away: its conversation was read or taken.
    Dismiss {
        /// Which.
        conversation_id: String,
    },
    /// Open the panel, at a conversation if one is named: its desktop notification was clicked.
    Open {
        /// Whose.
        account: AccountKey,
        /// Which.
        conversation_id: Option<String>,
    },
    /// The panel in this page let go of its port: if its frame does not answer any more, it is to be made anew.
    PanelGone,
    /// Where things stand in Gmail's page by a set that is newer than the extension's own; data, never code (G2).
    Places {
        /// Which set; the highest one counts.
        version: u64,
        /// Selectors by the names of `extension/places.js`, the best first.
        places: GmailPlaces,
    },
    /// How many unread conversations wait, for the launcher (N8).
    Waiting {
        /// How many.
        n_waiting: u32,
        /// Whether the page's account is Online; nothing if the page has no account.
        availability: Option<Availability>,
    },
}

/// From the content script to the panel's frame, by `postMessage`: hints without authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ds", rename_all = "snake_case", try_from = "Hint")]
pub enum PageToPanel {
    /// Show this conversation.
    Open {
        /// Whose; an address may have accounts at several relays.
        account: AccountKey,
        /// `cnv_…`
        conversation_id: String,
    },
    /// The panel was opened or closed, or the tab shown or hidden.
    Shown {
        /// Whether the agent can see it.
        shown: bool,
    },
    /// Gmail's look.
    Theme {
        /// Whether Gmail's content is dark.
        dark: bool,
        /// Whether text runs right to left.
        rtl: bool,
        /// Whether Gmail's density is compact.
        #[serde(default)]
        compact: bool,
    },
    /// Are you there? The panel answers [`PanelToPage::Ready`].
    Ping,
}

/// A [`PageToPanel`] as it stands in the message.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Hint {
    ds: String,
    account: Option<AccountKey>,
    conversation_id: Option<String>,
    shown: bool,
    dark: bool,
    rtl: bool,
    compact: bool,
}

impl TryFrom<Hint> for PageToPanel {
    type Error = &'static str;

    fn try_from(hint: Hint) -> Result<Self, Self::Error> {
        Ok(match hint.ds.as_str() {
            "open" => Self::Open {
                account: hint.account.ok_or("`open` without `account`")?,
                conversation_id: hint.conversation_id.ok_or("`open` without `conversation_id`")?,
            },
            "shown" => Self::Shown { shown: hint.shown },
            "theme" => Self::Theme { dark: hint.dark, rtl: hint.rtl, compact: hint.compact },
            "ping" => Self::Ping,
            _ => return Err("not a message for a panel"),
        })
    }
}

/// From the panel's frame to the content script, by `postMessage`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ds", rename_all = "snake_case")]
pub enum PanelToPage {
    /// The panel runs and listens.
    Ready,
    /// Close the panel.
    Close,
    /// Dock at the right, or widen over Gmail's content.
    Layout {
        /// Whether docked.
        docked: bool,
    },
}
