//! Pop-ups and sound: who gets which, when they come again and when they go away (N3 to N6).

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use desk::Desk;
use protocol::frame::Event;
use protocol::view::{Availability, ConversationView};
use protocol::worker::{AccountKey, Accounts, HubToPage};

use crate::core::{Core, Effect, PortId};

/// A tab that was hidden, or still loading, shows pop-ups that are not older than this.
const FRESH_MS: i64 = 60_000;
/// How many events are remembered.
const N_NOTED: usize = 1_000;
/// Two accounts that wake up together make one sound, and so do two whose repeated alerts fall together.
const SOUND_APART_MS: i64 = 5_000;
/// How often what nobody has seen is repeated, for those who want that.
const REPEAT_MS: i64 = 60_000;

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

/// When an alert comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// With its event.
    Now,
    /// For all that was missed, once it is caught up.
    CaughtUp,
}

/// What the agent wants to hear and see (N6).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wants {
    sound: bool,
    popups: bool,
    repeat: bool,
}

impl Wants {
    /// As he set it; before his settings are known, as they are by default.
    fn of(desk: &Desk) -> Self {
        desk.settings().map_or(Self { sound: true, popups: true, repeat: false }, |settings| Self {
            sound: settings.sound_notifications,
            popups: settings.popup_notifications,
            repeat: settings.repeat_until_seen,
        })
    }
}

/// What was heard and seen already: one sound and one notification per event, however many accounts see it (N6).
#[derive(Debug, Default)]
pub(crate) struct Ears {
    sounded: Noted,
    notified: Noted,
    /// When there was a sound last.
    sound_at: Option<i64>,
}

impl Ears {
    /// Whether a sound that is of no one event, or of many, would only repeat another.
    fn just_sounded(&self, now_ms: i64) -> bool {
        self.sound_at.is_some_and(|at| (0..SOUND_APART_MS).contains(&now_ms.saturating_sub(at)))
    }
}

/// The last so many events of which something was done.
#[derive(Debug, Default)]
struct Noted {
    set: HashSet<String>,
    order: VecDeque<String>,
}

impl Noted {
    /// Notes an event; whether it is a new one.
    fn note(&mut self, event: &str) -> bool {
        if !self.set.insert(event.to_owned()) {
            return false;
        }
        self.order.push_back(event.to_owned());
        if self.order.len() > N_NOTED
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
    /// Whether a desktop notification stands for it.
    is_notified: bool,
}

impl Popups {
    /// Takes out those whose conversation was read, taken, handed on, finished or lost; says of each whether it has a notification.
    fn take_stale(&mut self, desk: &Desk) -> Vec<(String, bool)> {
        let stands = |id: &String, popup: &Popup| {
            desk.conversation(id)
                .is_some_and(|it| it.closed_at.is_none() && it.fence == popup.fence && desk.unread(it) > 0)
        };
        self.take(|id, popup| !stands(id, popup))
    }

    /// Takes out all that `goes`.
    fn take(&mut self, goes: impl Fn(&String, &Popup) -> bool) -> Vec<(String, bool)> {
        let gone = self.0.iter().filter(|(id, popup)| goes(id, popup));
        let gone: Vec<_> = gone.map(|(id, popup)| (id.clone(), popup.is_notified)).collect();
        for (id, _) in &gone {
            self.0.remove(id);
        }
        gone
    }

    /// The conversations whose desktop notifications stand; from now on they do not.
    pub(crate) fn take_notified(&mut self) -> Vec<String> {
        let notified = self.0.iter_mut().filter_map(|(id, popup)| std::mem::take(&mut popup.is_notified).then_some(id));
        notified.cloned().collect()
    }

    /// A desktop notification stands for this conversation.
    pub(crate) fn notified(&mut self, conversation_id: &str) {
        if let Some(popup) = self.0.get_mut(conversation_id) {
            popup.is_notified = true;
        }
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
    /// Alerts the agent: one sound for all of `alerts`, and each conversation's pop-up, or a desktop notification where he sees no page.
    ///
    /// What was dealt with in the meantime, on another machine or by another agent, alerts nobody any more.
    pub(crate) fn alert(&mut self, key: &AccountKey, alerts: &[Alert], when: When, now_ms: i64) {
        let (has_ears, sees) = (self.has_ears(key), self.sees(key));
        let Some(desktop) = self.accounts.as_mut().and_then(|accounts| accounts.get_mut(key)) else {
            return;
        };
        let wants = Wants::of(&desktop.desk);
        let (mut sounds, mut notifies) = (false, Vec::new());
        for Alert { event, conversation_id } in alerts {
            let Some(conversation) = desktop.desk.conversation(conversation_id) else {
                continue;
            };
            let is_others = conversation.assignee_id.is_some() && !desktop.desk.is_mine(conversation);
            if conversation.closed_at.is_some() || is_others || desktop.desk.unread(conversation) == 0 {
                continue;
            }
            sounds |= has_ears && wants.sound && self.ears.sounded.note(event);
            let popup = Popup { at: now_ms, fence: conversation.fence, seen_on: BTreeSet::new(), is_notified: false };
            let before = desktop.popups.0.insert(conversation_id.clone(), popup);
            if before.is_some_and(|before| before.is_notified) {
                desktop.popups.notified(conversation_id);
            }
            if has_ears && !sees && wants.popups && self.ears.notified.note(event) {
                notifies.retain(|id| id != conversation_id);
                notifies.push(conversation_id.clone());
            }
            desktop.repeat_at = wants.repeat.then(|| now_ms.saturating_add(REPEAT_MS));
        }
        if sounds && (when == When::Now || !self.ears.just_sounded(now_ms)) {
            self.sound(now_ms);
        }
        let ports: Vec<_> = self.pages_of(key).map(|(port, _)| port).collect();
        for port in ports {
            self.show_popups(port, now_ms);
        }
        self.notify(key, &notifies);
    }

    /// Alerts again of what nobody has seen, if it is time and the agent wants that.
    pub(crate) fn repeat(&mut self, key: &AccountKey, now_ms: i64) {
        let (has_ears, sees) = (self.has_ears(key), self.sees(key));
        let Some(desktop) = self.desktop(key).filter(|desktop| desktop.repeat_at.is_some_and(|at| at <= now_ms)) else {
            return;
        };
        let wants = Wants::of(&desktop.desk);
        let is_online = desktop.desk.availability() == Availability::Online;
        let unseen: Vec<String> = desktop.popups.0.keys().cloned().collect();
        if unseen.is_empty() || !wants.repeat || !is_online || !has_ears {
            desktop.repeat_at = None;
            return;
        }
        desktop.repeat_at = Some(now_ms.saturating_add(REPEAT_MS));
        if wants.sound && !self.ears.just_sounded(now_ms) {
            self.sound(now_ms);
        }
        if wants.popups && !sees {
            self.notify(key, &unseen);
        }
    }

    fn sound(&mut self, now_ms: i64) {
        self.ears.sound_at = Some(now_ms);
        self.effects.push(Effect::Sound);
    }

    /// Whether anybody of this account could hear a sound: a Gmail page of his is open, or his panel in a window of its own.
    fn has_ears(&self, key: &AccountKey) -> bool {
        self.pages_of(key).next().is_some() || self.has_own_panel(key, false)
    }

    /// Whether he can see a Gmail page of his, or his panel in a window of its own.
    fn sees(&self, key: &AccountKey) -> bool {
        self.pages_of(key).any(|(_, page)| page.is_visible) || self.has_own_panel(key, true)
    }

    /// The agent has seen a conversation's alert, or all of them, without opening it.
    pub(crate) fn seen(&mut self, key: &AccountKey, conversation_id: Option<&str>) {
        let Some(desktop) = self.desktop(key) else {
            return;
        };
        let gone = desktop.popups.take(|id, _| conversation_id.is_none_or(|seen| seen == id));
        self.dismiss(key, gone);
    }

    /// Shows a page the fresh pop-ups that it has not had yet, if its agent looks at it and its panel is closed (N5).
    pub(crate) fn show_popups(&mut self, port: PortId, now_ms: i64) {
        let Some(page) = self.pages.get(&port).filter(|page| page.is_visible || page.is_panel_open) else {
            return;
        };
        let (keys, is_visible, is_panel_open) = (page.accounts.clone(), page.is_visible, page.is_panel_open);
        for key in &keys {
            let Some(desktop) = self.accounts.as_mut().and_then(|accounts| accounts.get_mut(key)) else {
                continue;
            };
            let wants = Wants::of(&desktop.desk);
            for (id, popup) in &mut desktop.popups.0 {
                let is_fresh = now_ms.saturating_sub(popup.at) < FRESH_MS;
                if !popup.seen_on.insert(port) || is_panel_open || !is_fresh || !wants.popups {
                    continue;
                }
                if let Some(conversation) = desktop.desk.conversation(id) {
                    self.effects.push(Effect::ToPage { port, message: popup_of(key, conversation, &desktop.desk) });
                }
            }
            if is_visible {
                self.clear_notifications(key);
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
                let all = desktop.popups.take(|_, _| true);
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

    fn dismiss(&mut self, key: &AccountKey, gone: Vec<(String, bool)>) {
        let ports: Vec<_> = self.pages_of(key).map(|(port, _)| port).collect();
        for (conversation_id, is_notified) in gone {
            if is_notified {
                self.clear_notification(key, Some(&conversation_id));
            }
            for &port in &ports {
                let message = HubToPage::Dismiss { conversation_id: conversation_id.clone() };
                self.effects.push(Effect::ToPage { port, message });
            }
        }
    }
}
