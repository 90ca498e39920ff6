//! Files of templates: brought, kept with their template, and put among those that wait to be sent (T2).

use domain::conversation::Fence;
use domain::id::{AgentId, AttachmentId, ConversationId};
use domain::template::{Owner, TemplateFiles};
use protocol::file::AttachmentView;

use crate::commands::templates::check_manages;
use crate::commands::uploads::{self, KeptFile, NewFile, Sender, Uploader};
use crate::error::StoreError;
use crate::rows::attachments;
use crate::rows::template_files::{self, TemplateFileRow};
use crate::rows::templates::TemplateRow;
use crate::store::Store;
use crate::writer::{Lane, Tx};

/// Who brings a file for a template, and whose the template is to be.
#[derive(Clone, Debug)]
pub struct TemplateUploader {
    /// Who.
    pub agent: AgentId,
    /// Whose.
    pub owner: Owner,
}

/// A template's file that an agent is about to send.
#[derive(Clone, Debug)]
pub struct TakenFile {
    /// Made by the sender.
    pub id: AttachmentId,
    /// Which one.
    pub template_file: AttachmentId,
    /// Where.
    pub conversation: ConversationId,
    /// The claim that it stands on.
    pub fence: Option<Fence>,
}

impl Store {
    /// Says where the bytes of a file are to go, as [`Store::begin_upload`] does.
    ///
    /// # Errors
    /// For who does not manage such templates as [`Store::make_template`]; [`StoreError::IdConflict`].
    pub async fn begin_template_file(&self, by: TemplateUploader, id: AttachmentId) -> Result<String, StoreError> {
        let lane = self.lane_of_owner(&by.owner).await?;
        self.writer.run(lane, move |tx| Box::pin(async move { begin(tx, &by, &id).await })).await
    }

    /// Keeps a file whose bytes are there, for a template that is saved within 24 hours. The same id, author, name and bytes again
    /// gives the first answer, as by [`Store::finish_upload`].
    ///
    /// # Errors
    /// As [`Store::begin_template_file`].
    pub async fn finish_template_file(&self, by: TemplateUploader, file: NewFile) -> Result<KeptFile, StoreError> {
        let lane = self.lane_of_owner(&by.owner).await?;
        self.writer.run(lane, move |tx| Box::pin(async move { finish(tx, by, file).await })).await
    }

    /// Puts a template's file among those that an agent has for his next answer, as if he had brought it. Its bytes stay where they
    /// are, whatever becomes of the template.
    ///
    /// # Errors
    /// For who does not hold the conversation as [`Store::answer`]; [`StoreError::Value`] for a file of no template that he may use
    /// here; [`StoreError::IdConflict`].
    pub async fn take_template_file(&self, by: AgentId, taken: TakenFile) -> Result<AttachmentView, StoreError> {
        let lane = self.lane_of(&taken.conversation).await?;
        self.writer.run(lane, move |tx| Box::pin(async move { take(tx, by, taken).await })).await
    }

    pub(crate) async fn lane_of_owner(&self, owner: &Owner) -> Result<Lane, StoreError> {
        match owner {
            Owner::Agent(_) => Ok(Lane::Shared),
            Owner::Project(project) => self.lane_of_project(project).await,
        }
    }
}

impl TemplateUploader {
    /// Whether a file is of the same sender and for the same templates.
    fn brought(&self, row: &TemplateFileRow) -> bool {
        row.created_by == self.agent && row.owner == self.owner
    }
}

async fn begin(tx: &mut Tx<'_>, by: &TemplateUploader, id: &AttachmentId) -> Result<String, StoreError> {
    check_manages(tx.conn, &by.owner, &by.agent).await?;
    if template_files::find(tx.conn, id).await?.is_some_and(|earlier| !by.brought(&earlier)) {
        return Err(StoreError::IdConflict);
    }
    let [project, agent] = template_files::owner_columns(&by.owner);
    uploads::new_place(tx, project.or(agent).unwrap_or_default(), project, id).await
}

async fn finish(tx: &mut Tx<'_>, by: TemplateUploader, file: NewFile) -> Result<KeptFile, StoreError> {
    check_manages(tx.conn, &by.owner, &by.agent).await?;
    if let Some(earlier) = template_files::find(tx.conn, &file.id).await? {
        let had = &earlier.file;
        let is_same = (&had.name, had.size_bytes, &had.sha256) == (&file.name, file.size_bytes, &file.sha256);
        if !is_same || !by.brought(&earlier) {
            return Err(StoreError::IdConflict);
        }
        return Ok(KeptFile { view: earlier.view(), file_key: earlier.file.file_key });
    }
    // One address serves both kinds of files.
    if attachments::find(tx.conn, &file.id).await?.is_some() {
        return Err(StoreError::IdConflict);
    }
    let row = TemplateFileRow { file, owner: by.owner, created_by: by.agent, template_id: None };
    template_files::insert(tx.conn, &row, tx.now).await?;
    Ok(KeptFile { view: row.view(), file_key: row.file.file_key })
}

async fn take(tx: &mut Tx<'_>, by: AgentId, taken: TakenFile) -> Result<AttachmentView, StoreError> {
    let TakenFile { id, template_file, conversation, fence } = taken;
    let uploader = Uploader::Agent { agent: by.clone(), conversation, fence };
    let sender = Sender::load(tx, uploader.clone()).await?;
    let earlier = attachments::find(tx.conn, &id).await?.filter(|earlier| sender.sent(earlier));
    if earlier.is_none() {
        sender.check(tx).await?;
    }
    let found = template_files::find(tx.conn, &template_file).await?;
    let usable = |row: &TemplateFileRow| row.template_id.is_some() && row.owner.is_used_by(&by, sender.project());
    match (found.filter(usable), earlier) {
        (Some(row), _) => Ok(uploads::finish(tx, uploader, NewFile { id, ..row.file }).await?.view),
        // Its template let it go since.
        (None, Some(earlier)) => Ok(earlier.view()),
        (None, None) => {
            let message = format!("{template_file} is in no template that may be used here");
            Err(StoreError::Value { field: "template_file_id", message })
        }
    }
}

/// Gives a template these files in this order: those that it has, and those that the agent brought for it. The others go.
pub(crate) async fn set(
    tx: &mut Tx<'_>,
    row: &mut TemplateRow,
    by: &AgentId,
    files: &TemplateFiles,
) -> Result<(), StoreError> {
    for file in row.files.iter().filter(|file| !files.ids().contains(&file.file.id)) {
        template_files::forget(tx.conn, file, tx.now).await?;
    }
    let mut set = Vec::with_capacity(files.ids().len());
    for (place, id) in files.ids().iter().enumerate() {
        let is_for_it = |file: &TemplateFileRow| {
            file.owner == row.owner && file.template_id.as_ref().map_or(file.created_by == *by, |of| *of == row.id)
        };
        let found = template_files::find(tx.conn, id).await?.filter(is_for_it);
        match found {
            Some(file) if template_files::put(tx.conn, id, &row.id, place).await? => {
                set.push(TemplateFileRow { template_id: Some(row.id.clone()), ..file });
            }
            _ => {
                let message =
                    format!("{id} was not uploaded for this template by its sender, or is not there any more");
                return Err(StoreError::Value { field: "attachments", message });
            }
        }
    }
    template_files::keep(tx.conn, &row.id).await?;
    row.files = set;
    Ok(())
}
