//! Where things stand in Gmail's page, for extensions that are older than what they need to know.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use protocol::error::ErrorBody;
use protocol::worker::GmailPlacesSet;

use crate::error::ApiError;
use crate::extract::SignedIn;
use crate::state::{AppState, Settings};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/v1/gmail-places", get(get_gmail_places))
}

/// The newest set of selectors that the relay has (G2): data, which an extension takes if its version is above its own set's.
#[utoipa::path(get, path = "/v1/gmail-places", tag = "agents",
    responses((status = 200, body = GmailPlacesSet), (status = 401, body = ErrorBody)))]
pub(super) async fn get_gmail_places(
    _by: SignedIn,
    State(settings): State<Arc<Settings>>,
) -> Result<Json<GmailPlacesSet>, ApiError> {
    Ok(Json(settings.gmail_places.set().clone()))
}
