//! `cargo xtask build`: what browsers load, from the wasm crates and the files beside them.

use std::fs::File;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use crate::args::Args;
use crate::tools::{self, Tool};
use crate::{output, pack, workspace};

pub(crate) mod assets;
mod css;
pub(crate) mod gzip;
mod hush;
mod rename;
mod squeeze;
mod trim;
mod wasm;

pub(crate) use wasm::Profile;

/// Builds all, or only the crates that are named.
pub(crate) fn run(mut args: Args) -> Result<()> {
    let profile = if args.flag("--release") { Profile::Release } else { Profile::Dev };
    let names = args.names()?;
    build(profile, &wasm::chosen(&names)?, lock()?).map(drop)
}

/// What a build made stays as it is until this is dropped: other builds wait.
#[derive(Debug)]
pub(crate) struct Held {
    _lock: File,
}

/// Builds everything that browsers load.
///
/// # Errors
/// Anything did not build; the rest is built all the same.
pub(crate) fn everything(profile: Profile) -> Result<Held> {
    build(profile, &wasm::chosen(&[])?, lock()?)
}

/// The same after removing what an earlier version may have left there: it would be packed and embedded too.
///
/// # Errors
/// As for [`everything`].
pub(crate) fn afresh(profile: Profile) -> Result<Held> {
    let held = lock()?;
    for folder in [workspace::made("assets"), workspace::root().join("extension/pkg")] {
        workspace::remove(&folder)?;
    }
    build(profile, &wasm::chosen(&[])?, held)
}

/// Two builds at once would write the same files, hence the lock.
fn build(profile: Profile, crates: &[&wasm::WasmCrate], held: Held) -> Result<Held> {
    tools::ensure(match profile {
        Profile::Dev => &[Tool::WasmTarget],
        Profile::Release => &[Tool::WasmTarget, Tool::WasmOpt],
    })?;
    let started = Instant::now();
    let mut problems = wasm::build(profile, crates)?;
    if crates.iter().any(|one| one.place == wasm::Place::Extension) {
        problems.extend(css::write()?);
    }
    if crates.iter().any(|one| one.place == wasm::Place::Widget) {
        gzip::remove()?;
        problems.extend(assets::copy()?);
        if profile == Profile::Release && problems.is_empty() {
            gzip::write()?;
        }
    }
    if problems.is_empty() && crates.len() == wasm::chosen(&[])?.len() {
        pack::extension(profile)?;
    }
    if !problems.is_empty() {
        bail!("not built: {}", problems.join("; "));
    }
    output::say(format!("built in {}", output::duration(started.elapsed())));
    Ok(held)
}

/// Waits until no other build runs.
fn lock() -> Result<Held> {
    let path = workspace::made("xtask/build.lock");
    std::fs::create_dir_all(workspace::made("xtask")).context("cannot make target/xtask")?;
    let file = File::create(&path).with_context(|| format!("cannot make {}", workspace::short(&path)))?;
    if file.try_lock().is_err() {
        output::say("waiting for another build, or for who uses what it made");
        file.lock().with_context(|| format!("cannot lock {}", workspace::short(&path)))?;
    }
    Ok(Held { _lock: file })
}
