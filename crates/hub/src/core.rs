//! What the hub decides: pure, with the time passed in and effects out.
//!
//! It joins Gmail pages and panels to accounts, drives a session per account, keeps its desk, and decides who sees which pop-up, when
//! there is a sound, and what the counters say. The driver passes in what happened and carries out the [`Effect`]s in order.

mod account;
mod alerts;
mod answers;
mod calls;
mod notifications;
mod pages;
mod panels;
mod passing;
mod places;
mod presence;
mod stream;
#[cfg(test)]
mod tests;
mod uploads;

use std::collections::{BTreeMap, HashMap};

use protocol::error::WireError;
use protocol::frame::ClientFrame;
use protocol::worker::{AccountKey, Accounts, GmailPlacesSet, HubToPage, HubToPanel, OutboxItem, Request, ToWorker};
use serde::{Deserialize, Serialize};

use crate::core::account::Desktop;
use crate::core::alerts::Ears;
pub(crate) use crate::core::calls::{HttpCall, HttpOutcome, Method};
use crate::core::notifications::Sought;
use crate::core::pages::Page;
use crate::core::panels::Panel;
pub(crate) use crate::core::uploads::Posting;

/// A page's or panel's port.
pub(crate) type PortId = u32;
/// A request to a relay that is under way.
pub(crate) type FetchId = u32;

/// So long the hub waits for a page after the last port is gone.
const CLOSE_AFTER_MS: i64 = 10_000;
/// So long at most, while answers are still on their way.
const CLOSE_AFTER_SENDING_MS: i64 = 60_000;

/// What the driver is to do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// Send to a Gmail page.
    ToPage { port: PortId, message: HubToPage },
    /// Send the same to these panels.
    ToPanels { ports: Vec<PortId>, message: Box<HubToPanel> },
    /// Open the account's stream.
    Connect { account: AccountKey, relay: String },
    /// Send a frame on it.
    Transmit { account: AccountKey, frame: ClientFrame },
    /// Close it, and report nothing of it any more.
    Disconnect { account: AccountKey },
    /// Ask a relay, and report the outcome.
    Fetch { id: FetchId, relay: String, token: String, call: HttpCall },
    /// Bring a file to a relay, report how far it came, and the outcome.
    Post { id: FetchId, relay: String, token: String, file: Posting },
    /// Give that up, and report nothing of it any more.
    Abort { id: FetchId },
    /// Keep the account's answers so that they survive a crash; none are left if the list is empty.
    Keep { account: AccountKey, items: Vec<Kept> },
    /// Play the sound.
    Sound,
    /// Have the service worker do what this document cannot: badge, desktop notifications, tabs, and the hub's own end.
    Worker(ToWorker),
    /// Tell the developer; no names, texts or tokens.
    Report { what: String },
}

/// An answer as it is kept over a crash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The answer.
    pub(crate) item: OutboxItem,
    /// Why it was refused, if it was.
    #[serde(default)]
    pub(crate) refusal: Option<WireError>,
}

/// What a request to a relay is for.
#[derive(Debug)]
struct Pending {
    account: AccountKey,
    /// The token that it was asked with; the account may have got another one since.
    token: String,
    purpose: Purpose,
}

#[derive(Debug)]
enum Purpose {
    /// A panel asked.
    Call { panel: PortId, call_id: u32, request: Box<Request> },
    /// An answer from the outbox.
    Answer { message_id: String },
    /// A panel brings a file.
    Upload {
        panel: PortId,
        attachment_id: String,
        /// How much of it the panel was told to be there.
        percent: u32,
    },
    /// The relay's set of places in Gmail's page.
    Places,
}

/// The hub's state.
#[derive(Debug)]
pub(crate) struct Core {
    seed: u64,
    /// Nothing before the service worker said which.
    accounts: Option<BTreeMap<AccountKey, Desktop>>,
    pages: BTreeMap<PortId, Page>,
    /// The account that the agent turned to last, where an address has several.
    chosen: Option<AccountKey>,
    panels: BTreeMap<PortId, Panel>,
    pending: HashMap<FetchId, Pending>,
    n_fetches: FetchId,
    ears: Ears,
    /// What the agent asked to see, and no page of his was there yet.
    sought: Option<Sought>,
    /// The newest set of places that a relay gave.
    places: Option<GmailPlacesSet>,
    badge: String,
    /// Since when there is no port.
    quiet_since: Option<i64>,
    effects: Vec<Effect>,
}

impl Core {
    pub(crate) fn new(seed: u64, now_ms: i64) -> Self {
        Self {
            seed,
            accounts: None,
            pages: BTreeMap::new(),
            chosen: None,
            panels: BTreeMap::new(),
            pending: HashMap::new(),
            n_fetches: 0,
            ears: Ears::default(),
            sought: None,
            places: None,
            badge: String::new(),
            quiet_since: Some(now_ms),
            effects: Vec::new(),
        }
    }

    /// What is to be done, in order.
    pub(crate) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// When [`tick`](Self::tick) is due.
    pub(crate) fn deadline(&self) -> Option<i64> {
        let close_at = self.quiet_since.map(|since| since.saturating_add(self.close_after_ms()));
        let sought = self.sought.as_ref().map(Sought::deadline);
        self.desktops().flat_map(|(_, desktop)| desktop.deadlines()).chain(close_at).chain(sought).min()
    }

    /// Time has passed.
    pub(crate) fn tick(&mut self, now_ms: i64) {
        self.each_account(|core, key| core.input(key, session::Input::Timer, now_ms));
        if self.quiet_since.is_some_and(|since| since.saturating_add(self.close_after_ms()) <= now_ms) {
            // If the service worker cannot be reached it is asked again after the same time.
            self.quiet_since = Some(now_ms);
            if !self.badge.is_empty() {
                self.badge.clear();
                self.effects.push(Effect::Worker(ToWorker::Badge { text: String::new() }));
            }
            self.effects.push(Effect::Worker(ToWorker::CloseHub));
        }
        self.each_account(|core, key| core.repeat(key, now_ms));
        self.each_account(|core, key| core.tell_viewing(key, now_ms));
        self.seek(now_ms);
        self.send_due(now_ms);
    }

    /// The network is back, or somebody looks at a page again.
    pub(crate) fn wake(&mut self, now_ms: i64) {
        self.each_account(|core, key| core.input(key, session::Input::Wake, now_ms));
        for desktop in self.accounts.iter_mut().flat_map(BTreeMap::values_mut) {
            desktop.outbox.wake();
        }
        self.send_due(now_ms);
    }

    /// Takes the stored accounts; `kept` gives what was kept of an account that is new here.
    pub(crate) fn set_accounts(&mut self, accounts: Accounts, kept: impl Fn(&AccountKey) -> Vec<Kept>, now_ms: i64) {
        self.dismiss_of_changed(&accounts);
        let mut known = self.accounts.take().unwrap_or_default();
        let mut next = BTreeMap::new();
        for (key, account) in accounts {
            let desktop = match known.remove(&key) {
                Some(desktop) if desktop.account == account => desktop,
                Some(desktop) => {
                    self.effects.push(Effect::Disconnect { account: key.clone() });
                    desktop.renewed(account, self.seed)
                }
                None => Desktop::new(account, self.seed, kept(&key)),
            };
            next.insert(key, desktop);
        }
        for key in known.into_keys() {
            self.effects.push(Effect::Disconnect { account: key.clone() });
            self.effects.push(Effect::Keep { account: key, items: Vec::new() });
        }
        self.accounts = Some(next);
        self.each_account(|core, key| {
            if core.desktop(key).is_some_and(|it| !it.is_signed_out && it.session.state() == session::State::Stopped) {
                core.start(key, now_ms);
            }
        });
        self.join_pages(now_ms);
        self.tell_here();
        self.join_panels(true, now_ms);
        self.show_badge();
        self.send_due(now_ms);
    }

    /// Begins an account's session, if its relay's address is one that may be used.
    fn start(&mut self, key: &AccountKey, now_ms: i64) {
        let Some(desktop) = self.desktop(key) else {
            return;
        };
        if crate::address::is_allowed(&desktop.account.relay) {
            self.input(key, session::Input::Start, now_ms);
        } else {
            self.effects
                .push(Effect::Report { what: String::from("an account's relay is neither https nor on this machine") });
            self.sign_out(key, now_ms);
        }
    }

    fn desktops(&self) -> impl Iterator<Item = (&AccountKey, &Desktop)> {
        self.accounts.iter().flatten()
    }

    fn desktop(&mut self, key: &AccountKey) -> Option<&mut Desktop> {
        self.accounts.as_mut()?.get_mut(key)
    }

    fn each_account(&mut self, mut act: impl FnMut(&mut Self, &AccountKey)) {
        let keys: Vec<_> = self.desktops().map(|(key, _)| key.clone()).collect();
        for key in &keys {
            act(self, key);
        }
    }

    /// Counts the ports anew after one came or went.
    fn note_ports(&mut self, now_ms: i64) {
        self.quiet_since =
            if self.pages.is_empty() && self.panels.is_empty() { self.quiet_since.or(Some(now_ms)) } else { None };
    }

    fn close_after_ms(&self) -> i64 {
        let sending = self.desktops().any(|(_, desktop)| desktop.is_sending());
        if sending { CLOSE_AFTER_SENDING_MS } else { CLOSE_AFTER_MS }
    }

    /// Toolbar badge: how many unread conversations wait, over all accounts (N8).
    fn show_badge(&mut self) {
        let n_waiting: u32 = self.desktops().map(|(_, desktop)| desktop.desk.n_waiting()).sum();
        let text = match n_waiting {
            0 => String::new(),
            1..=999 => n_waiting.to_string(),
            _ => String::from("999+"),
        };
        if text != self.badge {
            self.badge.clone_from(&text);
            self.effects.push(Effect::Worker(ToWorker::Badge { text }));
        }
    }
}
