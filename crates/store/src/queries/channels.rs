//! Channels.

use domain::id::{AgentId, ChannelId, ProjectId};
use protocol::file::ChannelSwitches;
use protocol::view::{ChannelKind, ChannelView};

use crate::commands::projects::ChannelSettings;
use crate::db::{Conn, Row, query, query_scalar};
use crate::error::StoreError;
use crate::rows::agents::right_from_text;
use crate::rows::own;
use crate::store::Store;

/// A channel as agents see it.
#[derive(Clone, Debug)]
pub(crate) struct ChannelRow {
    pub(crate) id: ChannelId,
    pub(crate) project_id: ProjectId,
    pub(crate) name: String,
    pub(crate) switches: ChannelSwitches,
}

impl ChannelRow {
    pub(crate) fn view(&self) -> ChannelView {
        ChannelView {
            id: self.id.to_string(),
            project_id: self.project_id.to_string(),
            name: self.name.clone(),
            kind: ChannelKind::OnlineChat,
            switches: self.switches,
        }
    }
}

fn from_row(row: &Row) -> Result<ChannelRow, StoreError> {
    Ok(ChannelRow {
        id: own(row.try_get("id")?)?,
        project_id: own(row.try_get("project_id")?)?,
        name: row.try_get("name")?,
        switches: switches(row)?,
    })
}

fn switches(row: &Row) -> Result<ChannelSwitches, StoreError> {
    Ok(ChannelSwitches { files_allowed: row.try_get("files_allowed")?, visits_allowed: row.try_get("visits_allowed")? })
}

const OF_PROJECT: &str = "
SELECT id, project_id, name, files_allowed, visits_allowed FROM channels
WHERE project_id = $1 AND deleted_at IS NULL
ORDER BY name, id";

pub(crate) async fn of_project(conn: &mut Conn, project: &ProjectId) -> Result<Vec<ChannelRow>, StoreError> {
    query(OF_PROJECT).bind(project.as_str()).fetch_all(conn).await?.iter().map(from_row).collect()
}

const LOAD: &str =
    "SELECT id, project_id, name, files_allowed, visits_allowed FROM channels WHERE id = $1 AND deleted_at IS NULL";

/// The channel, if it is there.
pub(crate) async fn find(conn: &mut Conn, channel: &ChannelId) -> Result<Option<ChannelRow>, StoreError> {
    query(LOAD).bind(channel.as_str()).fetch_optional(conn).await?.as_ref().map(from_row).transpose()
}

pub(crate) async fn load(conn: &mut Conn, channel: &ChannelId) -> Result<ChannelRow, StoreError> {
    find(conn, channel).await?.ok_or(StoreError::NotFound)
}

/// The project that a channel belongs to; [`StoreError::NotFound`] if it is gone.
pub(crate) async fn project_of(conn: &mut Conn, channel: &ChannelId) -> Result<ProjectId, StoreError> {
    load(conn, channel).await.map(|row| row.project_id)
}

const SUBSCRIBED: &str = "SELECT channel_id FROM subscriptions WHERE agent_id = $1 ORDER BY channel_id";

/// The ids of the channels that the agent is subscribed to (N1), also of those that he has lost access to: he gets his subscription back
/// with the access.
pub(crate) async fn subscribed(conn: &mut Conn, agent: &AgentId) -> Result<Vec<String>, StoreError> {
    Ok(query_scalar(SUBSCRIBED).bind(agent.as_str()).fetch_all(conn).await?)
}

const OF_MEMBER: &str = "
SELECT c.id, c.project_id, c.name, c.files_allowed, c.visits_allowed, m.agent_right, a.agent_id IS NOT NULL AS is_assigned FROM channels c
JOIN projects p ON p.id = c.project_id AND p.deleted_at IS NULL
JOIN memberships m ON m.project_id = c.project_id AND m.agent_id = $1
LEFT JOIN assignments a ON a.channel_id = c.id AND a.agent_id = m.agent_id
WHERE c.deleted_at IS NULL
ORDER BY c.project_id, c.name, c.id";

/// The channels that an agent has access to (N1), in all his projects.
pub(crate) async fn accessible(conn: &mut Conn, agent: &AgentId) -> Result<Vec<ChannelRow>, StoreError> {
    let mut found = Vec::new();
    for row in &query(OF_MEMBER).bind(agent.as_str()).fetch_all(conn).await? {
        let right: String = row.try_get("agent_right")?;
        if right_from_text(&right)?.has_access(row.try_get("is_assigned")?) {
            found.push(from_row(row)?);
        }
    }
    Ok(found)
}

const BY_KEY: &str = "SELECT id, project_id FROM channels WHERE public_key = $1 AND deleted_at IS NULL";

/// Whether a text can be a channel's public key: what is not of its form names nothing.
fn is_key(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The channel of a public key.
pub(crate) async fn by_key(conn: &mut Conn, key: &str) -> Result<Option<(ChannelId, ProjectId)>, StoreError> {
    if !is_key(key) {
        return Ok(None);
    }
    let Some(row) = query(BY_KEY).bind(key).fetch_optional(conn).await? else {
        return Ok(None);
    };
    Ok(Some((own(row.try_get("id")?)?, own(row.try_get("project_id")?)?)))
}

/// What the widget's pages are made from.
#[derive(Clone, Debug)]
pub struct WidgetChannel {
    /// The channel.
    pub id: ChannelId,
    /// The channel's look and its origins.
    pub settings: ChannelSettings,
    /// What its administrators switched on and off.
    pub switches: ChannelSwitches,
}

const SETTINGS: &str = "SELECT id, settings, files_allowed, visits_allowed FROM channels WHERE public_key = $1 AND kind = 'online_chat' AND deleted_at IS NULL";

impl Store {
    /// The settings of the online-chat channel with this public key.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an unknown key.
    pub async fn widget_channel(&self, key: &str) -> Result<WidgetChannel, StoreError> {
        if !is_key(key) {
            return Err(StoreError::NotFound);
        }
        let mut conn = self.readers.acquire().await?;
        let row = query(SETTINGS).bind(key).fetch_optional(&mut conn).await?.ok_or(StoreError::NotFound)?;
        let settings = serde_json::from_str(&row.try_get::<String>("settings")?)
            .map_err(|error| StoreError::Corrupt(format!("channel settings: {error}")))?;
        Ok(WidgetChannel { id: own(row.try_get("id")?)?, settings, switches: switches(&row)? })
    }
}
