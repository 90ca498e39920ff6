//! Making up for messages that were written without being put where one searches: before there was search, or by an older release.

use domain::id::{ChannelId, ConversationId, ProjectId};
use domain::time::Timestamp;

use crate::db::{Conn, Row, query};
use crate::error::StoreError;
use crate::rows::own;
use crate::rows::search_texts::{self, Stands};
use crate::store::Store;
use crate::writer::{Lane, Tx};

/// How many messages one command makes up for: the writer is held up for some milliseconds.
const SLICE: usize = 200;

const NOT_SEARCHED: &str = "
SELECT m.id, m.n, m.at, m.text, m.project_id, m.conversation_id, c.channel_id, c.first_n, k.name FROM messages m
JOIN conversations c ON c.id = m.conversation_id
JOIN contacts k ON k.id = m.contact_id
WHERE m.search_n IS NULL AND m.deleted_at IS NULL
ORDER BY m.id DESC
LIMIT $1";

const SEARCHED: &str = "UPDATE messages SET search_n = $2 WHERE id = $1";

impl Store {
    /// Puts the newest messages where one searches that are not there, and says whether there may be more.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn make_up_for_search(&self) -> Result<bool, StoreError> {
        let mut conn = self.readers.acquire().await?;
        if not_searched(&mut conn, 1).await?.is_empty() {
            return Ok(false);
        }
        drop(conn);
        let made_up = self.writer.run(Lane::Shared, |tx| Box::pin(make_up(tx)));
        Ok(made_up.await? == SLICE)
    }
}

async fn not_searched(conn: &mut Conn, limit: usize) -> Result<Vec<Row>, StoreError> {
    Ok(query(NOT_SEARCHED).bind(i64::try_from(limit).unwrap_or(i64::MAX)).fetch_all(conn).await?)
}

async fn make_up(tx: &mut Tx<'_>) -> Result<usize, StoreError> {
    let rows = not_searched(tx.conn, SLICE).await?;
    for row in &rows {
        let id: String = row.try_get("id")?;
        let (project, channel, conversation): (ProjectId, ChannelId, ConversationId) =
            (own(row.try_get("project_id")?)?, own(row.try_get("channel_id")?)?, own(row.try_get("conversation_id")?)?);
        let at = Timestamp::from_ms(row.try_get("at")?);
        let name = Stands { project: &project, channel: &channel, conversation: &conversation, message: None };
        let message = Stands { message: Some(&id), ..name };
        let n = search_texts::insert(tx.conn, &message, &row.try_get::<String>("text")?, at).await?;
        query(SEARCHED).bind(&id).bind(n).execute(tx.conn).await?;
        if row.try_get::<i64>("n")? == row.try_get::<i64>("first_n")? {
            search_texts::insert(tx.conn, &name, &row.try_get::<String>("name")?, at).await?;
        }
    }
    Ok(rows.len())
}
