//! The tabs' lists, always in order (L1, L2).

use std::cmp::Ordering;
use std::rc::Rc;

use domain::order::{self, Tab};
use domain::time::Timestamp;
use protocol::view::ConversationView;

use crate::Desk;

/// The set that the tabs work on (L5): all, a project's, or a channel's conversations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Only this project's.
    pub project_id: Option<String>,
    /// Only this channel's.
    pub channel_id: Option<String>,
}

impl Filter {
    /// Whether a conversation belongs to the set.
    #[must_use]
    pub fn takes(&self, conversation: &ConversationView) -> bool {
        self.project_id.as_ref().is_none_or(|id| *id == conversation.project_id)
            && self.channel_id.as_ref().is_none_or(|id| *id == conversation.channel_id)
    }
}

/// How many open conversations stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Open, nobody has them.
    pub n_new: usize,
    /// Open, somebody has them.
    pub n_worked_on: usize,
    /// Open, the agent himself has them.
    pub n_my: usize,
}

impl Desk {
    /// A tab's conversations, in its order.
    #[must_use]
    pub fn list(&self, tab: Tab, filter: &Filter) -> Vec<Rc<ConversationView>> {
        let list = match tab {
            Tab::Open => &self.lists.open,
            Tab::My => &self.lists.my,
            Tab::Finished => &self.lists.finished,
        };
        list.iter().filter(|conversation| filter.takes(conversation)).cloned().collect()
    }

    /// How many open conversations stand where.
    #[must_use]
    pub fn counts(&self, filter: &Filter) -> Counts {
        let open = || self.lists.open.iter().filter(|conversation| filter.takes(conversation));
        let n_new = open().filter(|conversation| conversation.assignee_id.is_none()).count();
        let n_my = self.lists.my.iter().filter(|conversation| filter.takes(conversation)).count();
        Counts { n_new, n_worked_on: open().count() - n_new, n_my }
    }
}

/// The three lists, each sorted by `domain`'s order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    owner: Option<String>,
    pub(crate) open: Vec<Rc<ConversationView>>,
    my: Vec<Rc<ConversationView>>,
    finished: Vec<Rc<ConversationView>>,
}

impl Lists {
    /// Sets whose "My" it is.
    pub(crate) fn set_owner<'a>(&mut self, agent_id: &str, all: impl Iterator<Item = &'a Rc<ConversationView>>) {
        if self.owner.as_deref() == Some(agent_id) {
            return;
        }
        self.owner = Some(agent_id.to_owned());
        self.my.clear();
        for conversation in all {
            if self.is_in_my(conversation) {
                insert(&mut self.my, conversation.clone(), by_my);
            }
        }
    }

    pub(crate) fn insert(&mut self, conversation: Rc<ConversationView>) {
        if conversation.closed_at.is_some() {
            insert(&mut self.finished, conversation, by_finish);
            return;
        }
        if self.is_in_my(&conversation) {
            insert(&mut self.my, conversation.clone(), by_my);
        }
        insert(&mut self.open, conversation, by_open);
    }

    pub(crate) fn remove(&mut self, conversation: &ConversationView) {
        if conversation.closed_at.is_some() {
            remove(&mut self.finished, conversation, by_finish);
            return;
        }
        if self.is_in_my(conversation) {
            remove(&mut self.my, conversation, by_my);
        }
        remove(&mut self.open, conversation, by_open);
    }

    pub(crate) fn retain(&mut self, stays: impl Fn(&ConversationView) -> bool) {
        for list in [&mut self.open, &mut self.my, &mut self.finished] {
            list.retain(|conversation| stays(conversation));
        }
    }

    pub(crate) fn take_finished(&mut self) -> Vec<Rc<ConversationView>> {
        std::mem::take(&mut self.finished)
    }

    fn is_in_my(&self, conversation: &ConversationView) -> bool {
        conversation.closed_at.is_none() && conversation.assignee_id.is_some() && conversation.assignee_id == self.owner
    }
}

type Order = fn(&ConversationView, &ConversationView) -> Ordering;

fn by_open(a: &ConversationView, b: &ConversationView) -> Ordering {
    let key = |it: &ConversationView| (it.assignee_id.is_some(), Timestamp::from_ms(it.last_message_at));
    let ((a_taken, a_at), (b_taken, b_at)) = (key(a), key(b));
    order::open(a_taken, a_at, &a.id).cmp(&order::open(b_taken, b_at, &b.id))
}

fn by_my(a: &ConversationView, b: &ConversationView) -> Ordering {
    let at = |it: &ConversationView| Timestamp::from_ms(it.last_message_at);
    order::my(at(a), &a.id).cmp(&order::my(at(b), &b.id))
}

fn by_finish(a: &ConversationView, b: &ConversationView) -> Ordering {
    let at = |it: &ConversationView| Timestamp::from_ms(it.closed_at.unwrap_or_default());
    order::finished(at(a), &a.id).cmp(&order::finished(at(b), &b.id))
}

fn insert(list: &mut Vec<Rc<ConversationView>>, conversation: Rc<ConversationView>, order: Order) {
    match list.binary_search_by(|it| order(it, &conversation)) {
        Ok(at) => list[at] = conversation,
        Err(at) => list.insert(at, conversation),
    }
}

fn remove(list: &mut Vec<Rc<ConversationView>>, conversation: &ConversationView, order: Order) {
    if let Ok(at) = list.binary_search_by(|it| order(it, conversation)) {
        list.remove(at);
    }
}
