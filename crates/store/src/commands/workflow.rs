//! Accept, assign, clear, close: what agents do with a conversation.

use domain::agent::Actor;
use domain::conversation::{Decision, Fence, Input};
use domain::id::{AgentId, ConversationId};
use protocol::frame::{Actor as WireActor, EventData};
use protocol::view::ConversationView;

use crate::commands::blocking::lapse;
use crate::commands::denied;
use crate::commands::reads::mark_given;
use crate::error::StoreError;
use crate::log::{self, NewEvent, Record};
use crate::rows::conversations::{self, ConversationRow};
use crate::rows::{agents, messages};
use crate::store::Store;
use crate::topic::Topic;
use crate::writer::Tx;

impl Store {
    /// "Accept conversation" (A2). Of several at once exactly one wins (A3): they run one after the other in the project's writer.
    ///
    /// # Errors
    /// [`StoreError::Refused`] names the holder; [`StoreError::NotFound`] covers other projects too.
    pub async fn accept(&self, by: AgentId, conversation: ConversationId) -> Result<ConversationView, StoreError> {
        self.act(by, conversation, |by| Input::Accept { by }).await
    }

    /// "Assign to an agent" and "Assign" (A4–A6).
    ///
    /// # Errors
    /// As [`Store::accept`]; also if the chosen agent went Offline meanwhile (A5).
    pub async fn assign(
        &self,
        by: AgentId,
        conversation: ConversationId,
        to: AgentId,
        fence: Option<Fence>,
    ) -> Result<ConversationView, StoreError> {
        let lane = self.lane_of(&conversation).await?;
        self.writer.run(lane, move |tx| Box::pin(async move { assign(tx, &by, &conversation, to, fence).await })).await
    }

    /// "Assign" → "Clear" (A11).
    ///
    /// # Errors
    /// As [`Store::accept`].
    pub async fn clear(
        &self,
        by: AgentId,
        conversation: ConversationId,
        fence: Option<Fence>,
    ) -> Result<ConversationView, StoreError> {
        self.act(by, conversation, move |by| Input::Clear { by, fence }).await
    }

    /// "Close" (X1).
    ///
    /// # Errors
    /// As [`Store::accept`].
    pub async fn close_conversation(
        &self,
        by: AgentId,
        conversation: ConversationId,
        fence: Option<Fence>,
    ) -> Result<ConversationView, StoreError> {
        self.act(by, conversation, move |by| Input::Close { by, fence }).await
    }

    /// "Postpone" (X3): a full period from now until the conversation finishes by itself.
    ///
    /// # Errors
    /// As [`Store::accept`]; also if it is not about to finish.
    pub async fn postpone(
        &self,
        by: AgentId,
        conversation: ConversationId,
        fence: Option<Fence>,
    ) -> Result<ConversationView, StoreError> {
        self.act(by, conversation, move |by| Input::Postpone { by, fence }).await
    }

    /// The agent types in a conversation, or chooses a file (A9). If it is his and his clock runs, that begins anew.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a conversation without access.
    pub async fn agent_active(
        &self,
        by: AgentId,
        conversation: ConversationId,
    ) -> Result<ConversationView, StoreError> {
        self.act(by, conversation, |by| Input::AgentActive { by }).await
    }

    async fn act(
        &self,
        by: AgentId,
        conversation: ConversationId,
        input: impl FnOnce(Actor) -> Input + Send + 'static,
    ) -> Result<ConversationView, StoreError> {
        let lane = self.lane_of(&conversation).await?;
        self.writer.run(lane, move |tx| Box::pin(async move { act(tx, &by, &conversation, input).await })).await
    }
}

async fn act(
    tx: &mut Tx<'_>,
    by: &AgentId,
    conversation: &ConversationId,
    input: impl FnOnce(Actor) -> Input,
) -> Result<ConversationView, StoreError> {
    let (mut row, actor) = seen_by(tx, by, conversation).await?;
    apply(tx, &mut row, input(actor), WireActor::Agent { agent_id: by.to_string() }).await?;
    Ok(row.view())
}

async fn assign(
    tx: &mut Tx<'_>,
    by: &AgentId,
    conversation: &ConversationId,
    to: AgentId,
    fence: Option<Fence>,
) -> Result<ConversationView, StoreError> {
    let (mut row, by_actor) = seen_by(tx, by, conversation).await?;
    let candidate = agents::candidate(tx.conn, &row.project_id, &row.channel_id, to).await?;
    let to = candidate.agent.clone();
    let input = Input::Assign { by: by_actor, to: candidate, fence };
    apply(tx, &mut row, input, WireActor::Agent { agent_id: by.to_string() }).await?;
    if to != *by {
        mark_given(tx, &to, &row).await?;
    }
    Ok(row.view())
}

/// The conversation and the agent as an actor, if he has access to its channel.
pub(crate) async fn seen_by(
    tx: &mut Tx<'_>,
    agent: &AgentId,
    conversation: &ConversationId,
) -> Result<(ConversationRow, Actor), StoreError> {
    let mut row = conversations::find(tx.conn, conversation.as_str()).await?.ok_or(StoreError::NotFound)?;
    let member = agents::with_access(tx.conn, &row.project_id, &row.channel_id, agent).await?;
    if lapse(tx, &row.contact).await? {
        row = conversations::find(tx.conn, conversation.as_str()).await?.ok_or(StoreError::NotFound)?;
    }
    Ok((row, member.actor()))
}

/// Lets the rules decide, saves the new state, and appends what happened. Gives back whether anything did.
pub(crate) async fn apply(
    tx: &mut Tx<'_>,
    row: &mut ConversationRow,
    input: Input,
    actor: WireActor,
) -> Result<bool, StoreError> {
    let decision = decide(tx, row, input).await?;
    if decision.facts.is_empty() {
        return Ok(false);
    }
    conversations::save(tx.conn, row).await?;
    record(tx, row, &decision, actor, None);
    Ok(true)
}

/// Lets the rules decide and applies it to the row's state.
pub(crate) async fn decide(tx: &mut Tx<'_>, row: &mut ConversationRow, input: Input) -> Result<Decision, StoreError> {
    match row.state.handle(input, row.policy, tx.now) {
        Ok(decision) => Ok(decision),
        Err(refusal) => Err(denied(tx.conn, refusal).await),
    }
}

/// Appends a decision's facts to the channel's topic, and what the client may see of them to his.
pub(crate) fn record(
    tx: &mut Tx<'_>,
    row: &ConversationRow,
    decision: &Decision,
    actor: WireActor,
    message: Option<&messages::MessageRow>,
) {
    for fact in &decision.facts {
        let record = Record {
            conversation: Some(row.id.to_string()),
            message: message.map(|message| message.id.to_string()),
            fact: Some(fact.into()),
            ..Record::default()
        };
        let event = NewEvent {
            topic: Topic::Channel(row.channel_id.clone()),
            kind: log::kind_of(fact),
            actor: actor.clone(),
            cause: message.map(|message| message.id.to_string()),
            record: log::alerting(record, &decision.audience),
            data: EventData {
                conversation: Some(row.view()),
                message: message.map(messages::MessageRow::view),
                ..EventData::default()
            },
        };
        tx.append(event);
        if let Some(event) = for_contact(row, fact, actor.clone(), message) {
            tx.append(event);
        }
    }
}

/// The client's own, smaller event: a message, or that the conversation ended. Owners and fences are none of his business.
fn for_contact(
    row: &ConversationRow,
    fact: &domain::conversation::Fact,
    actor: WireActor,
    message: Option<&messages::MessageRow>,
) -> Option<NewEvent> {
    use domain::conversation::Fact;
    let (kind, data) = match fact {
        Fact::ContactWrote | Fact::AgentWrote { .. } | Fact::AnswerQueued { .. } => {
            let contact_message = Some(message?.contact_view());
            ("message_added", EventData { contact_message, open: Some(true), ..EventData::default() })
        }
        Fact::Closed { .. } => ("conversation_ended", EventData { open: Some(false), ..EventData::default() }),
        // He is told of his block once, by an event of its own, and not for each conversation (B2).
        Fact::Accepted { .. }
        | Fact::Assigned { .. }
        | Fact::Unassigned { .. }
        | Fact::AnswerSent { .. }
        | Fact::AgentActive { .. }
        | Fact::ContactActive
        | Fact::Postponed { .. }
        | Fact::ContactBlocked
        | Fact::ContactUnblocked => return None,
    };
    Some(NewEvent {
        topic: Topic::Contact(row.contact.id.clone()),
        kind,
        actor,
        cause: message.map(|message| message.id.to_string()),
        record: Record { message: message.map(|message| message.id.to_string()), ..Record::default() },
        data,
    })
}
