//! "Templates" (T1, T2).

use domain::id::AgentId;
use protocol::template::TemplateList;

use crate::error::StoreError;
use crate::rows::templates::{self, TemplateRow};
use crate::store::Store;

impl Store {
    /// An agent's own templates and those of his projects, in the order of their making.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn templates(&self, by: &AgentId) -> Result<TemplateList, StoreError> {
        let mut conn = self.readers.acquire().await?;
        let rows = templates::of_agent(&mut conn, by).await?;
        Ok(TemplateList { templates: rows.iter().map(TemplateRow::view).collect() })
    }
}
