//! A client writes.

use domain::conversation::{Conversation, Input, Status};
use domain::id::{AgentId, ConversationId, MessageId};
use domain::message::Content;
use domain::text::preview;
use protocol::frame::Actor;
use protocol::view::{ContactMessageView, ConversationView};

use crate::commands::blocking::lapse;
use crate::commands::tokens::Visitor;
use crate::commands::uploads::{self, refuse_switched_off};
use crate::commands::workflow::{apply, decide, record};
use crate::error::StoreError;
use crate::rows::contacts::{self, ContactRow};
use crate::rows::conversations::{self, ConversationRow};
use crate::rows::messages::{self, MessageRow};
use crate::rows::search_texts::{self, Stands};
use crate::rows::{attachments, blocks};
use crate::secret;
use crate::store::Store;
use crate::writer::{Lane, Tx};

impl Store {
    /// Stores a client's message: in the open conversation, or in a new one linked to the earlier (X5).
    ///
    /// The same id, author and content again changes nothing and gives the first answer. `ip` is the address that he writes from.
    ///
    /// # Errors
    /// [`StoreError::IdConflict`] for an id used before for something else, [`StoreError::ContactBlocked`] (B4); with files
    /// [`StoreError::FilesNotAllowed`] (F4), and [`StoreError::Value`] for those that do not wait here to be sent by him.
    pub async fn contact_writes(
        &self,
        visitor: Visitor,
        id: MessageId,
        content: impl Into<Content> + Send,
        ip: Option<String>,
    ) -> Result<ContactMessageView, StoreError> {
        let (lane, content) = (Lane::Project(visitor.project.clone()), content.into());
        self.writer
            .run(lane, move |tx| Box::pin(async move { contact_writes(tx, &visitor, id, &content, ip).await }))
            .await
    }

    /// The client types (X2). If his clock runs, that begins anew.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn contact_active(&self, visitor: Visitor) -> Result<Option<ConversationView>, StoreError> {
        let lane = Lane::Project(visitor.project.clone());
        self.writer.run(lane, move |tx| Box::pin(async move { contact_active(tx, &visitor).await })).await
    }
}

async fn contact_writes(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    id: MessageId,
    content: &Content,
    ip: Option<String>,
) -> Result<ContactMessageView, StoreError> {
    if let Some(earlier) = messages::find(tx.conn, id.as_str()).await? {
        let same = earlier.contact_id == visitor.contact && earlier.agent.is_none() && earlier.says(content);
        return if same { Ok(earlier.contact_view()) } else { Err(StoreError::IdConflict) };
    }
    let mut contact = contacts::load(tx.conn, &visitor.contact).await?;
    if lapse(tx, &contact).await? {
        contact = contacts::load(tx.conn, &visitor.contact).await?;
    }
    refuse_blocked(tx, &contact, ip.as_deref()).await?;
    if !content.files().is_empty() {
        refuse_switched_off(tx, &visitor.channel).await?;
    }
    let last_ip = ip.or(contact.last_ip.take());
    let latest = conversations::latest(tx.conn, &contact, &visitor.channel).await?;
    let mut row = match latest {
        Some(row) if row.state.status() == Status::Open => row,
        earlier => opened(tx, visitor, contact, earlier).await?,
    };
    row.contact.last_ip = last_ip;
    let decision = decide(tx, &mut row, Input::ContactWrote).await?;
    let message = add_message(tx, &mut row, id, None, content).await?;
    record(tx, &row, &decision, Actor::Contact, Some(&message));
    Ok(message.contact_view())
}

/// A message of a client who is blocked, himself or by his address, is not taken (B4, B6).
pub(crate) async fn refuse_blocked(tx: &mut Tx<'_>, contact: &ContactRow, ip: Option<&str>) -> Result<(), StoreError> {
    let own = contact.rule();
    let by_ip = match ip {
        Some(ip) => blocks::of_ip(tx.conn, &contact.project_id, ip).await?,
        None => Vec::new(),
    };
    match own.into_iter().chain(by_ip).find(|block| block.holds(tx.now)) {
        Some(block) => Err(StoreError::ContactBlocked { until: block.until }),
        None => Ok(()),
    }
}

async fn contact_active(tx: &mut Tx<'_>, visitor: &Visitor) -> Result<Option<ConversationView>, StoreError> {
    let contact = contacts::load(tx.conn, &visitor.contact).await?;
    // By his address, too: of his own block the conversation knows.
    match refuse_blocked(tx, &contact, contact.last_ip.as_deref()).await {
        Err(StoreError::ContactBlocked { .. }) => return Ok(None),
        other => other?,
    }
    let Some(mut row) = conversations::latest(tx.conn, &contact, &visitor.channel).await? else {
        return Ok(None);
    };
    apply(tx, &mut row, Input::ContactActive, Actor::Contact).await?;
    let is_heard = row.state.status() == Status::Open && row.state.parts().blocked_at.is_none();
    Ok(is_heard.then(|| row.view()))
}

async fn opened(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    contact: ContactRow,
    earlier: Option<ConversationRow>,
) -> Result<ConversationRow, StoreError> {
    Ok(ConversationRow {
        id: ConversationId::new(tx.now, secret::random_id_bytes()),
        project_id: visitor.project.clone(),
        channel_id: visitor.channel.clone(),
        previous_id: earlier.map(|row| row.id.to_string()),
        rev: 0,
        state: Conversation::opened(tx.now),
        opened_at: tx.now.as_ms(),
        deadline_at: None,
        due: None,
        policy: conversations::policy(tx.conn, &visitor.project, None).await?,
        policy_of: None,
        first_n: contact.n_messages + 1,
        last_n: contact.n_messages,
        preview_text: String::new(),
        preview_from_contact: true,
        contact,
    })
}

/// Numbers and stores a message with its files, and saves its conversation and contact.
pub(crate) async fn add_message(
    tx: &mut Tx<'_>,
    row: &mut ConversationRow,
    id: MessageId,
    agent: Option<(AgentId, String)>,
    content: &Content,
) -> Result<MessageRow, StoreError> {
    let files = uploads::waiting(tx, row, agent.as_ref().map(|(agent, _)| agent), content.files()).await?;
    row.contact.n_messages += 1;
    row.last_n = row.contact.n_messages;
    // A message without words shows by its first file (L3).
    let first_file = files.first().map_or("", |file| file.name.as_str());
    row.preview_text = preview(if content.text().is_empty() { first_file } else { content.text() });
    row.preview_from_contact = agent.is_none();
    let message = MessageRow {
        id,
        project_id: row.project_id.clone(),
        conversation_id: row.id.clone(),
        contact_id: row.contact.id.clone(),
        n: row.last_n,
        agent,
        text: content.text().to_owned(),
        at: tx.now.as_ms(),
        n_files: u32::try_from(files.len()).unwrap_or(u32::MAX),
        files,
    };
    conversations::save(tx.conn, row).await?;
    contacts::save(tx.conn, &row.contact).await?;
    let search_n = make_searchable(tx, row, &message).await?;
    messages::insert(tx.conn, &message, search_n).await?;
    send_files(tx, &message).await?;
    Ok(message)
}

async fn send_files(tx: &mut Tx<'_>, message: &MessageRow) -> Result<(), StoreError> {
    for (place, file) in message.files.iter().enumerate() {
        if !attachments::send(tx.conn, &file.id, &message.id, place, &message.conversation_id).await? {
            return Err(StoreError::Corrupt(format!("{} was sent by somebody else meanwhile", file.id)));
        }
    }
    if message.files.is_empty() { Ok(()) } else { attachments::keep(tx.conn, &message.id).await }
}

/// Puts a message where one searches, and with a conversation's first its client's name; in one transaction, so that it is found at once.
async fn make_searchable(tx: &mut Tx<'_>, row: &ConversationRow, message: &MessageRow) -> Result<i64, StoreError> {
    let name = Stands { project: &row.project_id, channel: &row.channel_id, conversation: &row.id, message: None };
    if message.n == row.first_n {
        search_texts::insert(tx.conn, &name, &row.contact.name, tx.now).await?;
    }
    let stands = Stands { message: Some(message.id.as_str()), ..name };
    search_texts::insert(tx.conn, &stands, &message.searched(), tx.now).await
}
