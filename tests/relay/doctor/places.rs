//! A set of places in Gmail's page that cannot be used, or does less than it seems (G2).

use relay::doctor::{Grade, Setup};
use serde_json::{Value, json};
use testkit::relay::Relay;

use super::patient::{Says, says, setup};

/// What is said of a relay with this set.
async fn with(set: &Value) -> Says {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("places.json");
    std::fs::write(&path, set.to_string()).unwrap();
    says(&Setup { gmail_places: Some(path), ..setup(&Relay::new().unwrap()) }).await
}

#[tokio::test]
async fn a_set_that_no_relay_starts_with_is_named() {
    // G2
    let report = with(&json!({ "version": 1, "places": { "rail": [""] } })).await;
    report.bad("settings", &["DESKSIDE_GMAIL_PLACES", "places.json", "no relay starts", "\"rail\" has a selector"]);
    let path = Some("nowhere/places.json".into());
    let report = says(&Setup { gmail_places: path, ..setup(&Relay::new().unwrap()) }).await;
    report.bad("settings", &["nowhere/places.json", "cannot be read"]);
}

#[tokio::test]
async fn a_set_that_does_less_than_it_seems_is_told() {
    // G2
    let unknown = with(&json!({ "version": 99_991_231, "places": { "raill": [".moved"] } })).await;
    unknown.has("settings", Grade::Note, &["no place \"raill\"", "extension/places.js"]);
    let old = with(&json!({ "version": 1, "places": { "rail": [".old"] } })).await;
    old.has("settings", Grade::Note, &["version, 1, is not above", "used instead", "leave the setting out"]);
}
