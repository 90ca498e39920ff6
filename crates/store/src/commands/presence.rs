//! Online and Offline, and which channels an agent is subscribed to.

use domain::agent::Availability;
use domain::id::{AgentId, ChannelId};
use protocol::frame::{Actor, EventData, Subscription};

use crate::error::StoreError;
use crate::log::{NewEvent, Record};
use crate::queries::channels;
use crate::rows::agents;
use crate::store::Store;
use crate::topic::Topic;
use crate::writer::Tx;

const SET_AVAILABILITY: &str = "UPDATE agents SET availability = $2 WHERE id = $1";

const SUBSCRIBE: &str = "
INSERT INTO subscriptions (channel_id, agent_id, project_id) VALUES ($1, $2, $3)
ON CONFLICT (channel_id, agent_id) DO NOTHING";

const UNSUBSCRIBE: &str = "DELETE FROM subscriptions WHERE channel_id = $1 AND agent_id = $2";

impl Store {
    /// The agent goes Online or Offline by his own hand (P1). Choosing what already is changes nothing.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an agent who is gone.
    pub async fn set_availability(&self, agent: AgentId, availability: Availability) -> Result<(), StoreError> {
        self.writer.run(move |tx| Box::pin(async move { set_availability(tx, &agent, availability).await })).await
    }

    /// The agent chooses whether a channel raises his counters and alerts (N1).
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a channel without access.
    pub async fn set_subscription(
        &self,
        agent: AgentId,
        channel: ChannelId,
        subscribed: bool,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |tx| Box::pin(async move { set_subscription(tx, &agent, &channel, subscribed).await }))
            .await
    }
}

async fn set_availability(tx: &mut Tx<'_>, agent: &AgentId, availability: Availability) -> Result<(), StoreError> {
    let mut row = agents::load(tx.conn, agent).await?;
    if row.availability == availability {
        return Ok(());
    }
    row.availability = availability;
    sqlx::query(SET_AVAILABILITY)
        .bind(agent.as_str())
        .bind(agents::availability_text(availability))
        .execute(&mut *tx.conn)
        .await?;
    let mine = EventData { availability: Some(availability.into()), ..EventData::default() };
    tx.append(event(Topic::Agent(agent.clone()), agent, mine)).await?;
    for (project, _, right) in agents::projects(tx.conn, agent).await? {
        let member = agents::MemberRow { agent: row.clone(), right };
        let theirs = EventData { agent: Some(member.view()), ..EventData::default() };
        tx.append(event(Topic::Project(project), agent, theirs)).await?;
    }
    Ok(())
}

fn event(topic: Topic, agent: &AgentId, data: EventData) -> NewEvent {
    NewEvent {
        topic,
        kind: "availability_changed",
        actor: Actor::Agent { agent_id: agent.to_string() },
        cause: None,
        record: Record { agent: Some(agent.to_string()), ..Record::default() },
        data,
    }
}

async fn set_subscription(
    tx: &mut Tx<'_>,
    agent: &AgentId,
    channel: &ChannelId,
    subscribed: bool,
) -> Result<(), StoreError> {
    let project = channels::project_of(tx.conn, channel).await?;
    agents::with_access(tx.conn, &project, channel, agent).await?;
    let changed = if subscribed {
        subscribe(tx, agent, channel, &project).await?
    } else {
        let done = sqlx::query(UNSUBSCRIBE).bind(channel.as_str()).bind(agent.as_str()).execute(&mut *tx.conn).await?;
        done.rows_affected() > 0
    };
    if !changed {
        return Ok(());
    }
    tx.append(subscription_event(agent, channel, subscribed)).await
}

/// Tells the agent's readers that a subscription changed.
pub(crate) fn subscription_event(agent: &AgentId, channel: &ChannelId, subscribed: bool) -> NewEvent {
    NewEvent {
        topic: Topic::Agent(agent.clone()),
        kind: "subscription_changed",
        actor: Actor::Agent { agent_id: agent.to_string() },
        cause: None,
        record: Record { channel: Some(channel.to_string()), ..Record::default() },
        data: EventData {
            subscription: Some(Subscription { channel_id: channel.to_string(), subscribed }),
            ..EventData::default()
        },
    }
}

/// Subscribes an agent; says whether that was news.
pub(crate) async fn subscribe(
    tx: &mut Tx<'_>,
    agent: &AgentId,
    channel: &ChannelId,
    project: &domain::id::ProjectId,
) -> Result<bool, StoreError> {
    let done = sqlx::query(SUBSCRIBE)
        .bind(channel.as_str())
        .bind(agent.as_str())
        .bind(project.as_str())
        .execute(&mut *tx.conn)
        .await?;
    Ok(done.rows_affected() > 0)
}
