//! Templates.

use domain::id::{AgentId, TemplateId};
use domain::template::Owner;
use domain::time::Timestamp;
use protocol::template::TemplateView;

use crate::db::{Conn, Row, query};
use crate::error::StoreError;
use crate::rows::template_files::{self, TemplateFileRow, owner_columns, owner_of};
use crate::rows::{own, small};

/// A template.
#[derive(Clone, Debug)]
pub(crate) struct TemplateRow {
    pub(crate) id: TemplateId,
    pub(crate) owner: Owner,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) rev: u32,
    pub(crate) created_by: AgentId,
    pub(crate) deleted_at: Option<Timestamp>,
    /// In the order in which they are shown.
    pub(crate) files: Vec<TemplateFileRow>,
}

impl TemplateRow {
    pub(crate) fn view(&self) -> TemplateView {
        TemplateView {
            id: self.id.to_string(),
            rev: self.rev,
            project_id: match &self.owner {
                Owner::Agent(_) => None,
                Owner::Project(project) => Some(project.to_string()),
            },
            title: self.title.clone(),
            text: self.text.clone(),
            attachments: self.files.iter().map(TemplateFileRow::view).collect(),
        }
    }
}

/// A template without its files, which [`template_files::fill`] reads.
fn from_row(row: &Row) -> Result<TemplateRow, StoreError> {
    Ok(TemplateRow {
        id: own(row.try_get("id")?)?,
        owner: owner_of(row)?,
        title: row.try_get("title")?,
        text: row.try_get("text")?,
        rev: small(row.try_get("rev")?)?,
        created_by: own(row.try_get("created_by")?)?,
        deleted_at: row.try_get::<Option<i64>>("deleted_at")?.map(Timestamp::from_ms),
        files: Vec::new(),
    })
}

const FIND: &str = "
SELECT id, project_id, agent_id, title, text, rev, created_by, deleted_at FROM templates
WHERE id = $1";

/// The template, also one that was deleted.
pub(crate) async fn find(conn: &mut Conn, id: &str) -> Result<Option<TemplateRow>, StoreError> {
    let Some(row) = query(FIND).bind(id).fetch_optional(&mut *conn).await? else {
        return Ok(None);
    };
    let mut found = [from_row(&row)?];
    template_files::fill(conn, &mut found).await?;
    let [row] = found;
    Ok(Some(row))
}

const OF_AGENT: &str = "
SELECT t.id, t.project_id, t.agent_id, t.title, t.text, t.rev, t.created_by, t.deleted_at FROM templates t
WHERE t.agent_id = $1 AND t.deleted_at IS NULL
UNION ALL
SELECT t.id, t.project_id, t.agent_id, t.title, t.text, t.rev, t.created_by, t.deleted_at FROM memberships m
JOIN projects p ON p.id = m.project_id AND p.deleted_at IS NULL
JOIN templates t ON t.project_id = m.project_id AND t.deleted_at IS NULL
WHERE m.agent_id = $1
ORDER BY 1";

/// An agent's own templates and those of his projects, by their ids.
pub(crate) async fn of_agent(conn: &mut Conn, agent: &AgentId) -> Result<Vec<TemplateRow>, StoreError> {
    let rows = query(OF_AGENT).bind(agent.as_str()).fetch_all(&mut *conn).await?;
    let mut templates: Vec<TemplateRow> = rows.iter().map(from_row).collect::<Result<_, _>>()?;
    template_files::fill(conn, &mut templates).await?;
    Ok(templates)
}

const COUNT: &str = "
SELECT COUNT(*) AS n FROM templates
WHERE (project_id = $1 OR agent_id = $2) AND deleted_at IS NULL";

/// How many templates the owner has.
pub(crate) async fn count(conn: &mut Conn, owner: &Owner) -> Result<u32, StoreError> {
    small(query(COUNT).bind_all(owner_columns(owner)).fetch_one(conn).await?.try_get("n")?)
}

const INSERT: &str = "
INSERT INTO templates (id, project_id, agent_id, title, text, rev, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

pub(crate) async fn insert(conn: &mut Conn, row: &TemplateRow, now: Timestamp) -> Result<(), StoreError> {
    query(INSERT)
        .bind(row.id.as_str())
        .bind_all(owner_columns(&row.owner))
        .bind(&row.title)
        .bind(&row.text)
        .bind(i64::from(row.rev))
        .bind(row.created_by.as_str())
        .bind(now.as_ms())
        .execute(conn)
        .await?;
    Ok(())
}

const SAVE: &str = "UPDATE templates SET title = $2, text = $3, rev = $4, deleted_at = $5 WHERE id = $1";

pub(crate) async fn save(conn: &mut Conn, row: &TemplateRow) -> Result<(), StoreError> {
    query(SAVE)
        .bind(row.id.as_str())
        .bind(&row.title)
        .bind(&row.text)
        .bind(i64::from(row.rev))
        .bind(row.deleted_at.map(Timestamp::as_ms))
        .execute(conn)
        .await?;
    Ok(())
}
