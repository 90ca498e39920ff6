//! What agents know of a client (I3, I4).

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use protocol::command::ConversationPage;
use protocol::contact::{ContactBody, SetContact};
use protocol::error::ErrorBody;
use serde::Deserialize;
use store::Store;

use crate::error::ApiError;
use crate::extract::{ApiJson, ApiPath, ApiQuery, SignedIn, path_id};
use crate::state::{AGENT_TEXTS, AppState, Limits};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/contacts/{contact_id}", get(read).put(set))
        .route("/v1/contacts/{contact_id}/conversations", get(conversations))
}

/// What is known of a client: for agents with access to a channel that he wrote in.
#[utoipa::path(get, path = "/v1/contacts/{contact_id}", tag = "contacts",
    params(("contact_id" = String, Path, description = "con_…")),
    responses((status = 200, body = ContactBody), (status = 404, body = ErrorBody)))]
pub(super) async fn read(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(id): ApiPath<String>,
) -> Result<Json<ContactBody>, ApiError> {
    Ok(Json(ContactBody { contact: store.contact(&by.agent, &path_id(id)?).await? }))
}

/// Corrects his name and sets what else is known of him (I4); what somebody else changed meanwhile is not overwritten.
#[utoipa::path(put, path = "/v1/contacts/{contact_id}", tag = "contacts", request_body = SetContact,
    params(("contact_id" = String, Path, description = "con_…")),
    responses((status = 200, body = ContactBody), (status = 400, description = "`details.field` names what cannot be taken", body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 409, description = "`stale_revision`", body = ErrorBody)))]
pub(super) async fn set(
    by: SignedIn,
    State(store): State<Store>,
    State(limits): State<Limits>,
    ApiPath(id): ApiPath<String>,
    ApiJson(body): ApiJson<SetContact>,
) -> Result<Json<ContactBody>, ApiError> {
    limits.take("texts", by.agent.as_str(), AGENT_TEXTS).await?;
    Ok(Json(ContactBody { contact: store.set_contact(by.agent, path_id(id)?, body).await? }))
}

/// Where a page of a client's conversations begins.
#[derive(Deserialize)]
pub(super) struct ConversationsQuery {
    after: Option<String>,
}

/// His conversations that the agent may see, the latest first, 50 a page: when each was and how it ended (I3).
#[utoipa::path(get, path = "/v1/contacts/{contact_id}/conversations", tag = "contacts",
    params(("contact_id" = String, Path, description = "con_…"), ("after" = Option<String>, Query, description = "the `next` of the page before")),
    responses((status = 200, body = ConversationPage), (status = 404, body = ErrorBody)))]
pub(super) async fn conversations(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(id): ApiPath<String>,
    ApiQuery(query): ApiQuery<ConversationsQuery>,
) -> Result<Json<ConversationPage>, ApiError> {
    Ok(Json(store.conversations_of(&by.agent, &path_id(id)?, query.after.as_deref()).await?))
}
