//! Conversations, each with its contact.

mod policy;
mod save;

use domain::clock::{Due, Policy, Turn};
use domain::conversation::{CloseReason, Conversation, Parts, Status};
use domain::id::{AgentId, ChannelId, ContactId, ConversationId, ProjectId};
use domain::time::Timestamp;
use protocol::view::{ConversationView, Preview};

use crate::db::{Conn, Row, places, query, query_made};
use crate::error::StoreError;
use crate::rows::contacts::{self, ContactRow};
use crate::rows::{own, small};

pub(crate) use policy::policy;
use policy::policy_from_row;
pub(crate) use save::save;

/// A conversation.
#[derive(Clone, Debug)]
pub(crate) struct ConversationRow {
    pub(crate) id: ConversationId,
    pub(crate) project_id: ProjectId,
    pub(crate) channel_id: ChannelId,
    pub(crate) contact: ContactRow,
    pub(crate) previous_id: Option<String>,
    pub(crate) rev: u32,
    pub(crate) state: Conversation,
    pub(crate) opened_at: i64,
    pub(crate) deadline_at: Option<i64>,
    pub(crate) due: Option<Due>,
    /// The settings that its clock runs by: the project's, and those of [`Self::policy_of`].
    pub(crate) policy: Policy,
    /// Whose settings they are, as the row was loaded or saved last.
    pub(crate) policy_of: Option<AgentId>,
    pub(crate) first_n: u32,
    pub(crate) last_n: u32,
    pub(crate) preview_text: String,
    pub(crate) preview_from_contact: bool,
}

impl ConversationRow {
    pub(crate) fn view(&self) -> ConversationView {
        let parts = self.state.parts();
        let (closed_at, close_reason) = closed(parts.status);
        ConversationView {
            id: self.id.to_string(),
            rev: self.rev,
            project_id: self.project_id.to_string(),
            channel_id: self.channel_id.to_string(),
            contact: self.contact.view(),
            assignee_id: parts.assignee.map(String::from),
            fence: parts.fence,
            turn: parts.turn.into(),
            opened_at: self.opened_at,
            last_message_at: parts.last_message_at.as_ms(),
            unanswered_since: parts.unanswered_since.as_ms(),
            preview: Preview { from_contact: self.preview_from_contact, text: self.preview_text.clone() },
            first_n: self.first_n,
            last_n: self.last_n,
            n_alerts: parts.n_alerts,
            deadline_at: self.deadline_at,
            due: self.due.map(Into::into),
            closed_at: closed_at.map(Timestamp::as_ms),
            close_reason: close_reason.map(Into::into),
            previous_id: self.previous_id.clone(),
        }
    }
}

fn closed(status: Status) -> (Option<Timestamp>, Option<CloseReason>) {
    match status {
        Status::Open => (None, None),
        Status::Closed { at, reason } => (Some(at), Some(reason)),
    }
}

/// The columns of a conversation `c` with its contact `k`, his block, and the settings that its clock runs by.
macro_rules! columns {
    () => {
        concat!(
            "project.finish_after_minutes, project.count_from_contact, holder.detach_after_minutes,
 c.id, c.project_id, c.channel_id, c.previous_id, c.rev, c.assignee_id, c.fence, c.turn, c.unanswered_since, c.taken_at,
 c.answered_at, c.last_message_at, c.contact_wrote_at, c.detach_restarted_at, c.finish_restarted_at, c.blocked_at, c.n_alerts,
 c.opened_at, c.closed_at, c.close_reason, c.deadline_at, c.due, c.first_n, c.last_n, c.preview_text, c.preview_from_contact, ",
            $crate::rows::contacts::columns!()
        )
    };
}
pub(crate) use columns;

/// Where those columns come from.
macro_rules! tables {
    () => {
        concat!(
            "
FROM conversations c
JOIN contacts k ON k.id = c.contact_id
JOIN projects project ON project.id = c.project_id
LEFT JOIN agents holder ON holder.id = c.assignee_id",
            $crate::rows::contacts::with_block!()
        )
    };
}
pub(crate) use tables;

pub(crate) fn from_row(row: &Row) -> Result<ConversationRow, StoreError> {
    Ok(ConversationRow {
        id: own(row.try_get("id")?)?,
        channel_id: own(row.try_get("channel_id")?)?,
        contact: contacts::from_row(row)?,
        project_id: own(row.try_get("project_id")?)?,
        previous_id: row.try_get("previous_id")?,
        rev: small(row.try_get("rev")?)?,
        state: state_from_row(row)?,
        opened_at: row.try_get("opened_at")?,
        deadline_at: row.try_get("deadline_at")?,
        due: row.try_get::<Option<String>>("due")?.as_deref().map(due_from_text),
        policy: policy_from_row(row)?,
        policy_of: row.try_get::<Option<String>>("assignee_id")?.map(own).transpose()?,
        first_n: small(row.try_get("first_n")?)?,
        last_n: small(row.try_get("last_n")?)?,
        preview_text: row.try_get("preview_text")?,
        preview_from_contact: row.try_get("preview_from_contact")?,
    })
}

fn due_from_text(text: &str) -> Due {
    if text == "detach" { Due::Detach } else { Due::Finish }
}

fn due_text(due: Due) -> &'static str {
    match due {
        Due::Detach => "detach",
        Due::Finish => "finish",
    }
}

fn reason_text(reason: CloseReason) -> &'static str {
    match reason {
        CloseReason::Agent => "agent",
        CloseReason::ContactIdle => "contact_idle",
        CloseReason::ContactBlocked => "contact_blocked",
    }
}

fn reason_from_text(text: Option<&str>) -> CloseReason {
    match text {
        Some("contact_idle") => CloseReason::ContactIdle,
        Some("contact_blocked") => CloseReason::ContactBlocked,
        Some(_) | None => CloseReason::Agent,
    }
}

fn state_from_row(row: &Row) -> Result<Conversation, StoreError> {
    let assignee: Option<String> = row.try_get("assignee_id")?;
    let turn: String = row.try_get("turn")?;
    let closed_at: Option<i64> = row.try_get("closed_at")?;
    let close_reason: Option<String> = row.try_get("close_reason")?;
    let status = match closed_at {
        None => Status::Open,
        Some(at) => Status::Closed { at: Timestamp::from_ms(at), reason: reason_from_text(close_reason.as_deref()) },
    };
    let at = |name: &str| Ok::<_, StoreError>(row.try_get::<Option<i64>>(name)?.map(Timestamp::from_ms));
    let unanswered_since = Timestamp::from_ms(row.try_get("unanswered_since")?);
    Ok(Conversation::from_parts(Parts {
        status,
        assignee: assignee.map(own).transpose()?,
        fence: small(row.try_get("fence")?)?,
        turn: if turn == "ours" { Turn::Ours } else { Turn::Theirs },
        unanswered_since,
        taken_at: at("taken_at")?,
        answered_at: at("answered_at")?,
        last_message_at: Timestamp::from_ms(row.try_get("last_message_at")?),
        contact_wrote_at: at("contact_wrote_at")?.unwrap_or(unanswered_since),
        detach_restarted_at: at("detach_restarted_at")?,
        finish_restarted_at: at("finish_restarted_at")?,
        blocked_at: at("blocked_at")?,
        n_alerts: small(row.try_get("n_alerts")?)?,
    }))
}

const FIND: &str = concat!(
    "SELECT ",
    columns!(),
    tables!(),
    "
WHERE c.id = $1 AND c.deleted_at IS NULL"
);

pub(crate) async fn find(conn: &mut Conn, id: &str) -> Result<Option<ConversationRow>, StoreError> {
    query(FIND).bind(id).fetch_optional(conn).await?.as_ref().map(from_row).transpose()
}

const FIND_ALL: &str = concat!(
    "SELECT ",
    columns!(),
    tables!(),
    "
WHERE c.deleted_at IS NULL AND c.id IN ("
);

/// Those of some hundreds of conversations that are there, in no order.
pub(crate) async fn find_all(conn: &mut Conn, ids: Vec<String>) -> Result<Vec<ConversationRow>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let statement = query_made(format!("{FIND_ALL}{})", places(1, ids.len()))).bind_all(ids);
    statement.fetch_all(conn).await?.iter().map(from_row).collect()
}

const LATEST: &str = concat!(
    "SELECT ",
    columns!(),
    tables!(),
    "
WHERE c.contact_id = $1 AND c.channel_id = $2 AND c.deleted_at IS NULL
ORDER BY c.first_n DESC
LIMIT 1"
);

/// The contact's newest conversation in a channel, open or finished.
pub(crate) async fn latest(
    conn: &mut Conn,
    contact: &ContactRow,
    channel: &ChannelId,
) -> Result<Option<ConversationRow>, StoreError> {
    query(LATEST)
        .bind(contact.id.as_str())
        .bind(channel.as_str())
        .fetch_optional(conn)
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

const NEWEST: &str = concat!(
    "SELECT ",
    columns!(),
    tables!(),
    "
WHERE c.contact_id = $1 AND c.deleted_at IS NULL
ORDER BY c.first_n DESC
LIMIT 1"
);

/// The contact's newest conversation in any channel.
pub(crate) async fn newest(conn: &mut Conn, contact: &ContactId) -> Result<Option<ConversationRow>, StoreError> {
    query(NEWEST).bind(contact.as_str()).fetch_optional(conn).await?.as_ref().map(from_row).transpose()
}

const OPEN_OF_CONTACT: &str = concat!(
    "SELECT ",
    columns!(),
    tables!(),
    "
WHERE c.contact_id = $1 AND c.closed_at IS NULL AND c.deleted_at IS NULL
ORDER BY c.id"
);

/// The contact's open conversations, one of each channel at most.
pub(crate) async fn open_of_contact(conn: &mut Conn, contact: &ContactId) -> Result<Vec<ConversationRow>, StoreError> {
    query(OPEN_OF_CONTACT).bind(contact.as_str()).fetch_all(conn).await?.iter().map(from_row).collect()
}

const HELD: &str = concat!(
    "SELECT ",
    columns!(),
    tables!(),
    "
WHERE c.assignee_id = $1 AND c.closed_at IS NULL AND c.deleted_at IS NULL
ORDER BY c.id"
);

/// The open conversations that an agent has, in all his projects.
pub(crate) async fn held_by(conn: &mut Conn, agent: &AgentId) -> Result<Vec<ConversationRow>, StoreError> {
    query(HELD).bind(agent.as_str()).fetch_all(conn).await?.iter().map(from_row).collect()
}

const OPEN_OF_PROJECT: &str = concat!(
    "SELECT ",
    columns!(),
    tables!(),
    "
WHERE c.project_id = $1 AND c.id > $2 AND c.closed_at IS NULL AND c.deleted_at IS NULL
ORDER BY c.id
LIMIT $3"
);

/// The project's open conversations after one, by their ids.
pub(crate) async fn open_of_project(
    conn: &mut Conn,
    project: &ProjectId,
    after: &str,
    limit: usize,
) -> Result<Vec<ConversationRow>, StoreError> {
    query(OPEN_OF_PROJECT)
        .bind(project.as_str())
        .bind(after)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(conn)
        .await?
        .iter()
        .map(from_row)
        .collect()
}
