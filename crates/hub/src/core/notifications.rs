//! Desktop notifications, where the agent sees no Gmail page of his (N5), and the way back from one to tab and conversation.

use protocol::worker::{AccountKey, HubToPage, ToWorker};

use crate::core::{Core, Effect};

/// Of more conversations at once one notification tells.
const MOST: usize = 3;
/// After a restart of the hub its pages come back within so long; only then is another one opened.
const PAGES_BACK_MS: i64 = 2_000;
/// A page that takes longer to come up is not what was asked for any more.
const SOUGHT_MS: i64 = 60_000;
/// Between the parts of a notification's id; in neither of them.
const BETWEEN: char = ' ';

/// What the agent clicked on, until a page of his can show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sought {
    account: AccountKey,
    conversation_id: Option<String>,
    /// When a page is opened for it, if none has come.
    open_at: Option<i64>,
    until: i64,
}

impl Sought {
    /// When [`Core::seek`] is due.
    pub(crate) fn deadline(&self) -> i64 {
        self.open_at.unwrap_or(self.until)
    }
}

/// A notification's id; without a conversation it is that of many.
fn id_of(key: &AccountKey, conversation_id: Option<&str>) -> String {
    format!("{}{BETWEEN}{}", conversation_id.unwrap_or_default(), key.0)
}

fn parts_of(id: &str) -> Option<(AccountKey, Option<String>)> {
    let (conversation_id, account) = id.split_once(BETWEEN)?;
    let conversation_id = (!conversation_id.is_empty()).then(|| conversation_id.to_owned());
    Some((AccountKey(account.to_owned()), conversation_id))
}

impl Core {
    /// Shows a notification of each of these conversations, or one of all of them.
    pub(crate) fn notify(&mut self, key: &AccountKey, conversation_ids: &[String]) {
        let Some(desktop) = self.accounts.as_mut().and_then(|accounts| accounts.get_mut(key)) else {
            return;
        };
        let conversations = conversation_ids.iter().filter_map(|id| desktop.desk.conversation(id));
        let conversations: Vec<_> = conversations.cloned().collect();
        if conversations.len() > MOST {
            let names: Vec<_> = conversations.iter().map(|it| it.contact.name.as_str()).collect();
            self.effects.push(Effect::Worker(ToWorker::Notify {
                id: id_of(key, None),
                title: format!("{} conversations wait for you", conversations.len()),
                text: names.join(", "),
                context: desktop.account.name.clone(),
            }));
            desktop.has_summary = true;
            return;
        }
        for conversation in conversations {
            desktop.popups.notified(&conversation.id);
            let channel = desktop.desk.channel(&conversation.channel_id);
            self.effects.push(Effect::Worker(ToWorker::Notify {
                id: id_of(key, Some(&conversation.id)),
                title: conversation.contact.name.clone(),
                text: conversation.preview.text.clone(),
                context: channel.map_or_else(String::new, |channel| channel.name.clone()),
            }));
        }
    }

    /// Takes the account's notifications away: the agent sees a page again.
    pub(crate) fn clear_notifications(&mut self, key: &AccountKey) {
        let Some(desktop) = self.desktop(key) else {
            return;
        };
        let notified = desktop.popups.take_notified();
        if std::mem::take(&mut desktop.has_summary) {
            self.clear_notification(key, None);
        }
        for conversation_id in notified {
            self.clear_notification(key, Some(&conversation_id));
        }
    }

    pub(crate) fn clear_notification(&mut self, key: &AccountKey, conversation_id: Option<&str>) {
        self.effects.push(Effect::Worker(ToWorker::ClearNotification { id: id_of(key, conversation_id) }));
    }

    /// The agent closed a notification: he has seen it.
    pub(crate) fn notification_closed(&mut self, id: &str) {
        if let Some((key, conversation_id)) = parts_of(id) {
            self.seen(&key, conversation_id.as_deref());
        }
    }

    /// The agent clicked a notification: he is led to the right tab, and there to the conversation.
    pub(crate) fn notification_clicked(&mut self, id: &str, now_ms: i64) {
        let Some((account, conversation_id)) = parts_of(id) else {
            return;
        };
        self.clear_notification(&account, conversation_id.as_deref());
        let (open_at, until) = (Some(now_ms.saturating_add(PAGES_BACK_MS)), now_ms.saturating_add(SOUGHT_MS));
        self.sought = Some(Sought { account, conversation_id, open_at, until });
        self.seek(now_ms);
    }

    /// Shows what the agent clicked on in the page of his that he looked at last, or opens one.
    pub(crate) fn seek(&mut self, now_ms: i64) {
        let Some(sought) = &self.sought else {
            return;
        };
        let page = self.pages_of(&sought.account).max_by_key(|(_, page)| (page.is_visible, page.looked_at));
        if let Some((port, page)) = page {
            let show = page.tab_id.map(|tab_id| Effect::Worker(ToWorker::ShowTab { tab_id }));
            let message =
                HubToPage::Open { account: sought.account.clone(), conversation_id: sought.conversation_id.clone() };
            self.effects.extend(show);
            self.effects.push(Effect::ToPage { port, message });
            self.sought = None;
            return;
        }
        let address = self.accounts.as_ref().and_then(|accounts| accounts.get(&sought.account));
        let address = address.map(|desktop| desktop.account.email.clone());
        let Some(sought) = &mut self.sought else {
            return;
        };
        if sought.until <= now_ms {
            self.sought = None;
        } else if sought.open_at.is_some_and(|at| at <= now_ms) {
            sought.open_at = None;
            self.effects.extend(address.map(|address| Effect::Worker(ToWorker::OpenGmail { address })));
        }
    }
}
