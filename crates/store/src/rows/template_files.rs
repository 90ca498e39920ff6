//! Files of templates, and those that were uploaded for one that is not saved yet.

use std::collections::HashMap;

use domain::file::FileName;
use domain::id::{AgentId, AttachmentId, ProjectId, TemplateId};
use domain::template::Owner;
use domain::time::Timestamp;
use protocol::file::AttachmentView;

use crate::commands::uploads::NewFile;
use crate::db::{Conn, Row, places, query, query_made};
use crate::error::StoreError;
use crate::log::{signed, unsigned};
use crate::rows::templates::TemplateRow;
use crate::rows::{own, small};

/// A file of a template.
#[derive(Clone, Debug)]
pub(crate) struct TemplateFileRow {
    /// Where its bytes are, and what they are.
    pub(crate) file: NewFile,
    /// As of its template.
    pub(crate) owner: Owner,
    pub(crate) created_by: AgentId,
    /// Nothing until the template is saved with it.
    pub(crate) template_id: Option<TemplateId>,
}

impl TemplateFileRow {
    pub(crate) fn view(&self) -> AttachmentView {
        AttachmentView {
            id: self.file.id.to_string(),
            name: self.file.name.as_str().to_owned(),
            size: self.file.size_bytes,
            media_type: self.file.media_type.clone(),
            width: self.file.pixels.map(|(width, _)| width),
            height: self.file.pixels.map(|(_, height)| height),
        }
    }
}

/// The two columns of an owner: the project, or the agent.
pub(crate) fn owner_columns(owner: &Owner) -> [Option<&str>; 2] {
    match owner {
        Owner::Project(project) => [Some(project.as_str()), None],
        Owner::Agent(agent) => [None, Some(agent.as_str())],
    }
}

/// The owner that these two columns name.
pub(crate) fn owner_of(row: &Row) -> Result<Owner, StoreError> {
    let (project, agent): (Option<String>, Option<String>) = (row.try_get("project_id")?, row.try_get("agent_id")?);
    match (project, agent) {
        (Some(project), _) => Ok(Owner::Project(own::<ProjectId>(project)?)),
        (None, Some(agent)) => Ok(Owner::Agent(own(agent)?)),
        (None, None) => Err(StoreError::Corrupt("a template of nobody".to_owned())),
    }
}

macro_rules! columns {
    () => {
        "SELECT id, project_id, agent_id, name, size_bytes, media_type, width, height, sha256, file_key, created_by, template_id \
         FROM template_files"
    };
}

fn from_row(row: &Row) -> Result<TemplateFileRow, StoreError> {
    let pixels: (Option<i64>, Option<i64>) = (row.try_get("width")?, row.try_get("height")?);
    Ok(TemplateFileRow {
        file: NewFile {
            id: own(row.try_get("id")?)?,
            name: FileName::new(&row.try_get::<String>("name")?),
            size_bytes: unsigned(row.try_get("size_bytes")?)?,
            media_type: row.try_get("media_type")?,
            pixels: match pixels {
                (Some(width), Some(height)) => Some((small(width)?, small(height)?)),
                _ => None,
            },
            sha256: row.try_get("sha256")?,
            file_key: row.try_get("file_key")?,
        },
        owner: owner_of(row)?,
        created_by: own(row.try_get("created_by")?)?,
        template_id: row.try_get::<Option<String>>("template_id")?.map(own).transpose()?,
    })
}

const FIND: &str = concat!(columns!(), " WHERE id = $1");

pub(crate) async fn find(conn: &mut Conn, id: &AttachmentId) -> Result<Option<TemplateFileRow>, StoreError> {
    query(FIND).bind(id.as_str()).fetch_optional(conn).await?.as_ref().map(from_row).transpose()
}

const OF_TEMPLATES: &str = columns!();

/// Gives templates their files.
pub(crate) async fn fill(conn: &mut Conn, templates: &mut [TemplateRow]) -> Result<(), StoreError> {
    if templates.is_empty() {
        return Ok(());
    }
    let places = places(1, templates.len());
    let statement = query_made(format!("{OF_TEMPLATES} WHERE template_id IN ({places}) ORDER BY template_id, place"));
    let ids = templates.iter().map(|template| template.id.to_string());
    let mut found: HashMap<String, Vec<TemplateFileRow>> = HashMap::new();
    for row in &statement.bind_all(ids).fetch_all(conn).await? {
        let row = from_row(row)?;
        if let Some(template) = &row.template_id {
            found.entry(template.to_string()).or_default().push(row);
        }
    }
    for template in templates {
        template.files = found.remove(template.id.as_str()).unwrap_or_default();
    }
    Ok(())
}

const INSERT: &str = "
INSERT INTO template_files (id, project_id, agent_id, name, size_bytes, media_type, width, height, sha256, file_key, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

pub(crate) async fn insert(conn: &mut Conn, row: &TemplateFileRow, at: Timestamp) -> Result<(), StoreError> {
    let TemplateFileRow { file, owner, created_by, .. } = row;
    let pixels = [file.pixels.map(|(width, _)| width), file.pixels.map(|(_, height)| height)];
    query(INSERT)
        .bind(file.id.as_str())
        .bind_all(owner_columns(owner))
        .bind(file.name.as_str())
        .bind(signed(file.size_bytes))
        .bind(&file.media_type)
        .bind_all(pixels.map(|pixels| pixels.map(i64::from)))
        .bind(&file.sha256)
        .bind(&file.file_key)
        .bind(created_by.as_str())
        .bind(at.as_ms())
        .execute(conn)
        .await?;
    Ok(())
}

const PUT: &str = "
UPDATE template_files SET template_id = $2, place = $3
WHERE id = $1 AND (template_id IS NULL OR template_id = $2)";

/// Puts a file into a template, at its place there; says whether it still was there for it.
pub(crate) async fn put(
    conn: &mut Conn,
    id: &AttachmentId,
    template: &TemplateId,
    place: usize,
) -> Result<bool, StoreError> {
    let place = i64::try_from(place).unwrap_or(i64::MAX);
    Ok(query(PUT).bind(id.as_str()).bind(template.as_str()).bind(place).execute(conn).await? > 0)
}

const NOT_LOOSE: &str =
    "DELETE FROM loose_files WHERE file_key IN (SELECT file_key FROM template_files WHERE template_id = $1)";

/// The bytes of a template's files are not to be purged any more.
pub(crate) async fn keep(conn: &mut Conn, template: &TemplateId) -> Result<(), StoreError> {
    query(NOT_LOOSE).bind(template.as_str()).execute(conn).await?;
    Ok(())
}

const LOOSE: &str = "
INSERT INTO loose_files (file_key, project_id, created_at) VALUES ($1, $2, $3)
ON CONFLICT (file_key) DO NOTHING";
const FORGET: &str = "DELETE FROM template_files WHERE id = $1";

/// Takes a file out of its template. Its bytes are purged later, unless a message has them too.
pub(crate) async fn forget(conn: &mut Conn, row: &TemplateFileRow, now: Timestamp) -> Result<(), StoreError> {
    let [project, _] = owner_columns(&row.owner);
    query(LOOSE).bind(&row.file.file_key).bind(project).bind(now.as_ms()).execute(conn).await?;
    query(FORGET).bind(row.file.id.as_str()).execute(conn).await?;
    Ok(())
}
