//! The command line on both databases.

use std::process::Command;

use testkit::postgres::Postgres;
use testkit::relay::Relay;

#[tokio::test]
async fn a_project_is_made_and_served_on_postgresql_and_nothing_shows_the_password() {
    let url = Postgres::shared().await.unwrap().fresh().await.unwrap();
    let mut relay = Relay::on_postgres(url.clone()).unwrap();
    let project = relay.create_project("Kettle", "mira@example.com", &["https://shop.example"]).await.unwrap();
    relay.start().await.unwrap();
    let page = reqwest::get(format!("{}/widget/{}.js", relay.url(), project.channel_key)).await.unwrap();
    assert_eq!(page.status(), 200, "the relay finds what the command line made");
    // A second relay needs the first one's key: one that makes its own is refused in words.
    let second = Relay::on_postgres(url).unwrap();
    let refused = second.create_project("Bank", "tom@example.com", &["https://bank.example"]).await.unwrap_err();
    assert!(refused.to_string().contains("DESKSIDE_SECRET_KEY is not the key"), "{refused:#}");

    let binary = relay.binary().to_owned();
    let output = Command::new(binary)
        .args(["invite", "--project", &project.id, "--email", "tom@example.com"])
        .env("DESKSIDE_DATABASE_URL", "postgres://deskside:hunter2@127.0.0.1:1/deskside")
        .env("DESKSIDE_DATA", tempfile::tempdir().unwrap().path())
        .output()
        .unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(words.contains("DESKSIDE_DATABASE_URL: the database cannot be reached"), "{words}");
    assert!(!words.contains("hunter2"), "{words}");
}
