//! Messages inside the extension: between the Gmail page's script, the panel, the hub and the service worker.
//!
//! They go over `chrome.runtime` as JSON text (a port keeps JSON only). Every message that concerns a relay carries the account.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::command::{Assignable, ConversationPage, History};
use crate::error::WireError;
use crate::frame::RelayFrame;
use crate::view::{Availability, BlockTerm, ConversationView, MessageView};

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
}

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
    /// How many unread conversations wait, for the launcher (N8).
    Waiting {
        /// How many.
        n_waiting: u32,
        /// Whether the page's account is Online; nothing if the page has no account.
        availability: Option<Availability>,
    },
}

/// From a panel to the hub.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PanelToHub {
    /// The first message.
    Hello {
        /// The page that the panel stands in.
        page_id: String,
    },
    /// A question or command; answered by [`HubToPanel::Reply`] with the same number.
    Call {
        /// Whose; refused if the panel's account is another by now.
        account: AccountKey,
        /// Made by the panel, unique for the port.
        call_id: u32,
        /// What.
        request: Request,
    },
    /// Put an answer into the outbox; the hub sends it until the relay took or refused it.
    Send {
        /// Whose; an answer for another account is never taken.
        account: AccountKey,
        /// The answer.
        item: OutboxItem,
    },
    /// The agent types in a conversation, or chooses a file: at the first key and then at most every 10 s (A9).
    Typing {
        /// Whose.
        account: AccountKey,
        /// `cnv_…`
        conversation_id: String,
    },
    /// Try a failed answer again.
    Retry {
        /// Whose.
        account: AccountKey,
        /// `msg_…`
        message_id: String,
    },
    /// Take a failed answer out of the outbox: the agent has its text back in the input, or gave it up.
    Discard {
        /// Whose.
        account: AccountKey,
        /// `msg_…`
        message_id: String,
    },
}

/// What a panel asks of the relay, through the hub that holds the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Request {
    /// Go Online or Offline (P1).
    SetAvailability {
        /// What.
        availability: Availability,
        /// With Offline: whether what he has in work goes back to "New" (P11).
        return_conversations: bool,
    },
    /// "Accept conversation" (A2).
    Accept {
        /// `cnv_…`
        conversation_id: String,
    },
    /// Who could have it (A4).
    Assignable {
        /// `cnv_…`
        conversation_id: String,
    },
    /// "Assign to an agent", "Assign" (A4).
    Assign {
        /// `cnv_…`
        conversation_id: String,
        /// `agt_…`
        agent_id: String,
        /// The claim that the page shows.
        fence: Option<u32>,
    },
    /// "Assign" → "Clear" (A11).
    Clear {
        /// `cnv_…`
        conversation_id: String,
        /// The claim that the page shows.
        fence: Option<u32>,
    },
    /// "Close" (X1).
    Close {
        /// `cnv_…`
        conversation_id: String,
        /// The claim that the page shows.
        fence: Option<u32>,
    },
    /// "Postpone" (X3).
    Postpone {
        /// `cnv_…`
        conversation_id: String,
        /// The claim that the page shows.
        fence: Option<u32>,
    },
    /// "Block" (B1).
    Block {
        /// `cnv_…`
        conversation_id: String,
        /// For how long.
        term: BlockTerm,
        /// Why, if he said.
        reason: Option<String>,
        /// Whether new visitors from the same address are kept out too.
        also_ip: bool,
    },
    /// "Unblock" (B5).
    Unblock {
        /// `cnv_…`
        conversation_id: String,
    },
    /// Seen on a visible page (N2).
    MarkRead {
        /// `cnv_…`
        conversation_id: String,
        /// The `n_alerts` that was shown.
        n_alerts: u32,
        /// The `last_n` that was shown.
        n: u32,
    },
    /// Messages of the conversation and of the client's earlier ones.
    History {
        /// `cnv_…`
        conversation_id: String,
        /// Only messages with a smaller number.
        before: Option<u32>,
    },
    /// Finished conversations.
    Finished {
        /// Of this channel; of all if none.
        channel_id: Option<String>,
        /// Of this project; of all if none.
        project_id: Option<String>,
        /// The `next` of the page before.
        after: Option<String>,
    },
}

/// What the relay answered to a [`Request`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Answered {
    /// Done, nothing to show.
    Done,
    /// The conversation after the command.
    Conversation {
        /// Its state.
        conversation: Box<ConversationView>,
    },
    /// Who could have it.
    Assignable(Assignable),
    /// Messages.
    History(History),
    /// Finished conversations.
    Page(ConversationPage),
    /// Refused.
    Refused {
        /// Why.
        error: WireError,
    },
    /// The relay could not be reached.
    Unreachable,
}

/// An answer on its way to the relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxItem {
    /// `msg_…`, made by the panel.
    pub id: String,
    /// `cnv_…`
    pub conversation_id: String,
    /// The text.
    pub text: String,
    /// The claim that it stands on.
    pub fence: u32,
    /// When the agent pressed "Send", by the page's clock.
    pub at: i64,
}

/// Where an [`OutboxItem`] stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OutboxState {
    /// Being sent, again and again.
    Sending,
    /// Stored by the relay; the item leaves the outbox.
    Sent {
        /// As stored.
        message: Box<MessageView>,
    },
    /// Refused; it stays until the agent retries or discards it.
    Failed {
        /// Why.
        error: WireError,
    },
}

/// From the hub to a panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum HubToPanel {
    /// Whose panel it is; sent first and again when the accounts change.
    Account {
        /// The page's account, if its address is signed in.
        account: Option<AccountKey>,
        /// The address that the page shows.
        address: Option<String>,
        /// How many accounts are signed in at all.
        n_accounts: u32,
    },
    /// How the relay connection stands.
    Connection {
        /// How.
        state: ConnectionState,
        /// The relay's clock less this machine's, in milliseconds (L6).
        offset_ms: i64,
    },
    /// A frame of the account's stream; at first the snapshots of what the hub knows.
    Frame {
        /// The frame.
        frame: RelayFrame,
    },
    /// The answer to a call.
    Reply {
        /// The call's number.
        call_id: u32,
        /// The answer.
        answered: Answered,
    },
    /// An answer's state; all of them at first.
    Outbox {
        /// The answer.
        item: OutboxItem,
        /// Where it stands.
        state: OutboxState,
    },
}

/// How a relay connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// Not connected yet, or catching up.
    Connecting,
    /// Caught up and live.
    Live,
    /// The token was revoked: sign in again.
    SignedOut,
}

/// From the content script to the panel's frame, by `postMessage`: hints without authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ds", rename_all = "snake_case")]
pub enum PageToPanel {
    /// Show this conversation.
    Open {
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
    },
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
