//! What a channel's administrators switch on and off (F4, W3).

use domain::id::{AgentId, ChannelId};
use protocol::file::{ChannelSwitches, SetChannelSwitches};
use protocol::frame::{Actor, EventData};

use crate::db::{Conn, query};
use crate::error::StoreError;
use crate::log::{NewEvent, Record};
use crate::queries::channels;
use crate::rows::agents;
use crate::store::Store;
use crate::topic::Topic;
use crate::writer::Tx;

impl Store {
    /// What is switched on and off in a channel.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who does not administer its project, [`StoreError::NotFound`] for who is no member.
    pub async fn channel_switches(&self, by: &AgentId, channel: &ChannelId) -> Result<ChannelSwitches, StoreError> {
        let mut conn = self.readers.acquire().await?;
        let row = channels::load(&mut conn, channel).await?;
        agents::administrator(&mut conn, &row.project_id, by).await?;
        Ok(row.switches)
    }

    /// Switches on and off; all who have access to the channel are told.
    ///
    /// # Errors
    /// As [`Store::channel_switches`].
    pub async fn set_channel_switches(
        &self,
        by: AgentId,
        channel: ChannelId,
        wanted: SetChannelSwitches,
    ) -> Result<ChannelSwitches, StoreError> {
        let lane = self.lane_of_channel(&channel).await?;
        self.writer.run(lane, move |tx| Box::pin(async move { set(tx, &by, &channel, wanted).await })).await
    }
}

/// What is switched on and off in a channel, whoever asks.
pub(crate) async fn load(conn: &mut Conn, channel: &ChannelId) -> Result<ChannelSwitches, StoreError> {
    Ok(channels::load(conn, channel).await?.switches)
}

const SAVE: &str = "UPDATE channels SET files_allowed = $2, visits_allowed = $3 WHERE id = $1";

async fn set(
    tx: &mut Tx<'_>,
    by: &AgentId,
    channel: &ChannelId,
    wanted: SetChannelSwitches,
) -> Result<ChannelSwitches, StoreError> {
    let mut row = channels::load(tx.conn, channel).await?;
    agents::administrator(tx.conn, &row.project_id, by).await?;
    let was = row.switches;
    row.switches = ChannelSwitches {
        files_allowed: wanted.files_allowed.unwrap_or(was.files_allowed),
        visits_allowed: wanted.visits_allowed.unwrap_or(was.visits_allowed),
    };
    if row.switches == was {
        return Ok(was);
    }
    query(SAVE)
        .bind(channel.as_str())
        .bind_all([row.switches.files_allowed, row.switches.visits_allowed])
        .execute(tx.conn)
        .await?;
    tx.append(NewEvent {
        topic: Topic::Channel(channel.clone()),
        kind: "channel_changed",
        actor: Actor::Agent { agent_id: by.to_string() },
        cause: None,
        record: Record { channel: Some(channel.to_string()), ..Record::default() },
        data: EventData { channel: Some(row.view()), ..EventData::default() },
    });
    Ok(row.switches)
}
