//! Texts as they are searched: folded, with the channel that they are of.

use domain::id::{ChannelId, ContactId, ConversationId, ProjectId};
use domain::search::fold;
use domain::time::Timestamp;

use crate::db::{Conn, query};
use crate::error::StoreError;
use crate::secret;

/// How many random bits follow the milliseconds of a row's number.
const RANDOM_BITS: u32 = 20;

/// Where a text stands.
pub(crate) struct Stands<'a> {
    pub(crate) project: &'a ProjectId,
    pub(crate) channel: &'a ChannelId,
    pub(crate) conversation: &'a ConversationId,
    /// Nothing for the client's name.
    pub(crate) message: Option<&'a str>,
}

const INSERT: &str = "
INSERT INTO search_texts (n, project_id, channel_id, conversation_id, message_id, search_text)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (n) DO NOTHING";

/// Puts a text in, and gives its number: of two, the later text has the higher one.
pub(crate) async fn insert(conn: &mut Conn, stands: &Stands<'_>, text: &str, at: Timestamp) -> Result<i64, StoreError> {
    let folded = fold(text);
    loop {
        let n = number(at);
        let n_inserted = query(INSERT)
            .bind(n)
            .bind(stands.project.as_str())
            .bind(stands.channel.as_str())
            .bind(stands.conversation.as_str())
            .bind(stands.message)
            .bind(&folded)
            .execute(conn)
            .await?;
        // Another text of the same millisecond may have drawn the same number.
        if n_inserted > 0 {
            return Ok(n);
        }
    }
}

fn number(at: Timestamp) -> i64 {
    let [a, b, c] = secret::random::<3>();
    let random = i64::from(u32::from_be_bytes([0, a, b, c]) >> (24 - RANDOM_BITS));
    (at.as_ms() << RANDOM_BITS) | random
}

const RENAME: &str = "
UPDATE search_texts SET search_text = $2
WHERE message_id IS NULL AND conversation_id IN (SELECT id FROM conversations WHERE contact_id = $1)";

/// A client is called otherwise now.
pub(crate) async fn rename(conn: &mut Conn, contact: &ContactId, name: &str) -> Result<(), StoreError> {
    query(RENAME).bind(contact.as_str()).bind(fold(name)).execute(conn).await?;
    Ok(())
}
