//! What a topic holds as it stands on the wire: read flat, without the buffer that serde makes for an enum whose kind is among its fields.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{AgentSnapshot, ContactSnapshot, SnapshotData};
use crate::view::{
    AgentSettings, AgentView, Availability, ChannelView, ContactBlock, ContactMessageView, ConversationView,
    OfflineView, ProjectView, Right,
};

/// The fields of all kinds; which of them are needed is said by `kind`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Held {
    kind: String,
    agent_id: Option<String>,
    name: Option<String>,
    email: Option<String>,
    availability: Option<Availability>,
    offline: Option<OfflineView>,
    settings: Option<AgentSettings>,
    rights: Option<BTreeMap<String, Right>>,
    subscriptions: Option<Vec<String>>,
    reads: Option<BTreeMap<String, u32>>,
    project: Option<ProjectView>,
    agents: Option<Vec<AgentView>>,
    channel: Option<ChannelView>,
    conversations: Option<Vec<ConversationView>>,
    messages: Option<Vec<ContactMessageView>>,
    has_more: Option<bool>,
    seen_n: Option<u32>,
    open: Option<bool>,
    block: Option<ContactBlock>,
}

impl TryFrom<Held> for SnapshotData {
    type Error = &'static str;

    fn try_from(held: Held) -> Result<Self, Self::Error> {
        let whole = match held.kind.as_str() {
            "agent" => agent(held).map(Self::Agent),
            "project" => held.project.zip(held.agents).map(|(project, agents)| Self::Project { project, agents }),
            "channel" => {
                let both = held.channel.zip(held.conversations);
                both.map(|(channel, conversations)| Self::Channel { channel, conversations })
            }
            "contact" => contact(held).map(Self::Contact),
            _ => Some(Self::Unknown),
        };
        whole.ok_or("a snapshot without a field of its kind")
    }
}

fn agent(held: Held) -> Option<AgentSnapshot> {
    Some(AgentSnapshot {
        agent_id: held.agent_id?,
        name: held.name?,
        email: held.email?,
        availability: held.availability?,
        offline: held.offline,
        settings: held.settings,
        rights: held.rights?,
        subscriptions: held.subscriptions?,
        reads: held.reads?,
    })
}

fn contact(held: Held) -> Option<ContactSnapshot> {
    Some(ContactSnapshot {
        messages: held.messages?,
        has_more: held.has_more?,
        seen_n: held.seen_n?,
        open: held.open?,
        block: held.block,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_needs_its_own_fields_and_a_newer_ones_fields_are_passed_over() {
        let read = serde_json::from_str::<SnapshotData>;
        let project = r#"{"kind":"project","project":{"id":"prj_1","name":"Fennimore"},"agents":[],"colour":"blue"}"#;
        assert!(matches!(read(project), Ok(SnapshotData::Project { project, .. }) if project.name == "Fennimore"));
        let error = read(r#"{"kind":"project","agents":[]}"#).expect_err("no project").to_string();
        assert!(error.contains("without a field of its kind"), "{error}");
        assert!(matches!(read(r#"{"kind":"ticket_list","tickets":[7]}"#), Ok(SnapshotData::Unknown)));
        let contact = r#"{"kind":"contact","messages":[],"has_more":false,"seen_n":3,"open":true}"#;
        let written = serde_json::to_string(&read(contact).unwrap()).unwrap();
        assert_eq!(written, contact);
    }
}
