//! The addresses of the log.

use std::fmt;

use domain::id::{AgentId, ChannelId, ContactId, ProjectId};

/// One topic of the log: numbers run in it without gaps.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// What concerns the agents of a project.
    Project(ProjectId),
    /// What happens in a channel, for agents with access to it.
    Channel(ChannelId),
    /// One agent's own things.
    Agent(AgentId),
    /// What one client may see.
    Contact(ContactId),
}

impl Topic {
    /// Takes a topic as it stands on the wire.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once('/')?;
        match kind {
            "project" => ProjectId::parse(id).ok().map(Self::Project),
            "channel" => ChannelId::parse(id).ok().map(Self::Channel),
            "agent" => AgentId::parse(id).ok().map(Self::Agent),
            "contact" => ContactId::parse(id).ok().map(Self::Contact),
            _ => None,
        }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Project(id) => write!(f, "project/{id}"),
            Self::Channel(id) => write!(f, "channel/{id}"),
            Self::Agent(id) => write!(f, "agent/{id}"),
            Self::Contact(id) => write!(f, "contact/{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::time::Timestamp;

    use super::*;

    #[test]
    fn topics_read_back_and_nothing_else_is_one() {
        let topic = Topic::Contact(ContactId::new(Timestamp::from_ms(7), [3; 10]));
        assert_eq!(Topic::parse(&topic.to_string()), Some(topic));
        for bad in ["", "channel/", "channel/con_x", "notes/1", "channel"] {
            assert_eq!(Topic::parse(bad), None, "{bad}");
        }
    }
}
