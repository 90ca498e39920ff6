//! The one error that becomes a response.

use std::sync::Arc;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::block::BlockRefused;
use domain::conversation::Refusal;
use domain::time::Timestamp;
use files::FilesError;
use protocol::error::{ErrorBody, ErrorCode, ErrorDetails, Holder, WireError};
use store::{Denied, StoreError};

use crate::request_id;

/// A refused request.
#[derive(Debug)]
pub(crate) struct ApiError(Box<Refused>);

/// What an [`ApiError`] says; boxed, because every handler's result carries it.
#[derive(Debug)]
struct Refused {
    code: ErrorCode,
    message: String,
    details: ErrorDetails,
    retry_after_s: Option<u32>,
    /// What the log is told and the client is not.
    cause: Option<String>,
}

/// The cause of a 5xx, attached to the response for the log.
#[derive(Clone)]
pub(crate) struct Cause(pub(crate) Arc<str>);

impl ApiError {
    /// An error with a code and words for developers.
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        let details = ErrorDetails::default();
        Self(Box::new(Refused { code, message: message.into(), details, retry_after_s: None, cause: None }))
    }

    /// The same, naming the field that cannot be taken.
    pub(crate) fn with_field(mut self, field: &str) -> Self {
        self.0.details.field = Some(field.to_owned());
        self
    }

    /// The same, with the limit of the body.
    pub(crate) fn with_limit(mut self, bytes: u64) -> Self {
        self.0.details.limit_bytes = Some(bytes);
        self
    }

    /// A file that is larger than the operator allows (F2).
    pub(crate) fn file_too_large(name: &str, limit_bytes: u64) -> Self {
        let words = format!("the file {name:?} is larger than {limit_bytes} bytes");
        let mut error = Self::new(ErrorCode::FileTooLarge, words).with_limit(limit_bytes);
        error.0.details.file = Some(name.to_owned());
        error
    }

    /// The same, saying when to try again.
    pub(crate) fn with_retry_after_s(mut self, seconds: u32) -> Self {
        self.0.retry_after_s = Some(seconds);
        self
    }

    /// There is none, or one may not see it.
    pub(crate) fn not_found() -> Self {
        Self::new(ErrorCode::NotFound, "there is no such thing, or this token may not see it")
    }

    /// No token, or a wrong one.
    pub(crate) fn unauthorized() -> Self {
        Self::new(ErrorCode::Unauthorized, "send a valid token as `Authorization: Bearer …`")
    }

    /// What the other side branches on.
    pub(crate) fn code(&self) -> ErrorCode {
        self.0.code
    }

    fn because(mut self, cause: String) -> Self {
        self.0.cause = Some(cause);
        self
    }

    fn unavailable(cause: String) -> Self {
        let error = Self::new(ErrorCode::Unavailable, "the record cannot be used now; try again");
        error.with_retry_after_s(1).because(cause)
    }

    fn internal(cause: String) -> Self {
        Self::new(ErrorCode::Internal, "a fault of the relay; the request id finds it in its log").because(cause)
    }

    /// Tells the log what the other side is not told.
    pub(crate) fn log_cause(&self, what: &str) {
        if let Some(cause) = &self.0.cause {
            tracing::error!(request.id = %request_id::current(), cause, "{what}");
        }
    }

    /// The error as it stands in a body or a frame.
    pub(crate) fn wire(&self) -> WireError {
        WireError {
            code: self.0.code,
            message: self.0.message.clone(),
            details: self.0.details.clone(),
            request_id: request_id::current(),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(ErrorBody { error: self.wire() })).into_response();
        if let Some(seconds) = self.0.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(cause) = self.0.cause {
            response.extensions_mut().insert(Cause(cause.into()));
        }
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::not_found(),
            StoreError::Refused(denied) => denied.into(),
            StoreError::IdConflict => {
                Self::new(ErrorCode::IdConflict, "this id was used before for something else; make a new one")
            }
            StoreError::Block(refused) => {
                let code = match refused {
                    BlockRefused::Offline => ErrorCode::AgentOffline,
                    BlockRefused::AlreadyBlocked => ErrorCode::AlreadyBlocked,
                    BlockRefused::NotBlocked => ErrorCode::NotBlocked,
                };
                Self::new(code, refused.to_string())
            }
            StoreError::ContactBlocked { until } => {
                let mut error =
                    Self::new(ErrorCode::ContactBlocked, "messages of this client are not taken at present");
                error.0.details.until = until.map(Timestamp::as_ms);
                error
            }
            StoreError::FilesNotAllowed => {
                Self::new(ErrorCode::FilesNotAllowed, "this channel takes no files from clients")
            }
            StoreError::LastOwner => {
                Self::new(ErrorCode::LastOwner, "a project keeps at least one owner; make another one first")
            }
            StoreError::Forbidden => Self::new(ErrorCode::Forbidden, "your right in this project does not include it"),
            StoreError::InvitationInvalid => Self::new(
                ErrorCode::InvitationInvalid,
                "the invitation is unknown, used or older than 24 hours; ask for a new one",
            ),
            StoreError::SignInFirst => Self::new(
                ErrorCode::SignInFirst,
                "the address belongs to an agent of another project; take the invitation where he is signed in",
            ),
            StoreError::StaleRevision => {
                Self::new(ErrorCode::StaleRevision, "somebody changed it meanwhile; read it again and change that")
            }
            StoreError::Text { field, refused } => {
                Self::new(ErrorCode::InvalidValue, refused.to_string()).with_field(field)
            }
            StoreError::Value { field, message } => Self::new(ErrorCode::InvalidValue, message).with_field(field),
            StoreError::Unavailable(cause) => Self::unavailable(cause.to_string()),
            StoreError::Closing => Self::unavailable("the record is closing".to_owned()),
            error @ (StoreError::Corrupt(_)
            | StoreError::NewerDatabase
            | StoreError::WrongSecretKey
            | StoreError::Database(_)
            | StoreError::SecretKey(_)) => Self::internal(error.to_string()),
        }
    }
}

impl From<FilesError> for ApiError {
    fn from(error: FilesError) -> Self {
        match error {
            FilesError::NotFound(_) => Self::not_found(),
            FilesError::Broken(_) => {
                Self::new(ErrorCode::InvalidBody, "the file broke off before its end; send it again")
            }
            error @ (FilesError::Address(_) | FilesError::Failed { .. }) => {
                let refused = Self::new(ErrorCode::Unavailable, "files cannot be kept or read now; try again");
                refused.with_retry_after_s(1).because(error.to_string())
            }
        }
    }
}

impl From<Denied> for ApiError {
    fn from(denied: Denied) -> Self {
        let code = match denied.refusal {
            Refusal::Taken { .. } => ErrorCode::ConversationTaken,
            Refusal::NotHolder { .. } => ErrorCode::NotHolder,
            Refusal::StaleFence { .. } => ErrorCode::StaleFence,
            Refusal::Finished => ErrorCode::ConversationFinished,
            Refusal::Offline => ErrorCode::AgentOffline,
            Refusal::CandidateOffline => ErrorCode::CandidateOffline,
            Refusal::CandidateWithoutAccess => ErrorCode::CandidateWithoutAccess,
            Refusal::CandidateHolds => ErrorCode::CandidateHolds,
            Refusal::NotTaken => ErrorCode::ConversationNotTaken,
            Refusal::ContactBlocked => ErrorCode::ContactBlocked,
            Refusal::NothingToPostpone => ErrorCode::NothingToPostpone,
        };
        let mut error = Self::new(code, denied.refusal.to_string());
        error.0.details.holder = denied.holder.map(|(agent_id, name)| Holder { agent_id, name });
        error
    }
}
