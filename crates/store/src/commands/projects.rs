//! Making projects.

use domain::agent::Right;
use domain::clock::DEFAULT_MINUTES;
use domain::id::{ChannelId, ProjectId};
use domain::text::Name;
use serde::{Deserialize, Serialize};

use crate::commands::invitations::invite;
use crate::db::query;
use crate::error::StoreError;
use crate::log;
use crate::secret;
use crate::store::Store;
use crate::writer::{Lane, Tx};

/// What an online-chat channel is set to; kept as JSON, so that settings can be added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelSettings {
    /// The origins whose pages may embed the widget (W2), such as `https://shop.example`.
    pub origins: Vec<String>,
    /// What stands on top of the chat.
    #[serde(default = "default_title")]
    pub title: String,
    /// What an empty chat says.
    #[serde(default = "default_greeting")]
    pub greeting: String,
    /// The button's and the messages' colour, `#rrggbb`.
    #[serde(default = "default_color")]
    pub color: String,
    /// `left` or `right`.
    #[serde(default = "default_position")]
    pub position: String,
    /// The catalogue's language.
    #[serde(default = "default_language")]
    pub language: String,
}

fn default_title() -> String {
    "Chat with us".to_owned()
}

fn default_greeting() -> String {
    "Hi! Write to us, a person will answer.".to_owned()
}

fn default_color() -> String {
    "#1a5fd0".to_owned()
}

fn default_position() -> String {
    "right".to_owned()
}

fn default_language() -> String {
    "en".to_owned()
}

impl ChannelSettings {
    /// The usual look, embedded by these origins only.
    ///
    /// # Errors
    /// [`StoreError::Value`] for what is no origin.
    pub fn for_origins(origins: &[String]) -> Result<Self, StoreError> {
        let origins = origins.iter().map(|origin| checked_origin(origin)).collect::<Result<_, _>>()?;
        Ok(Self {
            origins,
            title: default_title(),
            greeting: default_greeting(),
            color: default_color(),
            position: default_position(),
            language: default_language(),
        })
    }
}

/// An origin as browsers send it: scheme, host and perhaps port, in lower case, without a path.
fn checked_origin(text: &str) -> Result<String, StoreError> {
    let origin = text.trim().trim_end_matches('/').to_lowercase();
    let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    match host {
        Some(host) if !host.is_empty() && host.chars().all(allowed) => Ok(origin),
        _ => Err(StoreError::Value {
            field: "origin",
            message: "give the website's origin, such as https://shop.example, without a path".to_owned(),
        }),
    }
}

/// A project to be made.
#[derive(Clone, Debug)]
pub struct NewProject {
    /// What people call it.
    pub name: Name,
    /// The address of its first owner.
    pub owner_email: String,
    /// The settings of its first online-chat channel.
    pub channel: ChannelSettings,
}

/// What making a project gives.
#[derive(Clone, Debug)]
pub struct ProjectCreated {
    /// The project.
    pub project: ProjectId,
    /// Its first channel.
    pub channel: ChannelId,
    /// The channel's public key, for the website's script line.
    pub channel_key: String,
    /// The owner's invitation code, shown only here.
    pub invitation_code: String,
}

const ADD_PROJECT: &str = "
INSERT INTO projects (id, name, finish_after_minutes, created_at) VALUES ($1, $2, $3, $4)";

const ADD_CHANNEL: &str = "
INSERT INTO channels (id, project_id, kind, name, public_key, settings, created_at)
VALUES ($1, $2, 'online_chat', $3, $4, $5, $6)";

/// What the first channel is called.
const FIRST_CHANNEL: &str = "Website";

impl Store {
    /// Makes a project with one online-chat channel and invites its owner.
    ///
    /// # Errors
    /// [`StoreError::Value`] for a wrong address.
    pub async fn create_project(&self, project: NewProject) -> Result<ProjectCreated, StoreError> {
        self.writer.run(Lane::Shared, move |tx| Box::pin(async move { create(tx, &project).await })).await
    }
}

pub(crate) async fn create(tx: &mut Tx<'_>, new: &NewProject) -> Result<ProjectCreated, StoreError> {
    let project = ProjectId::new(tx.now, secret::random_id_bytes());
    let channel = ChannelId::new(tx.now, secret::random_id_bytes());
    let channel_key = format!("ck_{}", secret::hex(&secret::random::<12>()));
    query(ADD_PROJECT)
        .bind(project.as_str())
        .bind(new.name.as_str())
        .bind(i64::from(DEFAULT_MINUTES))
        .bind(tx.now.as_ms())
        .execute(&mut *tx.conn)
        .await?;
    query(ADD_CHANNEL)
        .bind(channel.as_str())
        .bind(project.as_str())
        .bind(FIRST_CHANNEL)
        .bind(&channel_key)
        .bind(log::to_json(&new.channel))
        .bind(tx.now.as_ms())
        .execute(&mut *tx.conn)
        .await?;
    let invited = invite(tx, &project, &new.owner_email, Right::Owner).await?;
    Ok(ProjectCreated { project, channel, channel_key, invitation_code: invited.code })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_what_a_browser_sends() {
        // W2
        let list = |text: &str| ChannelSettings::for_origins(&[text.to_owned()]).map(|settings| settings.origins);
        assert_eq!(list("HTTPS://Shop.example/").unwrap(), ["https://shop.example"]);
        assert_eq!(list("http://localhost:8080").unwrap(), ["http://localhost:8080"]);
        for bad in ["shop.example", "https://", "https://shop.example/path", "*", "https://a b", "javascript:alert(1)"]
        {
            assert!(list(bad).is_err(), "{bad}");
        }
    }
}
