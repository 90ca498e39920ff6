//! `cargo xtask dist`: what is given away.

use anyhow::{Context as _, Result};

use crate::args::Args;
use crate::build::Profile;
use crate::{build, output, pack, process, sizes, workspace};

/// Builds all of it into `target/dist` and compares the sizes with the budgets.
pub(crate) fn run(args: Args) -> Result<()> {
    args.finish()?;
    let _held = build::afresh(Profile::Release)?;
    process::run(process::cargo().args([
        "build",
        "--release",
        "--package",
        "relay",
        "--bin",
        "deskside",
        "--features",
        "embed",
    ]))?;
    let folder = workspace::made("dist");
    workspace::remove(&folder)?;
    let binary = workspace::cargo_target().join("release/deskside");
    let zip = format!("deskside-extension-{}.zip", env!("CARGO_PKG_VERSION"));
    let mut files = vec![(binary, "deskside".to_owned()), (pack::path(), zip)];
    let widget = workspace::made("assets/widget");
    for file in workspace::files(&widget)? {
        let inside = file.strip_prefix(&widget).expect("the files were listed below this folder").display().to_string();
        files.push((file, format!("widget/{inside}")));
    }
    for (from, name) in files {
        let to = folder.join(&name);
        std::fs::create_dir_all(to.parent().expect("a file stands in a folder")).context("cannot make target/dist")?;
        let bytes = std::fs::copy(&from, &to).with_context(|| format!("cannot copy {}", workspace::short(&from)))?;
        output::say(format!("{:<44} {:>8} KB", workspace::short(&to), bytes.div_ceil(1000)));
    }
    sizes::check()
}
