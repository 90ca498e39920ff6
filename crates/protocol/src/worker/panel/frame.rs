//! A frame of the stream inside the extension: as on the wire, but with its kind outside.

use serde::{Deserialize, Serialize};

use crate::error::WireError;
use crate::frame::{Event, RelayFrame, Snapshot};

/// The twin of [`RelayFrame`], variant for variant; the compiler holds one against the other.
#[derive(Serialize, Deserialize)]
#[serde(remote = "RelayFrame", rename_all = "snake_case")]
pub(super) enum FromOutside {
    Welcome { time_ms: i64, version: u32, features: Vec<String>, epoch: String },
    Event(Box<Event>),
    Snapshot(Box<Snapshot>),
    Left { topic: String },
    UpToDate { time_ms: i64 },
    Typing { topic: String, conversation_id: Option<String>, agent_id: Option<String> },
    Viewing { topic: String, conversation_id: String, agent_id: String, viewing: bool },
    VisitChanged { topic: String, contact_id: String },
    Ping { time_ms: i64 },
    Goaway { after_ms: u32 },
    Error { error: WireError },
    Unknown,
}
