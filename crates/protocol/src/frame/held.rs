//! What a topic holds as it stands on the wire: read flat, without the buffer that serde makes for an enum whose kind is among its fields.

use std::collections::BTreeMap;
use std::fmt::{self, Formatter};

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, IntoDeserializer as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{AgentSnapshot, ContactSnapshot, SnapshotData};
use crate::view::{
    AgentSettings, AgentView, Availability, ChannelView, ContactBlock, ContactMessageView, ConversationView,
    OfflineView, ProjectView, Right,
};

/// The fields of all kinds; which of them are needed is said by `kind`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Held {
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

/// What all kinds that this build knows are called.
const KINDS: [&str; 4] = ["agent", "project", "channel", "contact"];

impl<'de> Deserialize<'de> for SnapshotData {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(AnyKind)
    }
}

struct AnyKind;

impl<'de> Visitor<'de> for AnyKind {
    type Value = SnapshotData;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("what a topic holds")
    }

    /// Relays write the kind first. What stands behind one that only a newer relay knows may be anything, also where its name is known.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SnapshotData, A::Error> {
        let key: Option<String> = map.next_key()?;
        let kind: Option<String> = if key.as_deref() == Some("kind") { Some(map.next_value()?) } else { None };
        if kind.as_deref().is_some_and(|kind| !KINDS.contains(&kind)) {
            IgnoredAny.visit_map(map)?;
            return Ok(SnapshotData::Unknown);
        }
        let held = Held::deserialize(MapAccessDeserializer::new(Begun { key, kind, map }))?;
        SnapshotData::try_from(held).map_err(A::Error::custom)
    }
}

/// Fields of which the first one was looked at.
struct Begun<M> {
    key: Option<String>,
    kind: Option<String>,
    map: M,
}

impl<'de, M: MapAccess<'de>> MapAccess<'de> for Begun<M> {
    type Error = M::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, M::Error> {
        match self.key.take() {
            Some(key) => seed.deserialize(key.into_deserializer()).map(Some),
            None => self.map.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, M::Error> {
        match self.kind.take() {
            Some(kind) => seed.deserialize(kind.into_deserializer()),
            None => self.map.next_value_seed(seed),
        }
    }
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
    use crate::frame::Actor;
    use crate::view::{Audience, Author};

    #[test]
    fn somebody_whom_only_a_newer_relay_knows_may_have_fields_of_any_type() {
        for fields in
            [r#""agent_id":7"#, r#""name":{"de":["x"]},"agent_id":null"#, r#""agent_id":[1.5,true]"#, r#""name":false"#]
        {
            let json = format!(r#"{{{fields},"kind":"robot"}}"#);
            assert_eq!(serde_json::from_str::<Actor>(&json).unwrap(), Actor::Unknown);
            assert_eq!(serde_json::from_str::<Author>(&json).unwrap(), Author::Other);
            assert_eq!(serde_json::from_str::<Audience>(&json).unwrap(), Audience::Nobody);
        }
        assert!(serde_json::from_str::<Actor>(r#"{"kind":"agent","agent_id":7}"#).is_err());
    }

    #[test]
    fn each_kind_needs_its_own_fields_and_a_newer_ones_fields_are_passed_over() {
        let read = serde_json::from_str::<SnapshotData>;
        let project = r#"{"kind":"project","project":{"id":"prj_1","name":"Fennimore"},"agents":[],"colour":"blue"}"#;
        assert!(matches!(read(project), Ok(SnapshotData::Project { project, .. }) if project.name == "Fennimore"));
        let error = read(r#"{"kind":"project","agents":[]}"#).expect_err("no project").to_string();
        assert!(error.contains("without a field of its kind"), "{error}");
        assert!(matches!(read(r#"{"kind":"ticket_list","tickets":[7]}"#), Ok(SnapshotData::Unknown)));
        let other_types = r#"{"kind":"ticket_list","agents":7,"name":{"a":[]},"open":"yes","project":null}"#;
        assert!(
            matches!(read(other_types), Ok(SnapshotData::Unknown)),
            "fields of that name are of another type there"
        );
        assert!(read(r#"{"kind":"contact","messages":7}"#).is_err(), "of a kind that is known they are not");
        let turned = r#"{"messages":[],"has_more":false,"kind":"contact","seen_n":3,"open":true}"#;
        assert!(matches!(read(turned), Ok(SnapshotData::Contact(_))));
        assert!(read("{}").is_ok_and(|data| data == SnapshotData::Unknown) && read("[]").is_err());
        let contact = r#"{"kind":"contact","messages":[],"has_more":false,"seen_n":3,"open":true}"#;
        let written = serde_json::to_string(&read(contact).unwrap()).unwrap();
        assert_eq!(written, contact);
    }
}
