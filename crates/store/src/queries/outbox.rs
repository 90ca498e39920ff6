//! What is on its way to messengers.

use crate::db::query;
use crate::error::StoreError;
use crate::store::Store;

/// How many outgoing messages are not done. Those that are done grow for ever and are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutboxCounts {
    /// They wait for their turn.
    pub n_queued: u64,
    /// A request is out.
    pub n_sending: u64,
    /// They were refused.
    pub n_failed: u64,
    /// Nobody knows whether they arrived.
    pub n_unknown: u64,
}

const COUNTS: &str = "
SELECT state, COUNT(*) AS n
FROM outbox
WHERE state IN ('queued', 'sending', 'failed', 'unknown')
GROUP BY state";

impl Store {
    /// How many outgoing messages are not done, by state.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn outbox_counts(&self) -> Result<OutboxCounts, StoreError> {
        let mut conn = self.readers.acquire().await?;
        let mut counts = OutboxCounts::default();
        for row in query(COUNTS).fetch_all(&mut conn).await? {
            let n: i64 = row.try_get("n")?;
            let n = n.unsigned_abs();
            match row.try_get::<String>("state")?.as_str() {
                "queued" => counts.n_queued = n,
                "sending" => counts.n_sending = n,
                "failed" => counts.n_failed = n,
                "unknown" => counts.n_unknown = n,
                other => return Err(StoreError::Corrupt(format!("an outgoing message is {other:?}"))),
            }
        }
        Ok(counts)
    }
}
