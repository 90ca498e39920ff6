//! What the files of `deploy/`, `compose.yaml` and `Dockerfile` say of the relay is true.

use std::collections::BTreeSet;

use yaml_rust2::{Yaml, YamlLoader};

use crate::workspace;

const GIVEN: [&str; 5] = ["Dockerfile", "compose.yaml", "deploy/env.example", "deploy/Caddyfile", "deploy/nginx.conf"];
/// What these files need besides.
const OTHERS: [&str; 6] =
    ["DOMAIN", "POSTGRES_PASSWORD", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_ENDPOINT_URL"];

fn text(name: &str) -> String {
    workspace::read(&workspace::root().join(name)).unwrap()
}

/// The names of settings in a text, each after one of our own beginnings.
fn settings(text: &str, beginning: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let name =
        |(at, _): (usize, &str)| text[at..].trim_start_matches('"').split(|c| !is_part(c)).next().map(str::to_owned);
    text.match_indices(beginning).filter_map(name).collect()
}

/// The settings that the relay's program reads.
fn known() -> BTreeSet<String> {
    let files = workspace::files(&workspace::root().join("relay/src")).unwrap();
    files.iter().flat_map(|file| settings(&workspace::read(file).unwrap(), "\"DESKSIDE_")).collect()
}

/// The variables that compose.yaml takes from `.env`: `${NAME…}`, and `NAME:` alone in an environment.
fn taken(compose: &str) -> BTreeSet<String> {
    let in_braces = compose.split("${").skip(1).map(|rest| rest.split([':', '}']).next().unwrap_or_default());
    let alone = compose.lines().filter_map(|line| line.trim().strip_suffix(':'));
    let is_name = |name: &&str| name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    in_braces.chain(alone.filter(is_name)).map(str::to_owned).collect()
}

fn compose() -> Yaml {
    YamlLoader::load_from_str(&text("compose.yaml")).unwrap().remove(0)
}

/// A field of a service, its own or one that it shares.
fn field<'a>(service: &'a Yaml, name: &str) -> &'a Yaml {
    match &service[name] {
        Yaml::BadValue if !service["<<"].is_badvalue() => field(&service["<<"], name),
        own => own,
    }
}

fn services(compose: &Yaml) -> impl Iterator<Item = (&str, &Yaml)> {
    compose["services"].as_hash().unwrap().iter().map(|(name, service)| (name.as_str().unwrap(), service))
}

#[test]
fn the_deployment_names_only_settings_that_the_relay_reads() {
    let known = known();
    assert!(known.contains("DESKSIDE_SECRET_KEY") && known.contains("DESKSIDE_LOG"), "{known:?}");
    for name in GIVEN {
        let unknown: Vec<_> =
            settings(&text(name), "DESKSIDE_").into_iter().filter(|name| !known.contains(name)).collect();
        assert!(unknown.is_empty(), "{name}: the relay does not read {unknown:?}");
    }
}

#[test]
fn what_compose_takes_from_the_environment_is_explained_in_the_example() {
    let example = text("deploy/env.example");
    let taken = taken(&text("compose.yaml"));
    assert!(OTHERS.iter().all(|name| taken.contains(*name)), "{taken:?}");
    for name in &taken {
        let lines = example.lines().filter(|line| line.trim_start_matches('#').starts_with(&format!("{name}=")));
        assert_eq!(lines.count(), 1, "{name}");
    }
    let missing: Vec<_> = example
        .lines()
        .filter_map(|line| line.trim_start_matches('#').split_once('='))
        .filter(|(name, _)| !taken.contains(*name))
        .collect();
    assert!(missing.is_empty(), "compose.yaml does not use {missing:?}");
}

#[test]
fn every_service_of_compose_is_confined_and_comes_back_by_itself() {
    let compose = compose();
    let names: Vec<_> = services(&compose).map(|(name, _)| name).collect();
    assert_eq!(names, ["relay-1", "relay-2", "backup", "caddy", "postgres", "redis"]);
    for (name, service) in services(&compose) {
        // What is run by its name alone ends when it is done.
        let is_task = !field(service, "profiles").is_badvalue();
        assert_eq!(is_task, name == "backup");
        let restart = if is_task { "no" } else { "unless-stopped" };
        assert_eq!(field(service, "restart").as_str(), Some(restart), "{name}");
        assert_eq!(field(service, "read_only").as_bool(), Some(true), "{name}");
        assert_eq!(field(service, "cap_drop")[0].as_str(), Some("ALL"), "{name}");
        assert_eq!(field(service, "security_opt")[0].as_str(), Some("no-new-privileges:true"), "{name}");
        assert_eq!(
            field(service, "ports").is_badvalue(),
            name != "caddy",
            "{name}: only Caddy is reached from outside"
        );
        assert_eq!(field(service, "healthcheck").is_badvalue(), name == "caddy", "{name}");
    }
}

#[test]
fn the_services_of_compose_find_each_other() {
    let compose = compose();
    let services_by = |name: &str| &compose["services"][name];
    let relay = services_by("relay-1");
    assert_eq!(
        field(relay, "environment"),
        field(services_by("relay-2"), "environment"),
        "relays have one key and one record"
    );
    let address = |name: &str| field(relay, "environment")[name].as_str().unwrap();
    assert!(address("DESKSIDE_DATABASE_URL").ends_with("@postgres/deskside"));
    assert_eq!(address("DESKSIDE_REDIS_URL"), "redis://redis");
    assert_eq!(services_by("caddy")["environment"]["RELAYS"].as_str(), Some("relay-1:8080 relay-2:8080"));
    assert!(
        text("Dockerfile").contains("DESKSIDE_LISTEN=0.0.0.0:8080"),
        "the relays listen where Caddy looks for them"
    );
    for (name, service) in services(&compose) {
        for network in field(service, "networks").as_vec().unwrap() {
            assert!(!compose["networks"][network.as_str().unwrap()].is_badvalue(), "{name}");
        }
        for volume in field(service, "volumes").as_vec().unwrap() {
            let from = volume.as_str().unwrap().split(':').next().unwrap();
            let exists = match from.strip_prefix("./") {
                // The operator makes that one.
                Some("backups") => true,
                Some(file) => workspace::root().join(file).is_file(),
                None => compose["volumes"].as_hash().unwrap().contains_key(&Yaml::String(from.to_owned())),
            };
            assert!(exists, "{name}: {from}");
        }
    }
}
