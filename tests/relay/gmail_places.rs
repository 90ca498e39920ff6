//! Where things stand in Gmail's page, as the relay hands it out (G2).

use domain::agent::Right;
use e2e::people::Person;
use e2e::world::World;
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::relay::Relay;

const PATH: &str = "/v1/gmail-places";

/// A relay with an operator's file, which goes with the folder.
fn with(set: &Value) -> (TempDir, Relay) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("places.json");
    std::fs::write(&path, set.to_string()).unwrap();
    let relay = Relay::new().unwrap().with("DESKSIDE_GMAIL_PLACES", path.to_str().unwrap());
    (folder, relay)
}

#[tokio::test]
async fn the_set_of_this_release_is_handed_out_to_agents() {
    // G2
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let set = mira.get(PATH).await.ok();
    assert!(set["version"].as_u64().unwrap() >= 20_261_128, "{set}");
    assert!(set["places"]["rail"].as_array().unwrap().iter().all(Value::is_string), "{set}");
    let script = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../extension/places.js")).unwrap();
    assert!(script.contains(&format!("\"version\": {}", set["version"])), "the extension's own");
}

#[tokio::test]
async fn an_operators_newer_set_is_handed_out_instead() {
    // G2
    let newer = json!({ "version": 99_991_231, "places": { "rail": [".moved"], "raill": [".unknown"] } });
    let (_folder, mut relay) = with(&newer);
    relay.start().await.unwrap();
    let project = relay.create_project("Kettle", "mira@example.com", &["https://shop.example"]).await.unwrap();
    let mira = Person::invited(&relay.url(), &project.owner_code, "Mira").await;
    assert_eq!(mira.get(PATH).await.ok(), newer);
    let log = relay.log_text().unwrap();
    assert!(log.contains("this release knows no place \"raill\""), "{log}");
}

#[tokio::test]
async fn a_file_that_is_no_set_does_not_start() {
    // G2
    let (_folder, mut relay) = with(&json!({ "version": 99_991_231, "places": { "rail": vec!["a"; 13] } }));
    let words = format!("{:#}", relay.start().await.unwrap_err());
    assert!(words.contains("DESKSIDE_GMAIL_PLACES"), "{words}");
    assert!(words.contains("\"rail\" has 13 selectors, and 12 is the most"), "{words}");
}
