//! Commands: each is one transaction in the writer.

pub(crate) mod answers;
pub(crate) mod blocking;
pub(crate) mod contact_writes;
pub(crate) mod contacts;
pub(crate) mod invitations;
pub(crate) mod notes;
pub(crate) mod presence;
pub(crate) mod projects;
mod purge;
pub(crate) mod reads;
mod search;
pub(crate) mod settings;
pub(crate) mod staff;
pub(crate) mod switches;
pub(crate) mod template_files;
pub(crate) mod templates;
pub(crate) mod timers;
pub(crate) mod tokens;
pub(crate) mod uploads;
pub(crate) mod visits;
pub(crate) mod welcome;
pub(crate) mod workflow;

use domain::conversation::Refusal;
use domain::id::AgentId;

use crate::db::Conn;
use crate::error::{Denied, StoreError};
use crate::rows::agents;

/// A refusal with the holder's name, as the asker is told.
pub(crate) async fn denied(conn: &mut Conn, refusal: Refusal) -> StoreError {
    let holder = match &refusal {
        Refusal::Taken { holder } => Some(holder.clone()),
        Refusal::NotHolder { holder } | Refusal::StaleFence { holder } => holder.clone(),
        Refusal::Finished
        | Refusal::Offline
        | Refusal::CandidateOffline
        | Refusal::CandidateWithoutAccess
        | Refusal::CandidateHolds
        | Refusal::NotTaken
        | Refusal::ContactBlocked
        | Refusal::NothingToPostpone => None,
    };
    match named(conn, holder).await {
        Ok(holder) => StoreError::Refused(Denied { refusal, holder }),
        Err(error) => error,
    }
}

async fn named(conn: &mut Conn, holder: Option<AgentId>) -> Result<Option<(String, String)>, StoreError> {
    match holder {
        Some(id) => agents::load(conn, &id).await.map(|agent| Some((agent.id.to_string(), agent.name))),
        None => Ok(None),
    }
}
