//! `deskside welcome`, and how the link to the first project is told.

use anyhow::bail;
use clap::Args;
use store::NewWelcome;

use crate::cli::data::{Data, open_store};
use crate::cli::say;
use crate::cli::serve::Reach;

#[derive(Args)]
pub(super) struct Welcome {
    #[command(flatten)]
    reach: Reach,
    #[command(flatten)]
    data: Data,
}

/// Prints a link in place of one that was lost, or says why there is none.
pub(super) async fn run(welcome: Welcome) -> anyhow::Result<()> {
    let public_url = welcome.reach.public_url(welcome.reach.listen)?;
    match open_store(&welcome.data).await?.new_welcome_code().await? {
        NewWelcome::Code(code) => {
            tell_link(&public_url, &code);
            Ok(())
        }
        NewWelcome::ProjectExists(project) => bail!(
            "there is a project already; get in by an invitation: deskside invite --project {project} --email you@example.com --right owner"
        ),
    }
}

/// Says where the first project is made. The code stands in the address's fragment, which browsers never send.
pub(super) fn tell_link(public_url: &str, code: &str) {
    say(&format!("Make the first project at {public_url}/welcome#{code}"));
    say("This link works once; `deskside welcome` prints another one in its place.");
}
