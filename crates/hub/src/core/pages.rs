//! Gmail pages: whose they are, and what their launcher says.

use protocol::view::Availability;
use protocol::worker::{AccountKey, HubToPage, PageToHub};

use crate::core::{Core, Effect, PortId};

/// A Gmail page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) page_id: String,
    pub(crate) address: Option<String>,
    pub(crate) is_visible: bool,
    pub(crate) is_panel_open: bool,
    pub(crate) account: Option<AccountKey>,
    /// What its launcher says.
    told: Option<(u32, Option<Availability>)>,
}

impl Core {
    /// A page's port opened; it is known after its `hello`.
    pub(crate) fn page_opened(&mut self, port: PortId, now_ms: i64) {
        self.pages.insert(port, Page::default());
        self.note_ports(now_ms);
    }

    /// A page's port closed.
    pub(crate) fn page_closed(&mut self, port: PortId, now_ms: i64) {
        self.pages.remove(&port);
        self.tell_here();
        self.note_ports(now_ms);
    }

    /// A page spoke.
    pub(crate) fn page_says(&mut self, port: PortId, message: PageToHub, now_ms: i64) {
        let Some(page) = self.pages.get_mut(&port) else {
            return;
        };
        let was_visible = page.is_visible;
        match message {
            PageToHub::Hello { page_id, address, visible, panel_open } => {
                page.page_id = page_id;
                page.address = address;
                (page.is_visible, page.is_panel_open) = (visible, panel_open);
                self.join_pages(now_ms);
                self.tell_here();
                self.join_panels(false, now_ms);
            }
            PageToHub::State { visible, panel_open } => {
                (page.is_visible, page.is_panel_open) = (visible, panel_open);
                self.show_popups(port, now_ms);
            }
        }
        let is_visible = self.pages.get(&port).is_some_and(|page| page.is_visible);
        if is_visible && !was_visible {
            self.wake(now_ms);
        }
    }

    /// Finds the account of each page: the one whose address it shows (P4), or the only one if it shows none.
    pub(crate) fn join_pages(&mut self, now_ms: i64) {
        let Some(accounts) = &self.accounts else {
            return;
        };
        let mut moved = Vec::new();
        for (port, page) in &mut self.pages {
            if page.page_id.is_empty() {
                continue;
            }
            let account = match page.address.as_deref().map(str::trim) {
                Some(address) => accounts
                    .iter()
                    .find(|(_, desktop)| is_same_address(&desktop.account.email, address))
                    .map(|(key, _)| key),
                None if accounts.len() == 1 => accounts.keys().next(),
                None => None,
            };
            if page.account.as_ref() != account || page.told.is_none() {
                let left = std::mem::replace(&mut page.account, account.cloned()).filter(|left| Some(left) != account);
                page.told = None;
                moved.push((*port, left));
            }
        }
        for (port, left) in moved {
            if let Some(left) = left {
                self.dismiss_at(port, &left);
            }
            self.tell_waiting(port);
            self.show_popups(port, now_ms);
        }
    }

    pub(crate) fn pages_of(&self, key: &AccountKey) -> impl Iterator<Item = (PortId, &Page)> {
        self.pages.iter().filter(move |(_, page)| page.account.as_ref() == Some(key)).map(|(port, page)| (*port, page))
    }

    /// Tells a page how many unread conversations wait, and whether the agent is Online, if that is news (N8).
    pub(crate) fn tell_waiting(&mut self, port: PortId) {
        let Some(page) = self.pages.get_mut(&port) else {
            return;
        };
        let desktop = page.account.as_ref().and_then(|key| self.accounts.as_ref()?.get(key));
        let waiting = match desktop {
            Some(desktop) if desktop.desk.me().is_some() => {
                (desktop.desk.n_waiting(), Some(desktop.desk.availability()))
            }
            // Not known yet: the first snapshots tell.
            Some(desktop) if !desktop.is_signed_out => return,
            Some(_) | None => (0, None),
        };
        if page.told != Some(waiting) {
            page.told = Some(waiting);
            let (n_waiting, availability) = waiting;
            self.effects.push(Effect::ToPage { port, message: HubToPage::Waiting { n_waiting, availability } });
        }
    }
}

fn is_same_address(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}
