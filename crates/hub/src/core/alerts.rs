//! Pop-ups and sound: who gets which, and when they go away (N3 to N6).

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use desk::Desk;
use protocol::frame::Event;
use protocol::view::ConversationView;
use protocol::worker::{AccountKey, Accounts, HubToPage};

use crate::core::{Core, Effect, PortId};

/// A tab that was hidden, or still loading, shows pop-ups that are not older than this.
const FRESH_MS: i64 = 60_000;
/// How many events are remembered as having made their sound.
const N_HEARD: usize = 1_000;

/// An event that concerns the agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Alert {
    /// The same for every account that sees the event.
    event: String,
    conversation_id: String,
}

impl Alert {
    /// What an event is to this desk, after the desk took it.
    pub(crate) fn of(event: &Event, desk: &Desk, relay: &str) -> Option<Self> {
        let conversation = event.data.conversation.as_ref().filter(|_| desk.alerts(event))?;
        let event = format!("{relay} {} {} {}", event.topic, event.epoch, event.seq);
        Some(Self { event, conversation_id: conversation.id.clone() })
    }
}

/// The events that have made their sound: one sound per event, however many accounts see it (N6).
#[derive(Debug, Default)]
pub(crate) struct Heard {
    set: HashSet<String>,
    order: VecDeque<String>,
}

impl Heard {
    /// Notes an event; whether it is a new one.
    fn note(&mut self, event: &str) -> bool {
        if !self.set.insert(event.to_owned()) {
            return false;
        }
        self.order.push_back(event.to_owned());
        if self.order.len() > N_HEARD
            && let Some(oldest) = self.order.pop_front()
        {
            self.set.remove(&oldest);
        }
        true
    }
}

/// The pop-ups of an account that have not been dealt with.
#[derive(Debug, Default)]
pub(crate) struct Popups(BTreeMap<String, Popup>);

#[derive(Debug)]
struct Popup {
    at: i64,
    /// The claim at that time: when the owner changes, the pop-up has done its work.
    fence: u32,
    /// Pages that showed it, or whose open panel showed the conversation instead.
    seen_on: BTreeSet<PortId>,
}

impl Popups {
    /// Takes out those whose conversation was read, taken, handed on, finished or lost.
    fn take_stale(&mut self, desk: &Desk) -> Vec<String> {
        let stands = |id: &String, popup: &Popup| {
            desk.conversation(id)
                .is_some_and(|it| it.closed_at.is_none() && it.fence == popup.fence && desk.unread(it) > 0)
        };
        let stale: Vec<String> =
            self.0.iter().filter(|(id, popup)| !stands(id, popup)).map(|(id, _)| id.clone()).collect();
        for id in &stale {
            self.0.remove(id);
        }
        stale
    }
}

fn popup_of(account: &AccountKey, conversation: &ConversationView, desk: &Desk) -> HubToPage {
    HubToPage::Popup {
        account: account.clone(),
        conversation_id: conversation.id.clone(),
        who: conversation.contact.name.clone(),
        channel: desk.channel(&conversation.channel_id).map_or_else(String::new, |channel| channel.name.clone()),
        text: conversation.preview.text.clone(),
    }
}

impl Core {
    /// Alerts the agent: one sound for all of `alerts`, if a Gmail page of his is open, and each conversation's pop-up.
    ///
    /// What was dealt with in the meantime, on another machine or by another agent, alerts nobody any more.
    pub(crate) fn alert(&mut self, key: &AccountKey, alerts: &[Alert], now_ms: i64) {
        let Some(desktop) = self.accounts.as_mut().and_then(|accounts| accounts.get_mut(key)) else {
            return;
        };
        let is_looked_at = self.pages.values().any(|page| page.account.as_ref() == Some(key));
        let mut has_sound = false;
        for alert in alerts {
            let Some(conversation) = desktop.desk.conversation(&alert.conversation_id) else {
                continue;
            };
            let is_others = conversation.assignee_id.is_some() && !desktop.desk.is_mine(conversation);
            if conversation.closed_at.is_some() || is_others || desktop.desk.unread(conversation) == 0 {
                continue;
            }
            has_sound |= is_looked_at && self.heard.note(&alert.event);
            let popup = Popup { at: now_ms, fence: conversation.fence, seen_on: BTreeSet::new() };
            desktop.popups.0.insert(alert.conversation_id.clone(), popup);
        }
        if has_sound {
            self.effects.push(Effect::Sound);
        }
        let ports: Vec<_> = self.pages_of(key).map(|(port, _)| port).collect();
        for port in ports {
            self.show_popups(port, now_ms);
        }
    }

    /// Shows a page the fresh pop-ups that it has not had yet, if its agent looks at it and its panel is closed (N5).
    pub(crate) fn show_popups(&mut self, port: PortId, now_ms: i64) {
        let Some(page) = self.pages.get(&port) else {
            return;
        };
        let Some(key) = &page.account else { return };
        let Some(desktop) = self.accounts.as_mut().and_then(|accounts| accounts.get_mut(key)) else {
            return;
        };
        if !page.is_visible && !page.is_panel_open {
            return;
        }
        for (id, popup) in &mut desktop.popups.0 {
            let is_fresh = now_ms.saturating_sub(popup.at) < FRESH_MS;
            if !popup.seen_on.insert(port) || page.is_panel_open || !is_fresh {
                continue;
            }
            if let Some(conversation) = desktop.desk.conversation(id) {
                self.effects.push(Effect::ToPage { port, message: popup_of(key, conversation, &desktop.desk) });
            }
        }
    }

    /// Takes away the pop-ups that have been dealt with.
    pub(crate) fn dismiss_stale(&mut self, key: &AccountKey) {
        let Some(desktop) = self.desktop(key) else {
            return;
        };
        let stale = desktop.popups.take_stale(&desktop.desk);
        self.dismiss(key, stale);
    }

    /// Takes away the pop-ups of accounts that are gone or get another token.
    pub(crate) fn dismiss_of_changed(&mut self, accounts: &Accounts) {
        self.each_account(|core, key| {
            let Some(desktop) = core.desktop(key) else {
                return;
            };
            if accounts.get(key) != Some(&desktop.account) {
                let all = std::mem::take(&mut desktop.popups).0.into_keys().collect();
                core.dismiss(key, all);
            }
        });
    }

    /// Takes an account's pop-ups away from a page that is not its page any more.
    pub(crate) fn dismiss_at(&mut self, port: PortId, key: &AccountKey) {
        let Some(desktop) = self.accounts.as_mut().and_then(|accounts| accounts.get_mut(key)) else {
            return;
        };
        for (conversation_id, popup) in &mut desktop.popups.0 {
            if popup.seen_on.remove(&port) {
                let message = HubToPage::Dismiss { conversation_id: conversation_id.clone() };
                self.effects.push(Effect::ToPage { port, message });
            }
        }
    }

    fn dismiss(&mut self, key: &AccountKey, conversation_ids: Vec<String>) {
        let ports: Vec<_> = self.pages_of(key).map(|(port, _)| port).collect();
        for conversation_id in conversation_ids {
            for &port in &ports {
                let message = HubToPage::Dismiss { conversation_id: conversation_id.clone() };
                self.effects.push(Effect::ToPage { port, message });
            }
        }
    }
}
