//! Panels: each belongs to the page that it stands in.

use protocol::error::{ErrorCode, ErrorDetails, WireError};
use protocol::worker::{AccountKey, Answered, HubToPanel, OutboxState, PanelToHub, Request};

use crate::core::{Core, Effect, PortId, Purpose, calls};

/// An offset that differs by less is not worth telling.
const OFFSET_STEP_MS: i64 = 250;

/// A panel.
#[derive(Debug, Default)]
pub(crate) struct Panel {
    page_id: Option<String>,
    /// Its page's account, once the page is known.
    account: Option<AccountKey>,
    is_joined: bool,
    /// What it said before it was joined.
    waiting: Vec<PanelToHub>,
}

impl Core {
    /// A panel's port opened.
    pub(crate) fn panel_opened(&mut self, port: PortId, now_ms: i64) {
        self.panels.insert(port, Panel::default());
        self.note_ports(now_ms);
    }

    /// A panel's port closed.
    pub(crate) fn panel_closed(&mut self, port: PortId, now_ms: i64) {
        self.panels.remove(&port);
        self.note_ports(now_ms);
    }

    /// A panel spoke.
    pub(crate) fn panel_says(&mut self, port: PortId, message: PanelToHub, now_ms: i64) {
        let Some(panel) = self.panels.get_mut(&port) else {
            return;
        };
        match message {
            PanelToHub::Hello { page_id } => {
                panel.page_id = Some(page_id);
                panel.is_joined = false;
                self.join_panels(false, now_ms);
            }
            message if panel.is_joined => self.panel_asks(port, message, now_ms),
            // Later it would not be true any more.
            PanelToHub::Typing { .. } => {}
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
            // Nothing of another account is shown to it, so there is nothing to answer, to try again or to take out. It has said hello.
            PanelToHub::Typing { .. }
            | PanelToHub::Retry { .. }
            | PanelToHub::Discard { .. }
            | PanelToHub::Hello { .. } => {}
        }
    }

    /// Whether a panel stands in a page of this account, which is signed in.
    pub(super) fn is_panel_of(&self, port: PortId, account: &AccountKey) -> bool {
        self.panels.get(&port).is_some_and(|panel| panel.account.as_ref() == Some(account))
    }

    /// Joins panels to their pages' accounts and fills those that are new, moved, or all of them; then does what they wanted before.
    pub(crate) fn join_panels(&mut self, all: bool, now_ms: i64) {
        if self.accounts.is_none() {
            return;
        }
        let mut moved = Vec::new();
        for (port, panel) in &mut self.panels {
            // A page that connects anew may be heard before its old port's end.
            let mut pages = self.pages.values().rev();
            let Some(page) = pages.find(|page| Some(&page.page_id) == panel.page_id.as_ref()) else {
                continue;
            };
            if all || !panel.is_joined || panel.account != page.account {
                panel.account.clone_from(&page.account);
                panel.is_joined = true;
                moved.push((*port, page.address.clone(), std::mem::take(&mut panel.waiting)));
            }
        }
        for (port, address, waiting) in moved {
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
        let n_accounts = u32::try_from(accounts.len()).unwrap_or(u32::MAX);
        let mut messages = vec![HubToPanel::Account { account, address, n_accounts }];
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
        let address_of = |page_id: Option<&String>| {
            let page = self.pages.values().find(|page| Some(&page.page_id) == page_id);
            page.and_then(|page| page.address.clone())
        };
        let panels =
            self.panels.iter().filter(|(port, panel)| panel.account.as_ref() == Some(key) && Some(**port) != except);
        let panels: Vec<_> = panels.map(|(port, panel)| (*port, address_of(panel.page_id.as_ref()))).collect();
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

fn signed_out() -> WireError {
    WireError {
        code: ErrorCode::Unauthorized,
        message: String::from("the account is not signed in, or the page is another's"),
        details: ErrorDetails::default(),
        request_id: String::new(),
    }
}
