//! What a website's visitor does.

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use protocol::command::{ContactHistory, ContactMessageBody, ContactWrites, VisitorBody};
use protocol::error::ErrorBody;
use store::Store;

use crate::error::ApiError;
use crate::extract::{Address, ApiJson, ApiPath, ApiQuery, NameableAddress, VisitorOf, body_content, body_id};
use crate::routes::lists::HistoryQuery;
use crate::state::{AppState, CONTACT_MESSAGES, Limits, NEW_VISITORS};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/widget/{key}/visitors", post(new_visitor))
        .route("/v1/widget/messages", get(read).post(write))
}

/// Gives a new visitor his identity (W4): an unguessable token.
#[utoipa::path(post, path = "/v1/widget/{key}/visitors", tag = "widget",
    params(("key" = String, Path, description = "the channel's public key")),
    responses((status = 200, body = VisitorBody), (status = 403, description = "a foreign origin", body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(super) async fn new_visitor(
    State(store): State<Store>,
    State(limits): State<Limits>,
    Address(address): Address,
    NameableAddress(nameable): NameableAddress,
    ApiPath(key): ApiPath<String>,
) -> Result<Json<VisitorBody>, ApiError> {
    limits.take("visitors", &address, NEW_VISITORS).await?;
    Ok(Json(VisitorBody { token: store.new_visitor(key, nameable).await? }))
}

/// The client writes; the same id again gives the first answer (W6).
#[utoipa::path(post, path = "/v1/widget/messages", tag = "widget", request_body = ContactWrites,
    responses((status = 200, body = ContactMessageBody), (status = 409, description = "`id_conflict`, `contact_blocked`", body = ErrorBody), (status = 403, description = "`files_not_allowed`", body = ErrorBody)))]
pub(super) async fn write(
    VisitorOf(visitor): VisitorOf,
    State(store): State<Store>,
    State(limits): State<Limits>,
    NameableAddress(nameable): NameableAddress,
    ApiJson(body): ApiJson<ContactWrites>,
) -> Result<Json<ContactMessageBody>, ApiError> {
    limits.take("contact", visitor.contact.as_str(), CONTACT_MESSAGES).await?;
    let _turn = limits.turns.take(visitor.contact.as_str()).await;
    let content = body_content(&body.text, body.attachments)?;
    let message = store.contact_writes(visitor, body_id("id", body.id)?, content, nameable).await?;
    Ok(Json(ContactMessageBody { message }))
}

/// The client's own messages, oldest first, 50 a page (W4).
#[utoipa::path(get, path = "/v1/widget/messages", tag = "widget",
    params(("before" = Option<u32>, Query, description = "only messages with a smaller `n`")),
    responses((status = 200, body = ContactHistory), (status = 401, body = ErrorBody)))]
pub(super) async fn read(
    VisitorOf(visitor): VisitorOf,
    State(store): State<Store>,
    ApiQuery(query): ApiQuery<HistoryQuery>,
) -> Result<Json<ContactHistory>, ApiError> {
    Ok(Json(store.contact_history(&visitor, query.before).await?))
}
