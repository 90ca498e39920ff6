//! What agents write down of a client (I4).

use domain::contact::{Details, DetailsRefused};
use domain::id::{AgentId, ChannelId, ContactId, ProjectId};
use protocol::contact::{ContactDetails, SetContact};
use protocol::frame::{Actor, EventData};

use crate::db::Conn;
use crate::error::StoreError;
use crate::log::{NewEvent, Record};
use crate::rows::contacts::{self, DetailsRow};
use crate::rows::{agents, conversations, search_texts};
use crate::store::Store;
use crate::topic::Topic;
use crate::writer::Tx;

impl Store {
    /// Corrects a client's name and sets what else is known of him: any agent with access to a channel that he wrote in.
    ///
    /// # Errors
    /// [`StoreError::StaleRevision`] if somebody changed it meanwhile; [`StoreError::NotFound`] without access;
    /// [`StoreError::Text`] and [`StoreError::Value`] name the field.
    pub async fn set_contact(
        &self,
        by: AgentId,
        contact: ContactId,
        wanted: SetContact,
    ) -> Result<ContactDetails, StoreError> {
        let SetContact { rev, name, email, phone, about } = wanted;
        let details = Details::new(&name, &email, &phone, &about).map_err(refused)?;
        let lane = self.lane_of_contact(&contact).await?;
        self.writer.run(lane, move |tx| Box::pin(async move { set(tx, &by, &contact, rev, &details).await })).await
    }
}

fn refused(refused: DetailsRefused) -> StoreError {
    match refused {
        DetailsRefused::Text { field, refused } => StoreError::Text { field, refused },
        DetailsRefused::Email => StoreError::Value { field: "email", message: refused.to_string() },
    }
}

/// The contact and his channels, if the agent has access to one of them.
pub(crate) async fn seen_contact(
    conn: &mut Conn,
    by: &AgentId,
    contact: &ContactId,
) -> Result<(DetailsRow, Vec<ChannelId>), StoreError> {
    let row = contacts::load_details(conn, contact).await?;
    let channels = contacts::channels_of(conn, contact).await?;
    if has_access_to_any(conn, &row.project_id, by, &channels).await? {
        Ok((row, channels))
    } else {
        Err(StoreError::NotFound)
    }
}

async fn has_access_to_any(
    conn: &mut Conn,
    project: &ProjectId,
    by: &AgentId,
    channels: &[ChannelId],
) -> Result<bool, StoreError> {
    let member = agents::member(conn, project, by).await?.ok_or(StoreError::NotFound)?;
    for channel in channels {
        if agents::has_access(conn, &member, channel).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn set(
    tx: &mut Tx<'_>,
    by: &AgentId,
    contact: &ContactId,
    rev: u32,
    details: &Details,
) -> Result<ContactDetails, StoreError> {
    let (DetailsRow { view: present, .. }, channels) = seen_contact(tx.conn, by, contact).await?;
    let said = (present.name.as_str(), present.email.as_str(), present.phone.as_str(), present.about.as_str());
    // What is sent again because its answer was lost has been done, and is no conflict.
    if said == (details.name(), details.email(), details.phone(), details.about()) {
        return Ok(present);
    }
    if present.rev != rev {
        return Err(StoreError::StaleRevision);
    }
    contacts::save_details(tx.conn, contact, details).await?;
    search_texts::rename(tx.conn, contact, details.name()).await?;
    let DetailsRow { view, .. } = contacts::load_details(tx.conn, contact).await?;
    let row = contacts::load(tx.conn, contact).await?;
    for channel in channels {
        // With the newest conversation of the channel, which is the one in a list. A reader knows his others by the client's id.
        let newest = conversations::latest(tx.conn, &row, &channel).await?;
        tx.append(NewEvent {
            topic: Topic::Channel(channel),
            kind: "contact_changed",
            actor: Actor::Agent { agent_id: by.to_string() },
            cause: None,
            record: Record {
                contact: Some(contact.to_string()),
                conversation: newest.as_ref().map(|row| row.id.to_string()),
                ..Record::default()
            },
            data: EventData {
                contact: Some(view.clone()),
                conversation: newest.map(|row| row.view()),
                ..EventData::default()
            },
        });
    }
    Ok(view)
}
