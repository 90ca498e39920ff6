//! What passes by: somebody types (A8, A9, W7), somebody looks at a conversation (A8).

use std::sync::Arc;

use bus::Signal;
use bytes::Bytes;
use domain::id::{AgentId, ChannelId, ContactId, ConversationId, InvalidId};
use protocol::frame::RelayFrame;
use protocol::view::ConversationView;
use store::{Principal, StoreError, Topic};

use crate::state::TYPING;
use crate::stream::Reader;

/// The conversation that an agent's page shows.
pub(super) struct OnScreen {
    agent: AgentId,
    topic: Arc<Topic>,
    conversation_id: String,
}

impl Reader {
    /// Somebody types: a clock may begin anew (A9, X2), and the others are told. A sign too many, or of what is gone, changes nothing.
    pub(super) async fn types(&mut self, conversation_id: Option<String>) -> Result<(), StoreError> {
        if self.state.limits.take("typing", &self.token, TYPING).await.is_err() {
            return Ok(());
        }
        let store = &self.state.store;
        match (&self.principal, conversation_id.map(ConversationId::try_from)) {
            (Principal::Agent { agent, .. }, Some(Ok(id))) => {
                let noted = unless_gone(store.agent_active(agent.clone(), id).await)?;
                // Nobody but the owner can answer, so nobody else is answering.
                if let Some(it) = noted.filter(|it| it.assignee_id.as_deref() == Some(agent.as_str())) {
                    self.tell_typing(&it, Some(agent));
                }
            }
            (Principal::Visitor { visitor, .. }, None) => {
                if let Some(it) = unless_gone(store.contact_active(visitor.clone()).await)?.flatten() {
                    self.tell_typing(&it, None);
                }
            }
            (Principal::Agent { .. }, _) | (Principal::Visitor { .. }, Some(_)) => {}
        }
        Ok(())
    }

    /// Tells all who may see the conversation, and the client if an agent types. A note is written without a sign (O2).
    fn tell_typing(&self, it: &ConversationView, agent: Option<&AgentId>) {
        if it.closed_at.is_some() {
            return;
        }
        if let Ok(topic) = channel_of(it) {
            let (conversation_id, agent_id) = (Some(it.id.clone()), agent.map(AgentId::to_string));
            self.tell(topic, |topic| RelayFrame::Typing { topic, conversation_id, agent_id });
        }
        if let (Some(_), Ok(contact)) = (agent, ContactId::try_from(it.contact.id.clone())) {
            let topic = Arc::new(Topic::Contact(contact));
            self.tell(topic, |topic| RelayFrame::Typing { topic, conversation_id: None, agent_id: None });
        }
    }

    /// The agent's page shows another conversation, or none, or still the same.
    pub(super) async fn views(&mut self, conversation_id: Option<String>) -> Result<(), StoreError> {
        if self.state.limits.take("viewing", &self.token, TYPING).await.is_err() {
            return Ok(());
        }
        if self.on_screen.as_ref().map(|it| &it.conversation_id) != conversation_id.as_ref() {
            self.looks_away();
        }
        let (Principal::Agent { agent, .. }, Some(Ok(id))) =
            (&self.principal, conversation_id.map(ConversationId::try_from))
        else {
            return Ok(());
        };
        if let Some(it) = unless_gone(self.state.store.conversation(agent, &id).await)?
            && let Ok(topic) = channel_of(&it)
        {
            self.on_screen = Some(OnScreen { agent: agent.clone(), topic, conversation_id: it.id });
            self.tell_viewing(true);
        }
        Ok(())
    }

    /// Nothing is on the screen any more.
    pub(super) fn looks_away(&mut self) {
        self.tell_viewing(false);
        self.on_screen = None;
    }

    fn tell_viewing(&self, viewing: bool) {
        if let Some(OnScreen { agent, topic, conversation_id }) = &self.on_screen {
            let (conversation_id, agent_id) = (conversation_id.clone(), agent.to_string());
            self.tell(Arc::clone(topic), |topic| RelayFrame::Viewing { topic, conversation_id, agent_id, viewing });
        }
    }

    fn tell(&self, topic: Arc<Topic>, frame: impl FnOnce(String) -> RelayFrame) {
        match serde_json::to_vec(&frame(topic.to_string())) {
            Ok(frame) => self.state.doorbell.signal(Signal { topic, frame: Bytes::from(frame) }),
            Err(error) => tracing::error!(%error, "a frame of our own is no JSON"),
        }
    }
}

fn channel_of(it: &ConversationView) -> Result<Arc<Topic>, InvalidId> {
    ChannelId::try_from(it.channel_id.clone()).map(|channel| Arc::new(Topic::Channel(channel)))
}

/// What came of a sign. Where the record is away for a moment, the next sign comes soon, and the stream is worth more than this one.
fn unless_gone<T>(result: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(StoreError::NotFound | StoreError::Refused(_) | StoreError::Unavailable(_)) => Ok(None),
        Err(other) => Err(other),
    }
}
