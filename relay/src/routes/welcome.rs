//! The first start: the page that the terminal's single-use link leads to, and the first project.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::text::Name;
use protocol::command::{Welcome, Welcomed};
use protocol::error::{ErrorBody, ErrorCode};
use protocol::origin::relay_origin;
use store::{ChannelSettings, NewProject, Store, StoreError};

use crate::error::ApiError;
use crate::extract::{Address, ApiJson, ApiPath};
use crate::state::{AppState, Limits, REDEEM, Settings};

/// The page, which works without a build: nothing of it is made by one.
const PAGE: &str = include_str!("../../welcome/welcome.html");
/// Stands in the page where the relay's public address comes.
const RELAY_MARK: &str = "__DESKSIDE_RELAY__";
/// Its files by their public names.
const FILES: [(&str, &str, &str); 3] = [
    ("welcome.css", "text/css; charset=utf-8", include_str!("../../welcome/welcome.css")),
    ("welcome.js", "text/javascript; charset=utf-8", include_str!("../../welcome/welcome.js")),
    ("icon.svg", "image/svg+xml", include_str!("../../../extension/icons/icon.svg")),
];
/// What the page may do: load its own files, ask its own relay, and stand in nobody's frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/v1/welcome", post(make_first_project))
}

/// The page's own routes, which are for everybody: without the code it makes nothing.
pub(super) fn pages() -> Router<AppState> {
    Router::new().route("/welcome", get(page)).route("/welcome/{file}", get(file))
}

async fn page(State(settings): State<Arc<Settings>>) -> Response {
    let page = PAGE.replace(RELAY_MARK, &settings.public_url);
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, POLICY)], page)
        .into_response()
}

async fn file(ApiPath(file): ApiPath<String>) -> Result<Response, ApiError> {
    let (_, kind, text) = FILES.into_iter().find(|(name, ..)| *name == file).ok_or_else(ApiError::not_found)?;
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

/// Makes the first project, once, with the code that the relay's terminal showed at its first start.
#[utoipa::path(post, path = "/v1/welcome", tag = "projects", request_body = Welcome,
    responses((status = 200, body = Welcomed), (status = 400, description = "`details.field` names the field", body = ErrorBody), (status = 410, description = "unknown, used or replaced, or a project exists", body = ErrorBody)))]
pub(super) async fn make_first_project(
    State(store): State<Store>,
    State(limits): State<Limits>,
    State(settings): State<Arc<Settings>>,
    Address(address): Address,
    ApiJson(body): ApiJson<Welcome>,
) -> Result<Json<Welcomed>, ApiError> {
    limits.take("welcome", &address, REDEEM).await?;
    let name = Name::new(&body.project_name).map_err(|refused| wrong("project_name", refused.to_string()))?;
    let channel = channel(&body.origins, &settings.public_url)?;
    let project = NewProject { name, owner_email: body.email, channel };
    let made = store.create_first_project(body.code, project).await.map_err(|error| match error {
        StoreError::InvitationInvalid => ApiError::new(
            ErrorCode::InvitationInvalid,
            "the code is wrong, used or replaced, or there is a project already; run `deskside welcome` on the relay's machine",
        ),
        error => error.into(),
    })?;
    tracing::info!(project.id = %made.project, "the first project was made");
    Ok(Json(Welcomed {
        project_id: made.project.into(),
        channel_key: made.channel_key,
        invitation_code: made.invitation_code,
    }))
}

/// The chat of these websites and of the relay's own demo page.
fn channel(websites: &[String], public_url: &str) -> Result<ChannelSettings, ApiError> {
    let refused =
        |text: &str| wrong("origins", format!("{text:?}: give https://shop.example; http on this machine only"));
    let mut origins = Vec::with_capacity(websites.len() + 1);
    for text in websites {
        origins.push(relay_origin(text).map_err(|_| refused(text))?);
    }
    let mut channel = ChannelSettings::for_origins(&origins).map_err(|_| refused(&origins.join(", ")))?;
    if !channel.origins.iter().any(|origin| origin == public_url) {
        channel.origins.push(public_url.to_owned());
    }
    Ok(channel)
}

fn wrong(field: &str, message: String) -> ApiError {
    ApiError::new(ErrorCode::InvalidValue, message).with_field(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chat_is_for_the_websites_and_the_demo_page() {
        // W2
        let origins = |list: &[&str]| {
            let list: Vec<String> = list.iter().map(|&text| text.to_owned()).collect();
            channel(&list, "https://desk.example").map(|channel| channel.origins)
        };
        assert_eq!(origins(&[]).unwrap(), ["https://desk.example"]);
        assert_eq!(
            origins(&["Shop.Example/", "http://localhost:3000"]).unwrap(),
            ["https://shop.example", "http://localhost:3000", "https://desk.example"]
        );
        assert_eq!(origins(&["https://desk.example"]).unwrap(), ["https://desk.example"], "each once");
        for bad in ["", "http://shop.example", "https://shop.example/path", "*", "https://магазин.рф", "https://a b"]
        {
            let refused = origins(&[bad]).unwrap_err().wire();
            assert_eq!(
                (refused.code, refused.details.field.as_deref()),
                (ErrorCode::InvalidValue, Some("origins")),
                "{bad}"
            );
        }
    }

    #[test]
    fn the_page_is_complete_and_knows_its_relay() {
        assert_eq!(PAGE.matches(RELAY_MARK).count(), 1);
        for (name, ..) in FILES {
            assert!(PAGE.contains(&format!("\"/welcome/{name}\"")), "{name}");
        }
    }
}
