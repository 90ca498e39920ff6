//! `/healthz` and `/readyz`, for whoever watches the relay.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use protocol::error::ErrorCode;
use store::Store;

use crate::error::ApiError;
use crate::health::Health;
use crate::state::AppState;

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz))
}

/// The process answers.
async fn healthz() -> &'static str {
    "ok"
}

/// The record answers too, and the clocks agree. What the relay does without stands in the answer.
async fn readyz(State(store): State<Store>, State(health): State<Health>) -> Result<String, ApiError> {
    store.ping().await?;
    if let Some(why) = health.unready() {
        return Err(ApiError::new(ErrorCode::Unavailable, why).with_retry_after_s(1));
    }
    Ok(health.degraded().map_or_else(|| "ready".to_owned(), |what| format!("ready, but {what}")))
}
