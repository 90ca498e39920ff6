//! Frames of `/v1/stream`: one JSON object per WebSocket text frame, told apart by `t`.

mod held;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::contact::ContactDetails;
use crate::error::WireError;
use crate::note::NoteView;
use crate::template::TemplateView;
use crate::view::{
    AgentSettings, AgentView, Audience, Availability, ChannelView, ContactBlock, ContactMessageView, ConversationView,
    MessageView, OfflineView, ProjectView, Right, Who,
};

/// Where a reader stands in a topic: it has everything up to `seq` of that epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The record's epoch; a restored backup begins a new one.
    pub epoch: String,
    /// The number of the last event that the reader has.
    pub seq: u64,
}

/// From an agent's hub or a visitor's widget to the relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame: who, what it speaks, and where it stands.
    Hello {
        /// A device token or a visitor's token; never in the URL.
        token: String,
        /// [`crate::WIRE_VERSION`] of the sender.
        version: u32,
        /// What else the sender can do.
        #[serde(default)]
        features: Vec<String>,
        /// Topic → cursor; a topic without one gets a snapshot.
        #[serde(default)]
        cursors: BTreeMap<String, Cursor>,
        /// Whether a Gmail page that shows the agent's address is open (P4); of no meaning for a visitor.
        #[serde(default)]
        here: bool,
    },
    /// The first Gmail page that shows the agent's address was opened, or the last one closed (P4).
    Here {
        /// Whether one is open.
        here: bool,
    },
    /// Somebody types, or chooses a file: the agent in this conversation, the visitor in his own. Sent at the first key and then at
    /// most every 10 s.
    Typing {
        /// `cnv_…`; nothing from a visitor.
        #[serde(default)]
        conversation_id: Option<String>,
    },
    /// A conversation is on the agent's screen, or none any more. Sent when that changes, and every 20 s while one is.
    Viewing {
        /// `cnv_…`; nothing if none is.
        #[serde(default)]
        conversation_id: Option<String>,
    },
    /// The answer to a ping.
    Pong,
    /// A gap was seen: send the topic's events after this cursor again.
    Resume {
        /// The topic.
        topic: String,
        /// The last event that the reader has.
        #[serde(flatten)]
        cursor: Cursor,
    },
    /// A frame of a newer reader, which is passed over.
    #[serde(other)]
    Unknown,
}

/// From the relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum RelayFrame {
    /// The first frame.
    Welcome {
        /// The relay's clock.
        time_ms: i64,
        /// [`crate::WIRE_VERSION`] of the relay.
        version: u32,
        /// What else the relay can do.
        #[serde(default)]
        features: Vec<String>,
        /// The record's present epoch.
        epoch: String,
    },
    /// One event of a topic; numbers are contiguous.
    Event(Box<Event>),
    /// Start over: forget the topic and take this instead.
    Snapshot(Box<Snapshot>),
    /// Access to the topic is gone: forget it.
    Left {
        /// The topic.
        topic: String,
    },
    /// Everything up to the heads at the time of `hello` has been sent.
    UpToDate {
        /// The relay's clock.
        time_ms: i64,
    },
    /// Somebody types. It passes by: it has no number, is not recorded, and is over after 12 s unless it comes again.
    Typing {
        /// The topic of those who may know: the channel's, or the client's own.
        topic: String,
        /// `cnv_…`; nothing on the client's own topic.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        conversation_id: Option<String>,
        /// `agt_…`; nothing if the client types, and on the client's own topic, where it is always an agent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent_id: Option<String>,
    },
    /// An agent looks at a conversation, or no longer does. It passes by, and is over after 45 s unless it comes again.
    Viewing {
        /// The channel's topic.
        topic: String,
        /// `cnv_…`
        conversation_id: String,
        /// `agt_…`
        agent_id: String,
        /// Whether he does.
        viewing: bool,
    },
    /// More is known of a client's visit of the website: whoever shows it asks `GET /v1/contacts/{contact_id}/visit` again (I1). It passes
    /// by; one that is lost is followed by the next within 30 s as long as the client is there.
    VisitChanged {
        /// The channel's topic.
        topic: String,
        /// `con_…`
        contact_id: String,
    },
    /// A sign of life, every 20 s; answer with [`ClientFrame::Pong`].
    Ping {
        /// The relay's clock.
        time_ms: i64,
    },
    /// The relay is going away; connect again after this delay.
    Goaway {
        /// Milliseconds, different for every reader.
        after_ms: u32,
    },
    /// Why the stream ends.
    Error {
        /// The error.
        error: WireError,
    },
    /// A frame of a newer relay that this build does not know.
    #[serde(other)]
    Unknown,
}

/// Why a snapshot was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartOver {
    /// The reader had no cursor: a new reader, or a topic newly accessible.
    Joined,
    /// The cursor lies before what the log still has.
    CursorTooOld,
    /// The cursor lies ahead of the head.
    CursorAhead,
    /// The cursor is of another epoch.
    OtherEpoch,
    /// The log has a hole: the topic's events are gone.
    TopicLost,
    /// A reason of a newer relay.
    #[serde(other)]
    Other,
}

/// The state of one topic as of `seq`, in one or more parts in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The topic.
    pub topic: String,
    /// The record's epoch.
    pub epoch: String,
    /// The number of the last event contained.
    pub seq: u64,
    /// Why.
    pub reason: StartOver,
    /// 0 for the first part: the reader forgets the topic before it.
    pub part: u32,
    /// Whether this is the last part; only then does the cursor stand at `seq`.
    pub last: bool,
    /// What the topic holds.
    pub data: SnapshotData,
}

/// What a topic holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SnapshotData {
    /// `agent/<id>`: his own things.
    Agent(AgentSnapshot),
    /// `project/<id>`.
    Project {
        /// The project.
        project: ProjectView,
        /// Its agents.
        agents: Vec<AgentView>,
    },
    /// `channel/<id>`: its open conversations.
    Channel {
        /// The channel.
        channel: ChannelView,
        /// At most 500 a part.
        conversations: Vec<ConversationView>,
    },
    /// `contact/<id>`: what the client may see.
    Contact(ContactSnapshot),
    /// A topic of a newer relay.
    Unknown,
}

/// An agent's own things.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentSnapshot {
    /// `agt_…`
    pub agent_id: String,
    /// His name.
    pub name: String,
    /// His address.
    pub email: String,
    /// What he chose.
    pub availability: Availability,
    /// Why he is Offline, if he is (P10).
    #[serde(default)]
    pub offline: Option<OfflineView>,
    /// His own times, and how he wants to be alerted.
    #[serde(default)]
    pub settings: Option<AgentSettings>,
    /// Project → right.
    pub rights: BTreeMap<String, Right>,
    /// The channels whose counters and alerts he wants.
    pub subscriptions: Vec<String>,
    /// Open conversation → the `n_alerts` that he has seen; 0 where none stands.
    pub reads: BTreeMap<String, u32>,
}

/// The client's own things.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactSnapshot {
    /// The newest 50, oldest first.
    pub messages: Vec<ContactMessageView>,
    /// Whether there are older ones.
    pub has_more: bool,
    /// The highest number that an agent has seen.
    pub seen_n: u32,
    /// Whether a conversation is open.
    pub open: bool,
    /// His block, if he is blocked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<ContactBlock>,
}

/// One event, joined with the rows that it speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The topic.
    pub topic: String,
    /// The record's epoch.
    pub epoch: String,
    /// Its number in the topic.
    pub seq: u64,
    /// What happened, as the log names it; the reader needs it only to tell people.
    pub kind: String,
    /// The version of the stored event.
    pub v: u32,
    /// When.
    pub at: i64,
    /// Who did it.
    pub actor: Actor,
    /// The id of the command or message that caused it.
    pub cause: Option<String>,
    /// Whom it alerts.
    #[serde(default)]
    pub alert: Audience,
    /// The rows as they are now: the reader replaces what it has. What a newer relay adds is passed over.
    #[serde(default)]
    pub data: EventData,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", try_from = "Who")]
pub enum Actor {
    /// An agent.
    Agent {
        /// `agt_…`
        agent_id: String,
    },
    /// The client.
    Contact,
    /// A clock.
    Clock,
    /// The operator on the command line.
    Operator,
    /// Somebody whom this build does not know, or whom the reader may not see.
    Unknown,
}

impl TryFrom<Who> for Actor {
    type Error = &'static str;

    fn try_from(who: Who) -> Result<Self, Self::Error> {
        Ok(match who.kind.as_str() {
            "agent" => Self::Agent { agent_id: who.agent_id.ok_or("an agent without `agent_id`")? },
            "contact" => Self::Contact,
            "clock" => Self::Clock,
            "operator" => Self::Operator,
            _ => Self::Unknown,
        })
    }
}

/// The rows that an event speaks of, those that changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventData {
    /// In `channel/…`: the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationView>,
    /// In `channel/…`: the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageView>,
    /// In `channel/…`: a note that was left (O1). It alerts nobody and moves nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<NoteView>,
    /// In `channel/…`: a client of whom something was written down (I4). His other conversations show his name too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactDetails>,
    /// In `channel/…`: the channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelView>,
    /// In `project/…`: the project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<ProjectView>,
    /// In `project/…`: an agent who joined, changed, or went Online or Offline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentView>,
    /// In `project/…`: an agent who is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_agent_id: Option<String>,
    /// In `project/…` and `agent/…`: a template that was made or changed (T2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<TemplateView>,
    /// In `project/…` and `agent/…`: a template that is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_template_id: Option<String>,
    /// In `agent/…`: his availability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability: Option<Availability>,
    /// In `agent/…`, beside `availability`: why he is Offline, if he is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offline: Option<OfflineView>,
    /// In `agent/…`: what he set for himself, after it changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<AgentSettings>,
    /// In `agent/…`: what he has seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<ReadMark>,
    /// In `agent/…`: a subscription that changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<Subscription>,
    /// In `agent/…`: all his rights, after they changed. Topics gained or lost follow by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rights: Option<BTreeMap<String, Right>>,
    /// In `contact/…`: a message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_message: Option<ContactMessageView>,
    /// In `contact/…`: the highest number that an agent has seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_n: Option<u32>,
    /// In `contact/…`: whether a conversation is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<bool>,
    /// In `contact/…`: whether he is blocked, after that changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<ContactBlock>,
}

/// What an agent has seen of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadMark {
    /// `cnv_…`
    pub conversation_id: String,
    /// How many of its alerts.
    pub n_alerts: u32,
}

/// Whether an agent wants a channel's counters and alerts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// `chn_…`
    pub channel_id: String,
    /// Whether he does.
    pub subscribed: bool,
}
