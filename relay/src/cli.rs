//! The command line: `serve`, `project create`, `invite`, `welcome`, `doctor`, `backup`, `restore`, `health`, `openapi`.

mod backup;
mod data;
mod doctor;
mod health;
mod project;
mod serve;
mod welcome;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::cli::backup::{Backup, Restore};
use crate::cli::doctor::Doctor;
use crate::cli::health::Health;
use crate::cli::project::{Invite, ProjectCommand};
use crate::cli::serve::Serve;
use crate::cli::welcome::Welcome;

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
    /// Print a new single-use link for making the first project, in place of one that was lost.
    Welcome(Welcome),
    /// Look at the setup from outside and inside, and say what is wrong and how to mend it.
    Doctor(Doctor),
    /// Copy record and files into a folder of their own, while relays run.
    Backup(Backup),
    /// Put a backup in the place of the record and its files; no relay may run.
    Restore(Restore),
    /// Say whether the relay on this machine is ready, for containers and other watchers.
    Health(Health),
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
    let ended = runtime.block_on(run(Cli::parse().command));
    // A question to the system that is never answered, such as for a name, must not hold up the end.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    ended.map_or_else(|error| failed(&error), |()| ExitCode::SUCCESS)
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
        Command::Welcome(welcome) => welcome::run(welcome).await,
        Command::Doctor(doctor) => doctor::run(doctor).await,
        Command::Backup(backup) => backup::run_backup(backup).await,
        Command::Restore(restore) => backup::run_restore(restore).await,
        Command::Health(health) => health::run(health).await,
        Command::Openapi => {
            say(&crate::openapi().to_pretty_json()?);
            Ok(())
        }
    }
}
