//! What agents do with conversations: accept, assign, clear, postpone, close, block.

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use protocol::command::{Assign, Block, Claim, ConversationBody};
use protocol::error::ErrorBody;
use store::{NewBlock, Store};

use crate::error::ApiError;
use crate::extract::{ApiJson, ApiPath, SignedIn, body_id, path_id};
use crate::state::AppState;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/conversations/{id}/accept", post(accept))
        .route("/v1/conversations/{id}/assign", post(assign))
        .route("/v1/conversations/{id}/clear", post(clear))
        .route("/v1/conversations/{id}/close", post(close))
        .route("/v1/conversations/{id}/postpone", post(postpone))
        .route("/v1/conversations/{id}/block", post(block))
        .route("/v1/conversations/{id}/unblock", post(unblock))
}

/// "Accept conversation" (A2); of several at once exactly one wins (A3).
#[utoipa::path(post, path = "/v1/conversations/{id}/accept", tag = "conversations",
    params(("id" = String, Path, description = "cnv_…")),
    responses((status = 200, body = ConversationBody), (status = 409, description = "`conversation_taken` names the holder", body = ErrorBody)))]
pub(super) async fn accept(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(id): ApiPath<String>,
) -> Result<Json<ConversationBody>, ApiError> {
    let conversation = store.accept(by.agent, path_id(id)?).await?;
    Ok(Json(ConversationBody { conversation }))
}

/// "Assign to an agent" and "Assign" (A4–A6, A14).
#[utoipa::path(post, path = "/v1/conversations/{id}/assign", tag = "conversations", request_body = Assign,
    params(("id" = String, Path, description = "cnv_…")),
    responses((status = 200, body = ConversationBody), (status = 409, body = ErrorBody)))]
pub(super) async fn assign(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(id): ApiPath<String>,
    ApiJson(body): ApiJson<Assign>,
) -> Result<Json<ConversationBody>, ApiError> {
    let to = body_id("agent_id", body.agent_id)?;
    let conversation = store.assign(by.agent, path_id(id)?, to, body.fence).await?;
    Ok(Json(ConversationBody { conversation }))
}

/// "Assign" → "Clear" (A11): back to "New".
#[utoipa::path(post, path = "/v1/conversations/{id}/clear", tag = "conversations", request_body = Claim,
    params(("id" = String, Path, description = "cnv_…")),
    responses((status = 200, body = ConversationBody), (status = 409, body = ErrorBody)))]
pub(super) async fn clear(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(id): ApiPath<String>,
    ApiJson(body): ApiJson<Claim>,
) -> Result<Json<ConversationBody>, ApiError> {
    let conversation = store.clear(by.agent, path_id(id)?, body.fence).await?;
    Ok(Json(ConversationBody { conversation }))
}

/// "Close" (X1).
#[utoipa::path(post, path = "/v1/conversations/{id}/close", tag = "conversations", request_body = Claim,
    params(("id" = String, Path, description = "cnv_…")),
    responses((status = 200, body = ConversationBody), (status = 409, body = ErrorBody)))]
pub(super) async fn close(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(id): ApiPath<String>,
    ApiJson(body): ApiJson<Claim>,
) -> Result<Json<ConversationBody>, ApiError> {
    let conversation = store.close_conversation(by.agent, path_id(id)?, body.fence).await?;
    Ok(Json(ConversationBody { conversation }))
}

/// "Postpone" (X3): a full period from now until it finishes by itself.
#[utoipa::path(post, path = "/v1/conversations/{id}/postpone", tag = "conversations", request_body = Claim,
    params(("id" = String, Path, description = "cnv_…")),
    responses((status = 200, body = ConversationBody), (status = 409, description = "`nothing_to_postpone`, `not_holder`", body = ErrorBody)))]
pub(super) async fn postpone(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(id): ApiPath<String>,
    ApiJson(body): ApiJson<Claim>,
) -> Result<Json<ConversationBody>, ApiError> {
    let conversation = store.postpone(by.agent, path_id(id)?, body.fence).await?;
    Ok(Json(ConversationBody { conversation }))
}

/// "Block" (B1): the client of this conversation, with all identities known of him in the project.
#[utoipa::path(post, path = "/v1/conversations/{id}/block", tag = "blocking", request_body = Block,
    params(("id" = String, Path, description = "cnv_…")),
    responses((status = 200, body = ConversationBody), (status = 409, description = "`already_blocked`, `agent_offline`", body = ErrorBody)))]
pub(super) async fn block(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(id): ApiPath<String>,
    ApiJson(body): ApiJson<Block>,
) -> Result<Json<ConversationBody>, ApiError> {
    let new = NewBlock { term: body.term.into(), reason: body.reason, also_ip: body.also_ip };
    let conversation = store.block(by.agent, path_id(id)?, new).await?;
    Ok(Json(ConversationBody { conversation }))
}

/// "Unblock" (B5).
#[utoipa::path(post, path = "/v1/conversations/{id}/unblock", tag = "blocking",
    params(("id" = String, Path, description = "cnv_…")),
    responses((status = 200, body = ConversationBody), (status = 409, description = "`not_blocked`, `agent_offline`", body = ErrorBody)))]
pub(super) async fn unblock(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(id): ApiPath<String>,
) -> Result<Json<ConversationBody>, ApiError> {
    let conversation = store.unblock(by.agent, path_id(id)?).await?;
    Ok(Json(ConversationBody { conversation }))
}
