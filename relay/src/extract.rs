//! Extractors: bodies, paths and queries whose every rejection is an [`ApiError`], and proof of who asks.

use std::net::{IpAddr, SocketAddr};

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, OptionalFromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use domain::id::{AgentId, InvalidId, TokenId};
use domain::text::{MessageText, Name};
use protocol::error::ErrorCode;
use serde::de::DeserializeOwned;
use store::{Principal, Visitor};

use crate::error::ApiError;
use crate::state::AppState;

/// The largest JSON body that is read, in bytes: 4,000 characters escaped in the longest way fit.
pub(crate) const BODY_MAX: usize = 64 * 1024;
/// The longest token that is looked up, in bytes.
const TOKEN_MAX: usize = 200;

/// A JSON body. An empty one stands for `{}`.
pub(crate) struct ApiJson<T>(pub(crate) T);

impl<S, T> FromRequest<S> for ApiJson<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let is_json = request.headers().get(header::CONTENT_TYPE).is_none_or(|kind| {
            kind.to_str().is_ok_and(|kind| kind.split(';').next().is_some_and(|kind| kind.trim() == "application/json"))
        });
        if !is_json {
            return Err(ApiError::new(ErrorCode::InvalidBody, "send JSON with `Content-Type: application/json`"));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| body_rejected(&rejection))?;
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        serde_json::from_slice(text).map(Self).map_err(|error| ApiError::new(ErrorCode::InvalidBody, error.to_string()))
    }
}

fn body_rejected(rejection: &BytesRejection) -> ApiError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return ApiError::new(ErrorCode::TooLarge, format!("the body is larger than {BODY_MAX} bytes"))
            .with_limit(BODY_MAX as u64);
    }
    ApiError::new(ErrorCode::InvalidBody, rejection.body_text())
}

/// Path parameters; what is no id names nothing.
pub(crate) struct ApiPath<T>(pub(crate) T);

impl<S, T> FromRequestParts<S> for ApiPath<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Send,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        <Path<T> as FromRequestParts<S>>::from_request_parts(parts, state)
            .await
            .map(|Path(value)| Self(value))
            .map_err(|_: PathRejection| ApiError::not_found())
    }
}

/// Query parameters.
pub(crate) struct ApiQuery<T>(pub(crate) T);

impl<S, T> FromRequestParts<S> for ApiQuery<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        <Query<T> as FromRequestParts<S>>::from_request_parts(parts, state)
            .await
            .map(|Query(value)| Self(value))
            .map_err(|rejection: QueryRejection| ApiError::new(ErrorCode::InvalidValue, rejection.body_text()))
    }
}

/// Proof that an agent's device asks.
pub(crate) struct SignedIn {
    pub(crate) agent: AgentId,
    pub(crate) token: TokenId,
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        match principal(parts, state).await? {
            Principal::Agent { agent, token } => {
                state.limits.take("agent", agent.as_str(), crate::state::AGENT_COMMANDS)?;
                Ok(Self { agent, token })
            }
            Principal::Visitor { .. } => Err(ApiError::unauthorized()),
        }
    }
}

impl OptionalFromRequestParts<AppState> for SignedIn {
    type Rejection = ApiError;

    /// Nobody without a token; a wrong token is refused all the same.
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Option<Self>, ApiError> {
        if !parts.headers.contains_key(header::AUTHORIZATION) {
            return Ok(None);
        }
        <Self as FromRequestParts<AppState>>::from_request_parts(parts, state).await.map(Some)
    }
}

/// Proof that a site visitor asks.
pub(crate) struct VisitorOf(pub(crate) Visitor);

impl FromRequestParts<AppState> for VisitorOf {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        match principal(parts, state).await? {
            Principal::Visitor { visitor, .. } => Ok(Self(visitor)),
            Principal::Agent { .. } => Err(ApiError::unauthorized()),
        }
    }
}

async fn principal(parts: &Parts, state: &AppState) -> Result<Principal, ApiError> {
    let token = bearer(&parts.headers).ok_or_else(ApiError::unauthorized)?;
    authenticate(state, token).await
}

/// Who a token stands for.
pub(crate) async fn authenticate(state: &AppState, token: &str) -> Result<Principal, ApiError> {
    if token.is_empty() || token.len() > TOKEN_MAX {
        return Err(ApiError::unauthorized());
    }
    state.store.authenticate(token).await?.ok_or_else(ApiError::unauthorized)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// The address that the request came from, for rate limits; one for all where the listener does not tell.
///
/// A proxy on this machine is believed: the last address that it wrote into `X-Forwarded-For` counts. Of an IPv6 address only the
/// first half counts, since one line has all of the second.
pub(crate) struct Address(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Address {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        let forwarded = parts.headers.get_all("x-forwarded-for").iter().next_back();
        let forwarded = forwarded.and_then(|list| list.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        Ok(Self(address(peer, forwarded)))
    }
}

fn address(peer: Option<IpAddr>, forwarded: Option<IpAddr>) -> String {
    let counted = match (peer, forwarded) {
        (Some(peer), Some(forwarded)) if peer.is_loopback() => Some(forwarded),
        (peer, _) => peer,
    };
    match counted.map(|address| address.to_canonical()) {
        None => "unknown".to_owned(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// An address that a block can name: one of the internet. Others stand for whoever is behind a proxy, which would be everybody.
pub(crate) fn nameable(address: &str) -> Option<String> {
    let ip: IpAddr = address.trim_end_matches("/64").parse().ok()?;
    let is_inner = match ip {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_unspecified(),
    };
    (!is_inner).then(|| address.to_owned())
}

/// An id in a path: what is none names nothing.
pub(crate) fn path_id<T>(text: String) -> Result<T, ApiError>
where
    T: TryFrom<String, Error = InvalidId>,
{
    T::try_from(text).map_err(|_| ApiError::not_found())
}

/// An id in a body.
pub(crate) fn body_id<T>(field: &str, text: String) -> Result<T, ApiError>
where
    T: TryFrom<String, Error = InvalidId>,
{
    T::try_from(text).map_err(|error| ApiError::new(ErrorCode::InvalidValue, error.to_string()).with_field(field))
}

/// A message text in a body.
pub(crate) fn body_text(text: &str) -> Result<MessageText, ApiError> {
    MessageText::new(text)
        .map_err(|refused| ApiError::new(ErrorCode::InvalidValue, refused.to_string()).with_field("text"))
}

/// A name in a body.
pub(crate) fn body_name(text: &str) -> Result<Name, ApiError> {
    Name::new(text).map_err(|refused| ApiError::new(ErrorCode::InvalidValue, refused.to_string()).with_field("name"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_on_this_machine_is_believed() {
        let ip = |text: &str| Some(text.parse().unwrap());
        assert_eq!(address(ip("203.0.113.7"), ip("198.51.100.1")), "203.0.113.7");
        assert_eq!(address(ip("127.0.0.1"), ip("198.51.100.1")), "198.51.100.1");
        assert_eq!(address(ip("::1"), ip("2001:db8:1:2:3:4:5:6")), "2001:db8:1:2::/64");
        assert_eq!(address(ip("::ffff:203.0.113.7"), None), "203.0.113.7");
        assert_eq!(address(None, ip("198.51.100.1")), "unknown");
    }

    #[test]
    fn a_block_names_addresses_of_the_internet_only() {
        // B6
        for inner in [
            "unknown",
            "127.0.0.1",
            "10.0.0.7",
            "172.17.0.1",
            "192.168.1.5",
            "169.254.0.1",
            "::1",
            "fd00:1:2:3::/64",
            "fe80:0:0:0::/64",
        ] {
            assert_eq!(nameable(inner), None, "{inner}");
        }
        for outer in ["203.0.113.7", "2001:db8:1:2::/64"] {
            assert_eq!(nameable(outer).as_deref(), Some(outer));
        }
    }
}
