//! axe-core, which finds what keeps people from using a page.
//!
//! It is taken from the npm registry once, by `npm pack` with a pinned version, into `target/tools/`.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::json;
use tokio::process::Command;

use crate::chromium::Browser;
use crate::paths;

const PACKAGE: &str = "axe-core@4.10.3";
/// The success criteria of WCAG 2.2, levels A and AA.
const TAGS: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

/// Something that axe-core found.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Violation {
    /// The rule's name.
    pub id: String,
    /// What it asks for.
    pub help: String,
    /// The elements, as selectors, and what is wrong with each.
    pub nodes: Vec<String>,
}

/// Checks what is under `root` (a JavaScript expression) in the document where the driver stands.
///
/// # Errors
/// When axe-core cannot be had or run.
pub async fn violations(browser: &Browser, root: &str) -> Result<Vec<Violation>> {
    let source = tokio::fs::read_to_string(script().await?).await?;
    browser.run(&source).await?;
    // A colour on its way to another is neither.
    browser.is_still().await?;
    let options =
        json!({ "runOnly": { "type": "tag", "values": TAGS }, "resultTypes": ["violations"], "iframes": false });
    let check = format!(
        "const done = arguments[arguments.length - 1];
        axe.run({root}, {options}).then(
          ({{ violations }}) => done({{ found: violations.map(({{ id, help, nodes }}) => ({{ id, help, nodes: nodes.map((node) => `${{node.target.join(' ')}}: ${{node.failureSummary}}`) }})) }}),
          (error) => done({{ error: String(error) }}));"
    );
    let answer = browser.driver().execute_async(&check, Vec::new()).await?.json().clone();
    ensure!(answer.get("error").is_none(), "axe-core failed: {answer}");
    Ok(serde_json::from_value(answer["found"].clone())?)
}

/// The script, fetched if it is not there.
async fn script() -> Result<PathBuf> {
    let folder = paths::root()?.join("target/tools").join(PACKAGE);
    let script = folder.join("package/axe.min.js");
    if script.is_file() {
        return Ok(script);
    }
    tokio::fs::create_dir_all(&folder).await?;
    let npm = paths::program("npm", "NPM").context("axe-core comes from the npm registry")?;
    let packed = Command::new(npm).args(["pack", "--silent", PACKAGE]).current_dir(&folder).output().await?;
    ensure!(packed.status.success(), "npm pack {PACKAGE}: {}", String::from_utf8_lossy(&packed.stderr));
    let archive = String::from_utf8(packed.stdout)?.trim().to_owned();
    let unpacked =
        Command::new("tar").args(["xzf", &archive, "package/axe.min.js"]).current_dir(&folder).status().await?;
    ensure!(unpacked.success(), "unpacking {archive} failed");
    Ok(script)
}
