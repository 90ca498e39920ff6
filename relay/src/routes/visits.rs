//! Visits of the website: what the chat's page tells, and what agents see of it (I1).

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::{get, post};
use axum::{Json, Router};
use bus::{Doorbell, Signal};
use bytes::Bytes;
use protocol::error::ErrorBody;
use protocol::frame::RelayFrame;
use protocol::visit::{TellVisit, VisitBody};
use store::clock::Clock;
use store::{Store, Topic, Visitor};

use crate::error::ApiError;
use crate::extract::{ApiJson, ApiPath, ShownAddress, SignedIn, VisitorOf, path_id};
use crate::state::{AppState, Limits, VISITS};

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/v1/widget/visit", post(tell)).route("/v1/contacts/{contact_id}/visit", get(read))
}

/// The chat's page tells of the client's visit: when the chat is used, at each new page, and every 30 s (I1).
///
/// Where the channel's switch for visit data is off, nothing of it is stored.
#[utoipa::path(post, path = "/v1/widget/visit", tag = "widget", request_body = TellVisit,
    responses((status = 204), (status = 400, description = "`details.field` names what cannot be taken", body = ErrorBody),
        (status = 401, body = ErrorBody)))]
pub(super) async fn tell(
    VisitorOf(visitor): VisitorOf,
    State(store): State<Store>,
    State(limits): State<Limits>,
    State(doorbell): State<Arc<dyn Doorbell>>,
    ShownAddress(address): ShownAddress,
    headers: HeaderMap,
    ApiJson(body): ApiJson<TellVisit>,
) -> Result<StatusCode, ApiError> {
    limits.take("visits", visitor.contact.as_str(), VISITS).await?;
    if store.visits_allowed(&visitor.channel).await? {
        let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let _turn = limits.turns.take(visitor.contact.as_str()).await;
        store.tell_visit(visitor.clone(), body, user_agent, address).await?;
        tell_agents(&*doorbell, visitor);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Whoever shows the client asks again. What a visit is made of is personal, so no frame carries it to those who do not.
fn tell_agents(doorbell: &dyn Doorbell, visitor: Visitor) {
    let topic = Arc::new(Topic::Channel(visitor.channel));
    let frame = RelayFrame::VisitChanged { topic: topic.to_string(), contact_id: visitor.contact.into() };
    match serde_json::to_vec(&frame) {
        Ok(frame) => doorbell.signal(Signal { topic, frame: Bytes::from(frame) }),
        Err(error) => tracing::error!(%error, "a frame of our own is no JSON"),
    }
}

/// What is known of a client's latest visit: for agents with access to a channel that he wrote in.
#[utoipa::path(get, path = "/v1/contacts/{contact_id}/visit", tag = "contacts",
    params(("contact_id" = String, Path, description = "con_…")),
    responses((status = 200, body = VisitBody), (status = 404, body = ErrorBody)))]
pub(super) async fn read(
    by: SignedIn,
    State(store): State<Store>,
    State(clock): State<Arc<dyn Clock>>,
    ApiPath(id): ApiPath<String>,
) -> Result<Json<VisitBody>, ApiError> {
    Ok(Json(VisitBody { visit: store.visit(&by.agent, &path_id(id)?, clock.now()).await? }))
}
