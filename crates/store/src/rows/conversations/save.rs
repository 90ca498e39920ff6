//! Saving a conversation, with the clock that follows from its state.

use domain::clock::Turn;
use domain::id::AgentId;
use domain::time::Timestamp;

use super::{ConversationRow, closed, due_text, policy, reason_text};
use crate::db::{Conn, query};
use crate::error::StoreError;

const SAVE: &str = "
INSERT INTO conversations (id, project_id, channel_id, contact_id, previous_id, rev, assignee_id, fence, turn, unanswered_since,
  taken_at, answered_at, last_message_at, n_alerts, opened_at, closed_at, close_reason, deadline_at, first_n, last_n,
  preview_text, preview_from_contact, contact_wrote_at, detach_restarted_at, finish_restarted_at, blocked_at, due)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)
ON CONFLICT (id) DO UPDATE SET
  rev = excluded.rev, assignee_id = excluded.assignee_id, fence = excluded.fence, turn = excluded.turn,
  unanswered_since = excluded.unanswered_since, taken_at = excluded.taken_at, answered_at = excluded.answered_at,
  last_message_at = excluded.last_message_at, n_alerts = excluded.n_alerts, closed_at = excluded.closed_at,
  close_reason = excluded.close_reason, deadline_at = excluded.deadline_at, last_n = excluded.last_n,
  preview_text = excluded.preview_text, preview_from_contact = excluded.preview_from_contact,
  contact_wrote_at = excluded.contact_wrote_at, detach_restarted_at = excluded.detach_restarted_at,
  finish_restarted_at = excluded.finish_restarted_at, blocked_at = excluded.blocked_at, due = excluded.due";

/// Saves a new or changed conversation and raises its `rev`.
pub(crate) async fn save(conn: &mut Conn, row: &mut ConversationRow) -> Result<(), StoreError> {
    row.rev += 1;
    let parts = row.state.parts();
    if row.policy_of != parts.assignee {
        row.policy = policy(conn, &row.project_id, parts.assignee.as_ref()).await?;
        row.policy_of.clone_from(&parts.assignee);
    }
    let deadline = row.state.deadline(row.policy);
    row.deadline_at = deadline.map(|deadline| deadline.at.as_ms());
    row.due = deadline.map(|deadline| deadline.due);
    let (closed_at, close_reason) = closed(parts.status);
    let ms = |at: Option<Timestamp>| at.map(Timestamp::as_ms);
    query(SAVE)
        .bind(row.id.as_str())
        .bind(row.project_id.as_str())
        .bind(row.channel_id.as_str())
        .bind(row.contact.id.as_str())
        .bind(row.previous_id.as_deref())
        .bind(i64::from(row.rev))
        .bind(parts.assignee.as_ref().map(AgentId::as_str))
        .bind(i64::from(parts.fence))
        .bind(match parts.turn {
            Turn::Ours => "ours",
            Turn::Theirs => "theirs",
        })
        .bind(parts.unanswered_since.as_ms())
        .bind_all([ms(parts.taken_at), ms(parts.answered_at)])
        .bind_all([parts.last_message_at.as_ms(), i64::from(parts.n_alerts), row.opened_at])
        .bind(ms(closed_at))
        .bind(close_reason.map(reason_text))
        .bind(row.deadline_at)
        .bind_all([i64::from(row.first_n), i64::from(row.last_n)])
        .bind(&row.preview_text)
        .bind(row.preview_from_contact)
        .bind(parts.contact_wrote_at.as_ms())
        .bind_all([ms(parts.detach_restarted_at), ms(parts.finish_restarted_at), ms(parts.blocked_at)])
        .bind(row.due.map(due_text))
        .execute(conn)
        .await?;
    Ok(())
}
