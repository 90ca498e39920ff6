//! Templates (T1–T3).

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, put};
use axum::{Json, Router};
use domain::id::AttachmentId;
use domain::template::{Owner, TemplateFiles};
use domain::text::{Name, TextRefused};
use protocol::error::{ErrorBody, ErrorCode};
use protocol::template::{ChangeTemplate, MakeTemplate, TemplateBody, TemplateList};
use store::{Store, TemplateContent};

use crate::error::ApiError;
use crate::extract::{ApiJson, ApiPath, SignedIn, body_id, body_text, path_id};
use crate::state::{AGENT_TEXTS, AppState, Limits};

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/templates", get(list).post(make))
        .route("/v1/templates/{template_id}", put(change).delete(delete))
}

/// One's own templates and those of one's projects.
#[utoipa::path(get, path = "/v1/templates", tag = "templates", responses((status = 200, body = TemplateList)))]
pub(super) async fn list(by: SignedIn, State(store): State<Store>) -> Result<Json<TemplateList>, ApiError> {
    Ok(Json(store.templates(&by.agent).await?))
}

/// Makes a template: everybody his own, administrators their project's.
#[utoipa::path(post, path = "/v1/templates", tag = "templates", request_body = MakeTemplate,
    responses((status = 200, body = TemplateBody), (status = 403, body = ErrorBody), (status = 409, description = "`id_conflict`", body = ErrorBody)))]
pub(super) async fn make(
    by: SignedIn,
    State(store): State<Store>,
    State(limits): State<Limits>,
    ApiJson(body): ApiJson<MakeTemplate>,
) -> Result<Json<TemplateBody>, ApiError> {
    limits.take("texts", by.agent.as_str(), AGENT_TEXTS).await?;
    let owner = match body.project_id {
        Some(project) => Owner::Project(body_id("project_id", project)?),
        None => Owner::Agent(by.agent.clone()),
    };
    let content = content(&body.title, &body.text, Some(body.attachments))?;
    Ok(Json(TemplateBody { template: store.make_template(by.agent, body_id("id", body.id)?, owner, content).await? }))
}

/// Changes a template; what somebody else changed meanwhile is not overwritten.
#[utoipa::path(put, path = "/v1/templates/{template_id}", tag = "templates", request_body = ChangeTemplate,
    params(("template_id" = String, Path, description = "tpl_…")),
    responses((status = 200, body = TemplateBody), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody),
        (status = 409, description = "`stale_revision`", body = ErrorBody)))]
pub(super) async fn change(
    by: SignedIn,
    State(store): State<Store>,
    State(limits): State<Limits>,
    ApiPath(id): ApiPath<String>,
    ApiJson(body): ApiJson<ChangeTemplate>,
) -> Result<Json<TemplateBody>, ApiError> {
    limits.take("texts", by.agent.as_str(), AGENT_TEXTS).await?;
    let content = content(&body.title, &body.text, body.attachments)?;
    Ok(Json(TemplateBody { template: store.change_template(by.agent, path_id(id)?, body.rev, content).await? }))
}

/// Deletes a template.
#[utoipa::path(delete, path = "/v1/templates/{template_id}", tag = "templates",
    params(("template_id" = String, Path, description = "tpl_…")),
    responses((status = 204), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(super) async fn delete(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(id): ApiPath<String>,
) -> Result<StatusCode, ApiError> {
    store.delete_template(by.agent, path_id(id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn content(title: &str, text: &str, files: Option<Vec<String>>) -> Result<TemplateContent, ApiError> {
    let refused = |refused: TextRefused| ApiError::new(ErrorCode::InvalidValue, refused.to_string());
    Ok(TemplateContent {
        title: Name::new(title).map_err(|error| refused(error).with_field("title"))?,
        text: body_text(text)?,
        files: files.map(body_files).transpose()?,
    })
}

fn body_files(ids: Vec<String>) -> Result<TemplateFiles, ApiError> {
    let ids = ids.into_iter().map(|id| body_id::<AttachmentId>("attachments", id)).collect::<Result<_, _>>()?;
    TemplateFiles::new(ids)
        .map_err(|refused| ApiError::new(ErrorCode::InvalidValue, refused.to_string()).with_field("attachments"))
}
