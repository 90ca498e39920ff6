//! Notes about a client (O1–O3).

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use protocol::error::ErrorBody;
use protocol::note::{LeaveNote, NoteBody, NotePage};
use serde::Deserialize;
use store::Store;

use crate::error::ApiError;
use crate::extract::{ApiJson, ApiPath, ApiQuery, SignedIn, body_id, body_text, path_id};
use crate::state::{AGENT_TEXTS, AppState, Limits};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/v1/conversations/{id}/notes", get(read).post(leave))
}

/// Where a page of notes begins.
#[derive(Deserialize)]
pub(super) struct NotesQuery {
    after: Option<String>,
}

/// Notes of all conversations of the client that the agent may see, newest first, 50 a page (O3).
#[utoipa::path(get, path = "/v1/conversations/{id}/notes", tag = "notes",
    params(("id" = String, Path, description = "cnv_…"), ("after" = Option<String>, Query, description = "the `next` of the page before")),
    responses((status = 200, body = NotePage), (status = 404, body = ErrorBody)))]
pub(super) async fn read(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(id): ApiPath<String>,
    ApiQuery(query): ApiQuery<NotesQuery>,
) -> Result<Json<NotePage>, ApiError> {
    Ok(Json(store.notes(&by.agent, &path_id(id)?, query.after.as_deref()).await?))
}

/// "Leave a note" (O1): any agent with access, Offline too, also on what somebody else holds or is finished. It alerts nobody.
#[utoipa::path(post, path = "/v1/conversations/{id}/notes", tag = "notes", request_body = LeaveNote,
    params(("id" = String, Path, description = "cnv_…")),
    responses((status = 200, body = NoteBody), (status = 409, description = "`id_conflict`", body = ErrorBody)))]
pub(super) async fn leave(
    by: SignedIn,
    State(store): State<Store>,
    State(limits): State<Limits>,
    ApiPath(id): ApiPath<String>,
    ApiJson(body): ApiJson<LeaveNote>,
) -> Result<Json<NoteBody>, ApiError> {
    limits.take("texts", by.agent.as_str(), AGENT_TEXTS).await?;
    let (conversation, id, text) = (path_id(id)?, body_id("id", body.id)?, body_text(&body.text)?);
    Ok(Json(NoteBody { note: store.leave_note(by.agent, conversation, id, text).await? }))
}
