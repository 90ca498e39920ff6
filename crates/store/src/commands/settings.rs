//! What agents set for themselves and administrators for a project (P6, A10, N6, X2).

use domain::clock::{AgentMinutes, FinishMinutes, MinutesRefused};
use domain::id::{AgentId, ProjectId};
use protocol::command::SetAgentSettings;
use protocol::frame::{Actor, EventData};
use protocol::view::{AgentSettings, ProjectSettings};

use crate::db::{Conn, query};
use crate::error::StoreError;
use crate::log::{NewEvent, Record};
use crate::rows::conversations::{self, ConversationRow};
use crate::rows::{agents, small};
use crate::store::Store;
use crate::topic::Topic;
use crate::writer::{Lane, Tx};

/// How many deadlines one command moves.
const SLICE: usize = 200;

// A switch that is not given stays as it is.
const SAVE_AGENT: &str = "
UPDATE agents SET offline_after_minutes = $2, detach_after_minutes = $3,
  sound_notifications = COALESCE($4, sound_notifications),
  popup_notifications = COALESCE($5, popup_notifications),
  repeat_until_seen = COALESCE($6, repeat_until_seen)
WHERE id = $1";

const SAVE_PROJECT: &str = "UPDATE projects SET finish_after_minutes = $2, count_from_contact = $3 WHERE id = $1";

const LOAD_PROJECT: &str = "
SELECT finish_after_minutes, count_from_contact FROM projects
WHERE id = $1 AND deleted_at IS NULL";

impl Store {
    /// The agent's own times, and how he wants to be alerted.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an agent who is gone.
    pub async fn agent_settings(&self, agent: &AgentId) -> Result<AgentSettings, StoreError> {
        let mut conn = self.readers.acquire().await?;
        Ok(agents::load(&mut conn, agent).await?.settings())
    }

    /// Sets the agent's own times, by which the clocks of what he has in work go at once, and the switches that are given.
    ///
    /// # Errors
    /// [`StoreError::Value`] for a number that cannot be set.
    pub async fn set_agent_settings(
        &self,
        agent: AgentId,
        settings: SetAgentSettings,
    ) -> Result<AgentSettings, StoreError> {
        AgentMinutes::new(settings.offline_after_minutes).map_err(refused("offline_after_minutes"))?;
        AgentMinutes::new(settings.detach_after_minutes).map_err(refused("detach_after_minutes"))?;
        self.writer.run(Lane::Shared, move |tx| Box::pin(async move { set_agent(tx, &agent, settings).await })).await
    }

    /// A project's times.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a project that one is no member of.
    pub async fn project_settings(&self, by: &AgentId, project: &ProjectId) -> Result<ProjectSettings, StoreError> {
        let mut conn = self.readers.acquire().await?;
        agents::member(&mut conn, project, by).await?.ok_or(StoreError::NotFound)?;
        load(&mut conn, project).await
    }

    /// Sets a project's times; the clocks of its open conversations go by them at once.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who does not administer it, [`StoreError::Value`] for a number that cannot be set.
    pub async fn set_project_settings(
        &self,
        by: AgentId,
        project: ProjectId,
        settings: ProjectSettings,
    ) -> Result<ProjectSettings, StoreError> {
        let finish = FinishMinutes::new(settings.finish_after_minutes).map_err(refused("finish_after_minutes"))?;
        let lane = self.lane_of_project(&project).await?;
        let from_contact = settings.count_from_contact;
        let settings = {
            let (by, project) = (by.clone(), project.clone());
            let saved = self.writer.run(lane.clone(), move |tx| {
                Box::pin(async move { set_project(tx, &by, &project, finish, from_contact).await })
            });
            saved.await?
        };
        // In slices, so that neither the writer nor the readers of a busy channel are held up.
        let mut after = String::new();
        loop {
            let (by, project, from) = (by.clone(), project.clone(), after);
            let slice = self
                .writer
                .run(lane.clone(), move |tx| Box::pin(async move { move_slice(tx, &by, &project, &from).await }));
            match slice.await? {
                Some(last) => after = last,
                None => return Ok(settings),
            }
        }
    }
}

fn refused(field: &'static str) -> impl Fn(MinutesRefused) -> StoreError {
    move |refused| StoreError::Value { field, message: refused.to_string() }
}

async fn load(conn: &mut Conn, project: &ProjectId) -> Result<ProjectSettings, StoreError> {
    let row = query(LOAD_PROJECT).bind(project.as_str()).fetch_optional(conn).await?.ok_or(StoreError::NotFound)?;
    Ok(ProjectSettings {
        finish_after_minutes: small(row.try_get("finish_after_minutes")?)?,
        count_from_contact: row.try_get("count_from_contact")?,
    })
}

async fn set_agent(tx: &mut Tx<'_>, agent: &AgentId, wanted: SetAgentSettings) -> Result<AgentSettings, StoreError> {
    query(SAVE_AGENT)
        .bind(agent.as_str())
        .bind_all([i64::from(wanted.offline_after_minutes), i64::from(wanted.detach_after_minutes)])
        .bind_all([wanted.sound_notifications, wanted.popup_notifications, wanted.repeat_until_seen])
        .execute(tx.conn)
        .await?;
    let settings = agents::load(tx.conn, agent).await?.settings();
    let actor = Actor::Agent { agent_id: agent.to_string() };
    let held = conversations::held_by(tx.conn, agent).await?;
    move_deadlines(tx, held, &actor).await?;
    tx.append(NewEvent {
        topic: Topic::Agent(agent.clone()),
        kind: "settings_changed",
        actor,
        cause: None,
        record: Record { agent: Some(agent.to_string()), ..Record::default() },
        data: EventData { settings: Some(settings), ..EventData::default() },
    });
    Ok(settings)
}

async fn set_project(
    tx: &mut Tx<'_>,
    by: &AgentId,
    project: &ProjectId,
    finish: FinishMinutes,
    from_contact: bool,
) -> Result<ProjectSettings, StoreError> {
    agents::administrator(tx.conn, project, by).await?;
    query(SAVE_PROJECT)
        .bind(project.as_str())
        .bind(i64::from(finish.get()))
        .bind(from_contact)
        .execute(tx.conn)
        .await?;
    load(tx.conn, project).await
}

/// Moves the deadlines of the next open conversations of a project; gives the last one's id, if there may be more.
async fn move_slice(
    tx: &mut Tx<'_>,
    by: &AgentId,
    project: &ProjectId,
    after: &str,
) -> Result<Option<String>, StoreError> {
    let rows = conversations::open_of_project(tx.conn, project, after, SLICE).await?;
    let last = rows.last().filter(|_| rows.len() == SLICE).map(|row| row.id.to_string());
    move_deadlines(tx, rows, &Actor::Agent { agent_id: by.to_string() }).await?;
    Ok(last)
}

/// Asks the rules anew when each conversation's clock runs out, and tells where that has moved.
async fn move_deadlines(tx: &mut Tx<'_>, rows: Vec<ConversationRow>, actor: &Actor) -> Result<(), StoreError> {
    for mut row in rows {
        let deadline_at = row.state.deadline(row.policy).map(|deadline| deadline.at.as_ms());
        if deadline_at == row.deadline_at {
            continue;
        }
        conversations::save(tx.conn, &mut row).await?;
        tx.append(NewEvent {
            topic: Topic::Channel(row.channel_id.clone()),
            kind: "deadline_moved",
            actor: actor.clone(),
            cause: None,
            record: Record { conversation: Some(row.id.to_string()), ..Record::default() },
            data: EventData { conversation: Some(row.view()), ..EventData::default() },
        });
    }
    Ok(())
}
