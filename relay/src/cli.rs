//! The command line: `serve`, `project create`, `invite`, `openapi`.

mod data;
mod project;
mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::cli::project::{Invite, ProjectCommand};
use crate::cli::serve::Serve;

/// Deskside: a help desk chat inside Gmail.
#[derive(Parser)]
#[command(name = "deskside", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the relay.
    Serve(Serve),
    /// Manage projects.
    #[command(subcommand)]
    Project(ProjectCommand),
    /// Invite somebody to a project.
    Invite(Invite),
    /// Print the OpenAPI description of the HTTP interface.
    Openapi,
}

/// Runs the command line and says how it went.
#[must_use]
pub fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("DESKSIDE_LOG").unwrap_or_else(|_| "info,sqlx=warn".into()),
        )
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .with_writer(std::io::stderr)
        .init();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    runtime.block_on(run(Cli::parse().command)).map_or_else(|error| failed(&error), |()| ExitCode::SUCCESS)
}

#[expect(clippy::print_stderr, reason = "the command line's own words")]
fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("deskside: {error:#}");
    ExitCode::FAILURE
}

#[expect(clippy::print_stdout, reason = "the command line's own words")]
pub(crate) fn say(text: &str) {
    println!("{text}");
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(serve) => serve::run(serve).await,
        Command::Project(ProjectCommand::Create(create)) => project::create(create).await,
        Command::Invite(invite) => project::invite(invite).await,
        Command::Openapi => {
            say(&crate::openapi().to_pretty_json()?);
            Ok(())
        }
    }
}
