//! Files of templates (T2): on their way in, and among those that wait to be sent.

use axum::body::Body;
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use domain::template::Owner;
use protocol::error::ErrorBody;
use protocol::file::AttachmentView;
use protocol::template::TakeTemplateFile;
use store::{Store, TakenFile, TemplateUploader};

use super::uploads::{Label, Said, To, answered, take};
use crate::error::ApiError;
use crate::extract::{ApiJson, ApiPath, SignedIn, body_id, path_id};
use crate::state::AppState;
use crate::uploads::{Crowd, Uploads};

/// The routes that read a file.
pub(super) fn uploads() -> Router<AppState> {
    Router::new().route("/v1/templates/uploads", post(upload))
}

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/v1/conversations/{id}/template-files", post(take_file))
}

/// Takes a file for a template of whoever may make and change it. The body is the file, and `Content-Type` what it is.
///
/// The same id, name and bytes again give the first answer. What is not saved with a template within 24 hours is purged.
#[utoipa::path(post, path = "/v1/templates/uploads", tag = "templates", request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    params(("id" = String, Query, description = "att_…, made by the sender"), ("deskside-file-name" = String, Header, description = "what the file is called: UTF-8, percent-encoded"), ("project_id" = Option<String>, Query, description = "for a template of this project; for one's own without it")),
    responses((status = 200, body = AttachmentView), (status = 403, body = ErrorBody), (status = 409, description = "`id_conflict`", body = ErrorBody), (status = 413, description = "`file_too_large` names the file and the limit", body = ErrorBody)))]
pub(super) async fn upload(
    by: SignedIn,
    State(store): State<Store>,
    State(uploads): State<Uploads>,
    label: Label,
    body: Body,
) -> Result<Json<AttachmentView>, ApiError> {
    let mut coming = uploads.coming(body);
    let taken = async {
        let owner = match label.project_id() {
            Some(project) => Owner::Project(body_id("project_id", project.to_owned())?),
            None => Owner::Agent(by.agent.clone()),
        };
        let said = Said::new(label)?;
        let _place = uploads.place(Crowd::Agents, None).await?;
        let to = To::Template(TemplateUploader { agent: by.agent, owner });
        take(&store, &uploads, to, said, &mut coming).await
    };
    let taken = taken.await;
    answered(&uploads, taken, coming).await
}

/// Puts a template's file among those that the conversation's only owner has for his answer (A7). Its bytes need not go again.
#[utoipa::path(post, path = "/v1/conversations/{id}/template-files", tag = "files", request_body = TakeTemplateFile,
    params(("id" = String, Path, description = "cnv_…")),
    responses((status = 200, body = AttachmentView), (status = 400, description = "`invalid_value`: the file is in no template that may be used here", body = ErrorBody), (status = 409, description = "`stale_fence` and `not_holder` name the holder", body = ErrorBody)))]
pub(super) async fn take_file(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(conversation): ApiPath<String>,
    ApiJson(body): ApiJson<TakeTemplateFile>,
) -> Result<Json<AttachmentView>, ApiError> {
    let taken = TakenFile {
        conversation: path_id(conversation)?,
        id: body_id("id", body.id)?,
        template_file: body_id("template_file_id", body.template_file_id)?,
        fence: body.fence,
    };
    Ok(Json(store.take_template_file(by.agent, taken).await?))
}
