//! The command line: `serve`, `project create`, `invite`, `openapi`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::agent::Right;
use domain::id::ProjectId;
use domain::text::Name;
use protocol::EXTENSION_ID;
use serde_json::{Value, json};
use store::clock::SystemClock;
use store::{Appended, ChannelSettings, Listener, NewProject, Store};
use tokio::net::TcpListener;

use crate::assets::Assets;
use crate::config::{Config, database, load_secret_key};

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

#[derive(Args)]
struct Data {
    /// Folder of the record and the key.
    #[arg(long, env = "DESKSIDE_DATA", default_value = "deskside-data")]
    data: PathBuf,
    /// Key for sealed secrets, 64 hexadecimal digits; made in the data folder if none is given.
    #[arg(long, env = "DESKSIDE_SECRET_KEY", hide_env_values = true)]
    secret_key: Option<String>,
    /// Address of a PostgreSQL database, such as <postgres://deskside@db.example/deskside>; a SQLite file in the data folder if none
    /// is given.
    #[arg(long, env = "DESKSIDE_DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
}

#[derive(Args)]
struct Serve {
    #[command(flatten)]
    data: Data,
    /// Address to listen on.
    #[arg(long, env = "DESKSIDE_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Origin under which browsers reach the relay; http://<listen> if none is given.
    #[arg(long, env = "DESKSIDE_PUBLIC_URL")]
    public_url: Option<String>,
    /// Ids of the extensions that may talk to the relay.
    #[arg(long, env = "DESKSIDE_EXTENSION_IDS", value_delimiter = ',', default_value = EXTENSION_ID)]
    extension_ids: Vec<String>,
    /// Folder of the built widget and demo page.
    #[arg(long, env = "DESKSIDE_ASSETS")]
    assets: Option<PathBuf>,
}

#[derive(Subcommand)]
enum ProjectCommand {
    /// Make a project with one online-chat channel and invite its owner.
    Create(Create),
}

#[derive(Args)]
struct Create {
    /// What people call it.
    name: String,
    /// Mail address of the first owner.
    #[arg(long)]
    owner: String,
    /// Origin of a website that may embed the chat, such as <https://shop.example>; may be given several times.
    #[arg(long = "origin", required = true)]
    origins: Vec<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: Data,
}

#[derive(Clone, Copy, ValueEnum)]
enum RightArg {
    Agent,
    Administrator,
    Owner,
}

#[derive(Args)]
struct Invite {
    /// The project's id, prj_….
    #[arg(long)]
    project: String,
    /// Gmail or Workspace address of the agent.
    #[arg(long)]
    email: String,
    /// What he may do.
    #[arg(long, value_enum, default_value = "agent")]
    right: RightArg,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: Data,
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
fn say(text: &str) {
    println!("{text}");
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(serve) => run_serve(serve).await,
        Command::Project(ProjectCommand::Create(create)) => run_create(create).await,
        Command::Invite(invite) => run_invite(invite).await,
        Command::Openapi => {
            say(&crate::openapi().to_pretty_json()?);
            Ok(())
        }
    }
}

async fn run_serve(serve: Serve) -> anyhow::Result<()> {
    let listener = TcpListener::bind(serve.listen).await.with_context(|| format!("listening on {}", serve.listen))?;
    let address = listener.local_addr()?;
    let public_url = serve.public_url.unwrap_or_else(|| format!("http://{address}"));
    let config = Config {
        secret_key: prepare(&serve.data)?,
        data: serve.data.data,
        database_url: serve.data.database_url,
        public_url: checked_url(&public_url)?,
        extension_ids: serve.extension_ids,
        assets: serve.assets.map_or_else(Assets::standard, Assets::Folder),
        max_pages: None,
    };
    let relay = crate::open(config, Arc::new(SystemClock)).await?;
    say(&format!("Deskside listens on {address}; browsers reach it at {public_url}"));
    crate::serve(listener, relay, stop_signal()).await?;
    Ok(())
}

/// The relay's own origin: https, or http on this machine only.
fn checked_url(text: &str) -> anyhow::Result<String> {
    let url = text.trim_end_matches('/').to_lowercase();
    let (host, is_plain) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(host), _) => (host, false),
        (None, Some(host)) => (host, true),
        (None, None) => bail!("--public-url is an origin such as https://chat.example, not {text:?}"),
    };
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    if host.is_empty() || !host.chars().all(is_host) {
        bail!("--public-url has no path and no user, only a host and perhaps a port: {text:?}");
    }
    let is_loopback = ["localhost", "127.0.0.1", "[::1]"]
        .iter()
        .any(|name| host.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')));
    if is_plain && !is_loopback {
        bail!("browsers reach a relay by https, or by http on this machine only: give --public-url https://…");
    }
    Ok(url)
}

async fn stop_signal() {
    #[cfg(unix)]
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                result = tokio::signal::ctrl_c() => log_signal(result),
                _ = terminated.recv() => {}
            }
            return;
        }
        Err(error) => tracing::warn!(%error, "no SIGTERM handler; Ctrl-C still stops the relay"),
    }
    log_signal(tokio::signal::ctrl_c().await);
}

fn log_signal(result: std::io::Result<()>) {
    if let Err(error) = result {
        tracing::error!(%error, "waiting for Ctrl-C");
    }
}

/// A folder that only the relay's user can enter: the record holds what people wrote.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn prepare(data: &Data) -> anyhow::Result<store::sealed::SecretKey> {
    make_private(&data.data).with_context(|| format!("making {}", data.data.display()))?;
    Ok(load_secret_key(data.secret_key.as_deref(), &data.data)?)
}

/// A running relay finds what the command line writes by comparing heads once a second.
struct Nobody;

impl Listener for Nobody {
    fn appended(&self, _: Vec<Appended>) {}
}

async fn open_store(data: &Data) -> anyhow::Result<Store> {
    let path: &Path = &data.data;
    let options = store::Options {
        secret_key: prepare(data)?,
        database: database(path, data.database_url.as_deref()),
        clock: Arc::new(SystemClock),
        listener: Arc::new(Nobody),
        max_pages: None,
        batch_max: store::BATCH_MAX,
    };
    Ok(Store::open(options).await?)
}

async fn run_create(create: Create) -> anyhow::Result<()> {
    let name = Name::new(&create.name).context("the project's name")?;
    let channel = ChannelSettings::for_origins(&create.origins)?;
    let store = open_store(&create.data).await?;
    let made = store.create_project(NewProject { name, owner_email: create.owner.clone(), channel }).await?;
    if create.json {
        say(&pretty(&json!({
            "project_id": made.project.as_str(),
            "channel_id": made.channel.as_str(),
            "channel_key": made.channel_key,
            "invitation_code": made.invitation_code,
        })));
        return Ok(());
    }
    say(&format!("Project {} is made. Its website channel has the key {}.", made.project, made.channel_key));
    say("Put this line into your website, with your relay's address:");
    say(&format!("  <script async src=\"https://RELAY/widget/{}.js\"></script>", made.channel_key));
    say(&format!("Invitation for {}, to be used once within 24 hours: {}", create.owner, made.invitation_code));
    Ok(())
}

async fn run_invite(invite: Invite) -> anyhow::Result<()> {
    let project = ProjectId::parse(&invite.project).context("--project")?;
    let right = match invite.right {
        RightArg::Agent => Right::Agent,
        RightArg::Administrator => Right::Administrator,
        RightArg::Owner => Right::Owner,
    };
    let invited = open_store(&invite.data).await?.invite(project, invite.email.clone(), right).await?;
    if invite.json {
        say(&pretty(&json!({ "invitation_code": invited.code })));
    } else {
        say(&format!("Invitation for {}, to be used once within 24 hours: {}", invite.email, invited.code));
    }
    Ok(())
}

fn pretty(value: &Value) -> String {
    format!("{value:#}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_address_is_an_origin_by_https_or_on_this_machine() {
        assert_eq!(checked_url("https://Chat.example/").unwrap(), "https://chat.example");
        assert_eq!(checked_url("http://127.0.0.1:8080").unwrap(), "http://127.0.0.1:8080");
        assert_eq!(checked_url("http://[::1]:8080").unwrap(), "http://[::1]:8080");
        let bad = [
            "http://chat.example",
            "http://0.0.0.0:8080",
            "http://localhost.evil.example",
            "https://a/b",
            "https://",
            "ftp://a",
            "a",
        ];
        for bad in bad {
            assert!(checked_url(bad).is_err(), "{bad}");
        }
    }
}
