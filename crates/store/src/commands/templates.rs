//! Making, changing and deleting templates (T2).

use domain::agent::Right;
use domain::id::{AgentId, TemplateId};
use domain::template::{Owner, TemplateFiles};
use domain::text::{MessageText, Name};
use protocol::frame::{Actor, EventData};
use protocol::template::TemplateView;

use crate::commands::template_files;
use crate::db::{Conn, query_scalar};
use crate::error::StoreError;
use crate::log::{NewEvent, Record};
use crate::rows::template_files as file_rows;
use crate::rows::templates::{self, TemplateRow};
use crate::rows::{agents, own};
use crate::store::Store;
use crate::topic::Topic;
use crate::writer::{Lane, Tx};

/// How many templates an agent or a project has at most: all of them are sent at once.
pub(crate) const TEMPLATES_MAX: u32 = 500;

/// What a template holds.
#[derive(Clone, Debug)]
pub struct TemplateContent {
    /// What it is chosen by.
    pub title: Name,
    /// What is put into the answer, with variables.
    pub text: MessageText,
    /// The files that go with it; nothing leaves those that it has.
    pub files: Option<TemplateFiles>,
}

impl Store {
    /// Makes a template: everybody his own, administrators their project's.
    ///
    /// The same id, author and body again gives the first answer; if it was changed since, as it is now.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who does not administer the project, [`StoreError::NotFound`] for who is no member;
    /// [`StoreError::IdConflict`]; [`StoreError::Value`] for one too many, or for files that the agent did not bring for it.
    pub async fn make_template(
        &self,
        by: AgentId,
        id: TemplateId,
        owner: Owner,
        content: TemplateContent,
    ) -> Result<TemplateView, StoreError> {
        let lane = self.lane_of_owner(&owner).await?;
        self.writer.run(lane, move |tx| Box::pin(async move { make(tx, by, id, owner, content).await })).await
    }

    /// Changes a template that still is as it was when the change was made.
    ///
    /// # Errors
    /// [`StoreError::StaleRevision`] if somebody changed it meanwhile; [`StoreError::Forbidden`] for who may use it only;
    /// [`StoreError::NotFound`] for one that is deleted, or that one may not see; [`StoreError::Value`] as [`Store::make_template`].
    pub async fn change_template(
        &self,
        by: AgentId,
        id: TemplateId,
        rev: u32,
        content: TemplateContent,
    ) -> Result<TemplateView, StoreError> {
        let lane = self.lane_of_template(&id).await?;
        self.writer.run(lane, move |tx| Box::pin(async move { change(tx, &by, &id, rev, content).await })).await
    }

    /// Deletes a template with its files. What was sent of it stays.
    ///
    /// # Errors
    /// As [`Store::change_template`], but for the revision.
    pub async fn delete_template(&self, by: AgentId, id: TemplateId) -> Result<(), StoreError> {
        let lane = self.lane_of_template(&id).await?;
        self.writer.run(lane, move |tx| Box::pin(async move { delete(tx, &by, &id).await })).await
    }

    /// A template's owner never changes, so neither does its lane.
    async fn lane_of_template(&self, id: &TemplateId) -> Result<Lane, StoreError> {
        if !self.writer.has_lanes() {
            return Ok(Lane::Shared);
        }
        let mut conn = self.readers.acquire().await?;
        let row = query_scalar::<Option<String>>(PROJECT_OF).bind(id.as_str()).fetch_optional(&mut conn).await?;
        match row.ok_or(StoreError::NotFound)? {
            Some(project) => Ok(Lane::Project(own(project)?)),
            None => Ok(Lane::Shared),
        }
    }
}

const PROJECT_OF: &str = "SELECT project_id FROM templates WHERE id = $1";

/// The agent's right in the project of a template, if it has one and he is a member.
pub(crate) async fn right_of(conn: &mut Conn, owner: &Owner, agent: &AgentId) -> Result<Option<Right>, StoreError> {
    match owner {
        Owner::Agent(_) => Ok(None),
        Owner::Project(project) => Ok(agents::member(conn, project, agent).await?.map(|member| member.right)),
    }
}

/// Refuses whoever may not make, change and delete such templates.
pub(crate) async fn check_manages(conn: &mut Conn, owner: &Owner, by: &AgentId) -> Result<(), StoreError> {
    let right = right_of(conn, owner, by).await?;
    if owner.is_managed_by(by, right) {
        Ok(())
    } else if owner.is_seen_by(by, right) {
        Err(StoreError::Forbidden)
    } else {
        Err(StoreError::NotFound)
    }
}

async fn make(
    tx: &mut Tx<'_>,
    by: AgentId,
    id: TemplateId,
    owner: Owner,
    TemplateContent { title, text, files }: TemplateContent,
) -> Result<TemplateView, StoreError> {
    let files = files.unwrap_or_default();
    check_manages(tx.conn, &owner, &by).await?;
    let (title, text) = (title.as_str().to_owned(), text.as_str().to_owned());
    if let Some(earlier) = templates::find(tx.conn, id.as_str()).await? {
        let is_unchanged = earlier.rev == 1 && earlier.deleted_at.is_none();
        let is_same = (&earlier.title, &earlier.text) == (&title, &text) && has(&earlier, &files);
        if earlier.created_by != by || earlier.owner != owner || (is_unchanged && !is_same) {
            return Err(StoreError::IdConflict);
        }
        return if earlier.deleted_at.is_some() { Err(StoreError::NotFound) } else { Ok(earlier.view()) };
    }
    if templates::count(tx.conn, &owner).await? >= TEMPLATES_MAX {
        let message = format!("there are {TEMPLATES_MAX} templates already; delete one first");
        return Err(StoreError::Value { field: "id", message });
    }
    let created_by = by.clone();
    let mut row = TemplateRow { id, owner, title, text, rev: 1, created_by, deleted_at: None, files: Vec::new() };
    templates::insert(tx.conn, &row, tx.now).await?;
    template_files::set(tx, &mut row, &by, &files).await?;
    tx.append(event("template_changed", &row, &by));
    Ok(row.view())
}

/// Whether a template has these files in this order.
fn has(row: &TemplateRow, files: &TemplateFiles) -> bool {
    row.files.iter().map(|file| &file.file.id).eq(files.ids())
}

/// The template, if the agent manages it.
async fn managed(tx: &mut Tx<'_>, by: &AgentId, id: &TemplateId) -> Result<TemplateRow, StoreError> {
    let row = templates::find(tx.conn, id.as_str()).await?.filter(|row| row.deleted_at.is_none());
    let row = row.ok_or(StoreError::NotFound)?;
    check_manages(tx.conn, &row.owner, by).await?;
    Ok(row)
}

async fn change(
    tx: &mut Tx<'_>,
    by: &AgentId,
    id: &TemplateId,
    rev: u32,
    TemplateContent { title, text, files }: TemplateContent,
) -> Result<TemplateView, StoreError> {
    let mut row = managed(tx, by, id).await?;
    // What is sent again because its answer was lost has been done, and is no conflict.
    let same_files = files.as_ref().is_none_or(|files| has(&row, files));
    if same_files && (row.title.as_str(), row.text.as_str()) == (title.as_str(), text.as_str()) {
        return Ok(row.view());
    }
    if row.rev != rev {
        return Err(StoreError::StaleRevision);
    }
    row.rev += 1;
    row.title = title.as_str().to_owned();
    row.text = text.as_str().to_owned();
    templates::save(tx.conn, &row).await?;
    if let Some(files) = files {
        template_files::set(tx, &mut row, by, &files).await?;
    }
    tx.append(event("template_changed", &row, by));
    Ok(row.view())
}

async fn delete(tx: &mut Tx<'_>, by: &AgentId, id: &TemplateId) -> Result<(), StoreError> {
    let mut row = managed(tx, by, id).await?;
    row.rev += 1;
    row.deleted_at = Some(tx.now);
    templates::save(tx.conn, &row).await?;
    for file in &row.files {
        file_rows::forget(tx.conn, file, tx.now).await?;
    }
    tx.append(event("template_deleted", &row, by));
    Ok(())
}

fn event(kind: &'static str, row: &TemplateRow, by: &AgentId) -> NewEvent {
    NewEvent {
        topic: match &row.owner {
            Owner::Agent(agent) => Topic::Agent(agent.clone()),
            Owner::Project(project) => Topic::Project(project.clone()),
        },
        kind,
        actor: Actor::Agent { agent_id: by.to_string() },
        cause: None,
        record: Record { template: Some(row.id.to_string()), ..Record::default() },
        data: data(row),
    }
}

/// What its readers are told of a template: how it is now, or that it is gone.
pub(crate) fn data(row: &TemplateRow) -> EventData {
    match row.deleted_at {
        None => EventData { template: Some(row.view()), ..EventData::default() },
        Some(_) => EventData { removed_template_id: Some(row.id.to_string()), ..EventData::default() },
    }
}
