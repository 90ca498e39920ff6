//! `cargo xtask bench`: programs that measure, and compare what they found with the budgets.

use anyhow::{Context as _, Result, bail};

use crate::args::Args;
use crate::build::{self, Profile};
use crate::servers::Servers;
use crate::tools::{self, Tool};
use crate::{output, process};

/// Something that is measured. The program prints its figures, and fails if one is over its budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bench {
    Commits,
    Search,
    Stream,
    Panel,
}

impl Bench {
    const ALL: [Self; 4] = [Self::Commits, Self::Search, Self::Stream, Self::Panel];

    /// What one types.
    fn name(self) -> &'static str {
        match self {
            Self::Commits => "commits",
            Self::Search => "search",
            Self::Stream => "stream",
            Self::Panel => "panel",
        }
    }

    /// What it measures, in a few words.
    fn about(self) -> &'static str {
        match self {
            Self::Commits => "commands that each database commits in a second",
            Self::Search => "how long a search takes in a million messages",
            Self::Stream => "what connections cost, and deliveries at 10,000 a second",
            Self::Panel => "how quick the panel is with 10,000 conversations, and 10,000 messages in one",
        }
    }

    /// The package whose example of this name measures it.
    fn package(self) -> &'static str {
        match self {
            Self::Commits | Self::Search => "store",
            Self::Stream | Self::Panel => "e2e",
        }
    }

    /// The bench of this name.
    fn named(name: &str) -> Result<Self> {
        let all = Self::ALL.map(Self::name).join(", ");
        Self::ALL.into_iter().find(|bench| bench.name() == name).with_context(|| format!("{name:?} is none of {all}"))
    }

    /// What must be on the machine, servers among it.
    fn tools(self) -> &'static [Tool] {
        match self {
            Self::Commits | Self::Search => &[Tool::Postgres],
            Self::Stream => &[Tool::WasmTarget, Tool::WasmOpt],
            Self::Panel => &[Tool::WasmTarget, Tool::WasmOpt, Tool::Chromium, Tool::Chromedriver, Tool::Fonts],
        }
    }

    /// Runs it as it is shipped, with the servers it needs.
    fn run(self, servers: &mut Servers) -> Result<()> {
        servers.need(self.tools())?;
        let mut cargo = process::cargo();
        cargo.args(["run", "--package", self.package(), "--example", self.name()]);
        servers.tell(&mut cargo);
        match self {
            Self::Commits | Self::Search => process::run(cargo.arg("--release")),
            Self::Stream => {
                let _held = build::everything(Profile::Release)?;
                process::run(process::cargo().args(["build", "--release", "--package", "relay", "--bin", "deskside"]))?;
                process::run(cargo.arg("--release"))
            }
            Self::Panel => {
                // What runs in the browser is as it is shipped; the relay need not be quick.
                let _held = build::everything(Profile::Release)?;
                process::run(process::cargo().args(["build", "--package", "relay", "--bin", "deskside"]))?;
                process::run(&mut cargo)
            }
        }
    }
}

/// Runs the benches that are named, or all of them.
pub(crate) fn run(args: Args) -> Result<()> {
    let benches = chosen(args)?;
    let wanted: Vec<Tool> = benches.iter().flat_map(|bench| bench.tools()).copied().collect();
    tools::ensure(&wanted)?;
    let mut servers = Servers::default();
    let mut failed = Vec::new();
    for bench in benches {
        output::say(format!("\n== {}: {}", bench.name(), bench.about()));
        if let Err(error) = bench.run(&mut servers) {
            output::say(format!("{}: {error:#}", bench.name()));
            failed.push(bench.name());
        }
    }
    if !failed.is_empty() {
        bail!("failed or over the budget: {}", failed.join(", "));
    }
    Ok(())
}

fn chosen(args: Args) -> Result<Vec<Bench>> {
    let names = args.names()?;
    if names.is_empty() {
        return Ok(Bench::ALL.to_vec());
    }
    names.iter().map(|name| Bench::named(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen_by(words: &[&str]) -> Result<Vec<Bench>> {
        chosen(Args::new(words.iter().map(|word| (*word).to_owned()).collect()))
    }

    #[test]
    fn all_are_run_unless_some_are_named() {
        assert_eq!(chosen_by(&[]).unwrap(), Bench::ALL);
        for bench in Bench::ALL {
            assert_eq!(chosen_by(&[bench.name()]).unwrap(), [bench]);
        }
    }

    #[test]
    fn what_is_not_there_is_refused_with_what_is() {
        assert!(chosen_by(&["commit"]).unwrap_err().to_string().contains("commits"));
        assert!(chosen_by(&["--fast"]).is_err());
    }
}
