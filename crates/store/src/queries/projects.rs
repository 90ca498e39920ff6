//! Projects.

use domain::id::ProjectId;

use crate::db::{Conn, query_scalar};
use crate::error::StoreError;

const NAME: &str = "SELECT name FROM projects WHERE id = $1 AND deleted_at IS NULL";

/// A project's name; [`StoreError::NotFound`] if it is gone.
pub(crate) async fn name(conn: &mut Conn, project: &ProjectId) -> Result<String, StoreError> {
    query_scalar(NAME).bind(project.as_str()).fetch_optional(conn).await?.ok_or(StoreError::NotFound)
}
