//! Rust to wasm to the pair of files that a page imports.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::UNIX_EPOCH;

use anyhow::{Context as _, Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

use super::hush::hush;
use super::squeeze;
use super::trim::trim;
use crate::{output, process, workspace};

/// How hard the compiler tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Built quickly, with names in stack traces.
    Dev,
    /// As shipped: the `wasm` profile, then `wasm-opt`.
    Release,
}

impl Profile {
    /// The name in `Cargo.toml` and the folder in which cargo leaves the result.
    fn cargo_names(self) -> (&'static str, &'static str) {
        match self {
            Self::Dev => ("dev", "debug"),
            Self::Release => ("wasm", "wasm"),
        }
    }
}

/// Who loads the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A page of the extension.
    Extension,
    /// The widget's frame, served by the relay.
    Widget,
}

/// A crate that becomes wasm.
#[derive(Debug)]
pub(super) struct WasmCrate {
    name: &'static str,
    pub(super) place: Place,
}

const CRATES: [WasmCrate; 4] = [
    WasmCrate { name: "panel", place: Place::Extension },
    WasmCrate { name: "hub", place: Place::Extension },
    WasmCrate { name: "options", place: Place::Extension },
    WasmCrate { name: "widget", place: Place::Widget },
];

impl WasmCrate {
    fn folder(&self) -> PathBuf {
        match self.place {
            Place::Extension => workspace::root().join("extension/pkg"),
            Place::Widget => workspace::made("assets/widget"),
        }
    }

    /// Groups of crates that one cargo builds. It unites the features of what it builds together, and the widget does without the
    /// standard library, which the bindings would else bring along.
    fn groups<'a>(crates: &[&'a Self]) -> [Vec<&'a Self>; 2] {
        [Place::Extension, Place::Widget].map(|place| crates.iter().copied().filter(|one| one.place == place).collect())
    }

    /// The script and the module, in this order.
    fn outputs(&self) -> [PathBuf; 2] {
        [format!("{}.js", self.name), format!("{}_bg.wasm", self.name)].map(|name| self.folder().join(name))
    }
}

/// The crates of these names; all when there is none.
///
/// # Errors
/// A name is not one of them.
pub(super) fn chosen(names: &[String]) -> Result<Vec<&'static WasmCrate>> {
    if names.is_empty() {
        return Ok(CRATES.iter().collect());
    }
    let find = |name: &String| {
        let all = || CRATES.iter().map(|one| one.name).collect::<Vec<_>>().join(", ");
        CRATES.iter().find(|one| one.name == name).ok_or_else(|| anyhow!("{name:?} is none of {}", all()))
    };
    names.iter().map(find).collect()
}

/// Builds the crates; gives the names of those that failed, after having built the others.
pub(super) fn build(profile: Profile, crates: &[&WasmCrate]) -> Result<Vec<String>> {
    let mut built = HashSet::new();
    for group in WasmCrate::groups(crates).iter().filter(|group| !group.is_empty()) {
        built.extend(compile(profile, group)?);
    }
    let (made, failed): (Vec<&WasmCrate>, Vec<&WasmCrate>) = crates.iter().partition(|one| built.contains(one.name));
    // `wasm-opt` keeps one core busy for most of its time.
    std::thread::scope(|scope| {
        let begun: Vec<_> = made.iter().map(|one| (one.name, scope.spawn(|| bind(profile, one)))).collect();
        for (name, bound) in begun {
            let bound = bound.join().map_err(|_| anyhow!("it broke off")).flatten();
            bound.with_context(|| format!("cannot make {name} for browsers"))?;
        }
        anyhow::Ok(())
    })?;
    Ok(failed.iter().map(|one| one.name.to_owned()).collect())
}

/// Compiles the crates and gives the names of those that did. One cargo does all of a group, so that what they share is compiled once.
fn compile(profile: Profile, crates: &[&WasmCrate]) -> Result<HashSet<String>> {
    let mut cargo = process::cargo();
    cargo.args([
        "build",
        "--keep-going",
        "--lib",
        "--target",
        "wasm32-unknown-unknown",
        "--profile",
        profile.cargo_names().0,
    ]);
    for one in crates {
        cargo.args(["--package", one.name]);
    }
    output::say(format!("$ {}", process::shown(&cargo)));
    cargo.args(["--message-format", "json-render-diagnostics"]).stdout(Stdio::piped());
    let reports = cargo.spawn().context("cannot start cargo")?.wait_with_output()?.stdout;
    Ok(built(&String::from_utf8_lossy(&reports)))
}

/// The names of the libraries that cargo's reports, a line of JSON each, call finished.
fn built(reports: &str) -> HashSet<String> {
    let name = |line: &str| {
        let report: serde_json::Value = serde_json::from_str(line).ok()?;
        let is_module = report["target"]["crate_types"].as_array()?.iter().any(|kind| kind == "cdylib");
        let is_finished = report["reason"] == "compiler-artifact" && is_module;
        is_finished.then(|| report["target"]["name"].as_str().map(str::to_owned))?
    };
    reports.lines().filter_map(name).collect()
}

/// Writes the script and the module, unless they are of just this wasm already.
fn bind(profile: Profile, one: &WasmCrate) -> Result<()> {
    let folder = workspace::cargo_target().join("wasm32-unknown-unknown").join(profile.cargo_names().1);
    let wasm = folder.join(format!("{}.wasm", one.name));
    let stamp = workspace::made("xtask").join(format!("{}.stamp", one.name));
    let wanted = stamp_of(profile, &wasm)?;
    let is_made = one.outputs().iter().all(|file| file.is_file());
    if is_made && std::fs::read_to_string(&stamp).is_ok_and(|present| present == wanted) {
        return Ok(());
    }
    let scratch = workspace::made("xtask").join(one.name);
    generate(profile, &wasm, one, &scratch)?;
    for file in workspace::files(&scratch)? {
        let inside = file.strip_prefix(&scratch).expect("the files were listed below this folder");
        let bytes = std::fs::read(&file).with_context(|| format!("cannot read {}", workspace::short(&file)))?;
        workspace::write(&one.folder().join(inside), &bytes)?;
    }
    workspace::write(&stamp, wanted.as_bytes())?;
    let size = std::fs::metadata(&one.outputs()[1])?.len();
    output::say(format!("{} ({} KB)", workspace::short(&one.outputs()[1]), size.div_ceil(1000)));
    Ok(())
}

/// Makes the script and the module in a folder of their own, which is emptied first.
fn generate(profile: Profile, wasm: &Path, one: &WasmCrate, scratch: &Path) -> Result<()> {
    workspace::remove(scratch)?;
    let name = one.name;
    let is_release = profile == Profile::Release;
    let mut bytes = std::fs::read(wasm).with_context(|| format!("cannot read {}", workspace::short(wasm)))?;
    withhold_reference_types(&mut bytes);
    if is_release && one.place == Place::Widget {
        hush(&mut bytes)?;
    }
    let mut bindgen = Bindgen::new();
    match one.place {
        Place::Extension => bindgen.web(true)?,
        // Without what starts the module in all kinds of browsers, which is more than all other bindings: boot.js starts it.
        Place::Widget => bindgen.bundler(true)?,
    };
    bindgen
        .input_bytes(name, bytes)
        .out_name(name)
        .typescript(false)
        .remove_name_section(is_release)
        .remove_producers_section(is_release)
        .generate(scratch)?;
    let script = scratch.join(format!("{name}.js"));
    if one.place == Place::Widget {
        // The bindings take the place of the script that bundlers would start them with.
        std::fs::rename(scratch.join(format!("{name}_bg.js")), &script)?;
    }
    let squeezed = squeeze::script(&trim(&workspace::read(&script)?));
    workspace::write(&script, squeezed.as_bytes())?;
    if is_release {
        let module = scratch.join(format!("{name}_bg.wasm"));
        shrink(&module, &["--converge"])?;
        if one.place == Place::Widget {
            // From the blocks and branches of what is left other ones are made, which are fewer and pack better (*measured*: 2 %).
            shrink(&module, &["--flatten", "--rereloop", "-Oz", "-Oz", "--reorder-functions"])?;
        }
    }
    Ok(())
}

/// Takes the reference types out of the list of features that a module says it uses.
///
/// With them the bindings may fill a table, an instruction that Debian's `wasm-opt` 108 does not know. Without them JavaScript's
/// values stand in a list of the script, which every browser can do. Both builds are alike in this, so that one may test the other.
fn withhold_reference_types(module: &mut [u8]) {
    const LISTED: &[u8] = b"+\x0freference-types";
    let at = module.windows(LISTED.len()).position(|bytes| bytes == LISTED);
    if let Some(at) = at {
        module[at] = b'-';
    }
}

/// Lets `wasm-opt` shrink a module, with these steps too. The lowest kilobyte is the end of the stack, where no constant stands. The features are those that Rust's target has by default, less the one that is withheld.
fn shrink(module: &Path, steps: &[&str]) -> Result<()> {
    let mut command = Command::new("wasm-opt");
    command.args(steps).args([
        "-Oz",
        "--low-memory-unused",
        "--enable-bulk-memory",
        "--enable-multivalue",
        "--enable-mutable-globals",
        "--enable-nontrapping-float-to-int",
        "--enable-sign-ext",
        "--strip-producers",
        "--strip-target-features",
    ]);
    process::read(command.arg("--output").arg(module).arg(module)).map(drop)
}

/// What the files were made of: another text means that they are out of date.
fn stamp_of(profile: Profile, wasm: &Path) -> Result<String> {
    let about = std::fs::metadata(wasm).with_context(|| format!("cannot read {}", workspace::short(wasm)))?;
    let changed = about.modified()?.duration_since(UNIX_EPOCH)?;
    // What these files do with the wasm is part of what the result depends on.
    let mut recipe = DefaultHasher::new();
    recipe.write(include_bytes!("wasm.rs"));
    recipe.write(include_bytes!("hush.rs"));
    recipe.write(include_bytes!("rename.rs"));
    recipe.write(include_bytes!("trim.rs"));
    recipe.write(include_bytes!("squeeze.rs"));
    let recipe = recipe.finish();
    Ok(format!("{recipe:x} {profile:?} {} {}\n", about.len(), changed.as_nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_built_when_cargo_says_so() {
        let reports = r#"
            {"reason":"compiler-artifact","target":{"name":"serde","crate_types":["lib"]}}
            {"reason":"compiler-message","target":{"name":"panel","crate_types":["cdylib","rlib"]}}
            {"reason":"compiler-artifact","target":{"name":"hub","crate_types":["cdylib","rlib"]},"fresh":true}
            {"reason":"build-finished","success":false}
        "#;
        assert_eq!(built(reports), HashSet::from(["hub".to_owned()]));
    }

    #[test]
    fn reference_types_are_withheld_and_nothing_else() {
        let mut module = b"..+\x0bbulk-memory+\x0freference-types+\x08sign-ext".to_vec();
        withhold_reference_types(&mut module);
        assert_eq!(module, b"..+\x0bbulk-memory-\x0freference-types+\x08sign-ext");
    }

    #[test]
    fn no_name_means_all_and_a_wrong_one_is_refused() {
        assert_eq!(chosen(&[]).unwrap().len(), 4);
        assert_eq!(chosen(&["hub".to_owned()]).unwrap()[0].name, "hub");
        assert!(chosen(&["hbu".to_owned()]).unwrap_err().to_string().contains("panel, hub, options, widget"));
    }
}
