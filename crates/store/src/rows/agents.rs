//! Agents, their rights and their access.

use domain::agent::{Actor, Availability, Candidate, Right};
use domain::clock::AgentMinutes;
use domain::id::{AgentId, ChannelId, ProjectId};
use domain::presence::{OfflineCause, Presence};
use domain::time::Timestamp;
use protocol::view::{AgentSettings, AgentView, OfflineView};

use crate::db::{Conn, Row, query, query_scalar};
use crate::error::StoreError;
use crate::rows::{own, small};

/// An agent.
#[derive(Clone, Debug)]
pub(crate) struct AgentRow {
    pub(crate) id: AgentId,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) presence: Presence,
    /// The name of the administrator who set him Offline, if one did.
    pub(crate) offline_by_name: Option<String>,
    /// "Turn off online mode" (P6).
    pub(crate) offline_after: AgentMinutes,
    /// "Detach my conversations" (A10).
    pub(crate) detach_after: AgentMinutes,
    /// "Sound notifications" (N6).
    pub(crate) sound_notifications: bool,
    /// "Pop-up notifications".
    pub(crate) popup_notifications: bool,
    /// "Repeat until seen".
    pub(crate) repeat_until_seen: bool,
}

impl AgentRow {
    pub(crate) fn availability(&self) -> Availability {
        self.presence.availability()
    }

    /// Why he is Offline, if he is (P10).
    pub(crate) fn offline(&self) -> Option<OfflineView> {
        self.presence.explanation().map(|(cause, at)| OfflineView {
            cause: cause.into(),
            at: at.as_ms(),
            by_name: self.offline_by_name.clone(),
        })
    }

    pub(crate) fn settings(&self) -> AgentSettings {
        AgentSettings {
            offline_after_minutes: self.offline_after.get(),
            detach_after_minutes: self.detach_after.get(),
            sound_notifications: self.sound_notifications,
            popup_notifications: self.popup_notifications,
            repeat_until_seen: self.repeat_until_seen,
        }
    }
}

/// An agent with his right in one project.
#[derive(Clone, Debug)]
pub(crate) struct MemberRow {
    pub(crate) agent: AgentRow,
    pub(crate) right: Right,
}

impl MemberRow {
    pub(crate) fn view(&self) -> AgentView {
        AgentView {
            id: self.agent.id.to_string(),
            name: self.agent.name.clone(),
            email: self.agent.email.clone(),
            right: self.right.into(),
            availability: self.agent.availability().into(),
        }
    }

    pub(crate) fn actor(&self) -> Actor {
        Actor { agent: self.agent.id.clone(), right: self.right, availability: self.agent.availability() }
    }
}

pub(crate) fn availability_text(availability: Availability) -> &'static str {
    match availability {
        Availability::Online => "online",
        Availability::Offline => "offline",
    }
}

pub(crate) fn right_text(right: Right) -> &'static str {
    match right {
        Right::Agent => "agent",
        Right::Administrator => "administrator",
        Right::Owner => "owner",
    }
}

pub(crate) fn right_from_text(text: &str) -> Result<Right, StoreError> {
    match text {
        "agent" => Ok(Right::Agent),
        "administrator" => Ok(Right::Administrator),
        "owner" => Ok(Right::Owner),
        other => Err(StoreError::Corrupt(format!("{other:?} where a right stands"))),
    }
}

pub(crate) fn cause_text(cause: &OfflineCause) -> &'static str {
    match cause {
        OfflineCause::Unknown => "unknown",
        OfflineCause::NeverOnline => "never_online",
        OfflineCause::ByHand => "by_hand",
        OfflineCause::LastPageClosed => "last_page_closed",
        OfflineCause::Administrator { .. } => "administrator",
    }
}

fn cause_from_row(row: &Row) -> Result<OfflineCause, StoreError> {
    let (text, by): (String, Option<String>) = (row.try_get("offline_cause")?, row.try_get("offline_by")?);
    match (text.as_str(), by) {
        ("unknown", _) => Ok(OfflineCause::Unknown),
        ("never_online", _) => Ok(OfflineCause::NeverOnline),
        ("by_hand", _) => Ok(OfflineCause::ByHand),
        ("last_page_closed", _) => Ok(OfflineCause::LastPageClosed),
        ("administrator", Some(by)) => Ok(OfflineCause::Administrator { by: own(by)? }),
        (other, _) => Err(StoreError::Corrupt(format!("{other:?} where a cause of being Offline stands"))),
    }
}

fn minutes(value: i64) -> Result<AgentMinutes, StoreError> {
    AgentMinutes::new(small(value)?).map_err(|error| StoreError::Corrupt(format!("{value} minutes: {error}")))
}

fn agent_from_row(row: &Row) -> Result<AgentRow, StoreError> {
    let availability: String = row.try_get("availability")?;
    let availability = if availability == "online" { Availability::Online } else { Availability::Offline };
    let at = |name: &str| Ok::<_, StoreError>(Timestamp::from_ms(row.try_get(name)?));
    Ok(AgentRow {
        id: own(row.try_get("id")?)?,
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        presence: Presence::from_parts(availability, at("last_seen_at")?, cause_from_row(row)?, at("offline_at")?),
        offline_by_name: row.try_get("offline_by_name")?,
        offline_after: minutes(row.try_get("offline_after_minutes")?)?,
        detach_after: minutes(row.try_get("detach_after_minutes")?)?,
        sound_notifications: row.try_get("sound_notifications")?,
        popup_notifications: row.try_get("popup_notifications")?,
        repeat_until_seen: row.try_get("repeat_until_seen")?,
    })
}

fn member_from_row(row: &Row) -> Result<MemberRow, StoreError> {
    let right: String = row.try_get("agent_right")?;
    Ok(MemberRow { agent: agent_from_row(row)?, right: right_from_text(&right)? })
}

/// The columns of an agent; `a` is the table's name in the statement, and `boss` is who set him Offline.
macro_rules! columns {
    () => {
        "a.id, a.email, a.name, a.availability, a.last_seen_at, a.offline_cause, a.offline_at, a.offline_by,
 a.offline_after_minutes, a.detach_after_minutes, a.sound_notifications, a.popup_notifications, a.repeat_until_seen,
 boss.name AS offline_by_name"
    };
}

const LOAD: &str = concat!(
    "SELECT ",
    columns!(),
    "
FROM agents a
LEFT JOIN agents boss ON boss.id = a.offline_by
WHERE a.id = $1 AND a.deleted_at IS NULL"
);

pub(crate) async fn load(conn: &mut Conn, id: &AgentId) -> Result<AgentRow, StoreError> {
    let row = query(LOAD).bind(id.as_str()).fetch_optional(conn).await?.ok_or(StoreError::NotFound)?;
    agent_from_row(&row)
}

const MEMBERS: &str = concat!(
    "SELECT m.agent_right, ",
    columns!(),
    "
FROM memberships m
JOIN agents a ON a.id = m.agent_id
JOIN projects p ON p.id = m.project_id
LEFT JOIN agents boss ON boss.id = a.offline_by
WHERE m.project_id = $1 AND a.deleted_at IS NULL AND p.deleted_at IS NULL
ORDER BY a.name, a.id"
);

pub(crate) async fn members(conn: &mut Conn, project: &ProjectId) -> Result<Vec<MemberRow>, StoreError> {
    query(MEMBERS).bind(project.as_str()).fetch_all(conn).await?.iter().map(member_from_row).collect()
}

const MEMBER: &str = concat!(
    "SELECT m.agent_right, ",
    columns!(),
    "
FROM memberships m
JOIN agents a ON a.id = m.agent_id
JOIN projects p ON p.id = m.project_id
LEFT JOIN agents boss ON boss.id = a.offline_by
WHERE m.project_id = $1 AND m.agent_id = $2 AND a.deleted_at IS NULL AND p.deleted_at IS NULL"
);

pub(crate) async fn member(
    conn: &mut Conn,
    project: &ProjectId,
    agent: &AgentId,
) -> Result<Option<MemberRow>, StoreError> {
    query(MEMBER)
        .bind(project.as_str())
        .bind(agent.as_str())
        .fetch_optional(conn)
        .await?
        .as_ref()
        .map(member_from_row)
        .transpose()
}

const PROJECTS: &str = "
SELECT p.id, p.name, m.agent_right FROM memberships m
JOIN projects p ON p.id = m.project_id
WHERE m.agent_id = $1 AND p.deleted_at IS NULL
ORDER BY p.name, p.id";

/// The agent's projects: id, name, right.
pub(crate) async fn projects(conn: &mut Conn, agent: &AgentId) -> Result<Vec<(ProjectId, String, Right)>, StoreError> {
    let rows = query(PROJECTS).bind(agent.as_str()).fetch_all(conn).await?;
    rows.iter()
        .map(|row| {
            let right: String = row.try_get("agent_right")?;
            Ok((own(row.try_get("id")?)?, row.try_get("name")?, right_from_text(&right)?))
        })
        .collect()
}

const ASSIGNED: &str = "SELECT COUNT(*) FROM assignments WHERE channel_id = $1 AND agent_id = $2";

/// Whether the member has access to the channel (N1): by assignment, or because he administers the project.
pub(crate) async fn has_access(conn: &mut Conn, member: &MemberRow, channel: &ChannelId) -> Result<bool, StoreError> {
    let n: i64 = query_scalar(ASSIGNED).bind(channel.as_str()).bind(member.agent.id.as_str()).fetch_one(conn).await?;
    Ok(member.right.has_access(n > 0))
}

/// The member, if he has access to the channel; [`StoreError::NotFound`] otherwise.
pub(crate) async fn with_access(
    conn: &mut Conn,
    project: &ProjectId,
    channel: &ChannelId,
    agent: &AgentId,
) -> Result<MemberRow, StoreError> {
    let member = member(conn, project, agent).await?.ok_or(StoreError::NotFound)?;
    if has_access(conn, &member, channel).await? { Ok(member) } else { Err(StoreError::NotFound) }
}

/// The member, if he administers the project: [`StoreError::NotFound`] for who is no member, [`StoreError::Forbidden`] for an agent.
pub(crate) async fn administrator(
    conn: &mut Conn,
    project: &ProjectId,
    agent: &AgentId,
) -> Result<MemberRow, StoreError> {
    let member = member(conn, project, agent).await?.ok_or(StoreError::NotFound)?;
    if member.right.administers() { Ok(member) } else { Err(StoreError::Forbidden) }
}

const ONLINE_UNSEEN: &str = concat!(
    "SELECT ",
    columns!(),
    "
FROM agents a
LEFT JOIN agents boss ON boss.id = a.offline_by
WHERE a.availability = 'online' AND a.last_seen_at <= $1 AND a.deleted_at IS NULL
ORDER BY a.id"
);

/// The agents who are Online and of whom nothing was seen after an instant. A row that cannot be read is told to the log, and does
/// not hold up the others.
pub(crate) async fn online_unseen_since(conn: &mut Conn, at: Timestamp) -> Result<Vec<AgentRow>, StoreError> {
    let rows = query(ONLINE_UNSEEN).bind(at.as_ms()).fetch_all(conn).await?;
    let readable = |row: &Row| match agent_from_row(row) {
        Ok(agent) => Some(agent),
        Err(error) => {
            tracing::error!(cause = ?error, "an agent cannot be read");
            None
        }
    };
    Ok(rows.iter().filter_map(readable).collect())
}

/// The agent as a candidate for a conversation; someone unknown has no access.
pub(crate) async fn candidate(
    conn: &mut Conn,
    project: &ProjectId,
    channel: &ChannelId,
    agent: AgentId,
) -> Result<Candidate, StoreError> {
    let Some(member) = member(conn, project, &agent).await? else {
        return Ok(Candidate { agent, availability: Availability::Offline, has_access: false });
    };
    let has_access = has_access(conn, &member, channel).await?;
    Ok(Candidate { agent, availability: member.agent.availability(), has_access })
}

const SAVE_PRESENCE: &str = "
UPDATE agents SET availability = $2, offline_cause = $4, offline_at = $5, offline_by = $6,
  last_seen_at = CASE WHEN last_seen_at < $3 THEN $3 ELSE last_seen_at END
WHERE id = $1";

/// Saves an agent's presence; a sign of life that came meanwhile stays.
pub(crate) async fn save_presence(conn: &mut Conn, agent: &AgentId, presence: &Presence) -> Result<(), StoreError> {
    let (cause, at) = presence.reason();
    let by = match cause {
        OfflineCause::Administrator { by } => Some(by.as_str()),
        OfflineCause::Unknown | OfflineCause::NeverOnline | OfflineCause::ByHand | OfflineCause::LastPageClosed => None,
    };
    query(SAVE_PRESENCE)
        .bind(agent.as_str())
        .bind(availability_text(presence.availability()))
        .bind(presence.last_seen_at().as_ms())
        .bind(cause_text(cause))
        .bind(at.as_ms())
        .bind(by)
        .execute(conn)
        .await?;
    Ok(())
}
