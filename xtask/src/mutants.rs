//! `cargo xtask mutants`: changes the code, one place at a time, and shows the changes that no test notices.
//!
//! Run by hand: the tests run once for each change, and some changes are no mistakes.

use std::process::Command;

use anyhow::{Result, bail};

use crate::args::Args;
use crate::{process, tools, workspace};

/// Where the rules are.
const RULES: &str = "domain";
/// A mutant whose tests take longer is taken for one that never ends.
const TIMEOUT_SECONDS: &str = "60";

/// Runs `cargo mutants` on the packages that are named, or on the rules. What it finds is in `target/mutants.out`.
pub(crate) fn run(args: Args) -> Result<()> {
    let packages = args.names()?;
    if !tools::has_mutants() {
        bail!("cargo-mutants is missing; `cargo install --locked cargo-mutants` installs it");
    }
    process::run(&mut command(&packages))
}

fn command(packages: &[String]) -> Command {
    let mut cargo = process::cargo();
    cargo.args(["mutants", "--timeout", TIMEOUT_SECONDS, "--output"]).arg(workspace::made(""));
    if packages.is_empty() {
        cargo.args(["--package", RULES]);
    }
    for package in packages {
        cargo.args(["--package", package]);
    }
    cargo
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(packages: &[&str]) -> String {
        process::shown(&command(&packages.iter().map(|&package| package.to_owned()).collect::<Vec<_>>()))
    }

    #[test]
    fn the_rules_are_changed_unless_others_are_named() {
        assert!(shown(&[]).ends_with("--package domain"));
        assert!(shown(&["session", "desk"]).ends_with("--package session --package desk"));
    }
}
