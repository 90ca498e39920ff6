//! Online and Offline (P1–P11), and which channels an agent is subscribed to (N1).

use domain::agent::Availability;
use domain::conversation::{Input as ConversationInput, UnassignCause};
use domain::id::{AgentId, ChannelId, ProjectId};
use domain::presence::Input;
use domain::staff::{self, SetOffline};
use domain::time::Timestamp;
use protocol::command::SetOfflineBody;
use protocol::frame::{Actor, EventData, Subscription};

use crate::commands::workflow::apply;
use crate::db::query;
use crate::error::StoreError;
use crate::log::{NewEvent, Record};
use crate::queries::channels;
use crate::rows::agents::{self, AgentRow, MemberRow};
use crate::rows::conversations;
use crate::store::Store;
use crate::topic::Topic;
use crate::writer::{Lane, Tx};

const SEEN: &str = "UPDATE agents SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2";

const SUBSCRIBE: &str = "
INSERT INTO subscriptions (channel_id, agent_id, project_id) VALUES ($1, $2, $3)
ON CONFLICT (channel_id, agent_id) DO NOTHING";

const UNSUBSCRIBE: &str = "DELETE FROM subscriptions WHERE channel_id = $1 AND agent_id = $2";

impl Store {
    /// The agent goes Online or Offline by his own hand (P1), and returns what he has to "New" if he wants (P11).
    ///
    /// Choosing what already is changes nothing.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an agent who is gone.
    pub async fn set_availability(
        &self,
        agent: AgentId,
        availability: Availability,
        return_conversations: bool,
    ) -> Result<(), StoreError> {
        let returns = return_conversations && availability == Availability::Offline;
        self.writer
            .run(Lane::Shared, move |tx| Box::pin(async move { choose(tx, &agent, availability, returns).await }))
            .await
    }

    /// An administrator sets an agent Offline, or clears his conversations of this project if the agent has others (P10).
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who does not administer the project; [`StoreError::NotFound`] for who is no member.
    pub async fn set_offline(
        &self,
        by: AgentId,
        project: ProjectId,
        agent: AgentId,
    ) -> Result<SetOfflineBody, StoreError> {
        self.writer
            .run(Lane::Shared, move |tx| Box::pin(async move { set_offline(tx, &by, &project, &agent).await }))
            .await
    }

    /// Notes signs of life of agents' pages: who, and when (P5). What is known already is not made older.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn note_seen(&self, seen: Vec<(AgentId, Timestamp)>) -> Result<(), StoreError> {
        self.writer
            .run(Lane::Shared, move |tx| {
                Box::pin(async move {
                    for (agent, at) in seen {
                        query(SEEN).bind(agent.as_str()).bind(at.as_ms()).execute(tx.conn).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// The last sign of life of an agent's pages, as the record knows it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an agent who is gone.
    pub async fn last_seen(&self, agent: &AgentId) -> Result<Timestamp, StoreError> {
        let mut conn = self.readers.acquire().await?;
        Ok(agents::load(&mut conn, agent).await?.presence.last_seen_at())
    }

    /// Sets an agent Offline if his time has run out (P5). Says whether it had.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an agent who is gone.
    pub async fn fire_offline(&self, agent: AgentId) -> Result<bool, StoreError> {
        self.writer
            .run(Lane::Shared, move |tx| {
                Box::pin(async move {
                    let row = agents::load(tx.conn, &agent).await?;
                    let due = row.presence.deadline(row.offline_after.span());
                    let fired = change(tx, &agent, Input::DeadlineReached, Actor::Clock).await?;
                    if let Some(due) = due.filter(|_| fired) {
                        tx.fired(due);
                    }
                    Ok(fired)
                })
            })
            .await
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
        let lane = self.lane_of_channel(&channel).await?;
        self.writer
            .run(lane, move |tx| Box::pin(async move { set_subscription(tx, &agent, &channel, subscribed).await }))
            .await
    }
}

async fn choose(tx: &mut Tx<'_>, agent: &AgentId, availability: Availability, returns: bool) -> Result<(), StoreError> {
    let actor = Actor::Agent { agent_id: agent.to_string() };
    let input = match availability {
        Availability::Online => Input::GoOnline,
        Availability::Offline => Input::GoOffline,
    };
    change(tx, agent, input, actor.clone()).await?;
    if returns {
        return_held(tx, agent, None, UnassignCause::WentOffline, &actor).await?;
    }
    Ok(())
}

async fn set_offline(
    tx: &mut Tx<'_>,
    by: &AgentId,
    project: &ProjectId,
    agent: &AgentId,
) -> Result<SetOfflineBody, StoreError> {
    agents::administrator(tx.conn, project, by).await?;
    agents::member(tx.conn, project, agent).await?.ok_or(StoreError::NotFound)?;
    let mine = agents::projects(tx.conn, by).await?;
    let his = agents::projects(tx.conn, agent).await?;
    let administers = his.iter().map(|(id, ..)| mine.iter().any(|(my, _, right)| my == id && right.administers()));
    let actor = Actor::Agent { agent_id: by.to_string() };
    match staff::set_offline(administers) {
        SetOffline::SetsOffline => {
            change(tx, agent, Input::SetOffline { by: by.clone() }, actor).await?;
            Ok(SetOfflineBody { set_offline: true, n_cleared: 0 })
        }
        SetOffline::ClearsHere => {
            let n_cleared = return_held(tx, agent, Some(project), UnassignCause::Cleared, &actor).await?;
            Ok(SetOfflineBody { set_offline: false, n_cleared })
        }
    }
}

/// Gives what the agent has back to "New", in one project or in all; says how many conversations.
async fn return_held(
    tx: &mut Tx<'_>,
    agent: &AgentId,
    project: Option<&ProjectId>,
    cause: UnassignCause,
    actor: &Actor,
) -> Result<u32, StoreError> {
    let mut n_returned = 0;
    for mut row in conversations::held_by(tx.conn, agent).await? {
        if project.is_none_or(|project| *project == row.project_id) {
            let input = ConversationInput::AgentLeaves { agent: agent.clone(), cause };
            n_returned += u32::from(apply(tx, &mut row, input, actor.clone()).await?);
        }
    }
    Ok(n_returned)
}

/// Lets the rules of presence decide, saves, and tells the agent and his colleagues in all his projects. Says whether anything changed.
async fn change(tx: &mut Tx<'_>, agent: &AgentId, input: Input, actor: Actor) -> Result<bool, StoreError> {
    let mut row = agents::load(tx.conn, agent).await?;
    let grace = row.offline_after.span();
    let before = row.presence.clone();
    let changed = row.presence.handle(input, grace, tx.now).is_some();
    if row.presence != before {
        agents::save_presence(tx.conn, agent, &row.presence).await?;
    }
    if changed {
        // With the name of who did it, if somebody else did.
        let row = agents::load(tx.conn, agent).await?;
        tell(tx, &row, &actor).await?;
    }
    Ok(changed)
}

async fn tell(tx: &mut Tx<'_>, row: &AgentRow, actor: &Actor) -> Result<(), StoreError> {
    let mine =
        EventData { availability: Some(row.availability().into()), offline: row.offline(), ..EventData::default() };
    tx.append(event(Topic::Agent(row.id.clone()), row, actor, mine));
    for (project, _, right) in agents::projects(tx.conn, &row.id).await? {
        let member = MemberRow { agent: row.clone(), right };
        let theirs = EventData { agent: Some(member.view()), ..EventData::default() };
        tx.append(event(Topic::Project(project), row, actor, theirs));
    }
    Ok(())
}

fn event(topic: Topic, row: &AgentRow, actor: &Actor, data: EventData) -> NewEvent {
    NewEvent {
        topic,
        kind: "availability_changed",
        actor: actor.clone(),
        cause: None,
        record: Record { agent: Some(row.id.to_string()), ..Record::default() },
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
        query(UNSUBSCRIBE).bind(channel.as_str()).bind(agent.as_str()).execute(tx.conn).await? > 0
    };
    if changed {
        tx.append(subscription_event(agent, channel, subscribed));
    }
    Ok(())
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
    project: &ProjectId,
) -> Result<bool, StoreError> {
    let statement = query(SUBSCRIBE).bind(channel.as_str()).bind(agent.as_str()).bind(project.as_str());
    Ok(statement.execute(tx.conn).await? > 0)
}
