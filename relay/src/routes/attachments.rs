//! Files on their way out (F3, F5): as bytes to be saved, which nothing shows or runs at the relay's address.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::file::served_type;
use files::{Files, Key};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use protocol::error::ErrorBody;
use store::{KeptFile, Store};

use crate::error::ApiError;
use crate::extract::{ApiPath, SignedIn, VisitorOf, path_id};
use crate::state::{AppState, CONTACT_DOWNLOADS, Limits};
use crate::uploads::Uploads;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/v1/attachments/{attachment_id}", get(get_attachment))
        .route("/v1/widget/attachments/{attachment_id}", get(get_own_attachment))
}

/// A file of a channel that one has access to (F5).
#[utoipa::path(get, path = "/v1/attachments/{attachment_id}", tag = "files",
    params(("attachment_id" = String, Path, description = "att_…")),
    responses((status = 200, description = "its bytes, to be saved", body = Vec<u8>, content_type = "application/octet-stream"), (status = 404, body = ErrorBody)))]
pub(super) async fn get_attachment(
    by: SignedIn,
    State(store): State<Store>,
    State(uploads): State<Uploads>,
    ApiPath(id): ApiPath<String>,
) -> Result<Response, ApiError> {
    let kept = store.attachment(&by.agent, &path_id(id)?).await?;
    served(uploads.files(), &kept).await
}

/// A file that the client sent or was sent (F5).
#[utoipa::path(get, path = "/v1/widget/attachments/{attachment_id}", tag = "widget",
    params(("attachment_id" = String, Path, description = "att_…")),
    responses((status = 200, description = "its bytes, to be saved", body = Vec<u8>, content_type = "application/octet-stream"), (status = 404, body = ErrorBody)))]
pub(super) async fn get_own_attachment(
    VisitorOf(visitor): VisitorOf,
    State(store): State<Store>,
    State(limits): State<Limits>,
    State(uploads): State<Uploads>,
    ApiPath(id): ApiPath<String>,
) -> Result<Response, ApiError> {
    limits.take("downloads", visitor.contact.as_str(), CONTACT_DOWNLOADS).await?;
    let kept = store.contact_attachment(&visitor, &path_id(id)?).await?;
    served(uploads.files(), &kept).await
}

/// Nothing in it is loaded, run, or of this origin, should a browser show it after all.
const POLICY: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'");
/// Pages of other origins cannot embed it.
const RESOURCE_POLICY: (HeaderName, HeaderValue) =
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));

async fn served(files: &Files, KeptFile { view, file_key }: &KeptFile) -> Result<Response, ApiError> {
    let key = Key::new(file_key).map_err(|_| ApiError::not_found())?;
    let file = files.get(&key).await.inspect_err(|error| {
        if matches!(error, files::FilesError::NotFound(_)) {
            tracing::error!(attachment.id = %view.id, "the bytes of a file that was sent are not where files are kept");
        }
    })?;
    let disposition = HeaderValue::from_str(&disposition(&view.name)).map_err(|_| ApiError::not_found())?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(served_type(&view.media_type))),
        (header::CONTENT_LENGTH, HeaderValue::from(file.size_bytes)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        RESOURCE_POLICY,
    ];
    Ok((headers, Body::from_stream(file.body)).into_response())
}

/// What needs no escape in `filename*` (RFC 8187).
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// To be saved under its name: in letters that every program reads, and as it is.
fn disposition(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '-' | '_' | '(' | ')');
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", utf8_percent_encode(name, PLAIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_header() {
        // F5
        assert_eq!(
            disposition("Ёж \"1\"; x=%41\\.pdf"),
            "attachment; filename=\"__ _1__ x__41_.pdf\"; filename*=UTF-8''%D0%81%D0%B6%20%221%22%3B%20x%3D%2541%5C.pdf"
        );
        assert_eq!(disposition("a-b_c~.txt"), "attachment; filename=\"a-b_c_.txt\"; filename*=UTF-8''a-b_c~.txt");
    }
}
