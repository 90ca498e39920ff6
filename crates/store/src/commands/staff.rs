//! Rights, removal and channel access of a project's people (J2, A15, N1).
//!
//! They cross projects, since what an agent's readers are told is his rights in all of them.

use domain::agent::Right;
use domain::conversation::{Input, UnassignCause};
use domain::id::{AgentId, ChannelId, ProjectId};
use protocol::frame::{Actor, EventData};

use crate::commands::presence::{subscribe, subscription_event};
use crate::commands::workflow::apply;
use crate::db::query;
use crate::error::StoreError;
use crate::log::{NewEvent, Record};
use crate::queries::channels;
use crate::rows::agents::{self, MemberRow};
use crate::rows::conversations;
use crate::store::Store;
use crate::topic::Topic;
use crate::writer::{Lane, Tx};

const SET_RIGHT: &str = "UPDATE memberships SET agent_right = $3 WHERE project_id = $1 AND agent_id = $2";

const LEAVE: [&str; 3] = [
    "DELETE FROM subscriptions WHERE project_id = $1 AND agent_id = $2",
    "DELETE FROM assignments WHERE project_id = $1 AND agent_id = $2",
    "DELETE FROM memberships WHERE project_id = $1 AND agent_id = $2",
];

pub(crate) const ASSIGN: &str = "
INSERT INTO assignments (channel_id, agent_id, project_id) VALUES ($1, $2, $3)
ON CONFLICT (channel_id, agent_id) DO NOTHING";

const UNASSIGN: &str = "DELETE FROM assignments WHERE channel_id = $1 AND agent_id = $2";

impl Store {
    /// Takes an agent out of a project (J2); his conversations there go back to "New" at once (A15).
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who is no owner, [`StoreError::NotFound`] for who is no member, [`StoreError::LastOwner`].
    pub async fn remove_agent(&self, by: AgentId, project: ProjectId, agent: AgentId) -> Result<(), StoreError> {
        self.writer.run(Lane::Shared, move |tx| Box::pin(async move { remove(tx, &by, &project, &agent).await })).await
    }

    /// Changes an agent's right in a project (J2). What he loses access to goes back to "New" at once (A15).
    ///
    /// # Errors
    /// As [`Store::remove_agent`]; administrators may change all rights but an owner's.
    pub async fn set_right(
        &self,
        by: AgentId,
        project: ProjectId,
        agent: AgentId,
        right: Right,
    ) -> Result<(), StoreError> {
        let lane = Lane::Project(project.clone());
        self.writer
            .run(lane, move |tx| Box::pin(async move { set_right(tx, &by, &project, &agent, right).await }))
            .await
    }

    /// Gives an agent access to a channel, or takes it (N1, A15). Who is given it starts subscribed.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who does not administer the project, [`StoreError::NotFound`] for who is no member.
    pub async fn set_assigned(
        &self,
        by: AgentId,
        channel: ChannelId,
        agent: AgentId,
        assigned: bool,
    ) -> Result<(), StoreError> {
        self.writer
            .run(Lane::Shared, move |tx| {
                Box::pin(async move { set_assigned(tx, &by, &channel, &agent, assigned).await })
            })
            .await
    }
}

/// A change of somebody's place in a project: by whom, and whose.
struct Change {
    project: ProjectId,
    by: Actor,
    agent: AgentId,
}

async fn remove(tx: &mut Tx<'_>, by: &AgentId, project: &ProjectId, agent: &AgentId) -> Result<(), StoreError> {
    let (me, target) = both(tx, project, by, agent).await?;
    if !me.right.may_remove_staff() {
        return Err(StoreError::Forbidden);
    }
    keeps_an_owner(tx, project, &target).await?;
    for statement in LEAVE {
        query(statement).bind(project.as_str()).bind(agent.as_str()).execute(tx.conn).await?;
    }
    let change = Change::of(project, by, agent);
    change.release(tx).await?;
    let gone = EventData { removed_agent_id: Some(agent.to_string()), ..EventData::default() };
    change.tell(tx, "agent_removed", gone).await
}

async fn set_right(
    tx: &mut Tx<'_>,
    by: &AgentId,
    project: &ProjectId,
    agent: &AgentId,
    right: Right,
) -> Result<(), StoreError> {
    let (me, mut target) = both(tx, project, by, agent).await?;
    if !me.right.may_change(target.right, right) {
        return Err(StoreError::Forbidden);
    }
    if target.right == right {
        return Ok(());
    }
    keeps_an_owner(tx, project, &target).await?;
    query(SET_RIGHT)
        .bind(project.as_str())
        .bind(agent.as_str())
        .bind(agents::right_text(right))
        .execute(tx.conn)
        .await?;
    target.right = right;
    let change = Change::of(project, by, agent);
    change.release(tx).await?;
    change.tell(tx, "agent_changed", EventData { agent: Some(target.view()), ..EventData::default() }).await
}

async fn set_assigned(
    tx: &mut Tx<'_>,
    by: &AgentId,
    channel: &ChannelId,
    agent: &AgentId,
    assigned: bool,
) -> Result<(), StoreError> {
    let project = channels::project_of(tx.conn, channel).await?;
    agents::administrator(tx.conn, &project, by).await?;
    let target = agents::member(tx.conn, &project, agent).await?.ok_or(StoreError::NotFound)?;
    let changed = if assigned {
        let statement = query(ASSIGN).bind(channel.as_str()).bind(agent.as_str()).bind(project.as_str());
        statement.execute(tx.conn).await? > 0
    } else {
        query(UNASSIGN).bind(channel.as_str()).bind(agent.as_str()).execute(tx.conn).await? > 0
    };
    if !changed {
        return Ok(());
    }
    let change = Change::of(&project, by, agent);
    change.release(tx).await?;
    change.tell(tx, "agent_changed", EventData { agent: Some(target.view()), ..EventData::default() }).await?;
    if assigned && subscribe(tx, agent, channel, &project).await? {
        tx.append(subscription_event(agent, channel, true));
    }
    Ok(())
}

/// Who does it and whom it concerns, both members of the project.
async fn both(
    tx: &mut Tx<'_>,
    project: &ProjectId,
    by: &AgentId,
    agent: &AgentId,
) -> Result<(MemberRow, MemberRow), StoreError> {
    let me = agents::member(tx.conn, project, by).await?.ok_or(StoreError::NotFound)?;
    if !me.right.administers() {
        return Err(StoreError::Forbidden);
    }
    let target = agents::member(tx.conn, project, agent).await?.ok_or(StoreError::NotFound)?;
    Ok((me, target))
}

async fn keeps_an_owner(tx: &mut Tx<'_>, project: &ProjectId, leaving: &MemberRow) -> Result<(), StoreError> {
    let owners = agents::members(tx.conn, project).await?;
    let is_other = |member: &&MemberRow| member.right == Right::Owner && member.agent.id != leaving.agent.id;
    if leaving.right == Right::Owner && !owners.iter().any(|member| is_other(&member)) {
        return Err(StoreError::LastOwner);
    }
    Ok(())
}

impl Change {
    fn of(project: &ProjectId, by: &AgentId, agent: &AgentId) -> Self {
        Self { project: project.clone(), by: Actor::Agent { agent_id: by.to_string() }, agent: agent.clone() }
    }

    /// What the agent has of the project and may not see any more goes back to "New" (A15).
    async fn release(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let member = agents::member(tx.conn, &self.project, &self.agent).await?;
        for mut row in conversations::held_by(tx.conn, &self.agent).await? {
            let keeps = match &member {
                Some(member) => agents::has_access(tx.conn, member, &row.channel_id).await?,
                None => false,
            };
            if row.project_id == self.project && !keeps {
                let input = Input::AgentLeaves { agent: self.agent.clone(), cause: UnassignCause::AgentRemoved };
                apply(tx, &mut row, input, self.by.clone()).await?;
            }
        }
        Ok(())
    }

    /// Tells his colleagues, and himself, whose readers prove themselves again.
    async fn tell(&self, tx: &mut Tx<'_>, kind: &'static str, theirs: EventData) -> Result<(), StoreError> {
        let rights = agents::projects(tx.conn, &self.agent).await?;
        let rights = rights.into_iter().map(|(project, _, right)| (project.to_string(), right.into())).collect();
        let mine = EventData { rights: Some(rights), ..EventData::default() };
        let topics = [
            (Topic::Project(self.project.clone()), kind, theirs),
            (Topic::Agent(self.agent.clone()), "rights_changed", mine),
        ];
        for (topic, kind, data) in topics {
            let record = Record { agent: Some(self.agent.to_string()), ..Record::default() };
            tx.append(NewEvent { topic, kind, actor: self.by.clone(), cause: None, record, data });
        }
        Ok(())
    }
}
