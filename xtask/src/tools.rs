//! The programs that a command needs: found, or installed, or named with the line that installs them.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{output, process};

mod debian;

/// Something that has to be on the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Tool {
    /// Rust's formatter.
    Rustfmt,
    /// Rust's linter.
    Clippy,
    /// The standard library for browsers.
    WasmTarget,
    /// What halves the wasm that is shipped.
    WasmOpt,
    /// The browser.
    Chromium,
    /// What drives the browser.
    Chromedriver,
    /// Letters of all scripts, for the pages in the browser.
    Fonts,
    /// What fetches the checker of accessibility.
    Npm,
    /// The other database.
    Postgres,
    /// What several relays wake each other with.
    Redis,
    /// The proxy before them.
    Caddy,
    /// The standard library without a system's C library.
    MuslTarget,
    /// The compiler of C for it.
    MuslCc,
    /// What builds and runs containers.
    Podman,
    /// What podman has them run by.
    Runc,
}

/// What the browser tests and the demo's browser need.
pub(crate) const BROWSER: [Tool; 3] = [Tool::Chromium, Tool::Chromedriver, Tool::Fonts];

/// How a tool comes onto the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// `rustup … add`, with these words.
    Rustup([&'static str; 2]),
    /// A package of Debian.
    Debian(&'static str),
}

impl Tool {
    fn source(self) -> Source {
        match self {
            Self::Rustfmt => Source::Rustup(["component", "rustfmt"]),
            Self::Clippy => Source::Rustup(["component", "clippy"]),
            Self::WasmTarget => Source::Rustup(["target", WASM]),
            Self::MuslTarget => Source::Rustup(["target", MUSL]),
            Self::WasmOpt => Source::Debian("binaryen"),
            Self::Chromium => Source::Debian("chromium"),
            Self::Chromedriver => Source::Debian("chromium-driver"),
            Self::Fonts => Source::Debian("fonts-noto-core"),
            Self::Npm => Source::Debian("npm"),
            Self::Postgres => Source::Debian("postgresql"),
            Self::Redis => Source::Debian("redis-server"),
            Self::Caddy => Source::Debian("caddy"),
            Self::MuslCc => Source::Debian("musl-tools"),
            Self::Podman => Source::Debian("podman"),
            Self::Runc => Source::Debian("runc"),
        }
    }

    fn why(self) -> &'static str {
        match self {
            Self::Rustfmt => "checks how the code is laid out",
            Self::Clippy => "reads the code for mistakes",
            Self::WasmTarget => "builds the extension and the widget",
            Self::WasmOpt => "halves the wasm that browsers download",
            Self::Chromium => "the browser that the extension and the widget run in",
            Self::Chromedriver => "drives the browser",
            Self::Fonts => "letters of every script on the pages",
            Self::Npm => "fetches axe-core, which checks the pages for accessibility",
            Self::Postgres => "the database of several relays; tests run their own servers, never the system's",
            Self::Redis => "what several relays wake each other with; tests run their own servers, never the system's",
            Self::Caddy => "the proxy before several relays; tests run their own",
            Self::MuslTarget => "builds the relay that needs no C library",
            Self::MuslCc => "compiles the C parts of the relay that needs no C library",
            Self::Podman => "builds and runs the container image",
            Self::Runc => "runs the container for podman",
        }
    }

    fn is_here(self) -> bool {
        match self {
            Self::Rustfmt => answers(process::cargo().args(["fmt", "--version"])),
            Self::Clippy => answers(process::cargo().args(["clippy", "--version"])),
            Self::WasmTarget => has_library(WASM),
            Self::MuslTarget => has_library(MUSL),
            Self::WasmOpt => process::find("wasm-opt").is_some(),
            Self::Chromium => process::find("chromium").is_some(),
            Self::Chromedriver => process::find("chromedriver").is_some(),
            Self::Npm => process::find("npm").is_some(),
            Self::Postgres => process::find("initdb").is_some() || has_server(Path::new("/usr/lib/postgresql")),
            Self::Redis => process::find("redis-server").is_some() && process::find("redis-cli").is_some(),
            Self::Caddy => process::find("caddy").is_some(),
            Self::MuslCc => process::find("musl-gcc").is_some(),
            Self::Podman => process::find("podman").is_some(),
            Self::Runc => process::find("runc").is_some(),
            // Other systems come with fonts; on Debian they are a package.
            Self::Fonts => process::find("apt-get").is_none() || Path::new("/usr/share/fonts/truetype/noto").is_dir(),
        }
    }
}

const WASM: &str = "wasm32-unknown-unknown";

/// What the relay that needs no C library is built for.
pub(crate) const MUSL: &str =
    if cfg!(target_arch = "aarch64") { "aarch64-unknown-linux-musl" } else { "x86_64-unknown-linux-musl" };

/// Sees to it that the tools are there.
///
/// # Errors
/// One is missing and cannot be installed from here; the error says what to type.
pub(crate) fn ensure(tools: &[Tool]) -> Result<()> {
    let missing: Vec<Tool> = tools.iter().copied().filter(|tool| !tool.is_here()).collect();
    let mut packages = Vec::new();
    for tool in &missing {
        match tool.source() {
            Source::Rustup(words) => {
                output::say(format!("{} is missing ({}); installing it", words[1], tool.why()));
                rustup(words)?;
            }
            Source::Debian(package) => {
                output::say(format!("{package} is missing ({})", tool.why()));
                packages.push(package);
            }
        }
    }
    if !packages.is_empty() {
        debian::install(&packages)?;
    }
    match missing.iter().find(|tool| !tool.is_here()) {
        Some(tool) => bail!("{tool:?} was installed but still cannot be found"),
        None => Ok(()),
    }
}

/// Refuses a driver of another major version than the browser's, since the two do not speak to each other.
///
/// # Errors
/// The versions differ, or a program does not tell its own.
pub(crate) fn check_browser() -> Result<()> {
    let of = |program: &str| -> Result<String> {
        let text = process::read(Command::new(program).arg("--version"))?;
        major(&text).with_context(|| format!("{program} --version says {text:?}"))
    };
    let (browser, driver) = (of("chromium")?, of("chromedriver")?);
    if browser != driver {
        bail!("chromium is version {browser} and chromedriver {driver}; install both from the same source");
    }
    Ok(())
}

/// Whether the faster test runner is there. Without it `cargo test` does the same.
pub(crate) fn has_nextest() -> bool {
    answers(process::cargo().args(["nextest", "--version"]))
}

/// Whether the maker of mutants is there.
pub(crate) fn has_mutants() -> bool {
    answers(process::cargo().args(["mutants", "--version"]))
}

fn answers(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

fn has_library(target: &str) -> bool {
    let mut rustc = Command::new("rustc");
    rustc.args(["--print", "target-libdir", "--target", target]);
    process::read(&mut rustc).is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}

/// Whether a version of PostgreSQL is in the folder where Debian puts them, outside the search path.
fn has_server(versions: &Path) -> bool {
    let mut entries = std::fs::read_dir(versions).into_iter().flatten().flatten();
    entries.any(|entry| entry.path().join("bin/initdb").is_file())
}

fn rustup(words: [&str; 2]) -> Result<()> {
    if process::find("rustup").is_none() {
        bail!("without rustup only your system can install the {} {}", words[0], words[1]);
    }
    process::run(Command::new("rustup").args([words[0], "add", words[1]]))
}

/// The first number of the first version in a text: `156` of `Chromium 156.0.1 built on Debian`.
fn major(text: &str) -> Option<String> {
    let version = text.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    version.split('.').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_the_first_number() {
        assert_eq!(major("Chromium 156.0.7000.1 built on Debian GNU/Linux 12").as_deref(), Some("156"));
        assert_eq!(major("ChromeDriver 156.0.7000.1 (abc)").as_deref(), Some("156"));
        assert_eq!(major("no such program"), None);
    }

    #[test]
    fn postgresql_is_found_outside_the_search_path() {
        let versions = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(versions.path().join("15/bin")).unwrap();
        assert!(!has_server(versions.path()), "a client alone is no server");
        std::fs::write(versions.path().join("15/bin/initdb"), "").unwrap();
        assert!(has_server(versions.path()));
        assert!(!has_server(Path::new("/nowhere")));
    }
}
