//! Files on their way in (F1–F4).

use std::convert::Infallible;

use axum::body::Body;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::routing::post;
use axum::{Json, Router};
use domain::file::{FileName, look, stored_type};
use domain::id::AttachmentId;
use percent_encoding::percent_decode_str;
use protocol::error::{ErrorBody, ErrorCode};
use protocol::file::{AttachmentView, NAME_HEADER};
use serde::Deserialize;
use store::{NewFile, Store, StoreError, TemplateUploader, Uploader};

use crate::error::ApiError;
use crate::extract::{Address, ApiPath, ApiQuery, NameableAddress, SignedIn, VisitorOf, body_id, path_id};
use crate::state::{ADDRESS_UPLOAD_KIB, ADDRESS_UPLOADS, AppState, CONTACT_UPLOADS, Limits};
use crate::uploads::{Coming, Crowd, Uploads};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/v1/conversations/{id}/uploads", post(upload)).route("/v1/widget/uploads", post(upload_own))
}

/// What stands on a file that comes in, not looked at yet.
pub(super) struct Label {
    query: UploadQuery,
    /// As the header has it; nothing if there is none, or what is no text.
    name: Option<String>,
    media_type: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Label {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let ApiQuery(query) = ApiQuery::from_request_parts(parts, state).await?;
        let media_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        Ok(Self { query, name: only_name(&parts.headers), media_type: media_type.unwrap_or_default().to_owned() })
    }
}

/// The header with the name, if it is there once.
fn only_name(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(NAME_HEADER).iter();
    let (first, second) = (values.next(), values.next());
    first.filter(|_| second.is_none())?.to_str().ok().map(str::to_owned)
}

/// Which file it is, and the claim that it stands on. Its name is none of it: addresses are logged on the way.
#[derive(Deserialize)]
struct UploadQuery {
    id: String,
    fence: Option<u32>,
    project_id: Option<String>,
}

impl Label {
    /// The project for whose templates it is.
    pub(super) fn project_id(&self) -> Option<&str> {
        self.query.project_id.as_deref()
    }
}

/// What a file is for.
#[derive(Clone)]
pub(super) enum To {
    /// To be sent.
    Message(Uploader),
    /// To be kept with a template.
    Template(TemplateUploader),
}

/// Takes a file, to be sent with an answer by the conversation's only owner (A7). The body is the file, and `Content-Type` what it is.
///
/// The same id, name and bytes again give the first answer. What is not sent within 24 hours is purged.
#[utoipa::path(post, path = "/v1/conversations/{id}/uploads", tag = "files", request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    params(("id" = String, Path, description = "cnv_…"), ("id" = String, Query, description = "att_…, made by the sender"), ("deskside-file-name" = String, Header, description = "what the file is called: UTF-8, percent-encoded"), ("fence" = Option<u32>, Query, description = "the claim that it stands on; without it the file is refused")),
    responses((status = 200, body = AttachmentView), (status = 409, description = "`stale_fence` and `not_holder` name the holder", body = ErrorBody), (status = 413, description = "`file_too_large` names the file and the limit", body = ErrorBody)))]
pub(super) async fn upload(
    by: SignedIn,
    State(store): State<Store>,
    State(uploads): State<Uploads>,
    ApiPath(conversation): ApiPath<String>,
    label: Label,
    body: Body,
) -> Result<Json<AttachmentView>, ApiError> {
    let mut coming = uploads.coming(body);
    let taken = async {
        let by = Uploader::Agent { agent: by.agent, conversation: path_id(conversation)?, fence: label.query.fence };
        let said = Said::new(label)?;
        let _place = uploads.place(Crowd::Agents, None).await?;
        take(&store, &uploads, To::Message(by), said, &mut coming).await
    };
    let taken = taken.await;
    answered(&uploads, taken, coming).await
}

/// Takes a client's file, to be sent with a message (F4). The body is the file, and `Content-Type` what it is.
///
/// The same id, name and bytes again give the first answer. What is not sent within 24 hours is purged.
#[utoipa::path(post, path = "/v1/widget/uploads", tag = "widget", request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    params(("id" = String, Query, description = "att_…, made by the widget"), ("deskside-file-name" = String, Header, description = "what the file is called: UTF-8, percent-encoded")),
    responses((status = 200, body = AttachmentView), (status = 403, description = "`files_not_allowed`", body = ErrorBody), (status = 408, description = "`upload_stalled`: it came too slowly", body = ErrorBody), (status = 429, description = "`rate_limited`: too many or too much from this client or his address; `Retry-After` says when", body = ErrorBody), (status = 409, description = "`id_conflict`, `contact_blocked`", body = ErrorBody), (status = 413, description = "`file_too_large` names the file and the limit", body = ErrorBody)))]
pub(super) async fn upload_own(
    VisitorOf(visitor): VisitorOf,
    State(store): State<Store>,
    State(limits): State<Limits>,
    State(uploads): State<Uploads>,
    from: From,
    label: Label,
    body: Body,
) -> Result<Json<AttachmentView>, ApiError> {
    let mut coming = uploads.coming(body);
    let taken = async {
        let From { ip, counted } = from;
        limits.take("uploads", visitor.contact.as_str(), CONTACT_UPLOADS).await?;
        let said = Said::new(label)?;
        // One at a time, so that nobody takes all the places by himself.
        let _turn = limits.turns.take(&format!("uploads {}", visitor.contact)).await;
        let _place = uploads.place(Crowd::Visitors, Some(&counted)).await?;
        uploads.check(&said.name, &coming)?;
        // Whoever makes himself a new visitor for each file has the same address still.
        limits.take("uploads_from", &counted, ADDRESS_UPLOADS).await?;
        limits.take_many("upload_kib_from", &counted, ADDRESS_UPLOAD_KIB, coming.kib()).await?;
        take(&store, &uploads, To::Message(Uploader::Visitor { visitor, ip }), said, &mut coming).await
    };
    let taken = taken.await;
    answered(&uploads, taken, coming).await
}

/// Where a client's file comes from: as a block can name it, and as rate limits count it.
pub(super) struct From {
    ip: Option<String>,
    counted: String,
}

impl FromRequestParts<AppState> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let NameableAddress(ip) = NameableAddress::from_request_parts(parts, state).await?;
        let Address(counted) = Address::from_request_parts(parts, state).await?;
        Ok(Self { ip, counted })
    }
}

/// The answer, once what is left of a file that was refused has passed.
pub(super) async fn answered(
    uploads: &Uploads,
    taken: Result<AttachmentView, ApiError>,
    mut coming: Coming,
) -> Result<Json<AttachmentView>, ApiError> {
    if taken.is_err() {
        uploads.let_pass(&mut coming).await;
    }
    taken.map(Json)
}

/// What the sender says of a file.
pub(super) struct Said {
    id: AttachmentId,
    name: FileName,
    media_type: String,
}

impl Said {
    pub(super) fn new(Label { query, name, media_type }: Label) -> Result<Self, ApiError> {
        Ok(Self { id: body_id("id", query.id)?, name: file_name(name.as_deref())?, media_type })
    }
}

/// A file's name as the header has it.
fn file_name(encoded: Option<&str>) -> Result<FileName, ApiError> {
    let decoded = encoded.filter(|encoded| is_encoded(encoded)).and_then(|encoded| {
        let text = percent_decode_str(encoded).decode_utf8().ok()?;
        Some(FileName::new(&text))
    });
    decoded.ok_or_else(|| {
        let words = format!("send the file's name once in the header `{NAME_HEADER}`, as percent-encoded UTF-8");
        ApiError::new(ErrorCode::InvalidValue, words).with_field(NAME_HEADER)
    })
}

/// Whether each `%` stands before two hexadecimal digits.
fn is_encoded(text: &str) -> bool {
    let is_hex = |part: &str| part.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    text.split('%').skip(1).all(is_hex)
}

/// Takes a file as it comes, and keeps it if it may be kept.
pub(super) async fn take(
    store: &Store,
    uploads: &Uploads,
    to: To,
    Said { id, name, media_type }: Said,
    coming: &mut Coming,
) -> Result<AttachmentView, ApiError> {
    uploads.check(&name, coming)?;
    let file_key = match to.clone() {
        To::Message(by) => store.begin_upload(by, id.clone()).await?,
        To::Template(by) => store.begin_template_file(by, id.clone()).await?,
    };
    let came = uploads.keep(&file_key, &name, coming).await?;
    let file = NewFile {
        id,
        name,
        size_bytes: came.size_bytes,
        media_type: stored_type(&media_type, &came.head),
        pixels: look(&came.head).and_then(|seen| seen.size),
        sha256: came.sha256,
        file_key: file_key.clone(),
    };
    let kept = match to {
        To::Message(by) => store.finish_upload(by, file).await,
        To::Template(by) => store.finish_template_file(by, file).await,
    };
    let is_nobodys = match &kept {
        // It came before: its first bytes are the ones.
        Ok(kept) => kept.file_key != file_key,
        // Whether the record has it is not known. If not, the purge finds these bytes.
        Err(StoreError::Unavailable(_) | StoreError::Closing) => false,
        // It was refused in the end.
        Err(_) => true,
    };
    if is_nobodys {
        uploads.drop_bytes(&file_key).await;
    }
    Ok(kept?.view)
}
