//! Blocking and unblocking clients (B1–B6).

use domain::block::{self, BlockTerm};
use domain::conversation::{Input, Status};
use domain::id::{AgentId, BlockId, ContactId, ConversationId, ProjectId};
use protocol::frame::{Actor, EventData};
use protocol::view::ConversationView;

use crate::commands::workflow::{apply, seen_by};
use crate::error::StoreError;
use crate::log::{NewEvent, Record};
use crate::rows::agents;
use crate::rows::blocks::{self, NewBlockRow};
use crate::rows::contacts::{self, ContactRow};
use crate::rows::conversations::{self, ConversationRow};
use crate::secret;
use crate::store::Store;
use crate::topic::Topic;
use crate::writer::Tx;

/// Longest reason that is kept, in characters.
const REASON_MAX_CHARS: usize = 500;

/// A block as an agent asks for it.
#[derive(Clone, Debug)]
pub struct NewBlock {
    /// For how long.
    pub term: BlockTerm,
    /// Why, for colleagues only.
    pub reason: Option<String>,
    /// Whether new visitors from the client's address are kept out too.
    pub also_ip: bool,
}

impl Store {
    /// "Block" (B1): the contact with all identities known of it, in all channels of the project.
    ///
    /// # Errors
    /// [`StoreError::Block`]; [`StoreError::NotFound`] for a conversation without access; [`StoreError::Value`] for a long reason.
    pub async fn block(
        &self,
        by: AgentId,
        conversation: ConversationId,
        new: NewBlock,
    ) -> Result<ConversationView, StoreError> {
        let reason = checked_reason(new.reason.as_deref())?;
        let new = NewBlock { reason, ..new };
        let lane = self.lane_of(&conversation).await?;
        self.writer.run(lane, move |tx| Box::pin(async move { block(tx, &by, &conversation, new).await })).await
    }

    /// "Unblock" (B5).
    ///
    /// # Errors
    /// [`StoreError::Block`]; [`StoreError::NotFound`] for a conversation without access.
    pub async fn unblock(&self, by: AgentId, conversation: ConversationId) -> Result<ConversationView, StoreError> {
        let lane = self.lane_of(&conversation).await?;
        self.writer.run(lane, move |tx| Box::pin(async move { unblock(tx, &by, &conversation).await })).await
    }

    /// Undoes a block from the list "Blocked clients" (B6).
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who does not administer the project; [`StoreError::NotFound`] for a block that has ended.
    pub async fn unblock_listed(&self, by: AgentId, project: ProjectId, block: BlockId) -> Result<(), StoreError> {
        let lane = self.lane_of_project(&project).await?;
        self.writer.run(lane, move |tx| Box::pin(async move { unblock_listed(tx, &by, &project, &block).await })).await
    }
}

fn checked_reason(text: Option<&str>) -> Result<Option<String>, StoreError> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if text.chars().count() > REASON_MAX_CHARS {
        let message = format!("give a reason of at most {REASON_MAX_CHARS} characters");
        return Err(StoreError::Value { field: "reason", message });
    }
    Ok(Some(text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()))
}

async fn block(
    tx: &mut Tx<'_>,
    by: &AgentId,
    conversation: &ConversationId,
    new: NewBlock,
) -> Result<ConversationView, StoreError> {
    let (row, actor) = seen_by(tx, by, conversation).await?;
    let contact = row.contact;
    let block = block::block(contact.rule(), &actor, new.term, tx.now)?;
    let id = BlockId::new(tx.now, secret::random_id_bytes());
    let row = NewBlockRow {
        id: &id,
        project: &contact.project_id,
        contact: &contact.id,
        ip: contact.last_ip.as_deref().filter(|_| new.also_ip),
        agent: by,
        reason: new.reason.as_deref(),
        block,
    };
    blocks::insert(tx.conn, &row).await?;
    tell(tx, &contact.id, conversation, Input::ContactBlocked, actor_of(by)).await?;
    seen_again(tx, conversation).await
}

async fn unblock(tx: &mut Tx<'_>, by: &AgentId, conversation: &ConversationId) -> Result<ConversationView, StoreError> {
    let (row, actor) = seen_by(tx, by, conversation).await?;
    block::unblock(row.contact.rule(), &actor, tx.now)?;
    blocks::end(tx.conn, &row.contact.id, tx.now, Some(by)).await?;
    tell(tx, &row.contact.id, conversation, Input::ContactUnblocked, actor_of(by)).await?;
    seen_again(tx, conversation).await
}

async fn unblock_listed(tx: &mut Tx<'_>, by: &AgentId, project: &ProjectId, block: &BlockId) -> Result<(), StoreError> {
    let member = agents::administrator(tx.conn, project, by).await?;
    let contact = blocks::contact_of(tx.conn, project, block).await?.ok_or(StoreError::NotFound)?;
    let contact = contacts::load(tx.conn, &contact).await?;
    if lapse(tx, &contact).await? {
        return Err(StoreError::NotFound);
    }
    block::unblock(contact.rule(), &member.actor(), tx.now)?;
    end(tx, &contact, Some(by), actor_of(by)).await
}

/// Ends a block whose time has come, if the contact has one. Says whether there was one.
pub(crate) async fn lapse(tx: &mut Tx<'_>, contact: &ContactRow) -> Result<bool, StoreError> {
    let Some(ended_at) = contact.rule().filter(|block| !block.holds(tx.now)).and_then(|block| block.until) else {
        return Ok(false);
    };
    // What was to finish before the block's end, or with it, finishes, though nobody looked in time (B6).
    for mut row in conversations::open_of_contact(tx.conn, &contact.id).await? {
        if row.deadline_at.is_some_and(|at| at <= ended_at.as_ms()) {
            apply(tx, &mut row, Input::DeadlineReached, Actor::Clock).await?;
        }
    }
    end(tx, contact, None, Actor::Clock).await?;
    Ok(true)
}

async fn end(tx: &mut Tx<'_>, contact: &ContactRow, by: Option<&AgentId>, actor: Actor) -> Result<(), StoreError> {
    blocks::end(tx.conn, &contact.id, tx.now, by).await?;
    if let Some(newest) = conversations::newest(tx.conn, &contact.id).await? {
        tell(tx, &contact.id, &newest.id, Input::ContactUnblocked, actor).await?;
    }
    Ok(())
}

fn actor_of(by: &AgentId) -> Actor {
    Actor::Agent { agent_id: by.to_string() }
}

async fn seen_again(tx: &mut Tx<'_>, conversation: &ConversationId) -> Result<ConversationView, StoreError> {
    let row = conversations::find(tx.conn, conversation.as_str()).await?.ok_or(StoreError::NotFound)?;
    Ok(row.view())
}

/// Tells the contact once (B2), and the agents by his open conversations, and by `shown` if that one is finished.
async fn tell(
    tx: &mut Tx<'_>,
    contact: &ContactId,
    shown: &ConversationId,
    input: Input,
    actor: Actor,
) -> Result<(), StoreError> {
    for mut row in conversations::open_of_contact(tx.conn, contact).await? {
        apply(tx, &mut row, input.clone(), actor.clone()).await?;
    }
    let kind = if input == Input::ContactBlocked { "contact_blocked" } else { "contact_unblocked" };
    if let Some(mut row) = conversations::find(tx.conn, shown.as_str()).await?
        && row.state.status() != Status::Open
    {
        conversations::save(tx.conn, &mut row).await?;
        tx.append(shown_event(&row, kind, actor.clone()));
    }
    let told = contacts::load(tx.conn, contact).await?.told_block();
    tx.append(NewEvent {
        topic: Topic::Contact(contact.clone()),
        kind,
        actor,
        cause: None,
        record: Record::default(),
        data: EventData { block: Some(told), ..EventData::default() },
    });
    Ok(())
}

fn shown_event(row: &ConversationRow, kind: &'static str, actor: Actor) -> NewEvent {
    NewEvent {
        topic: Topic::Channel(row.channel_id.clone()),
        kind,
        actor,
        cause: None,
        record: Record { conversation: Some(row.id.to_string()), ..Record::default() },
        data: EventData { conversation: Some(row.view()), ..EventData::default() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_line_of_at_most_500_characters() {
        // B6
        assert_eq!(checked_reason(Some(" insults\nagain ")).unwrap().as_deref(), Some("insults again"));
        assert_eq!(checked_reason(Some("  ")).unwrap(), None);
        assert!(checked_reason(Some(&"ж".repeat(500))).is_ok());
        assert!(checked_reason(Some(&"ж".repeat(501))).is_err());
    }
}
