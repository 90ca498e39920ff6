//! Which pages may talk to the relay: accepted extensions, and pages of the relay's own public address (the widget's frame).

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use protocol::error::ErrorCode;

use crate::error::ApiError;
use crate::state::Settings;

/// What an extension's requests may carry; a file's name is [`protocol::file::NAME_HEADER`].
const ALLOWED_HEADERS: &str = "authorization, content-type, deskside-file-name";

/// Refuses foreign origins, and answers CORS for accepted extensions.
///
/// Programs send no origin and pass: what they may do is decided by their token. The widget's loader, its files and the demo page are for
/// every website, so only `/v1` is guarded.
pub(crate) async fn guard(State(settings): State<Arc<Settings>>, request: Request, next: Next) -> Response {
    let Some(origin) = request.headers().get(header::ORIGIN).cloned() else {
        return next.run(request).await;
    };
    if !request.uri().path().starts_with("/v1/") {
        return next.run(request).await;
    }
    let is_extension =
        origin.to_str().is_ok_and(|origin| settings.extension_origins.iter().any(|known| known == origin));
    if !is_extension {
        if origin.as_bytes() == settings.public_url.as_bytes() {
            return next.run(request).await;
        }
        return ApiError::new(ErrorCode::OriginNotAllowed, "pages of this origin may not talk to this relay")
            .into_response();
    }
    let mut response = if request.method() == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, PUT, DELETE"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(ALLOWED_HEADERS));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after, x-request-id"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    response
}
