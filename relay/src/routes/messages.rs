//! Answers, and what agents have seen.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use protocol::command::{Answer, MarkRead, MessageBody};
use protocol::error::ErrorBody;
use store::{NewAnswer, Seen, Store};

use crate::error::ApiError;
use crate::extract::{ApiJson, ApiPath, SignedIn, body_content, body_id, path_id};
use crate::state::AppState;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/conversations/{id}/messages", post(answer))
        .route("/v1/conversations/{id}/read", post(mark_read))
}

/// Answers the client, as the conversation's only owner (A7): with a text, with files that were uploaded before, or both.
#[utoipa::path(post, path = "/v1/conversations/{id}/messages", tag = "conversations", request_body = Answer,
    params(("id" = String, Path, description = "cnv_…")),
    responses((status = 200, body = MessageBody), (status = 409, description = "`stale_fence` and `not_holder` name the holder", body = ErrorBody)))]
pub(super) async fn answer(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(id): ApiPath<String>,
    ApiJson(body): ApiJson<Answer>,
) -> Result<Json<MessageBody>, ApiError> {
    let answer = NewAnswer {
        id: body_id("id", body.id)?,
        conversation: path_id(id)?,
        content: body_content(&body.text, body.attachments)?,
        fence: body.fence,
    };
    let message = store.answer(by.agent, answer).await?;
    Ok(Json(MessageBody { message }))
}

/// Says what was seen on a visible page (N2); the client is shown "seen" (W6).
#[utoipa::path(post, path = "/v1/conversations/{id}/read", tag = "conversations", request_body = MarkRead,
    params(("id" = String, Path, description = "cnv_…")),
    responses((status = 204), (status = 404, body = ErrorBody)))]
pub(super) async fn mark_read(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(id): ApiPath<String>,
    ApiJson(body): ApiJson<MarkRead>,
) -> Result<StatusCode, ApiError> {
    store.mark_read(by.agent, path_id(id)?, Seen { n_alerts: body.n_alerts, n: body.n }).await?;
    Ok(StatusCode::NO_CONTENT)
}
