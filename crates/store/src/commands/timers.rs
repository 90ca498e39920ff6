//! Clocks that ran out.

use domain::conversation::Input;
use domain::id::ConversationId;
use domain::time::Timestamp;
use protocol::frame::Actor;

use crate::commands::workflow::apply;
use crate::error::StoreError;
use crate::rows::{conversations, own};
use crate::store::Store;

const DUE: &str = "
SELECT id FROM conversations
WHERE deadline_at <= $1
ORDER BY deadline_at
LIMIT $2";

const NEXT: &str = "SELECT MIN(deadline_at) FROM conversations WHERE deadline_at > $1";

/// How many due conversations one sweep takes.
const SWEEP_MAX: i64 = 500;

impl Store {
    /// When the next conversation's clock runs out after `now`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn next_deadline(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let mut conn = self.readers.acquire().await?;
        let at: Option<i64> = sqlx::query_scalar(NEXT).bind(now.as_ms()).fetch_one(&mut *conn).await?;
        Ok(at.map(Timestamp::from_ms))
    }

    /// Asks the rules again about every conversation whose clock has run out (A13). Says how many changed.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn fire_due(&self, now: Timestamp) -> Result<usize, StoreError> {
        let due: Vec<String> = {
            let mut conn = self.readers.acquire().await?;
            sqlx::query_scalar(DUE).bind(now.as_ms()).bind(SWEEP_MAX).fetch_all(&mut *conn).await?
        };
        // All at once, so that they share commits; one that cannot be read does not hold up the others.
        let mut n_changed = 0;
        let fires = due.into_iter().map(|id| async { self.fire(own(id)?).await });
        for fired in futures_util::future::join_all(fires).await {
            match fired {
                Ok(changed) => n_changed += usize::from(changed),
                Err(error @ StoreError::Corrupt(_)) => tracing::error!(cause = ?error, "a deadline cannot be fired"),
                Err(error) => return Err(error),
            }
        }
        Ok(n_changed)
    }

    async fn fire(&self, id: ConversationId) -> Result<bool, StoreError> {
        self.writer
            .run(move |tx| {
                Box::pin(async move {
                    let Some(mut row) = conversations::find(tx.conn, id.as_str()).await? else {
                        return Ok(false);
                    };
                    let fired = apply(tx, &mut row, Input::DeadlineReached, Actor::Clock).await?;
                    if !fired {
                        // The settings changed: the row's deadline is no longer what the rules say.
                        conversations::save(tx.conn, &mut row).await?;
                    }
                    Ok(fired)
                })
            })
            .await
    }
}
