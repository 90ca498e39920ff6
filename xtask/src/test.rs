//! `cargo xtask test`: everything that must hold before a change lands, and what takes longer and is asked for by its name.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;

use crate::args::Args;
use crate::output;
use crate::servers::Servers;
use crate::tools::{self, Tool};

mod count;
mod part;
mod runner;

use count::Count;
pub(crate) use part::Part;

/// Runs the parts that are named, or all that every change must pass, and ends with the number of tests that ran.
pub(crate) fn run(mut args: Args) -> Result<ExitCode> {
    let goes_on = args.flag("--keep-going");
    let names = args.names()?;
    let parts = if names.is_empty() {
        Part::ALL.to_vec()
    } else {
        names.iter().map(|name| Part::named(name)).collect::<Result<_>>()?
    };
    prepare(&parts)?;
    let mut count = Count::default();
    let mut servers = Servers::built();
    let mut lines = Vec::new();
    let mut failed = 0;
    for part in parts {
        if failed > 0 && !goes_on {
            lines.push(format!("{:<8} not run", part.name()));
            continue;
        }
        output::say(format!("\n== {}: {}", part.name(), part.about()));
        let started = Instant::now();
        let outcome = run_part(part, &mut servers, &mut count);
        let time = output::duration(started.elapsed());
        match outcome {
            Ok(()) => lines.push(format!("{:<8} passed in {time}", part.name())),
            Err(error) => {
                output::say(format!("{}: {error:#}", part.name()));
                lines.push(format!("{:<8} FAILED in {time}", part.name()));
                failed += 1;
            }
        }
    }
    output::say(format!("\n{}", lines.join("\n")));
    output::say(count);
    Ok(if failed == 0 && count.n_failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs a part. The first that needs a server has it started; it is there for the others too, and ends with the run.
fn run_part(part: Part, servers: &mut Servers, count: &mut Count) -> Result<()> {
    if part.is_built() {
        runner::build()?;
    }
    servers.need(part.tools())?;
    part.run(servers, count)
}

/// Installs what the parts need before the first of them starts.
fn prepare(parts: &[Part]) -> Result<()> {
    let wanted: Vec<Tool> = parts.iter().flat_map(|part| part.tools()).copied().collect();
    tools::ensure(&wanted)?;
    if wanted.contains(&Tool::Chromedriver) {
        tools::check_browser()?;
    }
    Ok(())
}
