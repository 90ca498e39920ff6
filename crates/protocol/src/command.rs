//! Bodies of `/v1` requests and answers.

use serde::{Deserialize, Serialize};

use crate::file::usual_limit;
use crate::view::{
    AgentSettings, AgentView, Availability, BlockTerm, BlockView, ChannelView, ContactMessageView, ContactView,
    ConversationView, MessageView, OfflineView, ProjectView, Right,
};

/// `POST /v1/invitations/redeem`: gives the code once for a device token (J3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({ "code": "k3v9-8w2m-p4xt", "name": "Mira", "device": "Laptop" })))]
pub struct Redeem {
    /// The invitation's code as the operator or administrator passed it on.
    pub code: String,
    /// What colleagues and clients shall read; the address's first part if none.
    #[serde(default)]
    pub name: Option<String>,
    /// A name for this browser, to tell devices apart.
    #[serde(default)]
    pub device: String,
}

/// The answer to [`Redeem`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Redeemed {
    /// The device token; shown only here, stored hashed.
    pub token: String,
    /// Whose it is.
    pub agent_id: String,
    /// His address.
    pub email: String,
    /// His name.
    pub name: String,
    /// The project he was invited to.
    pub project: ProjectView,
}

/// `POST /v1/welcome`: makes the first project with the code that the relay's terminal showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({ "code": "k3v9-8w2m-p4xt-6q1z", "project_name": "Fennimore", "email": "mira@example.com", "origins": ["https://shop.example"] })))]
pub struct Welcome {
    /// The code of the link; it makes one project.
    pub code: String,
    /// What people call the project, 1 to 100 characters.
    pub project_name: String,
    /// The Gmail or Workspace address of its owner.
    pub email: String,
    /// The websites that may embed the chat, by https, or by http on this machine. The relay's own demo page always may.
    #[serde(default)]
    pub origins: Vec<String>,
}

/// The answer to [`Welcome`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Welcomed {
    /// `prj_…`
    pub project_id: String,
    /// The public key of its online chat, for the website's script line.
    pub channel_key: String,
    /// The owner's invitation, shown only here, to be used once within 24 hours.
    pub invitation_code: String,
}

/// `GET /v1/me`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// `agt_…`
    pub agent_id: String,
    /// His address.
    pub email: String,
    /// His name.
    pub name: String,
    /// What he chose.
    pub availability: Availability,
    /// Why he is Offline, if he is (P10).
    #[serde(default)]
    pub offline: Option<OfflineView>,
    /// His projects.
    pub memberships: Vec<Membership>,
    /// The largest file that this relay takes, in bytes (F2).
    #[serde(default = "usual_limit")]
    pub file_limit: u64,
}

/// An agent's place in a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Membership {
    /// The project.
    pub project: ProjectView,
    /// His right in it.
    pub right: Right,
    /// The channels of it that he has access to (N1).
    #[serde(default)]
    pub channels: Vec<ChannelView>,
    /// Which of them raise his counters and alerts (N1): `chn_…`; nothing from a relay that does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscriptions: Option<Vec<String>>,
}

/// `PUT /v1/me/availability` (P1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({ "availability": "offline", "return_conversations": true })))]
pub struct SetAvailability {
    /// What he chooses.
    pub availability: Availability,
    /// With Offline: whether what he has in work goes back to "New" (P11).
    #[serde(default)]
    pub return_conversations: bool,
}

/// `POST /v1/projects/{project_id}/agents/{agent_id}/offline`: what it did (P10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetOfflineBody {
    /// Whether the agent is Offline now. Without it he has other projects than the administrator's, and was only cleared in this one.
    pub set_offline: bool,
    /// How many of his conversations of this project went back to "New".
    pub n_cleared: u32,
}

/// `PUT /v1/projects/{project_id}/agents/{agent_id}/right` (J2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({ "right": "administrator" })))]
pub struct SetRight {
    /// The new right.
    pub right: NewRight,
}

/// A right that is given. Unlike [`Right`], which is read, what is not known is refused: nobody is demoted by a misspelt word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NewRight {
    /// Only assigned channels.
    Agent,
    /// Administers the project.
    Administrator,
    /// Owns the project.
    Owner,
}

/// `PUT /v1/channels/{channel_id}/agents/{agent_id}` (N1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({ "assigned": true })))]
pub struct SetAssigned {
    /// Whether the agent has access to the channel.
    pub assigned: bool,
}

/// `POST /v1/conversations/{id}/block` (B1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({ "term": "1_day", "reason": "insults", "also_ip": false })))]
pub struct Block {
    /// For how long.
    pub term: BlockTerm,
    /// Why, at most 500 characters, for colleagues only.
    #[serde(default)]
    pub reason: Option<String>,
    /// Whether new visitors from the same address are kept out too.
    #[serde(default)]
    pub also_ip: bool,
}

/// `GET /v1/projects/{project_id}/blocks`: "Blocked clients", newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlockPage {
    /// At most 50.
    pub blocks: Vec<BlockedContact>,
    /// Passed back as `after` for the next page; nothing at the end.
    pub next: Option<String>,
}

/// A client who is blocked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlockedContact {
    /// Who.
    pub contact: ContactView,
    /// By whom, since and until when, why.
    pub block: BlockView,
}

/// `PUT /v1/me/settings` (P6, A10, N6). A switch that is left out stays as it is: an extension that is older than the switch turns nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({ "offline_after_minutes": 15, "detach_after_minutes": 15, "sound_notifications": false })))]
pub struct SetAgentSettings {
    /// "Turn off online mode", 1 to 1,440 minutes.
    pub offline_after_minutes: u32,
    /// "Detach my conversations", 1 to 1,440 minutes.
    pub detach_after_minutes: u32,
    /// "Sound notifications".
    #[serde(default)]
    pub sound_notifications: Option<bool>,
    /// "Pop-up notifications".
    #[serde(default)]
    pub popup_notifications: Option<bool>,
    /// "Repeat until seen".
    #[serde(default)]
    pub repeat_until_seen: Option<bool>,
}

impl From<AgentSettings> for SetAgentSettings {
    fn from(settings: AgentSettings) -> Self {
        Self {
            offline_after_minutes: settings.offline_after_minutes,
            detach_after_minutes: settings.detach_after_minutes,
            sound_notifications: Some(settings.sound_notifications),
            popup_notifications: Some(settings.popup_notifications),
            repeat_until_seen: Some(settings.repeat_until_seen),
        }
    }
}

/// `PUT /v1/me/subscriptions/{channel_id}` (N1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({ "subscribed": true })))]
pub struct SetSubscription {
    /// Whether he wants counters and alerts of the channel.
    pub subscribed: bool,
}

/// `POST /v1/conversations/{id}/assign` (A4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({ "agent_id": "agt_01kc3x5w8e7q2m9v4t6r0y1n3p", "fence": 1 })))]
pub struct Assign {
    /// Who shall have it.
    pub agent_id: String,
    /// The claim that the page knows; an old one is refused.
    #[serde(default)]
    pub fence: Option<u32>,
}

/// `POST /v1/conversations/{id}/clear`, `…/close` and `…/postpone`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({ "fence": 1 })))]
pub struct Claim {
    /// The claim that the page knows; an old one is refused.
    #[serde(default)]
    pub fence: Option<u32>,
}

/// `POST /v1/conversations/{id}/messages`: an answer (A7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({ "id": "msg_01kc3x5w8e7q2m9v4t6r0y1n3p", "text": "Yes, three are left.", "fence": 1 })))]
pub struct Answer {
    /// `msg_…`, made by the sender; the same id, author and body again gives the first answer.
    pub id: String,
    /// The text, 1 to 4,000 characters; with a file it may be empty.
    pub text: String,
    /// Files that were uploaded to `/v1/conversations/{id}/uploads`, in the order in which they are shown, at most 10 (F1). Each is sent once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<String>,
    /// The claim that the answer stands on; without it the answer is refused.
    #[serde(default)]
    pub fence: Option<u32>,
}

/// `POST /v1/conversations/{id}/read` (N2, W6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({ "n_alerts": 2, "n": 5 })))]
pub struct MarkRead {
    /// The `n_alerts` of the state that was on the screen.
    pub n_alerts: u32,
    /// The `last_n` of the state that was on the screen.
    pub n: u32,
}

/// The conversation after a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationBody {
    /// Its state.
    pub conversation: ConversationView,
}

/// A stored message and its conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MessageBody {
    /// The message.
    pub message: MessageView,
}

/// `GET /v1/conversations/{id}/assignable` (A4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assignable {
    /// Online agents with access to the channel, without the present owner, by name.
    pub agents: Vec<AgentView>,
}

/// `GET /v1/conversations/{id}/history`: messages of this conversation and of the same client's earlier ones, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct History {
    /// At most 50, oldest first.
    pub messages: Vec<MessageView>,
    /// The conversations that these messages stand in.
    pub conversations: Vec<ConversationView>,
    /// Whether there are older ones; ask with `before` = the first message's `n`.
    pub has_more: bool,
}

/// `GET /v1/conversations?tab=finished`: finished conversations, newest finish first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationPage {
    /// At most 50.
    pub conversations: Vec<ConversationView>,
    /// Passed back as `after` for the next page; nothing at the end.
    pub next: Option<String>,
}

/// `POST /v1/widget/{key}/visitors`: a visitor's identity (W4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VisitorBody {
    /// The visitor's token; shown only here, stored hashed.
    pub token: String,
}

/// `POST /v1/widget/messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({ "id": "msg_01kc3x5w8e7q2m9v4t6r0y1n3p", "text": "Is the blue kettle in stock?" })))]
pub struct ContactWrites {
    /// `msg_…`, made by the widget.
    pub id: String,
    /// The text, 1 to 4,000 characters; with a file it may be empty.
    pub text: String,
    /// Files that were uploaded to `/v1/widget/uploads`, in the order in which they are shown, at most 10 (F4). Each is sent once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<String>,
}

/// The answer to [`ContactWrites`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactMessageBody {
    /// The stored message.
    pub message: ContactMessageView,
}

/// `GET /v1/widget/messages`: the client's own history, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactHistory {
    /// At most 50, oldest first.
    pub messages: Vec<ContactMessageView>,
    /// Whether there are older ones; ask with `before` = the first message's `n`.
    pub has_more: bool,
}
