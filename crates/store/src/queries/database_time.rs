//! The database's own clock.

use domain::time::Timestamp;

use crate::db::query_scalar;
use crate::error::StoreError;
use crate::store::Store;

const NOW: &str = "SELECT CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS BIGINT)";

impl Store {
    /// What time it is by PostgreSQL's machine; nothing of SQLite, which runs on this one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the database does not answer.
    pub async fn database_time(&self) -> Result<Option<Timestamp>, StoreError> {
        if !self.writer.has_lanes() {
            return Ok(None);
        }
        let mut conn = self.readers.acquire().await?;
        let now: i64 = query_scalar(NOW).fetch_one(&mut conn).await?;
        Ok(Some(Timestamp::from_ms(now)))
    }
}
