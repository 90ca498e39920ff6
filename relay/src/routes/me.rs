//! What an agent does with himself: who he is, Online and Offline, subscriptions, signing out.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{delete, get, put};
use axum::{Json, Router};
use protocol::command::{Me, SetAgentSettings, SetAvailability, SetSubscription};
use protocol::error::ErrorBody;
use protocol::view::AgentSettings;
use store::Store;

use crate::error::ApiError;
use crate::extract::{ApiJson, ApiPath, SignedIn, path_id};
use crate::state::{AppState, Settings};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/me", get(get_me))
        .route("/v1/me/availability", put(set_availability))
        .route("/v1/me/subscriptions/{channel_id}", put(set_subscription))
        .route("/v1/me/settings", get(get_settings).put(set_settings))
        .route("/v1/me/device", delete(sign_out))
}

/// The agent's own data and projects.
#[utoipa::path(get, path = "/v1/me", tag = "agents",
    responses((status = 200, body = Me), (status = 401, body = ErrorBody)))]
pub(super) async fn get_me(
    by: SignedIn,
    State(store): State<Store>,
    State(settings): State<Arc<Settings>>,
) -> Result<Json<Me>, ApiError> {
    me(&store, &settings, &by).await
}

async fn me(store: &Store, settings: &Settings, by: &SignedIn) -> Result<Json<Me>, ApiError> {
    Ok(Json(Me { file_limit: settings.file_limit, ..store.me(&by.agent).await? }))
}

/// Goes Online or Offline by hand (P1), and returns what one has in work to "New" if one wants (P11).
#[utoipa::path(put, path = "/v1/me/availability", tag = "agents", request_body = SetAvailability,
    responses((status = 200, body = Me), (status = 401, body = ErrorBody)))]
pub(super) async fn set_availability(
    by: SignedIn,
    State(store): State<Store>,
    State(settings): State<Arc<Settings>>,
    ApiJson(body): ApiJson<SetAvailability>,
) -> Result<Json<Me>, ApiError> {
    store.set_availability(by.agent.clone(), body.availability.into(), body.return_conversations).await?;
    me(&store, &settings, &by).await
}

/// What one has set for oneself: "Turn off online mode" (P6), "Detach my conversations" (A10), and how one is alerted (N6).
#[utoipa::path(get, path = "/v1/me/settings", tag = "agents",
    responses((status = 200, body = AgentSettings), (status = 401, body = ErrorBody)))]
pub(super) async fn get_settings(by: SignedIn, State(store): State<Store>) -> Result<Json<AgentSettings>, ApiError> {
    Ok(Json(store.agent_settings(&by.agent).await?))
}

/// Sets it: what one has in work, and all of one's machines, go by it at once. A switch that is left out stays as it is.
#[utoipa::path(put, path = "/v1/me/settings", tag = "agents", request_body = SetAgentSettings,
    responses((status = 200, body = AgentSettings), (status = 400, description = "`details.field` names the number", body = ErrorBody)))]
pub(super) async fn set_settings(
    by: SignedIn,
    State(store): State<Store>,
    ApiJson(body): ApiJson<SetAgentSettings>,
) -> Result<Json<AgentSettings>, ApiError> {
    Ok(Json(store.set_agent_settings(by.agent, body).await?))
}

/// Chooses whether a channel raises one's counters and alerts (N1).
#[utoipa::path(put, path = "/v1/me/subscriptions/{channel_id}", tag = "agents", request_body = SetSubscription,
    params(("channel_id" = String, Path, description = "chn_…")),
    responses((status = 204), (status = 404, body = ErrorBody)))]
pub(super) async fn set_subscription(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(channel): ApiPath<String>,
    ApiJson(body): ApiJson<SetSubscription>,
) -> Result<StatusCode, ApiError> {
    store.set_subscription(by.agent, path_id(channel)?, body.subscribed).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Signs this device out: its token is revoked and its streams end.
#[utoipa::path(delete, path = "/v1/me/device", tag = "agents",
    responses((status = 204), (status = 401, body = ErrorBody)))]
pub(super) async fn sign_out(by: SignedIn, State(store): State<Store>) -> Result<StatusCode, ApiError> {
    store.revoke_device(by.agent, by.token).await?;
    Ok(StatusCode::NO_CONTENT)
}
