//! Queries about conversations: finished ones, who could have one, a client's messages.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use protocol::command::{Assignable, ConversationPage, History};
use protocol::error::{ErrorBody, ErrorCode};
use serde::Deserialize;
use store::{FinishedFilter, Store};

use crate::error::ApiError;
use crate::extract::{ApiPath, ApiQuery, SignedIn, path_id};
use crate::state::AppState;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/conversations", get(finished))
        .route("/v1/conversations/{id}/assignable", get(assignable))
        .route("/v1/conversations/{id}/history", get(history))
}

/// Which list.
#[derive(Deserialize)]
pub(super) struct ListQuery {
    /// Only `finished`: open conversations come over the stream.
    tab: String,
    channel_id: Option<String>,
    project_id: Option<String>,
    after: Option<String>,
}

/// Finished conversations, newest finish first (L2), 50 a page.
#[utoipa::path(get, path = "/v1/conversations", tag = "conversations",
    params(("tab" = String, Query, description = "`finished`"), ("channel_id" = Option<String>, Query), ("project_id" = Option<String>, Query),
        ("after" = Option<String>, Query, description = "the `next` of the page before")),
    responses((status = 200, body = ConversationPage), (status = 400, body = ErrorBody)))]
pub(super) async fn finished(
    by: SignedIn,
    State(store): State<Store>,
    ApiQuery(query): ApiQuery<ListQuery>,
) -> Result<Json<ConversationPage>, ApiError> {
    if query.tab != "finished" {
        return Err(ApiError::new(ErrorCode::InvalidValue, "the only list is `finished`").with_field("tab"));
    }
    let filter = FinishedFilter { channel_id: query.channel_id, project_id: query.project_id, after: query.after };
    Ok(Json(store.finished(&by.agent, &filter).await?))
}

/// Agents who are Online now and have access to the channel, without the present owner (A4).
#[utoipa::path(get, path = "/v1/conversations/{id}/assignable", tag = "conversations",
    params(("id" = String, Path, description = "cnv_…")),
    responses((status = 200, body = Assignable), (status = 404, body = ErrorBody)))]
pub(super) async fn assignable(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(id): ApiPath<String>,
) -> Result<Json<Assignable>, ApiError> {
    Ok(Json(store.assignable(&by.agent, &path_id(id)?).await?))
}

/// Where a page of messages ends.
#[derive(Deserialize)]
pub(super) struct HistoryQuery {
    pub(super) before: Option<u32>,
}

/// Messages of the conversation and of the same client's earlier ones, oldest first, 50 a page (X5).
#[utoipa::path(get, path = "/v1/conversations/{id}/history", tag = "conversations",
    params(("id" = String, Path, description = "cnv_…"), ("before" = Option<u32>, Query, description = "only messages with a smaller `n`")),
    responses((status = 200, body = History), (status = 404, body = ErrorBody)))]
pub(super) async fn history(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(id): ApiPath<String>,
    ApiQuery(query): ApiQuery<HistoryQuery>,
) -> Result<Json<History>, ApiError> {
    Ok(Json(store.history(&by.agent, &path_id(id)?, query.before).await?))
}
