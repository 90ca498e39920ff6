//! Clocks that ran out: of conversations, of blocks, of agents whose last page is gone.

use domain::conversation::Input;
use domain::id::{AgentId, ContactId, ConversationId, ProjectId};
use domain::time::{Span, Timestamp};
use protocol::frame::Actor;

use crate::commands::blocking::lapse;
use crate::commands::workflow::apply;
use crate::db::query_scalar;
use crate::error::StoreError;
use crate::rows::{agents, blocks, contacts, conversations, own};
use crate::store::Store;
use crate::writer::Lane;

const DUE: &str = "
SELECT id FROM conversations
WHERE deadline_at <= $1 AND deleted_at IS NULL
ORDER BY deadline_at
LIMIT $2";

const NEXT: &str = "SELECT MIN(deadline_at) FROM conversations WHERE deadline_at > $1";

/// How many due things of one kind one sweep takes.
const SWEEP_MAX: usize = 500;
/// Nobody's time to Offline is shorter.
const SHORTEST_GRACE: Span = Span::from_minutes(1);

impl Store {
    /// When the next clock of a conversation, a block or an agent runs out after `now`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn next_deadline(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let mut conn = self.readers.acquire().await?;
        let conversation: Option<i64> = query_scalar(NEXT).bind(now.as_ms()).fetch_one(&mut conn).await?;
        let block = blocks::next_end(&mut conn, now).await?;
        let online = agents::online_unseen_since(&mut conn, now).await?;
        let offline = online.iter().filter_map(|agent| agent.presence.deadline(agent.offline_after.span()));
        let all = conversation.map(Timestamp::from_ms).into_iter().chain(block).chain(offline);
        Ok(all.filter(|at| *at > now).min())
    }

    /// Asks the rules again about every conversation and block whose clock has run out (A13, B5). Says how many changed.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn fire_due(&self, now: Timestamp) -> Result<usize, StoreError> {
        let mut n_all = 0;
        loop {
            let (n_found, n_changed) = self.fire_some(now).await?;
            n_all += n_changed;
            // More may wait behind a full page; what does not change when it is asked would come again for ever.
            if n_found < SWEEP_MAX || n_changed == 0 {
                return Ok(n_all);
            }
        }
    }

    /// One page of each kind: how many of the longer one were due, and how many changed.
    async fn fire_some(&self, now: Timestamp) -> Result<(usize, usize), StoreError> {
        let (due, ended): (Vec<String>, _) = {
            let mut conn = self.readers.acquire().await?;
            let page = i64::try_from(SWEEP_MAX).unwrap_or(i64::MAX);
            let due = query_scalar(DUE).bind(now.as_ms()).bind(page).fetch_all(&mut conn).await?;
            (due, blocks::due(&mut conn, now, page).await?)
        };
        let n_found = due.len().max(ended.len());
        // All at once, so that they share commits; one that cannot be read does not hold up the others.
        let blocks = ended.into_iter().map(|(project, contact)| self.fire_unblock(project, contact));
        let mut n_changed = count(futures_util::future::join_all(blocks).await)?;
        // After them, since the end of a block begins its conversation's clock anew.
        let fires = due.into_iter().map(|id| async { self.fire(own(id)?).await });
        n_changed += count(futures_util::future::join_all(fires).await)?;
        Ok((n_found, n_changed))
    }

    /// The agents whose time to Offline has run out by what the record knows of their last sign of life (P5).
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn due_offline(&self, now: Timestamp) -> Result<Vec<AgentId>, StoreError> {
        let mut conn = self.readers.acquire().await?;
        let latest = Timestamp::from_ms(now.as_ms().saturating_sub(i64::from(SHORTEST_GRACE.as_ms())));
        let unseen = agents::online_unseen_since(&mut conn, latest).await?;
        let is_due = |agent: &agents::AgentRow| {
            agent.presence.deadline(agent.offline_after.span()).is_some_and(|deadline| deadline <= now)
        };
        Ok(unseen.into_iter().filter(is_due).map(|agent| agent.id).collect())
    }

    async fn fire(&self, id: ConversationId) -> Result<bool, StoreError> {
        let lane = self.lane_of(&id).await?;
        self.writer
            .run(lane, move |tx| {
                Box::pin(async move {
                    let Some(mut row) = conversations::find(tx.conn, id.as_str()).await? else {
                        return Ok(false);
                    };
                    let (mut fired, due) = (false, row.deadline_at);
                    // Two clocks may have run out, one after the other (X2).
                    while apply(tx, &mut row, Input::DeadlineReached, Actor::Clock).await? {
                        fired = true;
                    }
                    if !fired {
                        // The settings changed: the row's deadline is no longer what the rules say.
                        conversations::save(tx.conn, &mut row).await?;
                    } else if let Some(due) = due {
                        tx.fired(Timestamp::from_ms(due));
                    }
                    Ok(fired)
                })
            })
            .await
    }

    async fn fire_unblock(&self, project: ProjectId, contact: ContactId) -> Result<bool, StoreError> {
        self.writer
            .run(Lane::Project(project), move |tx| {
                Box::pin(async move {
                    let contact = contacts::load(tx.conn, &contact).await?;
                    let lapsed = lapse(tx, &contact).await?;
                    if let Some(due) = contact.rule().and_then(|block| block.until).filter(|_| lapsed) {
                        tx.fired(due);
                    }
                    Ok(lapsed)
                })
            })
            .await
    }
}

/// How many changed something. What one row cannot say is told to the log; another fault ends the sweep, after all were asked.
fn count(results: Vec<Result<bool, StoreError>>) -> Result<usize, StoreError> {
    let (mut n_changed, mut fault) = (0, None);
    for result in results {
        match result {
            Ok(changed) => n_changed += usize::from(changed),
            Err(error @ StoreError::Corrupt(_)) => tracing::error!(cause = ?error, "a deadline cannot be fired"),
            // It went away in between.
            Err(StoreError::NotFound) => {}
            Err(error) => fault = Some(error),
        }
    }
    fault.map_or(Ok(n_changed), Err)
}
