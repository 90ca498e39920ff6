//! The desk as one agent sees it: a model of the account's topics, kept by frames.
//!
//! Pure: it knows no socket and no clock. The hub keeps one per account and fills new panels from it; each panel keeps its own.
//! Frames must come as a session delivers them: every event once and in order, or a snapshot instead.

mod attention;
mod frames;
mod lists;
mod snapshots;
#[cfg(test)]
mod tests;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use protocol::frame::RelayFrame;
use protocol::view::{
    AgentSettings, AgentView, Availability, ChannelView, ConversationView, OfflineView, ProjectView, Right,
};

use crate::attention::Attention;
use crate::lists::Lists;
pub use crate::lists::{Counts, Filter};

/// The agent whose desk it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// `agt_…`
    pub agent_id: String,
    /// His name.
    pub name: String,
    /// His address.
    pub email: String,
}

#[derive(Clone, Debug)]
struct Project {
    view: ProjectView,
    agents: BTreeMap<String, AgentView>,
}

/// What an agent sees: projects, colleagues, channels, conversations, and what of it is unread.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    me: Option<Owner>,
    availability: Availability,
    offline: Option<OfflineView>,
    settings: Option<AgentSettings>,
    rights: BTreeMap<String, Right>,
    subscriptions: BTreeSet<String>,
    reads: HashMap<String, u32>,
    projects: BTreeMap<String, Project>,
    channels: BTreeMap<String, ChannelView>,
    conversations: HashMap<String, Rc<ConversationView>>,
    lists: Lists,
    /// Counted when asked for the first time after a change.
    attention: OnceCell<Attention>,
}

impl Desk {
    /// Takes a frame; says whether anything is different now.
    pub fn apply(&mut self, frame: &RelayFrame) -> bool {
        let changed = match frame {
            RelayFrame::Event(event) => self.event(event),
            RelayFrame::Snapshot(snapshot) => self.snapshot(snapshot),
            RelayFrame::Left { topic } => self.forget(topic),
            RelayFrame::Welcome { .. }
            | RelayFrame::UpToDate { .. }
            | RelayFrame::Ping { .. }
            | RelayFrame::Goaway { .. }
            | RelayFrame::Error { .. }
            | RelayFrame::Typing { .. }
            | RelayFrame::Viewing { .. }
            | RelayFrame::VisitChanged { .. }
            | RelayFrame::Unknown => false,
        };
        if changed {
            self.attention = OnceCell::new();
        }
        changed
    }

    /// Takes conversations that were fetched: finished ones, or one after a command. Older states than the known ones are passed over.
    pub fn merge_page(&mut self, conversations: Vec<ConversationView>) -> bool {
        let mut changed = false;
        for conversation in conversations {
            changed |= self.upsert(conversation);
        }
        changed
    }

    /// Forgets the finished conversations; they can be fetched again.
    pub fn forget_finished(&mut self) {
        for conversation in self.lists.take_finished() {
            self.conversations.remove(&conversation.id);
        }
    }

    /// Whose desk it is; nothing before the first snapshot.
    #[must_use]
    pub fn me(&self) -> Option<&Owner> {
        self.me.as_ref()
    }

    /// What the agent chose with the button in the top chat menu (P1).
    #[must_use]
    pub fn availability(&self) -> Availability {
        self.availability
    }

    /// Why the agent is Offline, if he is and the relay said so (P10).
    #[must_use]
    pub fn offline(&self) -> Option<&OfflineView> {
        self.offline.as_ref().filter(|_| self.availability == Availability::Offline)
    }

    /// The agent's own times, if the relay said them (P6, A10).
    #[must_use]
    pub fn settings(&self) -> Option<AgentSettings> {
        self.settings
    }

    /// The agent's right in a project.
    #[must_use]
    pub fn right(&self, project_id: &str) -> Option<Right> {
        self.rights.get(project_id).copied()
    }

    /// Whether the agent administers a project (J2).
    #[must_use]
    pub fn administers(&self, project_id: &str) -> bool {
        self.right(project_id).is_some_and(|right| domain::agent::Right::from(right).administers())
    }

    /// Whether the agent wants a channel's counters and alerts (N1).
    #[must_use]
    pub fn is_subscribed(&self, channel_id: &str) -> bool {
        self.subscriptions.contains(channel_id)
    }

    /// Whether a conversation is the agent's own.
    #[must_use]
    pub fn is_mine(&self, conversation: &ConversationView) -> bool {
        self.me.as_ref().is_some_and(|me| conversation.assignee_id.as_deref() == Some(me.agent_id.as_str()))
    }

    /// The projects, by name.
    #[must_use]
    pub fn projects(&self) -> Vec<&ProjectView> {
        by_name(self.projects.values().map(|project| &project.view), |project| (&project.name, &project.id))
    }

    /// The channels of a project that the agent has access to, by name.
    #[must_use]
    pub fn channels(&self, project_id: &str) -> Vec<&ChannelView> {
        let channels = self.channels.values().filter(|channel| channel.project_id == project_id);
        by_name(channels, |channel| (&channel.name, &channel.id))
    }

    /// A channel.
    #[must_use]
    pub fn channel(&self, channel_id: &str) -> Option<&ChannelView> {
        self.channels.get(channel_id)
    }

    /// A project's agents, by name.
    #[must_use]
    pub fn agents(&self, project_id: &str) -> Vec<&AgentView> {
        let agents = self.projects.get(project_id).into_iter().flat_map(|project| project.agents.values());
        by_name(agents, |agent| (&agent.name, &agent.id))
    }

    /// The name of an agent of any of the projects.
    #[must_use]
    pub fn agent_name(&self, agent_id: &str) -> Option<&str> {
        let me = self.me.as_ref().filter(|me| me.agent_id == agent_id).map(|me| me.name.as_str());
        let colleague =
            || self.projects.values().find_map(|project| project.agents.get(agent_id)).map(|agent| agent.name.as_str());
        me.or_else(colleague)
    }

    /// The open conversation of a contact, if it is known: what it says of him is kept up to date.
    #[must_use]
    pub fn open_of(&self, contact_id: &str) -> Option<&Rc<ConversationView>> {
        self.lists.open.iter().find(|conversation| conversation.contact.id == contact_id)
    }

    /// A conversation, if it is known.
    #[must_use]
    pub fn conversation(&self, conversation_id: &str) -> Option<&Rc<ConversationView>> {
        self.conversations.get(conversation_id)
    }
}

/// Puts things into the order of their names; of the same name, of their ids. They are few: to put each in its place takes a fraction of
/// the code of a sort, and each kind would bring its own.
fn by_name<'a, T>(all: impl Iterator<Item = &'a T>, key: fn(&T) -> (&String, &String)) -> Vec<&'a T> {
    let mut sorted: Vec<&T> = Vec::new();
    for one in all {
        let at = sorted.partition_point(|known| key(known) <= key(one));
        sorted.insert(at, one);
    }
    sorted
}
