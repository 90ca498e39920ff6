//! Searching messages and clients' names (S1–S4).

use serde::{Deserialize, Serialize};

use crate::view::{ConversationView, MessageView};

/// `GET /v1/search`: conversations with what matches in them, the newest match first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchPage {
    /// At most 50.
    pub found: Vec<FoundConversation>,
    /// Passed back as `after` for more; nothing at the end.
    pub next: Option<String>,
}

/// A conversation in which all words match: in one message of it with the names of its files, or in its client's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FoundConversation {
    /// The conversation as it is now.
    pub conversation: ConversationView,
    /// Where the words stand in its client's name; empty if they do not.
    pub name: Vec<TextRange>,
    /// The messages that match, newest first, at most 20.
    pub messages: Vec<FoundMessage>,
    /// Whether older ones match, too.
    #[serde(default)]
    pub has_more: bool,
}

/// A message that matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FoundMessage {
    /// The message.
    pub message: MessageView,
    /// Where the words stand in its text, in order and without overlap.
    pub ranges: Vec<TextRange>,
    /// The same in the names of its files, one list for each in their order; empty if it has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Vec<TextRange>>,
}

/// A piece of a text, counted in characters (Unicode scalar values), not in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TextRange {
    /// How many characters stand before it.
    pub start: u32,
    /// How many stand before what follows it.
    pub end: u32,
}
