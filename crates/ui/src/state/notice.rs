//! The refusal or fault that the agent should read now.

use protocol::error::{ErrorCode, ErrorDetails, WireError};
use yew::AttrValue;

use crate::text::{refusal, texts};

/// What an agent is told, until he dismisses it or does something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The words.
    pub text: AttrValue,
    /// Whether going Online would help (P7).
    pub offers_online: bool,
    /// Tells notices apart, so that the same words are read aloud again.
    pub number: u32,
}

impl Notice {
    /// The notice of a refusal.
    #[must_use]
    pub fn refused(error: &WireError) -> Self {
        Self { text: refusal(error).into(), offers_online: error.code == ErrorCode::AgentOffline, number: 0 }
    }

    /// The notice of an answer that was refused and whose text went back to the input (A7).
    #[must_use]
    pub fn returned(error: &WireError) -> Self {
        let text = format!("{} {}", refusal(error), texts().text_kept);
        Self { text: text.into(), ..Self::refused(error) }
    }

    /// The notice that something takes an agent who is Online (P7).
    #[must_use]
    pub fn offline() -> Self {
        let details = ErrorDetails::default();
        let (code, message, request_id) = (ErrorCode::AgentOffline, String::new(), String::new());
        Self::refused(&WireError { code, message, details, request_id })
    }

    /// The notice of something that did not work here, in words.
    #[must_use]
    pub const fn fault(text: &'static str) -> Self {
        Self { text: AttrValue::Static(text), offers_online: false, number: 0 }
    }

    /// The notice that the relay could not be reached.
    #[must_use]
    pub fn unreachable() -> Self {
        Self::fault(texts().unreachable)
    }
}
