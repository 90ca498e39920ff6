//! The extension's manifest agrees with the rest.

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

use super::Source;

/// Compares the manifest's version with the workspace's, its key with the id in the code, and its files with those that are here.
pub(super) fn check(sources: &[Source]) -> Result<Vec<String>> {
    let text = |path: &str| {
        let source = sources.iter().find(|source| source.path == path);
        source.map(|source| source.text.as_str()).with_context(|| format!("{path} is missing"))
    };
    let manifest: serde_json::Value = serde_json::from_str(text("manifest.json")?).context("manifest.json")?;
    let mut problems = Vec::new();
    let (version, wanted) = (manifest["version"].as_str().unwrap_or_default(), env!("CARGO_PKG_VERSION"));
    if version != wanted {
        problems.push(format!("manifest.json: version {version:?}, the workspace has {wanted:?}"));
    }
    let id = id_of_key(manifest["key"].as_str().context("manifest.json has no key")?)?;
    let protocol = text("crates/protocol/src/lib.rs")?;
    if !protocol.contains(&format!("EXTENSION_ID: &str = \"{id}\"")) {
        problems.push(format!("crates/protocol/src/lib.rs: EXTENSION_ID is not {id:?}, the id of the manifest's key"));
    }
    let mut files = Vec::new();
    strings(&manifest, &mut files);
    for file in files.iter().filter(|file| file.starts_with("extension/")) {
        if !sources.iter().any(|source| &source.path == file) {
            problems.push(format!("manifest.json: {file} is missing"));
        }
    }
    Ok(problems)
}

/// The id that Chrome derives from a manifest's `key`: the first 16 bytes of its SHA-256, each half byte a letter from `a` to `p`.
fn id_of_key(key: &str) -> Result<String> {
    let der = decode_base64(key).context("manifest.json: the key is no base64")?;
    let digest = Sha256::digest(der);
    let halves = digest.iter().take(16).flat_map(|byte| [byte >> 4, byte & 15]);
    Ok(halves.map(|half| char::from(b'a' + half)).collect())
}

/// Plain base64, with or without its padding.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut held, mut n_bits) = (Vec::new(), 0_u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        let value = ALPHABET.iter().position(|known| *known == letter)?;
        held = (held << 6 | u32::try_from(value).ok()?) & 0xffff;
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            bytes.push(u8::try_from(held >> n_bits & 0xff).ok()?);
        }
    }
    Some(bytes)
}

/// All strings in a JSON value.
fn strings(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => found.push(text.clone()),
        serde_json::Value::Array(values) => {
            for value in values {
                strings(value, found);
            }
        }
        serde_json::Value::Object(fields) => {
            for value in fields.values() {
                strings(value, found);
            }
        }
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source;

    #[test]
    fn base64_is_read() {
        assert_eq!(decode_base64("aGVsbG8=").unwrap(), b"hello");
        assert_eq!(decode_base64("aGVsbG8").unwrap(), b"hello");
        assert_eq!(decode_base64("+/+/").unwrap(), [0xfb, 0xff, 0xbf]);
        assert!(decode_base64("a b").is_none());
    }

    #[test]
    fn the_id_comes_from_the_key() {
        // SHA-256 of "hello" begins 2cf24dba5fb0a30e26e83b2ac5b9e29e.
        assert_eq!(id_of_key("aGVsbG8=").unwrap(), "cmpcenlkfplakdaocgoidlckmfljocjo");
    }

    #[test]
    fn version_id_and_files_are_compared() {
        let version = env!("CARGO_PKG_VERSION");
        let lib = source(
            "crates/protocol/src/lib.rs",
            r#"pub const EXTENSION_ID: &str = "cmpcenlkfplakdaocgoidlckmfljocjo";"#,
        );
        let good = format!(r#"{{"version":"{version}","key":"aGVsbG8=","options_page":"extension/options.html"}}"#);
        let page = source("extension/options.html", "");
        assert!(check(&[source("manifest.json", &good), lib, page]).unwrap().is_empty());
        let bad = r#"{"version":"9.9.9","key":"aGVsbG8=","icons":{"16":"extension/16.png"}}"#;
        let lib = source("crates/protocol/src/lib.rs", r#"pub const EXTENSION_ID: &str = "abc";"#);
        assert_eq!(check(&[source("manifest.json", bad), lib]).unwrap().len(), 3);
    }
}
