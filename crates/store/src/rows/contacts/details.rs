//! What agents wrote down of a contact: read only where it is asked for, not with every conversation.

use domain::contact::Details;
use domain::id::{ChannelId, ContactId, ProjectId};
use protocol::contact::ContactDetails;

use crate::db::{Conn, query, query_scalar};
use crate::error::StoreError;
use crate::rows::{own, small};

/// A contact's details, and the project that he is a client of.
#[derive(Clone, Debug)]
pub(crate) struct DetailsRow {
    pub(crate) project_id: ProjectId,
    pub(crate) view: ContactDetails,
}

const LOAD: &str = "
SELECT project_id, name, email, phone, about, details_rev FROM contacts
WHERE id = $1 AND deleted_at IS NULL";

pub(crate) async fn load_details(conn: &mut Conn, id: &ContactId) -> Result<DetailsRow, StoreError> {
    let row = query(LOAD).bind(id.as_str()).fetch_optional(conn).await?.ok_or(StoreError::NotFound)?;
    Ok(DetailsRow {
        project_id: own(row.try_get("project_id")?)?,
        view: ContactDetails {
            id: id.to_string(),
            rev: small(row.try_get("details_rev")?)?,
            name: row.try_get("name")?,
            email: row.try_get("email")?,
            phone: row.try_get("phone")?,
            about: row.try_get("about")?,
        },
    })
}

const SAVE: &str = "
UPDATE contacts SET name = $2, email = $3, phone = $4, about = $5, details_rev = details_rev + 1
WHERE id = $1";

pub(crate) async fn save_details(conn: &mut Conn, id: &ContactId, details: &Details) -> Result<(), StoreError> {
    query(SAVE)
        .bind(id.as_str())
        .bind(details.name())
        .bind(details.email())
        .bind(details.phone())
        .bind(details.about())
        .execute(conn)
        .await?;
    Ok(())
}

const CHANNELS: &str = "
SELECT DISTINCT channel_id FROM conversations
WHERE contact_id = $1 AND deleted_at IS NULL
ORDER BY channel_id";

/// The channels that a contact has conversations in.
pub(crate) async fn channels_of(conn: &mut Conn, id: &ContactId) -> Result<Vec<ChannelId>, StoreError> {
    let ids: Vec<String> = query_scalar(CHANNELS).bind(id.as_str()).fetch_all(conn).await?;
    ids.into_iter().map(own).collect()
}
