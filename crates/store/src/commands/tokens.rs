//! Devices of agents and site visitors: who a token stands for.

use domain::id::{AgentId, ChannelId, ContactId, ProjectId, TokenId};
use protocol::frame::{Actor, EventData};

use crate::db::query;
use crate::error::StoreError;
use crate::log::{NewEvent, Record};
use crate::queries::channels;
use crate::rows::blocks;
use crate::rows::contacts::{self, ContactRow};
use crate::rows::own;
use crate::secret;
use crate::store::Store;
use crate::topic::Topic;
use crate::writer::{Lane, Tx};

/// A site visitor, proved by his token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// Who.
    pub contact: ContactId,
    /// Where he writes.
    pub channel: ChannelId,
    /// The channel's project.
    pub project: ProjectId,
}

/// Who a token stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// An agent's device.
    Agent {
        /// Who.
        agent: AgentId,
        /// By which device.
        token: TokenId,
    },
    /// A site visitor.
    Visitor {
        /// Who and where.
        visitor: Visitor,
        /// By which token.
        token: TokenId,
    },
}

const FIND: &str = "
SELECT t.id, t.agent_id, t.contact_id, t.channel_id, t.project_id FROM tokens t
LEFT JOIN agents a ON a.id = t.agent_id
LEFT JOIN channels c ON c.id = t.channel_id
LEFT JOIN projects p ON p.id = t.project_id
WHERE t.hash = $1 AND t.revoked_at IS NULL AND a.deleted_at IS NULL AND c.deleted_at IS NULL AND p.deleted_at IS NULL";

const ADD: &str = "
INSERT INTO tokens (id, hash, agent_id, contact_id, channel_id, project_id, device, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

const REVOKE: &str = "UPDATE tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";

/// Every identity of a visitor starts so, until he is asked for a name.
const VISITOR_NAME: &str = "Visitor";

impl Store {
    /// Who a token stands for; nobody if it is unknown or revoked.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn authenticate(&self, token: &str) -> Result<Option<Principal>, StoreError> {
        let mut conn = self.readers.acquire().await?;
        let Some(row) = query(FIND).bind(secret::hash(token)).fetch_optional(&mut conn).await? else {
            return Ok(None);
        };
        let token = own(row.try_get("id")?)?;
        if let Some(agent) = row.try_get::<Option<String>>("agent_id")? {
            return Ok(Some(Principal::Agent { agent: own(agent)?, token }));
        }
        let visitor = Visitor {
            contact: own(row.try_get("contact_id")?)?,
            channel: own(row.try_get("channel_id")?)?,
            project: own(row.try_get("project_id")?)?,
        };
        Ok(Some(Principal::Visitor { visitor, token }))
    }

    /// Gives a new site visitor his identity: an unguessable token, shown only here (W4).
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an unknown channel key, [`StoreError::ContactBlocked`] where a block covers his address (B6).
    pub async fn new_visitor(&self, channel_key: String, ip: Option<String>) -> Result<String, StoreError> {
        let (channel, project) = {
            let mut conn = self.readers.acquire().await?;
            channels::by_key(&mut conn, &channel_key).await?.ok_or(StoreError::NotFound)?
        };
        let lane = Lane::Project(project.clone());
        self.writer.run(lane, move |tx| Box::pin(async move { new_visitor(tx, channel, project, ip).await })).await
    }

    /// Takes a device's token back; its streams end within a second.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn revoke_device(&self, agent: AgentId, token: TokenId) -> Result<(), StoreError> {
        self.writer.run(Lane::Shared, move |tx| Box::pin(async move { revoke(tx, &agent, &token).await })).await
    }
}

async fn new_visitor(
    tx: &mut Tx<'_>,
    channel: ChannelId,
    project: ProjectId,
    ip: Option<String>,
) -> Result<String, StoreError> {
    if let Some(ip) = &ip {
        let held = blocks::of_ip(tx.conn, &project, ip).await?.into_iter().find(|block| block.holds(tx.now));
        if let Some(block) = held {
            return Err(StoreError::ContactBlocked { until: block.until });
        }
    }
    let id = ContactId::new(tx.now, secret::random_id_bytes());
    // The last characters tell visitors apart in a list until one of them gives a name.
    let tail = id.as_str()[id.as_str().len() - 4..].to_uppercase();
    let contact = ContactRow {
        id,
        project_id: project.clone(),
        name: format!("{VISITOR_NAME} {tail}"),
        n_messages: 0,
        seen_n: 0,
        last_ip: ip,
        block: None,
    };
    contacts::insert(tx.conn, &contact, tx.now.as_ms()).await?;
    let token = secret::new_secret("dsv_");
    let visitor = Visitor { contact: contact.id, channel, project };
    add_token(tx, &token, None, Some(&visitor), "website").await?;
    Ok(token)
}

/// Stores a token's hash for an agent or a visitor.
pub(crate) async fn add_token(
    tx: &mut Tx<'_>,
    token: &str,
    agent: Option<&AgentId>,
    visitor: Option<&Visitor>,
    device: &str,
) -> Result<(), StoreError> {
    let id = TokenId::new(tx.now, secret::random_id_bytes());
    query(ADD)
        .bind(id.as_str())
        .bind(secret::hash(token))
        .bind(agent.map(AgentId::as_str))
        .bind(visitor.map(|visitor| visitor.contact.as_str()))
        .bind(visitor.map(|visitor| visitor.channel.as_str()))
        .bind(visitor.map(|visitor| visitor.project.as_str()))
        .bind(device)
        .bind(tx.now.as_ms())
        .execute(&mut *tx.conn)
        .await?;
    Ok(())
}

async fn revoke(tx: &mut Tx<'_>, agent: &AgentId, token: &TokenId) -> Result<(), StoreError> {
    query(REVOKE).bind(token.as_str()).bind(tx.now.as_ms()).execute(&mut *tx.conn).await?;
    tx.append(NewEvent {
        topic: Topic::Agent(agent.clone()),
        kind: "device_revoked",
        actor: Actor::Agent { agent_id: agent.to_string() },
        cause: None,
        record: Record { token: Some(token.to_string()), ..Record::default() },
        data: EventData::default(),
    });
    Ok(())
}
