//! The command itself: its words, its exit code, and what it never says.

use std::process::{Command, Output};

use serde_json::Value;
use testkit::relay::Relay;

use super::patient::{data, healthy};

/// Runs the command with a relay's data and these settings.
fn doctor(relay: &Relay, settings: &[(&str, &str)], arguments: &[&str]) -> Output {
    let mut command = Command::new(relay.binary());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("DESKSIDE_") {
            command.env_remove(name);
        }
    }
    command.env_remove("SSL_CERT_FILE").env("DESKSIDE_DATA", data(relay)).env("DESKSIDE_PUBLIC_URL", relay.public());
    command.envs(settings.iter().copied()).arg("doctor").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn a_sound_setup_ends_well_and_another_does_not() {
    let (relay, _setup) = healthy().await;
    let sound = doctor(&relay, &[], &[]);
    let words = text(&sound.stdout);
    assert!(sound.status.success(), "{words}{}", text(&sound.stderr));
    assert!(words.trim_end().lines().last().unwrap().starts_with("nothing to mend"), "{words}");

    let json = doctor(&relay, &[("DESKSIDE_EXTENSION_IDS", "none")], &["--json"]);
    assert!(!json.status.success());
    let report: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(report["n_bad"], 1, "{report:#}");
    let finding = report["findings"].as_array().unwrap().iter().find(|finding| finding["grade"] == "bad").unwrap();
    assert_eq!(finding["check"], "settings");
    assert!(finding["mend"].as_str().unwrap().contains("chrome://extensions"));
    assert!(text(&json.stderr).contains("1 thing to mend"), "{}", text(&json.stderr));
}

#[tokio::test]
async fn a_misspelt_setting_is_told_and_no_secret_is() {
    let relay = Relay::new().unwrap();
    let secrets = [
        ("DESKSIDE_DATABASE_URL", "postgres://mira:hunter2@127.0.0.1:1/deskside?password=hunter2"),
        ("DESKSIDE_REDIS_URL", "redis://mira:hunter2@127.0.0.1:1"),
        ("DESKSIDE_SECRET_KEY", "hunter2"),
        ("DESKSIDE_FILES_URL", "s3://"),
        ("DESKSIDE_DATABSE_URL", "hunter2"),
        ("AWS_SECRET_ACCESS_KEY", "hunter2"),
    ];
    for arguments in [&[][..], &["--json"]] {
        let said = doctor(&relay, &secrets, arguments);
        assert!(!said.status.success());
        let words = format!("{}{}", text(&said.stdout), text(&said.stderr));
        assert!(words.contains("DESKSIDE_DATABSE_URL") && words.contains("things to mend"), "{words}");
        assert!(!words.contains("hunter2"), "{words}");
    }
}
