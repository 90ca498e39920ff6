//! A client's visit of the website, as agents see it (I1).

use domain::id::{AgentId, ContactId};
use domain::time::Timestamp;
use protocol::visit::VisitView;

use crate::commands::contacts::seen_contact;
use crate::error::StoreError;
use crate::rows::visits;
use crate::store::Store;

impl Store {
    /// What is known of a client's latest visit at this time; nothing if nobody told of one.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for one who wrote in no channel that the agent has access to.
    pub async fn visit(
        &self,
        by: &AgentId,
        contact: &ContactId,
        now: Timestamp,
    ) -> Result<Option<VisitView>, StoreError> {
        let mut conn = self.readers.acquire().await?;
        seen_contact(&mut conn, by, contact).await?;
        Ok(visits::latest(&mut conn, contact).await?.map(|visit| VisitView::of(&visit, now)))
    }
}
