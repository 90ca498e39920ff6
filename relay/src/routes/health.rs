//! `/healthz` and `/readyz`, for whoever watches the relay.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use store::Store;

use crate::error::ApiError;
use crate::state::AppState;

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz))
}

/// The process answers.
async fn healthz() -> &'static str {
    "ok"
}

/// The record answers too.
async fn readyz(State(store): State<Store>) -> Result<&'static str, ApiError> {
    store.ping().await?;
    Ok("ready")
}
