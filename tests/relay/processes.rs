//! Relays as processes of their own.

use std::time::Duration;

use testkit::postgres::Postgres;
use testkit::relay::Relay;

#[tokio::test]
async fn relays_beside_each_other_serve_one_desk_and_end_when_they_are_asked() {
    let url = Postgres::shared().await.unwrap().fresh().await.unwrap();
    let mut one = Relay::on_postgres(url).unwrap();
    let mut other = Relay::beside(&one).unwrap();
    assert_ne!(other.url(), one.url());
    assert_eq!(other.public(), one.url());
    let project = one.create_project("Kettle", "mira@example.com", &["https://shop.example"]).await.unwrap();
    one.start().await.unwrap();
    other.start().await.unwrap();
    assert!(other.start().await.is_err(), "it runs already");
    let loader = |relay: &Relay| format!("{}/widget/{}.js", relay.url(), project.channel_key);
    assert_eq!(reqwest::get(loader(&other)).await.unwrap().status(), 200);
    // Whatever the machine, a relay that serves has more than one MiB and less than a gigabyte.
    assert!((1_024..1_048_576).contains(&other.resident_kb().unwrap()));

    let ended = one.terminate().await.unwrap();
    assert!(ended.status.success() && ended.took < Duration::from_secs(10), "{ended:?}\n{}", one.log_text().unwrap());
    assert!(one.id().is_err() && one.terminate().await.is_err(), "it does not run");
    assert!(reqwest::get(loader(&one)).await.is_err());
    assert_eq!(reqwest::get(loader(&other)).await.unwrap().status(), 200);
    other.kill().await.unwrap();
    other.start().await.unwrap();
}

#[tokio::test]
async fn a_relay_that_does_not_start_says_why() {
    let mut relay = Relay::new().unwrap().public_url("chat.example");
    let told = relay.start().await.unwrap_err();
    assert!(format!("{told:#}").contains("chat.example"), "{told:#}");
}
