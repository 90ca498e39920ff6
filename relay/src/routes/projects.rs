//! What administrators do: a project's times, its people, its blocked clients.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{delete, get, post, put};
use axum::{Json, Router};
use protocol::command::{BlockPage, SetAssigned, SetOfflineBody, SetRight};
use protocol::error::ErrorBody;
use protocol::view::ProjectSettings;
use serde::Deserialize;
use store::Store;

use crate::error::ApiError;
use crate::extract::{ApiJson, ApiPath, ApiQuery, SignedIn, path_id};
use crate::state::AppState;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/projects/{project_id}/settings", get(get_settings).put(set_settings))
        .route("/v1/projects/{project_id}/blocks", get(blocked))
        .route("/v1/projects/{project_id}/blocks/{block_id}", delete(unblock))
        .route("/v1/projects/{project_id}/agents/{agent_id}", delete(remove))
        .route("/v1/projects/{project_id}/agents/{agent_id}/right", put(set_right))
        .route("/v1/projects/{project_id}/agents/{agent_id}/offline", post(set_offline))
        .route("/v1/channels/{channel_id}/agents/{agent_id}", put(set_assigned))
}

/// A project's times: "Finish after client inactivity", "Count from the client's last message" (X2).
#[utoipa::path(get, path = "/v1/projects/{project_id}/settings", tag = "projects",
    params(("project_id" = String, Path, description = "prj_…")),
    responses((status = 200, body = ProjectSettings), (status = 404, body = ErrorBody)))]
pub(super) async fn get_settings(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(project): ApiPath<String>,
) -> Result<Json<ProjectSettings>, ApiError> {
    Ok(Json(store.project_settings(&by.agent, &path_id(project)?).await?))
}

/// Sets a project's times; its open conversations go by them at once.
#[utoipa::path(put, path = "/v1/projects/{project_id}/settings", tag = "projects", request_body = ProjectSettings,
    params(("project_id" = String, Path, description = "prj_…")),
    responses((status = 200, body = ProjectSettings), (status = 400, description = "`details.field` names the number", body = ErrorBody), (status = 403, body = ErrorBody)))]
pub(super) async fn set_settings(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(project): ApiPath<String>,
    ApiJson(body): ApiJson<ProjectSettings>,
) -> Result<Json<ProjectSettings>, ApiError> {
    Ok(Json(store.set_project_settings(by.agent, path_id(project)?, body).await?))
}

/// Where a page of blocks begins.
#[derive(Deserialize)]
pub(super) struct BlockedQuery {
    after: Option<String>,
}

/// "Blocked clients" (B6), the latest first, 50 a page.
#[utoipa::path(get, path = "/v1/projects/{project_id}/blocks", tag = "blocking",
    params(("project_id" = String, Path, description = "prj_…"), ("after" = Option<String>, Query, description = "`next` of the page before")),
    responses((status = 200, body = BlockPage), (status = 403, body = ErrorBody)))]
pub(super) async fn blocked(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(project): ApiPath<String>,
    ApiQuery(query): ApiQuery<BlockedQuery>,
) -> Result<Json<BlockPage>, ApiError> {
    Ok(Json(store.blocked(&by.agent, &path_id(project)?, query.after.as_deref()).await?))
}

/// Undoes a block from the list (B6).
#[utoipa::path(delete, path = "/v1/projects/{project_id}/blocks/{block_id}", tag = "blocking",
    params(("project_id" = String, Path, description = "prj_…"), ("block_id" = String, Path, description = "blk_…")),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, description = "it has ended already", body = ErrorBody)))]
pub(super) async fn unblock(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath((project, block)): ApiPath<(String, String)>,
) -> Result<StatusCode, ApiError> {
    store.unblock_listed(by.agent, path_id(project)?, path_id(block)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes an agent out of the project (J2); his conversations there go back to "New" at once (A15).
#[utoipa::path(delete, path = "/v1/projects/{project_id}/agents/{agent_id}", tag = "projects",
    params(("project_id" = String, Path, description = "prj_…"), ("agent_id" = String, Path, description = "agt_…")),
    responses((status = 204), (status = 403, description = "owners only", body = ErrorBody), (status = 409, description = "`last_owner`", body = ErrorBody)))]
pub(super) async fn remove(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath((project, agent)): ApiPath<(String, String)>,
) -> Result<StatusCode, ApiError> {
    store.remove_agent(by.agent, path_id(project)?, path_id(agent)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes an agent's right (J2); what he loses access to goes back to "New" at once (A15).
#[utoipa::path(put, path = "/v1/projects/{project_id}/agents/{agent_id}/right", tag = "projects", request_body = SetRight,
    params(("project_id" = String, Path, description = "prj_…"), ("agent_id" = String, Path, description = "agt_…")),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 409, description = "`last_owner`", body = ErrorBody)))]
pub(super) async fn set_right(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath((project, agent)): ApiPath<(String, String)>,
    ApiJson(body): ApiJson<SetRight>,
) -> Result<StatusCode, ApiError> {
    store.set_right(by.agent, path_id(project)?, path_id(agent)?, body.right.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sets an agent Offline, if one administers all his projects; otherwise clears what he has in this one (P10).
#[utoipa::path(post, path = "/v1/projects/{project_id}/agents/{agent_id}/offline", tag = "projects",
    params(("project_id" = String, Path, description = "prj_…"), ("agent_id" = String, Path, description = "agt_…")),
    responses((status = 200, body = SetOfflineBody), (status = 403, body = ErrorBody)))]
pub(super) async fn set_offline(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath((project, agent)): ApiPath<(String, String)>,
) -> Result<Json<SetOfflineBody>, ApiError> {
    Ok(Json(store.set_offline(by.agent, path_id(project)?, path_id(agent)?).await?))
}

/// Gives an agent access to a channel, or takes it (N1, A15).
#[utoipa::path(put, path = "/v1/channels/{channel_id}/agents/{agent_id}", tag = "projects", request_body = SetAssigned,
    params(("channel_id" = String, Path, description = "chn_…"), ("agent_id" = String, Path, description = "agt_…")),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(super) async fn set_assigned(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath((channel, agent)): ApiPath<(String, String)>,
    ApiJson(body): ApiJson<SetAssigned>,
) -> Result<StatusCode, ApiError> {
    store.set_assigned(by.agent, path_id(channel)?, path_id(agent)?, body.assigned).await?;
    Ok(StatusCode::NO_CONTENT)
}
