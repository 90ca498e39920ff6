//! Bodies of `/v1` requests and answers.

use serde::{Deserialize, Serialize};

use crate::view::{AgentView, Availability, ContactMessageView, ConversationView, MessageView, ProjectView, Right};

/// `POST /v1/invitations/redeem`: gives the code once for a device token (J3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    /// His projects.
    pub memberships: Vec<Membership>,
}

/// An agent's place in a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Membership {
    /// The project.
    pub project: ProjectView,
    /// His right in it.
    pub right: Right,
}

/// `PUT /v1/me/availability` (P1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetAvailability {
    /// What he chooses.
    pub availability: Availability,
}

/// `PUT /v1/me/subscriptions/{channel_id}` (N1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetSubscription {
    /// Whether he wants counters and alerts of the channel.
    pub subscribed: bool,
}

/// `POST /v1/conversations/{id}/assign` (A4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assign {
    /// Who shall have it.
    pub agent_id: String,
    /// The claim that the page knows; an old one is refused.
    #[serde(default)]
    pub fence: Option<u32>,
}

/// `POST /v1/conversations/{id}/clear` and `…/close`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Claim {
    /// The claim that the page knows; an old one is refused.
    #[serde(default)]
    pub fence: Option<u32>,
}

/// `POST /v1/conversations/{id}/messages`: an answer (A7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Answer {
    /// `msg_…`, made by the sender; the same id, author and body again gives the first answer.
    pub id: String,
    /// The text, 1 to 4,000 characters.
    pub text: String,
    /// The claim that the answer stands on; without it the answer is refused.
    #[serde(default)]
    pub fence: Option<u32>,
}

/// `POST /v1/conversations/{id}/read` (N2, W6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactWrites {
    /// `msg_…`, made by the widget.
    pub id: String,
    /// The text, 1 to 4,000 characters.
    pub text: String,
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
