//! The packages' manifests and the lock file.

use super::Source;

/// What every package says, so that versions and lints are kept in one place.
const SHARED: [&str; 5] = [
    "version.workspace = true",
    "edition.workspace = true",
    "rust-version.workspace = true",
    "publish.workspace = true",
    "[lints]\nworkspace = true",
];

/// What is wrong with `Cargo.toml` and `Cargo.lock`.
pub(super) fn check(sources: &[Source]) -> Vec<String> {
    let mut problems = Vec::new();
    for source in sources.iter().filter(|source| source.path.ends_with("/Cargo.toml")) {
        for line in SHARED.iter().filter(|line| !source.text.contains(**line)) {
            problems.push(format!("{}: {line:?} is missing", source.path));
        }
    }
    if let Some(lock) = sources.iter().find(|source| source.path == "Cargo.lock") {
        problems.extend(bindings(&lock.text));
    }
    problems
}

/// The wasm and what reads it must be made for each other.
fn bindings(lock: &str) -> Option<String> {
    let (library, reader) = (versions(lock, "wasm-bindgen"), versions(lock, "wasm-bindgen-cli-support"));
    let is_one = library.len() == 1 && library == reader;
    (!is_one).then(|| format!("Cargo.lock: wasm-bindgen {library:?} and wasm-bindgen-cli-support {reader:?} must be one and the same version"))
}

/// The versions of a package in a lock file.
fn versions<'a>(lock: &'a str, package: &str) -> Vec<&'a str> {
    let name = format!("name = \"{package}\"");
    let blocks = lock.split("[[package]]").filter(|block| block.lines().any(|line| line == name));
    blocks
        .filter_map(|block| block.lines().find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"')))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source;

    fn lock(packages: &[(&str, &str)]) -> String {
        packages
            .iter()
            .map(|(name, version)| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n\n"))
            .collect()
    }

    #[test]
    fn the_bindings_have_one_version() {
        assert!(bindings(&lock(&[("wasm-bindgen", "0.2.1"), ("wasm-bindgen-cli-support", "0.2.1")])).is_none());
        assert!(bindings(&lock(&[("wasm-bindgen", "0.2.1"), ("wasm-bindgen-cli-support", "0.2.2")])).is_some());
        let two = [("wasm-bindgen", "0.2.1"), ("wasm-bindgen", "0.2.2"), ("wasm-bindgen-cli-support", "0.2.1")];
        assert!(bindings(&lock(&two)).is_some());
    }

    #[test]
    fn a_package_takes_its_settings_from_the_workspace() {
        let good = format!("[package]\n{}\n", SHARED.join("\n"));
        assert!(check(&[source("relay/Cargo.toml", &good)]).is_empty());
        assert_eq!(check(&[source("relay/Cargo.toml", "[package]\nversion = \"1\"\n")]).len(), SHARED.len());
    }
}
