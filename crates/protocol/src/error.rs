//! Error codes and the body of every error answer.

use serde::{Deserialize, Serialize};

/// Why a request was refused. Codes are never renamed or reused; clients branch on them, never on the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The body is not JSON, or a field is missing or of the wrong type.
    InvalidBody,
    /// A field's value cannot be taken; `details.field` names it.
    InvalidValue,
    /// The body is larger than this route takes; `details.limit_bytes`.
    TooLarge,
    /// No token, or one that is unknown or revoked.
    Unauthorized,
    /// The page's origin may not talk to this relay or channel.
    OriginNotAllowed,
    /// Signed in, but without the right.
    Forbidden,
    /// There is none, or one may not see it.
    NotFound,
    /// The invitation is unknown, used, or past its 24 hours.
    InvitationInvalid,
    /// The same id came before with another body or author.
    IdConflict,
    /// Somebody has the conversation; `details.holder`.
    ConversationTaken,
    /// Only the conversation's agent may; `details.holder`.
    NotHolder,
    /// The claim is out of date; `details.holder`.
    StaleFence,
    /// The conversation is finished.
    ConversationFinished,
    /// Nobody has the conversation.
    ConversationNotTaken,
    /// The agent who asks is Offline.
    AgentOffline,
    /// The chosen agent is Offline.
    CandidateOffline,
    /// The chosen agent has no access to the channel.
    CandidateWithoutAccess,
    /// The chosen agent has the conversation already.
    CandidateHolds,
    /// Too many requests; `Retry-After` says when.
    RateLimited,
    /// The method is not one of this route's.
    MethodNotAllowed,
    /// The record cannot be written now; retry.
    Unavailable,
    /// A fault of ours; the request id finds it in the log.
    Internal,
    /// A frame on the stream was not understood; the stream ends.
    InvalidFrame,
    /// The stream's first frame did not come in time.
    HelloTimeout,
    /// The reader was too slow; connect again with the cursors.
    TooSlow,
    /// The invited address belongs to an agent of another project already: take the invitation where he is signed in.
    SignInFirst,
    /// The client is blocked: he cannot write or be answered; `details.until`.
    ContactBlocked,
    /// The client is blocked already.
    AlreadyBlocked,
    /// The client is not blocked.
    NotBlocked,
    /// The conversation is not about to finish.
    NothingToPostpone,
    /// A project keeps at least one owner.
    LastOwner,
    /// Somebody changed it meanwhile: take its present state, and change that.
    StaleRevision,
    /// The file is larger than the relay takes; `details.file` and `details.limit_bytes` (F2).
    FileTooLarge,
    /// The channel takes no files from clients (F4).
    FilesNotAllowed,
    /// The file came too slowly, or stopped coming; send it again.
    UploadStalled,
    /// A code of a newer relay; never sent by this one.
    #[serde(other)]
    Unknown,
}

impl ErrorCode {
    /// Every code, for tests and for the document.
    pub const ALL: [Self; 35] = [
        Self::InvalidBody,
        Self::InvalidValue,
        Self::TooLarge,
        Self::Unauthorized,
        Self::OriginNotAllowed,
        Self::Forbidden,
        Self::NotFound,
        Self::InvitationInvalid,
        Self::IdConflict,
        Self::ConversationTaken,
        Self::NotHolder,
        Self::StaleFence,
        Self::ConversationFinished,
        Self::ConversationNotTaken,
        Self::AgentOffline,
        Self::CandidateOffline,
        Self::CandidateWithoutAccess,
        Self::CandidateHolds,
        Self::RateLimited,
        Self::MethodNotAllowed,
        Self::Unavailable,
        Self::Internal,
        Self::InvalidFrame,
        Self::HelloTimeout,
        Self::TooSlow,
        Self::SignInFirst,
        Self::ContactBlocked,
        Self::AlreadyBlocked,
        Self::NotBlocked,
        Self::NothingToPostpone,
        Self::LastOwner,
        Self::StaleRevision,
        Self::FileTooLarge,
        Self::FilesNotAllowed,
        Self::UploadStalled,
    ];

    /// The HTTP status that goes with the code.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidBody | Self::InvalidValue | Self::InvalidFrame => 400,
            Self::Unauthorized => 401,
            Self::OriginNotAllowed | Self::Forbidden | Self::FilesNotAllowed => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::HelloTimeout | Self::UploadStalled => 408,
            Self::IdConflict
            | Self::ConversationTaken
            | Self::NotHolder
            | Self::StaleFence
            | Self::ConversationFinished
            | Self::ConversationNotTaken
            | Self::AgentOffline
            | Self::CandidateOffline
            | Self::CandidateWithoutAccess
            | Self::CandidateHolds
            | Self::SignInFirst
            | Self::ContactBlocked
            | Self::AlreadyBlocked
            | Self::NotBlocked
            | Self::NothingToPostpone
            | Self::LastOwner
            | Self::StaleRevision
            | Self::Unknown => 409,
            Self::InvitationInvalid => 410,
            Self::TooLarge | Self::FileTooLarge => 413,
            Self::RateLimited | Self::TooSlow => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }

    /// Whether the same request may succeed later without anybody changing it.
    #[must_use]
    pub const fn is_transient(self) -> bool {
        matches!(
            self,
            Self::RateLimited
                | Self::Unavailable
                | Self::Internal
                | Self::TooSlow
                | Self::HelloTimeout
                | Self::UploadStalled
        )
    }
}

/// The body of every error answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// The error.
    pub error: WireError,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WireError {
    /// For programs.
    pub code: ErrorCode,
    /// For developers; people read the catalogue's text for the code.
    pub message: String,
    /// More about it, as far as the code has any.
    #[serde(default)]
    pub details: ErrorDetails,
    /// Finds the request in the relay's log.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub request_id: String,
}

/// More about an error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorDetails {
    /// The field that cannot be taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Who has the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<Holder>,
    /// The name of the file that is not taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The largest body or file that the route takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_bytes: Option<u64>,
    /// Until when a client is blocked; nothing for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

/// Who has a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Holder {
    /// The agent's id.
    pub agent_id: String,
    /// The agent's name as colleagues see it.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_codes_is_known_and_stays() {
        let list: Vec<String> = ErrorCode::ALL
            .iter()
            .map(|code| format!("{} {}", code.status(), serde_json::to_value(code).unwrap().as_str().unwrap()))
            .collect();
        insta::assert_snapshot!(list.join("\n"));
    }
}
