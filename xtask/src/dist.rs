//! `cargo xtask dist`: what is given away.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::args::Args;
use crate::build::Profile;
use crate::tools::{self, Tool};
use crate::{build, image, output, pack, process, sizes, workspace};

/// Builds all of it into `target/dist` and compares the sizes with the budgets.
pub(crate) fn run(args: Args) -> Result<()> {
    args.finish()?;
    make()
}

/// The same, for whoever goes on with it.
///
/// # Errors
/// Something does not build or is over its budget.
pub(crate) fn make() -> Result<()> {
    tools::ensure(&[Tool::MuslTarget, Tool::MuslCc])?;
    let _held = build::afresh(Profile::Release)?;
    let binary = relay()?;
    let folder = workspace::made("dist");
    workspace::remove(&folder)?;
    let zip = format!("deskside-extension-{}.zip", env!("CARGO_PKG_VERSION"));
    let mut files = vec![(binary.clone(), "deskside".to_owned()), (pack::path(), zip)];
    let widget = workspace::made("assets/widget");
    for file in workspace::files(&widget)? {
        let inside = file.strip_prefix(&widget).expect("the files were listed below this folder").display().to_string();
        files.push((file, format!("widget/{inside}")));
    }
    for (from, name) in files {
        let to = folder.join(&name);
        let bytes = copy(&from, &to)?;
        output::say(format!("{:<44} {:>8} KB", workspace::short(&to), bytes.div_ceil(1000)));
    }
    image::lay_out(&binary, &folder.join("image"))?;
    sizes::check()
}

/// The relay with widget and extension inside, as one file that needs nothing else, no C library either: it runs on any Linux of this
/// kind of processor, in an empty container too.
fn relay() -> Result<PathBuf> {
    let target = tools::MUSL;
    let mut cargo = process::cargo();
    cargo.args(["build", "--release", "--package", "relay", "--bin", "deskside", "--features", "embed"]);
    cargo.args(["--target", target]);
    // SQLite and what is left of C in the cryptography.
    let compiler = format!("CC_{}", target.replace('-', "_"));
    if std::env::var_os(&compiler).is_none() {
        cargo.env(compiler, "musl-gcc");
    }
    process::run(&mut cargo)?;
    let built = workspace::cargo_target().join(target).join("release/deskside");
    // The names of functions are a sixth of it. What panics says where by itself.
    let stripped = workspace::made("xtask/deskside");
    process::run(Command::new("strip").arg("--strip-all").arg("-o").arg(&stripped).arg(built))?;
    Ok(stripped)
}

/// Copies a file, with its folders, and gives its size.
///
/// # Errors
/// Names the file that cannot be copied.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<u64> {
    std::fs::create_dir_all(to.parent().expect("a file stands in a folder")).context("cannot make target/dist")?;
    std::fs::copy(from, to).with_context(|| format!("cannot copy {}", workspace::short(from)))
}
