//! The project's own commands: `cargo xtask build`, `demo`, `test`, `bench`, `mutants`, `dist`, `tidy` and `changelog`.

use std::process::ExitCode;

use anyhow::bail;

use crate::args::Args;

mod args;
mod bench;
mod build;
mod changelog;
mod demo;
mod dist;
mod image;
mod mutants;
mod output;
mod pack;
mod process;
mod servers;
mod sizes;
mod test;
mod tidy;
mod tools;
mod workspace;

/// What `cargo xtask` alone prints.
const HELP: &str = "\
cargo xtask demo [--browser [--screenshots FOLDER]] [--port N] [--agent EMAIL]… [--reset]
    build everything and run it: a relay, a shop with the chat, invited agents;
    --browser also opens Chromium with the agents' Gmail pages and the shop; with --screenshots FOLDER
    there are no windows: a conversation is played, and pictures of it are left in the folder
cargo xtask test [--keep-going] [PART…]
    test everything, or parts: fmt, tidy, clippy, unit, doc, size, relay, faults, browser;
    only when named: image, the container image; soak, the faults for hours;
    unit, relay, faults and browser share a PostgreSQL and a Redis, which are started for them unless
    DESKSIDE_TEST_DATABASE_URL or DESKSIDE_TEST_REDIS_URL names one
cargo xtask bench [NAME…]
    measure, in release, and compare with the budgets: commits, search, panel
cargo xtask mutants [PACKAGE…]
    change the code, one place at a time, and show the changes that no test notices; domain, if no package is named
cargo xtask build [--release] [CRATE…]
    build what browsers load: panel, hub, options, widget, and the files beside them
cargo xtask dist
    build what is given away into target/dist and compare its sizes with the budgets
cargo xtask tidy
    check what compilers cannot see
cargo xtask changelog [--release]
    show the changes since the last release; with --release write them into CHANGELOG.md";

fn main() -> ExitCode {
    match dispatch(std::env::args().skip(1).collect()) {
        Ok(code) => code,
        Err(error) => {
            output::warn(format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn dispatch(mut words: Vec<String>) -> anyhow::Result<ExitCode> {
    if words.is_empty() || words.iter().any(|word| word == "--help" || word == "-h" || word == "help") {
        output::say(HELP);
        return Ok(ExitCode::SUCCESS);
    }
    let command = words.remove(0);
    let args = Args::new(words);
    let done = match command.as_str() {
        "bench" => bench::run(args),
        "build" => build::run(args),
        "changelog" => changelog::run(args),
        "demo" => demo::run(args),
        "dist" => dist::run(args),
        "mutants" => mutants::run(args),
        "test" => return test::run(args),
        "tidy" => tidy::run(args),
        other => bail!("there is no command {other:?}; `cargo xtask` lists them"),
    };
    done.map(|()| ExitCode::SUCCESS)
}
