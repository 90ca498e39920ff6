//! The files that the relay serves beside the widget's wasm.

use std::path::Path;

use anyhow::{Context as _, Result};

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
            copy_into(&file, "assets/widget")?;
        }
    }
    let demo = workspace::files(&widget.join("demo"))?;
    if !demo.iter().any(|file| file.ends_with("shop.html")) {
        problems.push("crates/widget/demo/shop.html is missing".to_owned());
    }
    for file in &demo {
        copy_into(file, "assets/demo")?;
    }
    Ok(problems)
}

fn copy_into(file: &Path, folder: &str) -> Result<()> {
    let name = file.file_name().expect("a listed file has a name");
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", workspace::short(file)))?;
    workspace::write(&workspace::made(folder).join(name), &bytes)
}

/// Whether browsers fetch such a file: the package's manifest and notes stay behind.
fn is_served(file: &Path) -> bool {
    let kind = file.extension().and_then(|extension| extension.to_str());
    file.is_file() && matches!(kind, Some("js" | "html" | "css" | "svg" | "png" | "mp3" | "ogg"))
}
