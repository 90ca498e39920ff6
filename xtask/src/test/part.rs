//! The parts of the test run.

use anyhow::{Context as _, Result, bail};

use super::count::Count;
use super::runner::{self, Chosen};
use crate::args::Args;
use crate::build::{self, Profile};
use crate::servers::Servers;
use crate::tools::Tool;
use crate::{image, process, sizes, tidy};

/// Something that is tested on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Fmt,
    Tidy,
    Clippy,
    Unit,
    Doc,
    Relay,
    Size,
    Faults,
    Browser,
    Image,
    Soak,
}

/// All tests but the end-to-end ones, and no examples in the documentation: those have a part of their own.
const UNIT: Chosen =
    Chosen { filter: "not package(e2e)", targets: &["--workspace", "--exclude", "e2e", "--lib", "--bins", "--tests"] };
/// The end-to-end ones, apart.
const RELAY: Chosen =
    Chosen { filter: "package(e2e) & binary(relay)", targets: &["--package", "e2e", "--test", "relay"] };
const FAULTS: Chosen =
    Chosen { filter: "package(e2e) & binary(faults)", targets: &["--package", "e2e", "--test", "faults"] };
const BROWSER: Chosen =
    Chosen { filter: "package(e2e) & binary(browser)", targets: &["--package", "e2e", "--test", "browser"] };

/// What is linted for browsers too. The widget stands alone, as it is built: cargo unites the features of what it builds together.
const IN_BROWSERS: [&[&str]; 2] =
    [&["domain", "protocol", "session", "desk", "webext", "ui", "hub", "panel", "options"], &["session", "widget"]];

impl Part {
    /// Whatever fails soonest comes first.
    pub(super) const ALL: [Self; 9] = [
        Self::Fmt,
        Self::Tidy,
        Self::Clippy,
        Self::Unit,
        Self::Doc,
        Self::Size,
        Self::Relay,
        Self::Faults,
        Self::Browser,
    ];

    /// What takes longer, and runs only when it is named.
    const WHEN_NAMED: [Self; 2] = [Self::Image, Self::Soak];

    /// What one types.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Tidy => "tidy",
            Self::Clippy => "clippy",
            Self::Unit => "unit",
            Self::Doc => "doc",
            Self::Relay => "relay",
            Self::Size => "size",
            Self::Faults => "faults",
            Self::Browser => "browser",
            Self::Image => "image",
            Self::Soak => "soak",
        }
    }

    /// What it does, in a few words.
    pub(super) fn about(self) -> &'static str {
        match self {
            Self::Fmt => "the code is laid out by rustfmt",
            Self::Tidy => "what compilers cannot see",
            Self::Clippy => "no warning, on this machine and for browsers",
            Self::Unit => "the tests beside the code",
            Self::Doc => "the documentation builds, its examples run",
            Self::Relay => "real servers over HTTP and WebSocket",
            Self::Size => "what browsers download, against the budgets",
            Self::Faults => "servers killed, databases restarted, networks cut: nothing acknowledged is lost",
            Self::Browser => "the product in a real browser",
            Self::Image => "the container image, built and run, against the budgets",
            Self::Soak => "the faults again and again, for hours",
        }
    }

    /// The part of this name.
    ///
    /// # Errors
    /// There is none; the error lists them.
    pub(super) fn named(name: &str) -> Result<Self> {
        let all = || Self::ALL.into_iter().chain(Self::WHEN_NAMED);
        let names = || all().map(Self::name).collect::<Vec<_>>().join(", ");
        all().find(|part| part.name() == name).with_context(|| format!("{name:?} is none of {}", names()))
    }

    /// What must be on the machine.
    pub(super) fn tools(self) -> &'static [Tool] {
        match self {
            Self::Fmt => &[Tool::Rustfmt],
            Self::Tidy | Self::Doc => &[],
            Self::Unit => &[Tool::Postgres, Tool::Redis, Tool::Caddy],
            Self::Clippy => &[Tool::Clippy, Tool::WasmTarget],
            Self::Size => &[Tool::Clippy, Tool::WasmTarget, Tool::WasmOpt],
            Self::Relay => &[Tool::WasmTarget, Tool::WasmOpt, Tool::Postgres, Tool::Redis],
            Self::Faults | Self::Soak => &[Tool::WasmTarget, Tool::WasmOpt, Tool::Postgres, Tool::Redis, Tool::Caddy],
            Self::Image => &[Tool::WasmTarget, Tool::WasmOpt, Tool::MuslTarget, Tool::MuslCc, Tool::Podman, Tool::Runc],
            Self::Browser => &[
                Tool::WasmTarget,
                Tool::WasmOpt,
                Tool::Chromium,
                Tool::Chromedriver,
                Tool::Fonts,
                Tool::Npm,
                Tool::Postgres,
                Tool::Redis,
            ],
        }
    }

    /// Whether it needs the programs and tests of this machine built.
    pub(super) fn is_built(self) -> bool {
        matches!(self, Self::Unit | Self::Relay | Self::Faults | Self::Browser | Self::Soak)
    }

    /// Runs it, with the servers that run, and adds the tests that ran to the count.
    ///
    /// # Errors
    /// Something does not hold.
    pub(super) fn run(self, servers: &Servers, count: &mut Count) -> Result<()> {
        match self {
            Self::Fmt => fmt(),
            Self::Tidy => tidy::run(Args::new(Vec::new())),
            Self::Clippy => clippy(),
            Self::Unit => runner::tests(UNIT, servers, count),
            Self::Doc => doc(count),
            Self::Relay => end_to_end(RELAY, servers, count),
            Self::Faults => end_to_end(FAULTS, servers, count),
            Self::Browser => end_to_end(BROWSER, servers, count),
            Self::Size => size(),
            Self::Image => image::test(|cargo| runner::counted(cargo, count)),
            Self::Soak => {
                let _held = build::everything(Profile::Release)?;
                runner::soak(FAULTS, servers, count)
            }
        }
    }
}

/// Names the files alone: `cargo fmt` shows and mends the rest.
fn fmt() -> Result<()> {
    let mut cargo = process::cargo();
    process::run(cargo.args(["fmt", "--all", "--", "--check", "--files-with-diff"])).context("run `cargo fmt --all`")
}

fn clippy() -> Result<()> {
    process::run(process::cargo().args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]))?;
    for packages in IN_BROWSERS {
        let mut browsers = process::cargo();
        browsers.args(["clippy", "--target", "wasm32-unknown-unknown"]);
        for package in packages {
            browsers.args(["--package", package]);
        }
        process::run(browsers.args(["--", "--deny", "warnings"]))?;
    }
    Ok(())
}

fn doc(count: &mut Count) -> Result<()> {
    let mut rustdoc = process::cargo();
    process::run(rustdoc.args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "--deny warnings"))?;
    runner::counted(process::cargo().args(["test", "--workspace", "--doc", "--no-fail-fast"]), count)
}

/// Tests of the product as it is shipped, whose sizes are those that were checked.
fn end_to_end(chosen: Chosen, servers: &Servers, count: &mut Count) -> Result<()> {
    let _held = build::everything(Profile::Release)?;
    runner::tests(chosen, servers, count)
}

/// The sizes, and that a relay with all of it inside compiles.
fn size() -> Result<()> {
    let _held = build::everything(Profile::Release)?;
    sizes::check()?;
    let embeds = ["clippy", "--workspace", "--all-targets", "--features", "relay/embed", "--", "--deny", "warnings"];
    if process::run(process::cargo().args(embeds)).is_err() {
        bail!("the relay does not compile with the extension and the widget inside");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_found_by_its_name() {
        for part in Part::ALL.into_iter().chain(Part::WHEN_NAMED) {
            assert_eq!(Part::named(part.name()).unwrap(), part);
        }
        let refused = Part::named("units").unwrap_err().to_string();
        assert!(refused.contains("clippy, unit, doc") && refused.contains("browser, image, soak"), "{refused}");
    }

    #[test]
    fn the_help_lists_every_part_in_the_order_they_run() {
        let names = Part::ALL.map(Part::name).join(", ");
        assert!(crate::HELP.contains(&format!("parts: {names};")));
        let (_, when_named) = crate::HELP.split_once("only when named: ").unwrap();
        let (when_named, _) = when_named.split_once(";\n").unwrap();
        assert_eq!(when_named.split("; ").count(), Part::WHEN_NAMED.len());
        for (part, line) in Part::WHEN_NAMED.into_iter().zip(when_named.split("; ")) {
            assert!(line.starts_with(&format!("{}, ", part.name())), "{line}");
        }
    }
}
