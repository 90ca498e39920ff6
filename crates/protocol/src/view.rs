//! What readers see of the record.

use serde::{Deserialize, Serialize};

pub(crate) use self::who::Who;
use crate::file::{AttachmentView, ChannelSwitches};

mod who;

/// What an agent chose (P1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// Takes part.
    Online,
    /// Reads only.
    #[default]
    Offline,
}

/// An agent's right in a project (J2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Administers the project.
    Administrator,
    /// Owns the project.
    Owner,
    /// Only assigned channels; also what a right of a newer relay is taken for.
    #[serde(other)]
    Agent,
}

/// Whose turn it is (A9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// A client message waits for our answer.
    Ours,
    /// We answered.
    Theirs,
}

/// How a conversation ended (X3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    /// By an agent.
    Agent,
    /// By the client's silence.
    ContactIdle,
    /// Its client was blocked (B6).
    ContactBlocked,
    /// In a way that only a newer relay knows.
    #[serde(other)]
    Other,
}

/// What a conversation's clock runs towards (A9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// Its agent is cleared and it stands in "New".
    Detach,
    /// It is finished.
    Finish,
    /// Something that only a newer relay knows.
    #[serde(other)]
    Other,
}

/// Why an agent is Offline (P10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OfflineCause {
    /// He has not been Online yet.
    NeverOnline,
    /// He pressed the button.
    ByHand,
    /// His last Gmail page was closed, or lost, for his own time.
    LastPageClosed,
    /// An administrator set him Offline.
    Administrator,
    /// In a way that only a newer relay knows.
    #[serde(other)]
    Other,
}

/// Why an agent is Offline, and since when (P10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfflineView {
    /// Why.
    pub cause: OfflineCause,
    /// Since when.
    pub at: i64,
    /// The administrator's name.
    #[serde(default)]
    pub by_name: Option<String>,
}

/// An agent's own times, and how he wants to be alerted (P6, A10, N6). Where an older relay says nothing of a switch, it is as at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgentSettings {
    /// "Turn off online mode": minutes from the last sign of life to Offline, 1 to 1,440.
    pub offline_after_minutes: u32,
    /// "Detach my conversations": minutes without activity in a conversation, 1 to 1,440.
    pub detach_after_minutes: u32,
    /// "Sound notifications"; on at first.
    #[serde(default = "on")]
    pub sound_notifications: bool,
    /// "Pop-up notifications": those in Gmail and the desktop's; on at first.
    #[serde(default = "on")]
    pub popup_notifications: bool,
    /// "Repeat until seen": sound and notification come again every minute until the agent has seen the message; off at first.
    #[serde(default)]
    pub repeat_until_seen: bool,
}

const fn on() -> bool {
    true
}

/// A project's times (X2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({ "finish_after_minutes": 15, "count_from_contact": false })))]
pub struct ProjectSettings {
    /// "Finish after client inactivity", 1 to 10,080 minutes.
    pub finish_after_minutes: u32,
    /// "Count from the client's last message".
    pub count_from_contact: bool,
}

/// For how long a client is blocked (B1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BlockTerm {
    /// 15 minutes.
    #[serde(rename = "15_minutes")]
    Minutes15,
    /// 1 hour.
    #[serde(rename = "1_hour")]
    Hour,
    /// 1 day.
    #[serde(rename = "1_day")]
    Day,
    /// 1 week.
    #[serde(rename = "1_week")]
    Week,
    /// 1 month: 30 days.
    #[serde(rename = "1_month")]
    Month,
    /// Until somebody unblocks him.
    Forever,
}

/// A client's block as agents see it (B6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlockView {
    /// `blk_…`
    pub id: String,
    /// Since when.
    pub since: i64,
    /// Until when; nothing for ever.
    pub until: Option<i64>,
    /// The name of the agent who did it.
    pub by_name: String,
    /// Why, if he said.
    #[serde(default)]
    pub reason: Option<String>,
    /// Whether new visitors from the same address are kept out too.
    #[serde(default)]
    pub also_ip: bool,
}

/// What a client is told of his block (B2): nothing of who and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactBlock {
    /// Whether he is blocked.
    pub blocked: bool,
    /// Until when; nothing for ever, and if he is not.
    pub until: Option<i64>,
}

/// What kind of place messages arrive at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// The website's chat widget.
    OnlineChat,
    /// A kind that only a newer relay knows.
    #[serde(other)]
    Other,
}

/// A project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectView {
    /// `prj_…`
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// An agent as his colleagues see him.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgentView {
    /// `agt_…`
    pub id: String,
    /// His name.
    pub name: String,
    /// His Gmail or Workspace address.
    pub email: String,
    /// His right in the project.
    pub right: Right,
    /// Whether he is Online.
    pub availability: Availability,
}

/// A channel of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelView {
    /// `chn_…`
    pub id: String,
    /// The project it belongs to.
    pub project_id: String,
    /// What people call it.
    pub name: String,
    /// Where its messages come from.
    pub kind: ChannelKind,
    /// What its administrators switched on and off.
    #[serde(default)]
    pub switches: ChannelSwitches,
}

/// A client as agents see him.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactView {
    /// `con_…`
    pub id: String,
    /// His name, or a made one such as "Visitor 4F7K".
    pub name: String,
    /// The highest message number that an agent has seen; the client is shown it as "seen" (W6).
    pub seen_n: u32,
    /// His block, if he is blocked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block: Option<BlockView>,
}

/// Who wrote a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", try_from = "Who")]
pub enum Author {
    /// The client.
    Contact,
    /// An agent.
    Agent {
        /// `agt_…`
        agent_id: String,
        /// His name as it was when he wrote.
        name: String,
    },
    /// Somebody whom only a newer relay knows.
    Other,
}

impl TryFrom<Who> for Author {
    type Error = &'static str;

    fn try_from(who: Who) -> Result<Self, Self::Error> {
        Ok(match who.kind.as_str() {
            "contact" => Self::Contact,
            "agent" => Self::Agent {
                agent_id: who.agent_id.ok_or("an agent without `agent_id`")?,
                name: who.name.ok_or("an agent without `name`")?,
            },
            _ => Self::Other,
        })
    }
}

/// The beginning of the last message, for a row of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// Whether the client wrote it.
    pub from_contact: bool,
    /// At most 140 characters on one line.
    pub text: String,
}

/// A conversation as agents with access to its channel see it. A later state has a higher `rev`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationView {
    /// `cnv_…`
    pub id: String,
    /// Rises with every change of the conversation.
    pub rev: u32,
    /// `prj_…`
    pub project_id: String,
    /// `chn_…`
    pub channel_id: String,
    /// Who writes.
    pub contact: ContactView,
    /// Who has it; nobody while it stands in "New".
    pub assignee_id: Option<String>,
    /// The number of the present claim; answers carry it (A7).
    pub fence: u32,
    /// Whose turn it is (A9).
    pub turn: Turn,
    /// When the client's first message came.
    pub opened_at: i64,
    /// When the last client or agent message came (L2).
    pub last_message_at: i64,
    /// When the first unanswered client message came; the waiting time counts from it while `turn` is `ours`.
    pub unanswered_since: i64,
    /// The beginning of the last message.
    pub preview: Preview,
    /// The number, within the contact, of its first message.
    pub first_n: u32,
    /// The number, within the contact, of its last message.
    pub last_n: u32,
    /// How many things agents were to notice so far; unread is this less what the agent has seen (N2).
    pub n_alerts: u32,
    /// When its clock runs out, if one runs.
    pub deadline_at: Option<i64>,
    /// What happens then.
    #[serde(default)]
    pub due: Option<Due>,
    /// When it was finished; nothing while it is open.
    pub closed_at: Option<i64>,
    /// How it was finished.
    pub close_reason: Option<CloseReason>,
    /// The client's conversation before this one (X5).
    pub previous_id: Option<String>,
}

/// A message as agents see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageView {
    /// `msg_…`, made by the sender.
    pub id: String,
    /// The conversation it stands in.
    pub conversation_id: String,
    /// Its number within the contact: 1, 2, 3 … over all his conversations.
    pub n: u32,
    /// Who wrote it.
    pub author: Author,
    /// The text, never HTML; empty if the files say it all.
    pub text: String,
    /// When it was stored.
    pub at: i64,
    /// Its files, in the order in which they are shown (F3).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentView>,
}

/// A message as the client sees it: a smaller type, without ids of agents or conversations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactMessageView {
    /// `msg_…`
    pub id: String,
    /// Its number within the contact.
    pub n: u32,
    /// The agent's name; nothing if the client wrote it himself.
    pub agent_name: Option<String>,
    /// The text, never HTML; below it the names of its files, since the website's chat shows texts alone.
    pub text: String,
    /// When it was stored.
    pub at: i64,
    /// Its files, in the order in which they are shown (F3).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentView>,
}

/// Whom an event alerts (N3); [`domain::alert::Audience`] holds the rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", try_from = "Who")]
pub enum Audience {
    /// All subscribed agents; sound and pop-up if Online.
    Subscribed,
    /// Counters for all subscribed agents, sound and pop-up for this one.
    Assignee {
        /// `agt_…`
        agent_id: String,
    },
    /// This one only.
    Only {
        /// `agt_…`
        agent_id: String,
    },
    /// Nobody, also what a newer relay says and this build does not know.
    #[default]
    Nobody,
}

impl TryFrom<Who> for Audience {
    type Error = &'static str;

    fn try_from(who: Who) -> Result<Self, Self::Error> {
        let agent_id = who.agent_id.ok_or("an audience of one without `agent_id`");
        Ok(match who.kind.as_str() {
            "subscribed" => Self::Subscribed,
            "assignee" => Self::Assignee { agent_id: agent_id? },
            "only" => Self::Only { agent_id: agent_id? },
            _ => Self::Nobody,
        })
    }
}

#[cfg(test)]
mod tests;
