//! Whether the record is still the one that was opened.

use crate::db::query_scalar;
use crate::error::StoreError;
use crate::store::Store;

const EPOCH: &str = "SELECT value FROM meta WHERE key = 'epoch'";

impl Store {
    /// Whether a backup was put in the record's place while it was open, so that it has another epoch. Then what this store says of
    /// cursors is wrong, and it is to be opened anew.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the database does not answer.
    pub async fn is_replaced(&self) -> Result<bool, StoreError> {
        let mut conn = self.readers.acquire().await?;
        let stands: Option<String> = query_scalar(EPOCH).fetch_optional(&mut conn).await?;
        Ok(stands.as_deref() != Some(self.epoch()))
    }
}
