//! The dashboard and the alerts that we ship name only what a relay tells.

use std::collections::BTreeSet;

use e2e::world::World;
use serde_json::Value;

use super::text::Metrics;

const DASHBOARD: &str = include_str!("../../../deploy/grafana/deskside.json");
const ALERTS: &str = include_str!("../../../deploy/alerts.yml");

/// Every name of ours in a text.
fn names(text: &str) -> BTreeSet<&str> {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    text.split(|c| !is_part(c)).filter(|word| word.starts_with("deskside_")).collect()
}

/// The panels that show something, in rows or not.
fn panels(dashboard: &Value) -> Vec<&Value> {
    let all = dashboard["panels"].as_array().unwrap();
    all.iter().filter(|panel| panel["type"] != "row").collect()
}

#[tokio::test]
async fn dashboard_and_alerts_name_what_a_relay_tells() {
    let metrics = Metrics::of(&World::new().await.metrics_url()).await;
    for (file, text, n_least) in [("dashboard", DASHBOARD, 25), ("alerts", ALERTS, 7)] {
        let named = names(text);
        assert!(named.len() >= n_least, "the {file} names only {named:?}");
        let unknown: Vec<_> = named.into_iter().filter(|name| !metrics.has(name)).collect();
        assert!(unknown.is_empty(), "the {file} names {unknown:?}, which no relay tells");
    }
    // A label or a bound that no longer is would leave a panel empty without a word.
    for (name, label, value) in [
        ("deskside_timer_lateness_seconds_bucket", "le", "60"),
        ("deskside_events_passed_total", "by", "log"),
        ("deskside_commands_total", "result", "failed"),
    ] {
        let quoted = format!("{label}=\"{value}\"");
        assert!(ALERTS.contains(&quoted) || DASHBOARD.contains(&quoted.replace('"', "\\\"")), "{quoted}");
        metrics.value(name, &[(label, value)]);
    }
}

#[test]
fn every_panel_has_a_unit_a_legend_and_the_chosen_source() {
    let dashboard: Value = serde_json::from_str(DASHBOARD).unwrap();
    assert_eq!(dashboard["schemaVersion"], 42);
    let variables = dashboard["templating"]["list"].as_array().unwrap();
    let of = |name: &str| variables.iter().find(|variable| variable["name"] == name).unwrap();
    assert_eq!((&of("datasource")["type"], &of("datasource")["query"]), (&"datasource".into(), &"prometheus".into()));
    assert_eq!(of("instance")["multi"], true);
    let rows = dashboard["panels"].as_array().unwrap().iter().filter(|panel| panel["type"] == "row");
    let rows: Vec<&str> = rows.map(|row| row["title"].as_str().unwrap()).collect();
    assert_eq!(rows, ["People", "Messages", "Timers", "Record", "Redis", "Process"]);
    let mut titles = BTreeSet::new();
    for panel in panels(&dashboard) {
        let title = panel["title"].as_str().unwrap();
        assert!(titles.insert(title), "{title} stands twice");
        assert!(!panel["description"].as_str().unwrap().is_empty(), "{title}");
        assert!(panel["fieldConfig"]["defaults"]["unit"].is_string(), "{title} has no unit");
        assert_eq!(panel["datasource"]["uid"], "${datasource}", "{title}");
        for target in panel["targets"].as_array().unwrap() {
            assert!(!target["legendFormat"].as_str().unwrap().is_empty(), "{title} has no legend");
            let expr = target["expr"].as_str().unwrap();
            let n_named = expr.matches("deskside_").count();
            assert_eq!(n_named, expr.matches("instance=~\"$instance\"").count(), "{title}: {expr}");
        }
    }
}
