//! What a topic holds now, for a reader who starts over.

use std::collections::BTreeMap;

use domain::id::{AgentId, ChannelId, ContactId, ProjectId};
use protocol::frame::{AgentSnapshot, ContactSnapshot, SnapshotData};
use protocol::view::ProjectView;

use crate::db::{Conn, query, query_scalar};
use crate::error::StoreError;
use crate::queries::{channels, history, projects};
use crate::rows::agents::{self, MemberRow};
use crate::rows::conversations::{self, columns, tables};
use crate::rows::messages::MessageRow;
use crate::rows::{contacts, small};
use crate::topic::Topic;

/// How many conversations a part has.
const PART: usize = 500;

/// The parts of a topic's snapshot; at least one.
pub(crate) async fn parts(conn: &mut Conn, topic: &Topic) -> Result<Vec<SnapshotData>, StoreError> {
    match topic {
        Topic::Agent(id) => Ok(vec![agent(conn, id).await?]),
        Topic::Project(id) => Ok(vec![project(conn, id).await?]),
        Topic::Channel(id) => channel(conn, id).await,
        Topic::Contact(id) => Ok(vec![contact(conn, id).await?]),
    }
}

const READS: &str = "
SELECT r.conversation_id, r.n_alerts FROM reads r
JOIN conversations c ON c.id = r.conversation_id
WHERE r.agent_id = $1 AND c.closed_at IS NULL";

async fn agent(conn: &mut Conn, id: &AgentId) -> Result<SnapshotData, StoreError> {
    let row = agents::load(conn, id).await?;
    let rights = agents::projects(conn, id).await?;
    let mut subscriptions = channels::subscribed(conn, id).await?;
    let accessible = channels::accessible(conn, id).await?;
    subscriptions.retain(|subscribed| accessible.iter().any(|channel| channel.id.as_str() == subscribed));
    let mut reads = BTreeMap::new();
    for read in query(READS).bind(id.as_str()).fetch_all(conn).await? {
        reads.insert(read.try_get("conversation_id")?, small(read.try_get("n_alerts")?)?);
    }
    let (availability, offline, settings) = (row.availability().into(), row.offline(), row.settings());
    Ok(SnapshotData::Agent(AgentSnapshot {
        agent_id: row.id.to_string(),
        name: row.name,
        email: row.email,
        availability,
        offline,
        settings: Some(settings),
        rights: rights.into_iter().map(|(project, _, right)| (project.to_string(), right.into())).collect(),
        subscriptions,
        reads,
    }))
}

async fn project(conn: &mut Conn, id: &ProjectId) -> Result<SnapshotData, StoreError> {
    let name = projects::name(conn, id).await?;
    let members = agents::members(conn, id).await?;
    Ok(SnapshotData::Project {
        project: ProjectView { id: id.to_string(), name },
        agents: members.iter().map(MemberRow::view).collect(),
    })
}

const OPEN: &str = concat!(
    "SELECT ",
    columns!(),
    tables!(),
    "
WHERE c.channel_id = $1 AND c.closed_at IS NULL AND c.deleted_at IS NULL"
);

async fn channel(conn: &mut Conn, id: &ChannelId) -> Result<Vec<SnapshotData>, StoreError> {
    let channel = channels::load(conn, id).await?.view();
    let rows = query(OPEN).bind(id.as_str()).fetch_all(conn).await?;
    let mut views = Vec::with_capacity(rows.len());
    for row in &rows {
        views.push(conversations::from_row(row)?.view());
    }
    if views.is_empty() {
        return Ok(vec![SnapshotData::Channel { channel, conversations: views }]);
    }
    Ok(views
        .chunks(PART)
        .map(|part| SnapshotData::Channel { channel: channel.clone(), conversations: part.to_vec() })
        .collect())
}

const IS_OPEN: &str = "SELECT COUNT(*) FROM conversations WHERE contact_id = $1 AND closed_at IS NULL";

async fn contact(conn: &mut Conn, id: &ContactId) -> Result<SnapshotData, StoreError> {
    let row = contacts::load(conn, id).await?;
    let (messages, has_more) = history::page(conn, id, u32::MAX).await?;
    let n_open: i64 = query_scalar(IS_OPEN).bind(id.as_str()).fetch_one(conn).await?;
    Ok(SnapshotData::Contact(ContactSnapshot {
        messages: messages.iter().map(MessageRow::contact_view).collect(),
        has_more,
        seen_n: row.seen_n,
        open: n_open > 0,
        block: row.block.is_some().then(|| row.told_block()),
    }))
}
