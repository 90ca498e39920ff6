//! Taking an invitation.

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use protocol::command::{Redeem, Redeemed};
use protocol::error::ErrorBody;
use protocol::view::ProjectView;
use store::Store;

use crate::error::ApiError;
use crate::extract::{Address, ApiJson, SignedIn, body_name};
use crate::state::{AppState, Limits, REDEEM};

/// Longest name of a device that is kept, in characters.
const DEVICE_MAX_CHARS: usize = 100;

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/v1/invitations/redeem", post(redeem))
}

/// Gives an invitation's code, once, for a device token. An agent of another project sends his present token along.
#[utoipa::path(post, path = "/v1/invitations/redeem", tag = "agents", request_body = Redeem,
    responses((status = 200, body = Redeemed), (status = 410, description = "unknown, used or too old", body = ErrorBody)))]
pub(super) async fn redeem(
    State(store): State<Store>,
    State(limits): State<Limits>,
    Address(address): Address,
    by: Option<SignedIn>,
    ApiJson(body): ApiJson<Redeem>,
) -> Result<Json<Redeemed>, ApiError> {
    limits.take("redeem", &address, REDEEM).await?;
    let name = body.name.as_deref().filter(|name| !name.trim().is_empty()).map(body_name).transpose()?;
    let device = body.device.chars().filter(|c| !c.is_control()).take(DEVICE_MAX_CHARS).collect();
    let redeemed = store.redeem(body.code, name, device, by.map(|by| by.agent)).await?;
    tracing::info!(agent.id = %redeemed.agent, project.id = %redeemed.project, "an invitation was taken");
    Ok(Json(Redeemed {
        token: redeemed.token,
        agent_id: redeemed.agent.into(),
        email: redeemed.email,
        name: redeemed.name,
        project: ProjectView { id: redeemed.project.into(), name: redeemed.project_name },
    }))
}
