//! Where built things lie.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

/// The repository's root, which is also the unpacked extension.
///
/// # Errors
/// When the crate was moved out of its workspace.
pub fn root() -> Result<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().context("looking for the repository's root")
}

/// A path below the root that a build must have made; `made_by` says what makes it.
///
/// # Errors
/// When it is not there.
pub fn built(path: &str, made_by: &str) -> Result<PathBuf> {
    let path = root()?.join(path);
    ensure!(path.exists(), "{} is not built: run `{made_by}` first", path.display());
    Ok(path)
}

/// The folder of the unpacked extension: what `DESKSIDE_EXTENSION` names, else the root itself, once its wasm is built.
///
/// # Errors
/// When it is not built.
pub fn extension() -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os("DESKSIDE_EXTENSION") {
        return Ok(PathBuf::from(folder));
    }
    for page in ["panel", "hub", "options"] {
        built(&format!("extension/pkg/{page}.js"), "cargo xtask build")?;
    }
    root()
}

/// The folder of the built widget and demo page: what `DESKSIDE_ASSETS` names, else the build's.
///
/// # Errors
/// When they are not built.
pub fn assets() -> Result<PathBuf> {
    match std::env::var_os("DESKSIDE_ASSETS") {
        Some(folder) => Ok(PathBuf::from(folder)),
        None => built("target/assets", "cargo xtask build"),
    }
}

/// A program on the `PATH`, or the one that the environment variable names.
///
/// # Errors
/// When there is none.
pub fn program(name: &str, variable: &str) -> Result<PathBuf> {
    if let Some(path) = std::env::var_os(variable) {
        return Ok(PathBuf::from(path));
    }
    let path = std::env::var_os("PATH").context("no PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
        .with_context(|| format!("`{name}` is not installed; install it or name it in {variable}"))
}
