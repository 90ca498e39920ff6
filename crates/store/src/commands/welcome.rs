//! The first project: made once, by whoever has the code that the relay's terminal showed.

use domain::id::ProjectId;

use crate::commands::projects::{NewProject, ProjectCreated, create};
use crate::db::{query, query_scalar};
use crate::error::StoreError;
use crate::rows::own;
use crate::secret;
use crate::store::Store;
use crate::writer::{Lane, Tx};

/// What asking for another code gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewWelcome {
    /// The code, shown only here; the one before it is good for nothing now.
    Code(String),
    /// There is a project already, the first one is this: people are invited to it.
    ProjectExists(ProjectId),
}

// The hash of the code; empty once it was used, so that no later start makes one by itself.
const KEY: &str = "welcome_code_hash";

const FIRST_PROJECT: &str = "SELECT id FROM projects ORDER BY created_at, id LIMIT 1";
const ADD: &str = "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
const REPLACE: &str = "
INSERT INTO meta (key, value) VALUES ($1, $2)
ON CONFLICT (key) DO UPDATE SET value = excluded.value";
const TAKE: &str = "UPDATE meta SET value = '' WHERE key = $1 AND value = $2";

impl Store {
    /// Makes the code for the first project, once in a record's life: nothing if it was made before, or if there is a project.
    ///
    /// Of several relays that start at once on one record, exactly one gets it.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the record cannot be written.
    pub async fn welcome_code(&self) -> Result<Option<String>, StoreError> {
        self.writer
            .run(Lane::Shared, |tx| {
                Box::pin(async move {
                    if first_project(tx).await?.is_some() {
                        return Ok(None);
                    }
                    let code = secret::new_code();
                    let added = query(ADD).bind(KEY).bind(secret::hash(&code)).execute(&mut *tx.conn).await?;
                    Ok((added == 1).then_some(code))
                })
            })
            .await
    }

    /// Makes another code for the first project in place of one that was lost.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the record cannot be written.
    pub async fn new_welcome_code(&self) -> Result<NewWelcome, StoreError> {
        self.writer
            .run(Lane::Shared, |tx| {
                Box::pin(async move {
                    if let Some(project) = first_project(tx).await? {
                        return Ok(NewWelcome::ProjectExists(project));
                    }
                    let code = secret::new_code();
                    query(REPLACE).bind(KEY).bind(secret::hash(&code)).execute(&mut *tx.conn).await?;
                    Ok(NewWelcome::Code(code))
                })
            })
            .await
    }

    /// Takes the code and makes the first project with its channel and its owner's invitation, all or nothing.
    ///
    /// # Errors
    /// [`StoreError::InvitationInvalid`] if the code is wrong, used or replaced, or if there is a project; [`StoreError::Value`] for a
    /// wrong address, which does not use the code up.
    pub async fn create_first_project(&self, code: String, project: NewProject) -> Result<ProjectCreated, StoreError> {
        self.writer
            .run(Lane::Shared, move |tx| {
                Box::pin(async move {
                    let hash = secret::hash(&code.trim().to_lowercase());
                    let taken = query(TAKE).bind(KEY).bind(hash).execute(&mut *tx.conn).await?;
                    if taken == 0 || first_project(tx).await?.is_some() {
                        return Err(StoreError::InvitationInvalid);
                    }
                    create(tx, &project).await
                })
            })
            .await
    }
}

async fn first_project(tx: &mut Tx<'_>) -> Result<Option<ProjectId>, StoreError> {
    let id: Option<String> = query_scalar(FIRST_PROJECT).fetch_optional(&mut *tx.conn).await?;
    id.map(own).transpose()
}
