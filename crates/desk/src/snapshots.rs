//! The whole desk as snapshots, for a panel that has just opened.

use protocol::frame::{AgentSnapshot, RelayFrame, Snapshot, SnapshotData, StartOver};

use crate::Desk;

/// The most conversations in one part.
const PART_LEN: usize = 500;

impl Desk {
    /// The snapshots that bring an empty desk to the state of this one, finished conversations excepted.
    ///
    /// They carry no cursor: who applies them gets what follows from the same place.
    #[must_use]
    pub fn snapshots(&self) -> Vec<RelayFrame> {
        let mut frames = Vec::new();
        if let Some(me) = &self.me {
            let data = SnapshotData::Agent(AgentSnapshot {
                agent_id: me.agent_id.clone(),
                name: me.name.clone(),
                email: me.email.clone(),
                availability: self.availability,
                offline: self.offline.clone(),
                settings: self.settings,
                rights: self.rights.clone(),
                subscriptions: self.subscriptions.iter().cloned().collect(),
                reads: self.reads.iter().map(|(id, n_alerts)| (id.clone(), *n_alerts)).collect(),
            });
            frames.push(frame(format!("agent/{}", me.agent_id), 0, true, data));
        }
        for project in self.projects.values() {
            let agents = project.agents.values().cloned().collect();
            let data = SnapshotData::Project { project: project.view.clone(), agents };
            frames.push(frame(format!("project/{}", project.view.id), 0, true, data));
        }
        for channel in self.channels.values() {
            let mine = self.lists.open.iter().filter(|conversation| conversation.channel_id == channel.id);
            let conversations: Vec<_> = mine.map(|conversation| conversation.as_ref().clone()).collect();
            let mut parts: Vec<_> = conversations.chunks(PART_LEN).map(<[_]>::to_vec).collect();
            if parts.is_empty() {
                parts.push(Vec::new());
            }
            let n_parts = parts.len();
            for (part, conversations) in parts.into_iter().enumerate() {
                let data = SnapshotData::Channel { channel: channel.clone(), conversations };
                frames.push(frame(format!("channel/{}", channel.id), part, part + 1 == n_parts, data));
            }
        }
        frames
    }
}

fn frame(topic: String, part: usize, last: bool, data: SnapshotData) -> RelayFrame {
    let part = u32::try_from(part).unwrap_or(u32::MAX);
    let (epoch, reason) = (String::new(), StartOver::Joined);
    RelayFrame::Snapshot(Box::new(Snapshot { topic, epoch, seq: 0, reason, part, last, data }))
}
