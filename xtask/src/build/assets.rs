//! The files that the relay serves beside the widget's wasm.

use std::path::Path;

use anyhow::{Context as _, Result};

use super::squeeze;
use super::trim::trim;
use crate::workspace;

/// What the widget cannot do without.
const WIDGET: [&str; 3] = ["loader.js", "frame.html", "widget.css"];

/// Copies the widget's own files and the demo shop into `target/assets`; gives the names of those that are missing.
pub(super) fn copy() -> Result<Vec<String>> {
    let widget = workspace::root().join("crates/widget");
    let mut problems = Vec::new();
    for name in WIDGET {
        if !widget.join(name).is_file() {
            problems.push(format!("crates/widget/{name} is missing"));
        }
    }
    for file in std::fs::read_dir(&widget).context("cannot read crates/widget")? {
        let file = file?.path();
        if is_served(&file) {
            copy_into(&file, "assets/widget", squeezed)?;
        }
    }
    let demo = workspace::files(&widget.join("demo"))?;
    if !demo.iter().any(|file| file.ends_with("shop.html")) {
        problems.push("crates/widget/demo/shop.html is missing".to_owned());
    }
    for file in &demo {
        copy_into(file, "assets/demo", |_, bytes| bytes)?;
    }
    Ok(problems)
}

fn copy_into(file: &Path, folder: &str, prepare: fn(&Path, Vec<u8>) -> Vec<u8>) -> Result<()> {
    let name = file.file_name().expect("a listed file has a name");
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", workspace::short(file)))?;
    workspace::write(&workspace::made(folder).join(name), &prepare(file, bytes))
}

/// What browsers get of a file: every byte of the widget and of what every Gmail page loads counts.
pub(crate) fn prepared(file: &Path, bytes: Vec<u8>) -> Vec<u8> {
    let is_text = matches!(kind(file), Some("js" | "html" | "css"));
    match String::from_utf8(bytes) {
        Ok(text) if is_text => trim(&text).into_bytes(),
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    }
}

/// The same for the widget, whose every visitor of a website fetches it.
fn squeezed(file: &Path, bytes: Vec<u8>) -> Vec<u8> {
    match (kind(file), String::from_utf8(prepared(file, bytes))) {
        (Some("js"), Ok(text)) => squeeze::script(&text).into_bytes(),
        (Some("css"), Ok(text)) => squeeze::style(&text).into_bytes(),
        (_, Ok(text)) => text.into_bytes(),
        (_, Err(error)) => error.into_bytes(),
    }
}

/// Whether browsers fetch such a file: the package's manifest and notes stay behind.
fn is_served(file: &Path) -> bool {
    file.is_file() && matches!(kind(file), Some("js" | "html" | "css" | "svg" | "png" | "mp3" | "ogg"))
}

fn kind(file: &Path) -> Option<&str> {
    file.extension()?.to_str()
}
