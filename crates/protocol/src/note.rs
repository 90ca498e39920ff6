//! Notes: what agents write about a client for one another (O1–O3).

use serde::{Deserialize, Serialize};

/// A note as agents with access see it; clients never do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoteView {
    /// `not_…`, made by the sender.
    pub id: String,
    /// The client whom it is about.
    pub contact_id: String,
    /// The conversation that it was left on.
    pub conversation_id: String,
    /// Who left it.
    pub agent_id: String,
    /// His name as it was then.
    pub agent_name: String,
    /// The text, never HTML.
    pub text: String,
    /// When it was stored.
    pub at: i64,
}

/// `POST /v1/conversations/{id}/notes`: "Leave a note" → "Save" (O1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({ "id": "not_01kc3x5w8e7q2m9v4t6r0y1n3p", "text": "Prefers to be called in the morning." })))]
pub struct LeaveNote {
    /// `not_…`, made by the sender; the same id, author and body again gives the first answer.
    pub id: String,
    /// The text, 1 to 4,000 characters.
    pub text: String,
}

/// A stored note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NoteBody {
    /// The note.
    pub note: NoteView,
}

/// `GET /v1/conversations/{id}/notes`: notes of all conversations of the client that the agent may see, newest first (O3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotePage {
    /// At most 50.
    pub notes: Vec<NoteView>,
    /// Passed back as `after` for the next page; nothing at the end.
    pub next: Option<String>,
}
