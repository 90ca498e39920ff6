//! `deskside project create` and `deskside invite`.

use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use domain::agent::Right;
use domain::id::ProjectId;
use domain::text::Name;
use serde_json::{Value, json};
use store::{ChannelSettings, NewProject};

use crate::cli::data::{Data, open_store};
use crate::cli::say;

#[derive(Subcommand)]
pub(super) enum ProjectCommand {
    /// Make a project with one online-chat channel and invite its owner.
    Create(Create),
}

#[derive(Args)]
pub(super) struct Create {
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
pub(super) struct Invite {
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

/// Makes a project with its first channel and its owner's invitation.
pub(super) async fn create(create: Create) -> anyhow::Result<()> {
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

/// Invites somebody to a project.
pub(super) async fn invite(invite: Invite) -> anyhow::Result<()> {
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
