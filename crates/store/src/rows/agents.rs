//! Agents, their rights and their access.

use domain::agent::{Actor, Availability, Candidate, Right};
use domain::id::{AgentId, ChannelId, ProjectId};
use protocol::view::AgentView;
use sqlx::Row as _;

use crate::error::StoreError;
use crate::rows::own;
use crate::{Conn, Row};

/// An agent.
#[derive(Clone, Debug)]
pub(crate) struct AgentRow {
    pub(crate) id: AgentId,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) availability: Availability,
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
            availability: self.agent.availability.into(),
        }
    }

    pub(crate) fn actor(&self) -> Actor {
        Actor { agent: self.agent.id.clone(), right: self.right, availability: self.agent.availability }
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

fn agent_from_row(row: &Row) -> Result<AgentRow, StoreError> {
    let availability: String = row.try_get("availability")?;
    Ok(AgentRow {
        id: own(row.try_get("id")?)?,
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        availability: if availability == "online" { Availability::Online } else { Availability::Offline },
    })
}

fn member_from_row(row: &Row) -> Result<MemberRow, StoreError> {
    let right: String = row.try_get("agent_right")?;
    Ok(MemberRow { agent: agent_from_row(row)?, right: right_from_text(&right)? })
}

const LOAD: &str = "SELECT id, email, name, availability FROM agents WHERE id = $1 AND deleted_at IS NULL";

pub(crate) async fn load(conn: &mut Conn, id: &AgentId) -> Result<AgentRow, StoreError> {
    let row = sqlx::query(LOAD).bind(id.as_str()).fetch_optional(conn).await?.ok_or(StoreError::NotFound)?;
    agent_from_row(&row)
}

const MEMBERS: &str = "
SELECT a.id, a.email, a.name, a.availability, m.agent_right FROM memberships m
JOIN agents a ON a.id = m.agent_id
JOIN projects p ON p.id = m.project_id
WHERE m.project_id = $1 AND a.deleted_at IS NULL AND p.deleted_at IS NULL
ORDER BY a.name, a.id";

pub(crate) async fn members(conn: &mut Conn, project: &ProjectId) -> Result<Vec<MemberRow>, StoreError> {
    sqlx::query(MEMBERS).bind(project.as_str()).fetch_all(conn).await?.iter().map(member_from_row).collect()
}

const MEMBER: &str = "
SELECT a.id, a.email, a.name, a.availability, m.agent_right FROM memberships m
JOIN agents a ON a.id = m.agent_id
JOIN projects p ON p.id = m.project_id
WHERE m.project_id = $1 AND m.agent_id = $2 AND a.deleted_at IS NULL AND p.deleted_at IS NULL";

pub(crate) async fn member(
    conn: &mut Conn,
    project: &ProjectId,
    agent: &AgentId,
) -> Result<Option<MemberRow>, StoreError> {
    sqlx::query(MEMBER)
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
    let rows = sqlx::query(PROJECTS).bind(agent.as_str()).fetch_all(conn).await?;
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
    let n: i64 =
        sqlx::query_scalar(ASSIGNED).bind(channel.as_str()).bind(member.agent.id.as_str()).fetch_one(conn).await?;
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
    Ok(Candidate { agent, availability: member.agent.availability, has_access })
}
