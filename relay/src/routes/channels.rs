//! What a channel's administrators switch on and off (F4, W3).

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use protocol::error::ErrorBody;
use protocol::file::{ChannelSwitches, SetChannelSwitches};
use store::Store;

use crate::error::ApiError;
use crate::extract::{ApiJson, ApiPath, SignedIn, path_id};
use crate::state::AppState;

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/v1/channels/{channel_id}/settings", get(get_settings).put(set_settings))
}

/// "Clients may send files", and whether visits are noted.
#[utoipa::path(get, path = "/v1/channels/{channel_id}/settings", tag = "channels",
    params(("channel_id" = String, Path, description = "chn_…")),
    responses((status = 200, body = ChannelSwitches), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(super) async fn get_settings(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(channel): ApiPath<String>,
) -> Result<Json<ChannelSwitches>, ApiError> {
    Ok(Json(store.channel_switches(&by.agent, &path_id(channel)?).await?))
}

/// Switches on and off; everybody's page follows. A switch that is left out stays as it is.
#[utoipa::path(put, path = "/v1/channels/{channel_id}/settings", tag = "channels", request_body = SetChannelSwitches,
    params(("channel_id" = String, Path, description = "chn_…")),
    responses((status = 200, body = ChannelSwitches), (status = 403, body = ErrorBody), (status = 404, body = ErrorBody)))]
pub(super) async fn set_settings(
    by: SignedIn,
    State(store): State<Store>,
    ApiPath(channel): ApiPath<String>,
    ApiJson(body): ApiJson<SetChannelSwitches>,
) -> Result<Json<ChannelSwitches>, ApiError> {
    Ok(Json(store.set_channel_switches(by.agent, path_id(channel)?, body).await?))
}
