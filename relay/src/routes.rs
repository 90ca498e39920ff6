//! Every route, its guard, and the OpenAPI description.

mod attachments;
mod channels;
mod contacts;
mod conversations;
mod gmail_places;
mod health;
mod invitations;
mod lists;
mod me;
mod messages;
mod notes;
mod pages;
mod projects;
mod search;
mod template_files;
mod templates;
mod uploads;
mod visitors;
mod visits;
mod welcome;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::middleware;
use axum::routing::get;
use protocol::error::ErrorCode;
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi;

use crate::error::ApiError;
use crate::extract::BODY_MAX;
use crate::state::AppState;
use crate::{metrics, origin, request_id, stream};

/// Every route with its methods and who may ask; a test holds it against the description.
pub const ROUTES: [(&str, &str, &str); 63] = [
    ("GET", "/demo/{key}", "anybody"),
    ("GET", "/extension.zip", "anybody"),
    ("GET", "/healthz", "anybody"),
    ("GET", "/readyz", "anybody"),
    ("GET", "/v1/attachments/{attachment_id}", "agent"),
    ("PUT", "/v1/channels/{channel_id}/agents/{agent_id}", "administrator"),
    ("GET", "/v1/channels/{channel_id}/settings", "administrator"),
    ("PUT", "/v1/channels/{channel_id}/settings", "administrator"),
    ("GET", "/v1/contacts/{contact_id}", "agent"),
    ("PUT", "/v1/contacts/{contact_id}", "agent"),
    ("GET", "/v1/contacts/{contact_id}/conversations", "agent"),
    ("GET", "/v1/contacts/{contact_id}/visit", "agent"),
    ("GET", "/v1/conversations", "agent"),
    ("POST", "/v1/conversations/{id}/accept", "agent"),
    ("POST", "/v1/conversations/{id}/assign", "agent"),
    ("GET", "/v1/conversations/{id}/assignable", "agent"),
    ("POST", "/v1/conversations/{id}/block", "agent"),
    ("POST", "/v1/conversations/{id}/clear", "agent"),
    ("POST", "/v1/conversations/{id}/close", "agent"),
    ("GET", "/v1/conversations/{id}/history", "agent"),
    ("POST", "/v1/conversations/{id}/messages", "agent"),
    ("GET", "/v1/conversations/{id}/notes", "agent"),
    ("POST", "/v1/conversations/{id}/notes", "agent"),
    ("POST", "/v1/conversations/{id}/postpone", "agent"),
    ("POST", "/v1/conversations/{id}/read", "agent"),
    ("POST", "/v1/conversations/{id}/template-files", "agent"),
    ("POST", "/v1/conversations/{id}/unblock", "agent"),
    ("POST", "/v1/conversations/{id}/uploads", "agent"),
    ("GET", "/v1/gmail-places", "agent"),
    ("POST", "/v1/invitations/redeem", "anybody"),
    ("GET", "/v1/me", "agent"),
    ("PUT", "/v1/me/availability", "agent"),
    ("DELETE", "/v1/me/device", "agent"),
    ("GET", "/v1/me/settings", "agent"),
    ("PUT", "/v1/me/settings", "agent"),
    ("PUT", "/v1/me/subscriptions/{channel_id}", "agent"),
    ("GET", "/v1/openapi.json", "anybody"),
    ("DELETE", "/v1/projects/{project_id}/agents/{agent_id}", "owner"),
    ("POST", "/v1/projects/{project_id}/agents/{agent_id}/offline", "administrator"),
    ("PUT", "/v1/projects/{project_id}/agents/{agent_id}/right", "administrator"),
    ("GET", "/v1/projects/{project_id}/blocks", "administrator"),
    ("DELETE", "/v1/projects/{project_id}/blocks/{block_id}", "administrator"),
    ("GET", "/v1/projects/{project_id}/settings", "agent"),
    ("PUT", "/v1/projects/{project_id}/settings", "administrator"),
    ("GET", "/v1/search", "agent"),
    ("GET", "/v1/stream", "agent or visitor"),
    ("GET", "/v1/templates", "agent"),
    ("POST", "/v1/templates", "agent"),
    ("POST", "/v1/templates/uploads", "agent"),
    ("DELETE", "/v1/templates/{template_id}", "agent"),
    ("PUT", "/v1/templates/{template_id}", "agent"),
    ("POST", "/v1/welcome", "anybody"),
    ("GET", "/v1/widget/attachments/{attachment_id}", "visitor"),
    ("GET", "/v1/widget/messages", "visitor"),
    ("POST", "/v1/widget/messages", "visitor"),
    ("POST", "/v1/widget/uploads", "visitor"),
    ("POST", "/v1/widget/visit", "visitor"),
    ("POST", "/v1/widget/{key}/visitors", "anybody"),
    ("GET", "/welcome", "anybody"),
    ("GET", "/welcome/{file}", "anybody"),
    ("GET", "/widget/assets/{file}", "anybody"),
    ("GET", "/widget/{file}", "anybody"),
    ("GET", "/widget/{key}/frame", "anybody"),
];

/// The description of `/v1`.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Deskside relay",
        description = "Commands and queries of the help desk. Events come over the WebSocket /v1/stream, whose first frame carries the token.",
    ),
    paths(
        attachments::get_attachment,
        attachments::get_own_attachment,
        channels::get_settings,
        channels::set_settings,
        contacts::conversations,
        contacts::read,
        contacts::set,
        conversations::accept,
        conversations::assign,
        conversations::block,
        conversations::clear,
        conversations::close,
        conversations::postpone,
        conversations::unblock,
        gmail_places::get_gmail_places,
        invitations::redeem,
        lists::assignable,
        lists::finished,
        lists::history,
        me::get_me,
        me::get_settings,
        me::set_settings,
        me::set_availability,
        me::set_subscription,
        me::sign_out,
        messages::answer,
        messages::mark_read,
        notes::leave,
        notes::read,
        projects::blocked,
        projects::get_settings,
        projects::remove,
        projects::set_assigned,
        projects::set_offline,
        projects::set_right,
        projects::set_settings,
        projects::unblock,
        search::search,
        template_files::take_file,
        template_files::upload,
        templates::change,
        templates::delete,
        templates::list,
        templates::make,
        uploads::upload,
        uploads::upload_own,
        visitors::new_visitor,
        visitors::write,
        visitors::read,
        visits::read,
        visits::tell,
        welcome::make_first_project,
    )
)]
struct Description;

/// The OpenAPI description.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut description = Description::openapi();
    description.info.version = env!("CARGO_PKG_VERSION").to_owned();
    description
}

/// All routes over one state.
pub(crate) fn router(state: AppState) -> Router {
    let v1 = Router::new()
        .merge(channels::router())
        .merge(contacts::router())
        .merge(conversations::router())
        .merge(gmail_places::router())
        .merge(invitations::router())
        .merge(lists::router())
        .merge(me::router())
        .merge(messages::router())
        .merge(notes::router())
        .merge(projects::router())
        .merge(search::router())
        .merge(template_files::router())
        .merge(templates::router())
        .merge(visitors::router())
        .merge(visits::router())
        .merge(welcome::router())
        .route("/v1/openapi.json", get(description))
        .layer(CompressionLayer::new())
        .route("/v1/stream", get(stream::upgrade))
        // Files go as they are, with their length.
        .merge(attachments::router())
        .merge(template_files::uploads())
        .merge(uploads::router())
        .layer(DefaultBodyLimit::max(BODY_MAX));
    let packing = CompressionLayer::new().compress_when(pages::worth_packing());
    let pages = pages::router().merge(welcome::pages()).layer(packing);
    Router::new()
        .merge(v1)
        .merge(pages)
        .merge(health::router())
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(state.clone(), origin::guard))
        .layer(middleware::map_response(hardened))
        .layer(middleware::from_fn_with_state(state.clone(), request_id::layer))
        .layer(middleware::from_fn_with_state(state.clone(), metrics::http::layer))
        .with_state(state)
}

async fn description() -> axum::Json<utoipa::openapi::OpenApi> {
    axum::Json(openapi())
}

async fn nothing_here() -> ApiError {
    ApiError::not_found()
}

async fn wrong_method() -> ApiError {
    ApiError::new(ErrorCode::MethodNotAllowed, "this address takes another method")
}

/// What every answer says: the type is the type, and addresses do not leak.
async fn hardened(mut response: axum::response::Response) -> axum::response::Response {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
