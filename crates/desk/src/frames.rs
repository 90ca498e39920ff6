//! What the relay's frames do to the desk.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use protocol::frame::{AgentSnapshot, Event, Snapshot, SnapshotData, StartOver};
use protocol::view::ConversationView;

use crate::{Desk, Owner, Project};

impl Desk {
    pub(crate) fn event(&mut self, event: &Event) -> bool {
        let data = &event.data;
        let mut changed = false;
        if let Some(conversation) = &data.conversation {
            changed |= self.upsert(conversation.clone());
        }
        if let Some(contact) = &data.contact {
            changed |= self.rename(&contact.id, &contact.name);
        }
        if let Some(channel) = &data.channel {
            changed |= self.channels.insert(channel.id.clone(), channel.clone()).as_ref() != Some(channel);
        }
        if let Some(project) = event.topic.strip_prefix("project/") {
            changed |= self.project_event(project, event);
        }
        if event.topic.starts_with("agent/") {
            changed |= self.own_event(event);
        }
        changed
    }

    fn project_event(&mut self, project_id: &str, event: &Event) -> bool {
        let data = &event.data;
        let mut changed = false;
        if let Some(view) = &data.project {
            let agents = self.projects.remove(project_id).map_or_else(BTreeMap::new, |project| project.agents);
            self.projects.insert(project_id.to_owned(), Project { view: view.clone(), agents });
            changed = true;
        }
        if let Some(project) = self.projects.get_mut(project_id) {
            if let Some(agent) = &data.agent {
                changed |= project.agents.insert(agent.id.clone(), agent.clone()).as_ref() != Some(agent);
            }
            if let Some(agent_id) = &data.removed_agent_id {
                changed |= project.agents.remove(agent_id).is_some();
            }
        }
        changed
    }

    fn own_event(&mut self, event: &Event) -> bool {
        let data = &event.data;
        let mut changed = false;
        if let Some(availability) = data.availability {
            // The reason stands beside it, and one of before counts no more.
            changed |= self.availability != availability || self.offline != data.offline;
            self.availability = availability;
            self.offline.clone_from(&data.offline);
        }
        if let Some(settings) = data.settings {
            changed |= self.settings.replace(settings) != Some(settings);
        }
        if let Some(mark) = &data.read {
            changed |= self.set_read(&mark.conversation_id, mark.n_alerts);
        }
        if let Some(subscription) = &data.subscription {
            changed |= if subscription.subscribed {
                self.subscriptions.insert(subscription.channel_id.clone())
            } else {
                self.subscriptions.remove(&subscription.channel_id)
            };
        }
        if let Some(rights) = &data.rights {
            changed |= self.rights != *rights;
            self.rights.clone_from(rights);
        }
        changed
    }

    pub(crate) fn snapshot(&mut self, snapshot: &Snapshot) -> bool {
        match &snapshot.data {
            SnapshotData::Agent(agent) => self.own_snapshot(agent),
            SnapshotData::Project { project, agents } => {
                if snapshot.part == 0 {
                    self.projects.remove(&project.id);
                }
                let known = self.projects.entry(project.id.clone());
                let known = known.or_insert_with(|| Project { view: project.clone(), agents: BTreeMap::new() });
                known.agents.extend(agents.iter().map(|agent| (agent.id.clone(), agent.clone())));
            }
            SnapshotData::Channel { channel, conversations } => {
                if snapshot.part == 0 {
                    // What is finished stays so, unless the record itself is another one.
                    let keep_finished = matches!(snapshot.reason, StartOver::Joined | StartOver::CursorTooOld);
                    self.forget_conversations(&channel.id, keep_finished);
                }
                self.channels.insert(channel.id.clone(), channel.clone());
                for conversation in conversations {
                    self.replace(conversation.clone());
                }
            }
            SnapshotData::Contact(_) | SnapshotData::Unknown => return false,
        }
        true
    }

    fn own_snapshot(&mut self, agent: &AgentSnapshot) {
        let AgentSnapshot { agent_id, name, email, availability, offline, settings, rights, subscriptions, reads } =
            agent;
        self.me = Some(Owner { agent_id: agent_id.clone(), name: name.clone(), email: email.clone() });
        self.availability = *availability;
        self.offline.clone_from(offline);
        self.settings = *settings;
        self.rights.clone_from(rights);
        self.subscriptions = subscriptions.iter().cloned().collect();
        self.reads = reads.iter().map(|(id, n_alerts)| (id.clone(), *n_alerts)).collect();
        self.lists.set_owner(agent_id, self.conversations.values());
    }

    pub(crate) fn forget(&mut self, topic: &str) -> bool {
        match topic.split_once('/') {
            Some(("channel", id)) => {
                self.forget_conversations(id, false);
                self.channels.remove(id);
                true
            }
            Some(("project", id)) => self.projects.remove(id).is_some(),
            _ => false,
        }
    }

    fn forget_conversations(&mut self, channel_id: &str, keep_finished: bool) {
        let goes = |conversation: &ConversationView| {
            conversation.channel_id == channel_id && !(keep_finished && conversation.closed_at.is_some())
        };
        self.conversations.retain(|_, conversation| !goes(conversation));
        self.lists.retain(|conversation| !goes(conversation));
    }

    /// Takes a state if it is later than the known one, or says something else of the client: a finished conversation does not change
    /// when its client is blocked.
    pub(crate) fn upsert(&mut self, conversation: ConversationView) -> bool {
        let is_known = |known: &Rc<ConversationView>| {
            known.rev > conversation.rev || (known.rev == conversation.rev && known.contact == conversation.contact)
        };
        if self.conversations.get(&conversation.id).is_some_and(is_known) {
            return false;
        }
        self.replace(conversation);
        true
    }

    /// A client is called otherwise, in all his conversations that are known here (I4).
    fn rename(&mut self, contact_id: &str, name: &str) -> bool {
        let is_his = |view: &ConversationView| view.contact.id == contact_id && view.contact.name != name;
        let his: Vec<Rc<ConversationView>> = self.conversations.values().filter(|view| is_his(view)).cloned().collect();
        for view in &his {
            let mut renamed = ConversationView::clone(view);
            name.clone_into(&mut renamed.contact.name);
            self.replace(renamed);
        }
        !his.is_empty()
    }

    fn replace(&mut self, conversation: ConversationView) {
        if conversation.closed_at.is_some() {
            self.reads.remove(&conversation.id);
        }
        let conversation = Rc::new(conversation);
        if let Some(old) = self.conversations.insert(conversation.id.clone(), conversation.clone()) {
            self.lists.remove(&old);
        }
        self.lists.insert(conversation);
        self.attention = OnceCell::new();
    }
}
