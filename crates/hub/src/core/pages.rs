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
    /// All accounts of that address, one at each of some relays; it counts as a page of each (P4).
    pub(crate) accounts: Vec<AccountKey>,
    /// The one of them that its panel shows.
    pub(crate) account: Option<AccountKey>,
    /// The tab that it stands in.
    pub(crate) tab_id: Option<i32>,
    /// When it was last seen to be visible.
    pub(crate) looked_at: i64,
    /// What its launcher says.
    told: Option<(u32, Option<Availability>)>,
}

impl Page {
    fn is_seen(&mut self, visible: bool, panel_open: bool, now_ms: i64) {
        if self.is_visible || visible {
            self.looked_at = now_ms;
        }
        (self.is_visible, self.is_panel_open) = (visible, panel_open);
    }

    /// Keeps showing the account that it shows, if it still may; else the one that was chosen last, or the first.
    fn turn_to(&mut self, chosen: &Option<AccountKey>) {
        let may = |key: &&AccountKey| self.accounts.contains(key);
        let next = self.account.as_ref().filter(may).or(chosen.as_ref().filter(may)).or(self.accounts.first());
        self.account = next.cloned();
    }
}

impl Core {
    /// A page's port opened; it is known after its `hello`.
    pub(crate) fn page_opened(&mut self, port: PortId, tab_id: Option<i32>, now_ms: i64) {
        self.pages.insert(port, Page { tab_id, ..Page::default() });
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
                page.is_seen(visible, panel_open, now_ms);
                self.tell_places(port);
                self.join_pages(now_ms);
                self.tell_here();
                self.join_panels(false, now_ms);
                self.seek(now_ms);
            }
            PageToHub::State { visible, panel_open } => {
                page.is_seen(visible, panel_open, now_ms);
                self.show_popups(port, now_ms);
            }
            PageToHub::Dismissed { conversation_id } => {
                for account in page.accounts.clone() {
                    self.seen(&account, Some(&conversation_id));
                }
            }
        }
        let is_visible = self.pages.get(&port).is_some_and(|page| page.is_visible);
        if is_visible && !was_visible {
            self.wake(now_ms);
        }
    }

    /// Finds the accounts of each page: those whose address it shows (P4), or the only one if it shows none.
    pub(crate) fn join_pages(&mut self, now_ms: i64) {
        let Some(accounts) = &self.accounts else {
            return;
        };
        let mut moved = Vec::new();
        for (port, page) in &mut self.pages {
            if page.page_id.is_empty() {
                continue;
            }
            let found: Vec<AccountKey> = match page.address.as_deref().map(str::trim) {
                Some(address) => {
                    let same = accounts.iter().filter(|(_, desktop)| is_same_address(&desktop.account.email, address));
                    same.map(|(key, _)| key.clone()).collect()
                }
                None if accounts.len() == 1 => accounts.keys().cloned().collect(),
                None => Vec::new(),
            };
            if page.accounts != found || page.told.is_none() {
                let left = std::mem::replace(&mut page.accounts, found);
                page.turn_to(&self.chosen);
                page.told = None;
                let left: Vec<_> = left.into_iter().filter(|key| !page.accounts.contains(key)).collect();
                moved.push((*port, left));
            }
        }
        for (port, left) in moved {
            for left in left {
                self.dismiss_at(port, &left);
            }
            self.tell_waiting(port);
            self.show_popups(port, now_ms);
        }
    }

    /// The agent turns to another account of an address; pages that are opened later begin with it.
    pub(crate) fn choose(&mut self, page_id: &str, account: &AccountKey, now_ms: i64) {
        let page = self.pages.values_mut().find(|page| page.page_id == page_id && page.accounts.contains(account));
        let Some(page) = page else {
            return;
        };
        page.account = Some(account.clone());
        page.told = None;
        self.chosen = Some(account.clone());
        self.join_panels(false, now_ms);
        self.join_pages(now_ms);
    }

    pub(crate) fn pages_of(&self, key: &AccountKey) -> impl Iterator<Item = (PortId, &Page)> {
        self.pages.iter().filter(move |(_, page)| page.accounts.contains(key)).map(|(port, page)| (*port, page))
    }

    /// Tells a page how many unread conversations wait, and whether the agent is Online, if that is news (N8).
    pub(crate) fn tell_waiting(&mut self, port: PortId) {
        let Some(page) = self.pages.get_mut(&port) else {
            return;
        };
        let of = |key: &AccountKey| self.accounts.as_ref()?.get(key);
        let n_waiting = page.accounts.iter().filter_map(of).map(|desktop| desktop.desk.n_waiting()).sum();
        let waiting = match page.account.as_ref().and_then(of) {
            Some(desktop) if desktop.desk.me().is_some() => (n_waiting, Some(desktop.desk.availability())),
            // Not known yet: the first snapshots tell.
            Some(desktop) if !desktop.is_signed_out => return,
            Some(_) | None => (n_waiting, None),
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
