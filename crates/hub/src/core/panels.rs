//! Panels: each belongs to the page that it stands in, or to the account that it names in a window of its own.

use std::collections::BTreeMap;

use protocol::error::{ErrorCode, ErrorDetails, WireError};
use protocol::worker::{AccountKey, Answered, HubToPage, HubToPanel, OutboxState, PanelToHub, Request};

use crate::core::account::Desktop;
use crate::core::pages::Page;
use crate::core::{Core, Effect, PortId, Purpose, calls};

/// An offset that differs by less is not worth telling.
const OFFSET_STEP_MS: i64 = 250;

/// A panel.
#[derive(Debug, Default)]
pub(crate) struct Panel {
    page_id: Option<String>,
    /// Whose it said that it is, if it stands in a window of its own.
    own: Option<AccountKey>,
    /// Its page's account, once the page is known, or its own.
    account: Option<AccountKey>,
    is_joined: bool,
    /// Whether it stands in a window of its own that is in sight.
    is_shown: bool,
    /// The conversation on its screen, and since when (A8).
    pub(super) viewing: Option<(String, i64)>,
    /// What it said before it was joined.
    waiting: Vec<PanelToHub>,
}

impl Panel {
    /// Whether it is a panel of this account.
    pub(super) fn is_of(&self, account: &AccountKey) -> bool {
        self.account.as_ref() == Some(account)
    }

    /// Whose panel it is now, and the address that its page shows; nothing if that cannot be said yet.
    fn stands_for(
        &self,
        accounts: &BTreeMap<AccountKey, Desktop>,
        pages: &BTreeMap<PortId, Page>,
    ) -> Option<(Option<AccountKey>, Option<String>)> {
        if let Some(own) = &self.own {
            let desktop = accounts.get(own);
            return Some((desktop.map(|_| own.clone()), desktop.map(|desktop| desktop.account.email.clone())));
        }
        // A page that connects anew may be heard before its old port's end.
        let page = pages.values().rev().find(|page| Some(&page.page_id) == self.page_id.as_ref())?;
        Some((page.account.clone(), page.address.clone()))
    }
}

impl Core {
    /// Whether a panel of this account stands in a window of its own; with `in_sight` one that the agent can see.
    pub(crate) fn has_own_panel(&self, key: &AccountKey, in_sight: bool) -> bool {
        self.panels.values().any(|panel| panel.own.as_ref() == Some(key) && (panel.is_shown || !in_sight))
    }

    /// A panel's port opened.
    pub(crate) fn panel_opened(&mut self, port: PortId, now_ms: i64) {
        self.panels.insert(port, Panel::default());
        self.note_ports(now_ms);
    }

    /// A panel's port closed.
    pub(crate) fn panel_closed(&mut self, port: PortId, now_ms: i64) {
        self.abort_uploads(port, None);
        let panel = self.panels.remove(&port).unwrap_or_default();
        if let Some(account) = &panel.account {
            self.tell_viewing(account, now_ms);
        }
        let gone = panel.page_id;
        let page = self.pages.iter().find(|(_, page)| Some(&page.page_id) == gone.as_ref());
        if let Some((&port, _)) = page {
            self.effects.push(Effect::ToPage { port, message: HubToPage::PanelGone });
        }
        self.note_ports(now_ms);
    }

    /// A panel spoke.
    pub(crate) fn panel_says(&mut self, port: PortId, message: PanelToHub, now_ms: i64) {
        let Some(panel) = self.panels.get_mut(&port) else {
            return;
        };
        match message {
            PanelToHub::Hello { page_id, account } => {
                panel.page_id = Some(page_id);
                panel.own = account;
                panel.is_joined = false;
                panel.viewing = None;
                self.join_panels(false, now_ms);
            }
            PanelToHub::Choose { account } => {
                let page_id = panel.page_id.clone().unwrap_or_default();
                self.choose(&page_id, &account, now_ms);
            }
            PanelToHub::Shown { shown } => {
                panel.is_shown = shown && panel.own.is_some();
                if let (true, Some(account)) = (panel.is_shown, panel.own.clone()) {
                    self.clear_notifications(&account);
                }
            }
            message if panel.is_joined => self.panel_asks(port, message, now_ms),
            // Later it would not be true any more.
            PanelToHub::Typing { .. } | PanelToHub::Viewing { .. } => {}
            // It has not begun, and is not to.
            PanelToHub::CancelUpload { account, attachment_id } => panel.waiting.retain(|waits| {
                !matches!(waits, PanelToHub::Upload { account: of, upload } if *of == account && upload.id == attachment_id)
            }),
            // After a hub's end its panels and pages come back in any order, and the accounts after them.
            message => panel.waiting.push(message),
        }
    }

    /// Does what a panel wants, if it is still of the account that it speaks for.
    fn panel_asks(&mut self, port: PortId, message: PanelToHub, now_ms: i64) {
        match message {
            PanelToHub::Call { account, call_id, request } if self.is_panel_of(port, &account) => {
                self.call(port, &account, call_id, request);
            }
            PanelToHub::Send { account, item } if self.is_panel_of(port, &account) => {
                self.send_answer(&account, item, now_ms);
            }
            PanelToHub::Typing { account, conversation_id } if self.is_panel_of(port, &account) => {
                self.typing(&account, conversation_id, now_ms);
            }
            PanelToHub::Viewing { account, conversation_id } if self.is_panel_of(port, &account) => {
                self.views(port, &account, conversation_id, now_ms);
            }
            PanelToHub::Upload { account, upload } if self.is_panel_of(port, &account) => {
                self.upload(port, &account, upload);
            }
            PanelToHub::CancelUpload { account, attachment_id } if self.is_panel_of(port, &account) => {
                self.abort_uploads(port, Some(&attachment_id));
            }
            PanelToHub::Retry { account, message_id } if self.is_panel_of(port, &account) => {
                self.retry_answer(&account, &message_id, now_ms);
            }
            PanelToHub::Discard { account, message_id } if self.is_panel_of(port, &account) => {
                self.discard_answer(port, &account, &message_id);
            }
            PanelToHub::Call { call_id, .. } => {
                let answered = Answered::Refused { error: signed_out() };
                self.tell_panel(port, HubToPanel::Reply { call_id, answered });
            }
            PanelToHub::Send { item, .. } => {
                self.tell_panel(port, HubToPanel::Outbox { item, state: OutboxState::Failed { error: signed_out() } });
            }
            PanelToHub::Upload { upload, .. } => self.refuse_upload(port, upload.id),
            // Nothing of another account is shown to it, so there is nothing to answer, to try again or to take out. It has said hello.
            PanelToHub::Typing { .. }
            | PanelToHub::Viewing { .. }
            | PanelToHub::CancelUpload { .. }
            | PanelToHub::Retry { .. }
            | PanelToHub::Discard { .. }
            | PanelToHub::Choose { .. }
            | PanelToHub::Shown { .. }
            | PanelToHub::Hello { .. } => {}
        }
    }

    /// Whether a panel stands in a page of this account, which is signed in.
    pub(super) fn is_panel_of(&self, port: PortId, account: &AccountKey) -> bool {
        self.panels.get(&port).is_some_and(|panel| panel.account.as_ref() == Some(account))
    }

    /// Joins panels to their pages' accounts and fills those that are new, moved, or all of them; then does what they wanted before.
    pub(crate) fn join_panels(&mut self, all: bool, now_ms: i64) {
        let Some(accounts) = &self.accounts else {
            return;
        };
        let mut moved = Vec::new();
        for (port, panel) in &mut self.panels {
            let Some((account, address)) = panel.stands_for(accounts, &self.pages) else {
                continue;
            };
            if all || !panel.is_joined || panel.account != account {
                let is_others = panel.account != account;
                if is_others {
                    panel.viewing = None;
                }
                panel.account = account;
                panel.is_joined = true;
                moved.push((*port, is_others, address, std::mem::take(&mut panel.waiting)));
            }
        }
        for (port, is_others, address, waiting) in moved {
            if is_others {
                self.abort_uploads(port, None);
            }
            self.fill(port, address);
            for message in waiting {
                self.panel_asks(port, message, now_ms);
            }
        }
    }

    /// Tells a panel everything from the beginning.
    fn fill(&mut self, port: PortId, address: Option<String>) {
        let Some(accounts) = &self.accounts else {
            return;
        };
        let account = self.panels.get(&port).and_then(|panel| panel.account.clone());
        let desktop = account.as_ref().and_then(|key| accounts.get(key));
        let page_id = self.panels.get(&port).and_then(|panel| panel.page_id.as_ref());
        let page = self.pages.values().find(|page| Some(&page.page_id) == page_id);
        let others = page.into_iter().flat_map(|page| &page.accounts).filter(|key| Some(*key) != account.as_ref());
        let others = others.cloned().collect();
        let n_accounts = u32::try_from(accounts.len()).unwrap_or(u32::MAX);
        let mut messages = vec![HubToPanel::Account { account, address, n_accounts, others }];
        if let Some(desktop) = desktop {
            let (state, offset_ms) = desktop.connection();
            messages.push(HubToPanel::Connection { state, offset_ms });
            messages.extend(desktop.desk.snapshots().into_iter().map(|frame| HubToPanel::Frame { frame }));
            messages.extend(desktop.answers().into_iter().map(|(item, state)| HubToPanel::Outbox { item, state }));
        }
        for message in messages {
            self.tell_panel(port, message);
        }
    }

    /// Fills an account's panels anew, all but one.
    pub(crate) fn refill(&mut self, key: &AccountKey, except: Option<PortId>) {
        let Some(accounts) = &self.accounts else {
            return;
        };
        let address_of = |panel: &Panel| panel.stands_for(accounts, &self.pages).and_then(|(_, address)| address);
        let panels =
            self.panels.iter().filter(|(port, panel)| panel.account.as_ref() == Some(key) && Some(**port) != except);
        let panels: Vec<_> = panels.map(|(port, panel)| (*port, address_of(panel))).collect();
        for (port, address) in panels {
            self.fill(port, address);
        }
    }

    pub(crate) fn tell_panel(&mut self, port: PortId, message: HubToPanel) {
        if self.panels.contains_key(&port) {
            self.effects.push(Effect::ToPanels { ports: vec![port], message: Box::new(message) });
        }
    }

    /// Tells all panels of an account.
    pub(crate) fn tell_panels(&mut self, key: &AccountKey, message: HubToPanel) {
        let ports: Vec<_> = self
            .panels
            .iter()
            .filter(|(_, panel)| panel.account.as_ref() == Some(key))
            .map(|(port, _)| *port)
            .collect();
        if !ports.is_empty() {
            self.effects.push(Effect::ToPanels { ports, message: Box::new(message) });
        }
    }

    /// Tells an account's panels how the connection stands, if that is news.
    pub(crate) fn tell_connection(&mut self, key: &AccountKey) {
        let Some(desktop) = self.desktop(key) else {
            return;
        };
        let (state, offset_ms) = desktop.connection();
        let is_known = |told: (_, i64)| told.0 == state && (told.1 - offset_ms).abs() < OFFSET_STEP_MS;
        if desktop.told.is_some_and(is_known) {
            return;
        }
        desktop.told = Some((state, offset_ms));
        self.tell_panels(key, HubToPanel::Connection { state, offset_ms });
    }

    fn call(&mut self, panel: PortId, key: &AccountKey, call_id: u32, request: Request) {
        if self.desktop(key).is_none_or(|desktop| desktop.is_signed_out) {
            let answered = Answered::Refused { error: signed_out() };
            self.tell_panel(panel, HubToPanel::Reply { call_id, answered });
            return;
        }
        let call = calls::http_of(&request);
        self.fetch(key, call, Purpose::Call { panel, call_id, request: Box::new(request) });
    }
}

pub(super) fn signed_out() -> WireError {
    WireError {
        code: ErrorCode::Unauthorized,
        message: String::from("the account is not signed in, or the page is another's"),
        details: ErrorDetails::default(),
        request_id: String::new(),
    }
}
