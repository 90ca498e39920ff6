//! What an agent may know of himself.

use domain::id::AgentId;
use protocol::command::{Me, Membership};
use protocol::file::usual_limit;
use protocol::view::ProjectView;

use crate::error::StoreError;
use crate::queries::channels::{self, ChannelRow};
use crate::rows::agents;
use crate::store::Store;

impl Store {
    /// The agent's own data and projects. What the operator set, the relay adds.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an agent who is gone.
    pub async fn me(&self, agent: &AgentId) -> Result<Me, StoreError> {
        let mut conn = self.readers.acquire().await?;
        let row = agents::load(&mut conn, agent).await?;
        let memberships = agents::projects(&mut conn, agent).await?;
        let channels = channels::accessible(&mut conn, agent).await?;
        let subscribed = channels::subscribed(&mut conn, agent).await?;
        let (availability, offline) = (row.availability().into(), row.offline());
        Ok(Me {
            agent_id: row.id.to_string(),
            email: row.email,
            name: row.name,
            availability,
            offline,
            memberships: memberships
                .into_iter()
                .map(|(id, name, right)| {
                    let channels = || channels.iter().filter(|it| it.project_id == id);
                    let ids = channels().map(|it| it.id.to_string()).filter(|id| subscribed.contains(id));
                    Membership {
                        channels: channels().map(ChannelRow::view).collect(),
                        subscriptions: Some(ids.collect()),
                        project: ProjectView { id: id.to_string(), name },
                        right: right.into(),
                    }
                })
                .collect(),
            file_limit: usual_limit(),
        })
    }
}
