//! Files on their way in: who may send one, and what is kept of it (F1–F5).

use domain::agent::Actor as AgentActor;
use domain::conversation::{Fence, Input, Status};
use domain::file::{FileName, UNSENT_MAX};
use domain::id::{AgentId, AttachmentId, ChannelId, ConversationId, ProjectId};
use protocol::file::AttachmentView;
use protocol::frame::Actor;

use crate::commands::blocking::lapse;
use crate::commands::contact_writes::refuse_blocked;
use crate::commands::tokens::Visitor;
use crate::commands::workflow::{apply, seen_by};
use crate::commands::{denied, switches};
use crate::db::query;
use crate::error::StoreError;
use crate::rows::attachments::{self, AttachmentRow};
use crate::rows::contacts::{self, ContactRow};
use crate::rows::conversations::{self, ConversationRow};
use crate::rows::template_files;
use crate::secret;
use crate::store::Store;
use crate::writer::{Lane, Tx};

/// Who sends a file, and where.
#[derive(Clone, Debug)]
pub enum Uploader {
    /// An agent into a conversation, as its only owner (A7).
    Agent {
        /// Who.
        agent: AgentId,
        /// Where.
        conversation: ConversationId,
        /// The claim that it stands on.
        fence: Option<Fence>,
    },
    /// A site visitor.
    Visitor {
        /// Who, and where.
        visitor: Visitor,
        /// The address that he sends from.
        ip: Option<String>,
    },
}

/// A file whose bytes are in the store of files.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// Made by the sender.
    pub id: AttachmentId,
    /// What it is called.
    pub name: FileName,
    /// How many bytes it has.
    pub size_bytes: u64,
    /// What it is.
    pub media_type: String,
    /// How wide and high it is shown, if it is a picture whose bytes tell.
    pub pixels: Option<(u32, u32)>,
    /// The SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// Where its bytes are, as [`Store::begin_upload`] said.
    pub file_key: String,
}

/// A file that is kept.
#[derive(Clone, Debug)]
pub struct KeptFile {
    /// What people see of it.
    pub view: AttachmentView,
    /// Where its bytes are.
    pub file_key: String,
}

impl Store {
    /// Says where the bytes of a file are to go, if it may be sent. What comes of it is told by [`Store::finish_upload`]; bytes of which
    /// nothing comes are purged.
    ///
    /// # Errors
    /// For an agent who does not hold the conversation as [`Store::answer`]; for a visitor [`StoreError::ContactBlocked`],
    /// [`StoreError::FilesNotAllowed`], [`StoreError::Value`] if too many of his files wait; [`StoreError::IdConflict`].
    pub async fn begin_upload(&self, by: Uploader, id: AttachmentId) -> Result<String, StoreError> {
        let lane = self.lane_of_uploader(&by).await?;
        self.writer.run(lane, move |tx| Box::pin(async move { begin(tx, by, &id).await })).await
    }

    /// Keeps a file whose bytes are there. The same id, author, name and bytes again gives the first answer; then the bytes are where
    /// they were, and those that came again are not needed.
    ///
    /// # Errors
    /// As [`Store::begin_upload`].
    pub async fn finish_upload(&self, by: Uploader, file: NewFile) -> Result<KeptFile, StoreError> {
        let lane = self.lane_of_uploader(&by).await?;
        self.writer.run(lane, move |tx| Box::pin(async move { finish(tx, by, file).await })).await
    }

    async fn lane_of_uploader(&self, by: &Uploader) -> Result<Lane, StoreError> {
        match by {
            Uploader::Agent { conversation, .. } => self.lane_of(conversation).await,
            Uploader::Visitor { visitor, .. } => Ok(Lane::Project(visitor.project.clone())),
        }
    }
}

/// Who sends, as loaded under the lock.
pub(crate) enum Sender {
    Agent { row: Box<ConversationRow>, actor: AgentActor, fence: Option<Fence> },
    Visitor { contact: Box<ContactRow>, visitor: Visitor, ip: Option<String> },
}

impl Sender {
    pub(crate) async fn load(tx: &mut Tx<'_>, by: Uploader) -> Result<Self, StoreError> {
        match by {
            Uploader::Agent { agent, conversation, fence } => {
                let (row, actor) = seen_by(tx, &agent, &conversation).await?;
                Ok(Self::Agent { row: Box::new(row), actor, fence })
            }
            Uploader::Visitor { visitor, ip } => {
                let mut contact = contacts::load(tx.conn, &visitor.contact).await?;
                if lapse(tx, &contact).await? {
                    contact = contacts::load(tx.conn, &visitor.contact).await?;
                }
                Ok(Self::Visitor { contact: Box::new(contact), visitor, ip })
            }
        }
    }

    /// Whether a file is from the same sender to the same place.
    pub(crate) fn sent(&self, file: &AttachmentRow) -> bool {
        match self {
            Self::Agent { row, actor, .. } => {
                file.agent_id.as_ref() == Some(&actor.agent) && file.conversation_id.as_ref() == Some(&row.id)
            }
            Self::Visitor { visitor, .. } => is_visitors(file, visitor),
        }
    }

    /// The project that the file is to be in.
    pub(crate) fn project(&self) -> &ProjectId {
        match self {
            Self::Agent { row, .. } => &row.project_id,
            Self::Visitor { visitor, .. } => &visitor.project,
        }
    }

    pub(crate) async fn check(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        match self {
            Self::Agent { row, actor, fence } => match row.state.may_answer(actor, *fence) {
                Ok(()) => Ok(()),
                Err(refusal) => Err(denied(tx.conn, refusal).await),
            },
            Self::Visitor { contact, visitor, ip } => {
                refuse_blocked(tx, contact, ip.as_deref()).await?;
                refuse_switched_off(tx, &visitor.channel).await?;
                if attachments::n_waiting(tx.conn, &visitor.contact).await? < i64::from(UNSENT_MAX) {
                    return Ok(());
                }
                let message = format!("{UNSENT_MAX} files wait to be sent already; send them first");
                Err(StoreError::Value { field: "id", message })
            }
        }
    }

    fn row(&self, file: NewFile) -> AttachmentRow {
        let (project_id, channel_id, contact_id, conversation_id, agent_id) = match self {
            Self::Agent { row, actor, .. } => (
                row.project_id.clone(),
                row.channel_id.clone(),
                row.contact.id.clone(),
                Some(row.id.clone()),
                Some(actor.agent.clone()),
            ),
            Self::Visitor { visitor, .. } => {
                (visitor.project.clone(), visitor.channel.clone(), visitor.contact.clone(), None, None)
            }
        };
        AttachmentRow {
            id: file.id,
            project_id,
            channel_id,
            contact_id,
            conversation_id,
            agent_id,
            name: file.name.as_str().to_owned(),
            size_bytes: file.size_bytes,
            media_type: file.media_type,
            width: file.pixels.map(|(width, _)| width),
            height: file.pixels.map(|(_, height)| height),
            sha256: file.sha256,
            file_key: file.file_key,
            message_id: None,
        }
    }

    /// A file is activity, as typing is (A9, X2).
    async fn note_active(self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        match self {
            Self::Agent { mut row, actor, .. } => {
                let by = Actor::Agent { agent_id: actor.agent.to_string() };
                apply(tx, &mut row, Input::AgentActive { by: actor }, by).await?;
            }
            Self::Visitor { contact, visitor, .. } => {
                let latest = conversations::latest(tx.conn, &contact, &visitor.channel).await?;
                if let Some(mut row) = latest.filter(|row| row.state.status() == Status::Open) {
                    apply(tx, &mut row, Input::ContactActive, Actor::Contact).await?;
                }
            }
        }
        Ok(())
    }
}

/// Whether a visitor uploaded a file.
pub(crate) fn is_visitors(file: &AttachmentRow, visitor: &Visitor) -> bool {
    file.agent_id.is_none() && file.contact_id == visitor.contact && file.channel_id == visitor.channel
}

/// A client sends no file where the channel's switch is off (F4).
pub(crate) async fn refuse_switched_off(tx: &mut Tx<'_>, channel: &ChannelId) -> Result<(), StoreError> {
    if switches::load(tx.conn, channel).await?.files_allowed { Ok(()) } else { Err(StoreError::FilesNotAllowed) }
}

const ADD_FILE: &str = "INSERT INTO loose_files (file_key, project_id, created_at) VALUES ($1, $2, $3)";

async fn begin(tx: &mut Tx<'_>, by: Uploader, id: &AttachmentId) -> Result<String, StoreError> {
    let sender = Sender::load(tx, by).await?;
    match attachments::find(tx.conn, id).await? {
        // Again, because the answer was lost: whether it is the same, its bytes tell.
        Some(earlier) if sender.sent(&earlier) => {}
        Some(_) => return Err(StoreError::IdConflict),
        None => sender.check(tx).await?,
    }
    let project = sender.project().as_str();
    new_place(tx, project, Some(project), id).await
}

/// Says where bytes are to go, and writes it down before they come. Each try has a place of its own: what comes twice at once does not
/// overwrite itself.
pub(crate) async fn new_place(
    tx: &mut Tx<'_>,
    folder: &str,
    project: Option<&str>,
    id: &AttachmentId,
) -> Result<String, StoreError> {
    let key = format!("{folder}/{id}-{}", secret::hex(&secret::random::<6>()));
    query(ADD_FILE).bind(&key).bind(project).bind(tx.now.as_ms()).execute(tx.conn).await?;
    Ok(key)
}

pub(crate) async fn finish(tx: &mut Tx<'_>, by: Uploader, file: NewFile) -> Result<KeptFile, StoreError> {
    let sender = Sender::load(tx, by).await?;
    if let Some(earlier) = attachments::find(tx.conn, &file.id).await? {
        let is_same = (earlier.name.as_str(), earlier.size_bytes, &earlier.sha256)
            == (file.name.as_str(), file.size_bytes, &file.sha256);
        if !is_same || !sender.sent(&earlier) {
            return Err(StoreError::IdConflict);
        }
        return Ok(KeptFile { view: earlier.view(), file_key: earlier.file_key });
    }
    // One address serves both kinds of files.
    if template_files::find(tx.conn, &file.id).await?.is_some() {
        return Err(StoreError::IdConflict);
    }
    sender.check(tx).await?;
    let row = sender.row(file);
    attachments::insert(tx.conn, &row, tx.now).await?;
    sender.note_active(tx).await?;
    Ok(KeptFile { view: row.view(), file_key: row.file_key })
}

/// The files of a new message, if all of them are its author's, of its place, and not sent yet.
pub(crate) async fn waiting(
    tx: &mut Tx<'_>,
    row: &ConversationRow,
    agent: Option<&AgentId>,
    ids: &[AttachmentId],
) -> Result<Vec<AttachmentView>, StoreError> {
    let mut files = Vec::with_capacity(ids.len());
    for id in ids {
        let found = attachments::find(tx.conn, id).await?.filter(|file| {
            let is_here = match agent {
                Some(_) => file.conversation_id.as_ref() == Some(&row.id),
                None => file.contact_id == row.contact.id && file.channel_id == row.channel_id,
            };
            file.message_id.is_none() && file.agent_id.as_ref() == agent && is_here
        });
        let file = found.ok_or_else(|| StoreError::Value {
            field: "attachments",
            message: format!("{id} was not uploaded here by its sender, or was sent already"),
        })?;
        files.push(file.view());
    }
    Ok(files)
}
