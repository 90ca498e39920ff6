//! Any bytes, read as whatever crosses a public door: refused, or read and written the same. Nothing panics.

use proptest::prelude::*;
use proptest::sample::select;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::command::{
    Answer, Assign, Block, Claim, ContactWrites, MarkRead, Redeem, SetAgentSettings, SetAssigned, SetAvailability,
    SetRight, SetSubscription,
};
use crate::contact::SetContact;
use crate::error::ErrorBody;
use crate::frame::{ClientFrame, RelayFrame};
use crate::note::LeaveNote;
use crate::template::{ChangeTemplate, MakeTemplate};
use crate::view::{AgentSettings, ProjectSettings};
use crate::visit::{TellVisit, VisitBody};
use crate::worker::GmailPlacesSet;

/// Reads bytes as a type; what can be read must be written so that it is read alike.
fn reads<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(read) = serde_json::from_slice::<T>(bytes) {
        let written = serde_json::to_vec(&read).unwrap();
        prop_assert_eq!(serde_json::from_slice::<T>(&written).unwrap(), read);
    }
    Ok(())
}

/// Reads bytes as everything that comes in at a public door, or goes out of one.
fn reads_as_everything(bytes: &[u8]) -> Result<(), TestCaseError> {
    reads::<ClientFrame>(bytes)?;
    reads::<RelayFrame>(bytes)?;
    reads::<Answer>(bytes)?;
    reads::<Assign>(bytes)?;
    reads::<Block>(bytes)?;
    reads::<Claim>(bytes)?;
    reads::<ContactWrites>(bytes)?;
    reads::<LeaveNote>(bytes)?;
    reads::<MakeTemplate>(bytes)?;
    reads::<ChangeTemplate>(bytes)?;
    reads::<MarkRead>(bytes)?;
    reads::<Redeem>(bytes)?;
    reads::<SetAssigned>(bytes)?;
    reads::<SetAvailability>(bytes)?;
    reads::<SetContact>(bytes)?;
    reads::<SetRight>(bytes)?;
    reads::<SetSubscription>(bytes)?;
    reads::<AgentSettings>(bytes)?;
    reads::<SetAgentSettings>(bytes)?;
    reads::<GmailPlacesSet>(bytes)?;
    reads::<TellVisit>(bytes)?;
    reads::<VisitBody>(bytes)?;
    reads::<ProjectSettings>(bytes)?;
    reads::<ErrorBody>(bytes)
}

/// Names of fields, so that objects come close to what is read.
const FIELDS: [&str; 28] = [
    "t",
    "token",
    "version",
    "features",
    "cursors",
    "epoch",
    "seq",
    "topic",
    "here",
    "conversation_id",
    "id",
    "text",
    "fence",
    "agent_id",
    "term",
    "until",
    "reason",
    "also_ip",
    "code",
    "name",
    "right",
    "availability",
    "n_alerts",
    "n",
    "visit",
    "pages",
    "url",
    "seconds",
];

/// Words that tell things apart.
const WORDS: [&str; 14] = [
    "hello",
    "here",
    "typing",
    "pong",
    "resume",
    "welcome",
    "event",
    "snapshot",
    "error",
    "online",
    "administrator",
    "1_day",
    "forever",
    "not_found",
];

/// JSON of any shape, of our own names more often than not.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (0_u32..3).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        select(&WORDS[..]).prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    let name = prop_oneof![4 => select(&FIELDS[..]).prop_map(str::to_owned), 1 => ".{0,8}"];
    leaf.prop_recursive(4, 48, 8, move |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            4 => prop::collection::vec((name.clone(), inner), 0..8).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_refused_or_read_and_written_alike(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        reads_as_everything(&bytes)?;
    }

    #[test]
    fn any_json_is_refused_or_read_and_written_alike(value in any_json()) {
        reads_as_everything(value.to_string().as_bytes())?;
    }

    #[test]
    fn frames_that_are_cut_or_changed_are_refused_or_read(at in 0_usize..200, byte: u8, cut: bool) {
        let hello = json!({
            "t": "hello", "token": "dsd_1", "version": 1, "features": ["a"], "here": true,
            "cursors": { "agent/agt_00000000000000000000000000": { "epoch": "e", "seq": 18_446_744_073_709_551_615_u64 } },
        });
        let mut bytes = hello.to_string().into_bytes();
        let at = at % bytes.len();
        if cut {
            bytes.truncate(at);
        } else {
            bytes[at] = byte;
        }
        reads_as_everything(&bytes)?;
    }

    #[test]
    fn a_frame_of_another_name_is_a_newer_readers(name in "[a-z_]{1,12}", value in any_json()) {
        prop_assume!(!["hello", "here", "typing", "viewing", "pong", "resume"].contains(&name.as_str()));
        let frame = json!({ "t": name, "seq": value, "token": value });
        prop_assert_eq!(serde_json::from_value::<ClientFrame>(frame).unwrap(), ClientFrame::Unknown);
    }
}

#[test]
fn what_is_nested_too_deep_is_refused_instead_of_followed() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for field in FIELDS {
        let frame = format!(r#"{{"t":"hello","token":"x","version":1,"{field}":{deep}}}"#);
        assert!(serde_json::from_str::<ClientFrame>(&frame).is_err(), "{field}");
    }
}
