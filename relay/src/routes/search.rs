//! Searching (S1–S4).

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use protocol::error::ErrorBody;
use protocol::search::SearchPage;
use serde::Deserialize;
use store::Store;

use crate::error::ApiError;
use crate::extract::{ApiQuery, SignedIn};
use crate::state::{AppState, Limits, SEARCHES};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/v1/search", get(search))
}

/// What is searched for, and where a page begins.
#[derive(Deserialize)]
pub(super) struct SearchQuery {
    #[serde(default)]
    q: String,
    after: Option<String>,
}

/// Conversations in which all words match, in one message or in the client's name: the newest match first, 50 a page (S2–S4).
///
/// Neither case nor accents nor width matter. One word must have 3 characters, or 2 of a script without spaces.
#[utoipa::path(get, path = "/v1/search", tag = "search",
    params(("q" = String, Query, description = "at most 200 characters in 10 words"), ("after" = Option<String>, Query, description = "the `next` of the page before")),
    responses((status = 200, body = SearchPage), (status = 400, description = "`invalid_value`, field `q`: too short or too long", body = ErrorBody)))]
pub(super) async fn search(
    by: SignedIn,
    State(store): State<Store>,
    State(limits): State<Limits>,
    ApiQuery(query): ApiQuery<SearchQuery>,
) -> Result<Json<SearchPage>, ApiError> {
    limits.take("search", by.agent.as_str(), SEARCHES).await?;
    Ok(Json(store.search(&by.agent, &query.q, query.after.as_deref()).await?))
}
