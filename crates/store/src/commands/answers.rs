//! An agent answers.

use domain::conversation::{Fence, Input, Way};
use domain::id::{AgentId, ConversationId, MessageId};
use domain::message::Content;
use protocol::frame::Actor;
use protocol::view::MessageView;

use crate::commands::contact_writes::add_message;
use crate::commands::workflow::{decide, record, seen_by};
use crate::error::StoreError;
use crate::rows::{agents, messages};
use crate::store::Store;
use crate::writer::Tx;

/// An answer as it came from the agent's page.
#[derive(Clone, Debug)]
pub struct NewAnswer {
    /// Made by the page.
    pub id: MessageId,
    /// Where.
    pub conversation: ConversationId,
    /// What.
    pub content: Content,
    /// The claim that it stands on.
    pub fence: Option<Fence>,
}

impl Store {
    /// Stores an answer, if the agent holds the conversation by the fence that it carries (A7).
    ///
    /// The same id, author and body again changes nothing and gives the first answer, also after the owner changed.
    ///
    /// # Errors
    /// [`StoreError::Refused`] names the holder and stores nothing; [`StoreError::IdConflict`]; [`StoreError::Value`] for files that do not
    /// wait here to be sent by him.
    pub async fn answer(&self, by: AgentId, answer: NewAnswer) -> Result<MessageView, StoreError> {
        let lane = self.lane_of(&answer.conversation).await?;
        self.writer.run(lane, move |tx| Box::pin(async move { add_answer(tx, &by, answer).await })).await
    }
}

async fn add_answer(tx: &mut Tx<'_>, by: &AgentId, answer: NewAnswer) -> Result<MessageView, StoreError> {
    let NewAnswer { id, conversation, content, fence } = answer;
    let (mut row, actor) = seen_by(tx, by, &conversation).await?;
    if let Some(earlier) = messages::find(tx.conn, id.as_str()).await? {
        let mine = earlier.agent.as_ref().is_some_and(|(agent, _)| agent == by);
        let same = mine && earlier.conversation_id == conversation && earlier.says(&content);
        return if same { Ok(earlier.view()) } else { Err(StoreError::IdConflict) };
    }
    let decision = decide(tx, &mut row, Input::AgentWrote { by: actor, fence, way: Way::Stored }).await?;
    let name = agents::load(tx.conn, by).await?.name;
    let message = add_message(tx, &mut row, id, Some((by.clone(), name)), &content).await?;
    record(tx, &row, &decision, Actor::Agent { agent_id: by.to_string() }, Some(&message));
    Ok(message.view())
}
