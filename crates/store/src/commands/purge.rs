//! Forgetting files that nobody sent, and bytes of which nothing came.

use domain::file::UNSENT_MS;
use domain::time::Timestamp;

use crate::db::{places, query, query_made, query_scalar};
use crate::error::StoreError;
use crate::store::Store;
use crate::writer::{Lane, Tx};

/// How many files one command forgets.
const SLICE: i64 = 100;

const IS_OLD: &str = "SELECT COUNT(*) FROM loose_files WHERE created_at < $1";

const FORGET_UNSENT: &str = "
DELETE FROM attachments WHERE id IN (
  SELECT id FROM attachments WHERE message_id IS NULL AND created_at < $1 ORDER BY created_at LIMIT $2
)";

const FORGET_UNSAVED: &str = "
DELETE FROM template_files WHERE id IN (
  SELECT id FROM template_files WHERE template_id IS NULL AND created_at < $1 ORDER BY created_at LIMIT $2
)";

// A template's file that was sent too, and then left its template.
const KEEP_SENT: &str = "
DELETE FROM loose_files WHERE file_key IN (
  SELECT f.file_key FROM loose_files f
  JOIN attachments a ON a.file_key = f.file_key AND a.message_id IS NOT NULL
  WHERE f.created_at < $1
)";

// One that took long to come may be older than what it became.
const OLD_FILES: &str = "
SELECT f.file_key FROM loose_files f
WHERE f.created_at < $1 AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.file_key = f.file_key)
  AND NOT EXISTS (SELECT 1 FROM template_files t WHERE t.file_key = f.file_key)
ORDER BY f.created_at
LIMIT $2";

impl Store {
    /// Forgets files that were uploaded more than 24 hours ago and never sent or saved with a template, and says which bytes nobody needs any more: some of
    /// them, until there are none. When they are away, [`Store::forget_files`] is told.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn unsent_files(&self, now: Timestamp) -> Result<Vec<String>, StoreError> {
        let before = now.as_ms() - UNSENT_MS;
        let mut conn = self.readers.acquire().await?;
        let n_old: i64 = query_scalar(IS_OLD).bind(before).fetch_one(&mut conn).await?;
        drop(conn);
        if n_old == 0 {
            return Ok(Vec::new());
        }
        self.writer.run(Lane::Shared, move |tx| Box::pin(async move { forget_unsent(tx, before).await })).await
    }

    /// The bytes of these files are away.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn forget_files(&self, keys: Vec<String>) -> Result<(), StoreError> {
        if keys.is_empty() {
            return Ok(());
        }
        self.writer.run(Lane::Shared, move |tx| Box::pin(async move { forget(tx, keys).await })).await
    }
}

async fn forget_unsent(tx: &mut Tx<'_>, before: i64) -> Result<Vec<String>, StoreError> {
    query(FORGET_UNSENT).bind(before).bind(SLICE).execute(tx.conn).await?;
    query(FORGET_UNSAVED).bind(before).bind(SLICE).execute(tx.conn).await?;
    query(KEEP_SENT).bind(before).execute(tx.conn).await?;
    Ok(query_scalar(OLD_FILES).bind(before).bind(SLICE).fetch_all(tx.conn).await?)
}

async fn forget(tx: &mut Tx<'_>, keys: Vec<String>) -> Result<(), StoreError> {
    query_made(format!("DELETE FROM loose_files WHERE file_key IN ({})", places(1, keys.len())))
        .bind_all(keys)
        .execute(tx.conn)
        .await?;
    Ok(())
}
