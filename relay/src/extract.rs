//! Extractors: bodies, paths and queries whose every rejection is an [`ApiError`], and proof of who asks.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::body::{Bytes, HttpBody as _};
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, OptionalFromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use domain::id::{AgentId, InvalidId, TokenId};
use domain::message::{Content, ContentRefused};
use domain::text::{MessageText, Name};
use protocol::error::ErrorCode;
use serde::de::DeserializeOwned;
use store::{Principal, Visitor};

use crate::error::ApiError;
use crate::proxies::Caller;
use crate::state::AppState;

/// The largest JSON body that is read, in bytes: 4,000 characters escaped in the longest way fit.
pub(crate) const BODY_MAX: usize = 64 * 1024;
/// How long a body may take to come: the largest one at 5 KB a second.
const BODY_WITHIN: Duration = Duration::from_secs(15);
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
        let bytes = body(request, state).await?;
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        serde_json::from_slice(text).map(Self).map_err(|error| ApiError::new(ErrorCode::InvalidBody, error.to_string()))
    }
}

/// Reads a body to its end. One that says itself that it is too large, or does not come, is not waited for.
async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    if request.body().size_hint().lower() > BODY_MAX as u64 {
        return Err(too_large());
    }
    match tokio::time::timeout(BODY_WITHIN, Bytes::from_request(request, state)).await {
        Ok(read) => read.map_err(|rejection| body_rejected(&rejection)),
        Err(_) => {
            let why = format!("the body did not come within {} seconds; send it again", BODY_WITHIN.as_secs());
            Err(ApiError::new(ErrorCode::InvalidBody, why))
        }
    }
}

fn too_large() -> ApiError {
    ApiError::new(ErrorCode::TooLarge, format!("the body is larger than {BODY_MAX} bytes")).with_limit(BODY_MAX as u64)
}

fn body_rejected(rejection: &BytesRejection) -> ApiError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
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
                state.limits.take("agent", agent.as_str(), crate::state::AGENT_COMMANDS).await?;
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
pub(crate) struct Address(pub(crate) String);

impl FromRequestParts<AppState> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self(caller(parts, state).counted()))
    }
}

/// The same, if a block can name it (B6).
pub(crate) struct NameableAddress(pub(crate) Option<String>);

impl FromRequestParts<AppState> for NameableAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self(caller(parts, state).nameable()))
    }
}

/// The whole of it, as agents see where a client comes from (I1).
pub(crate) struct ShownAddress(pub(crate) Option<String>);

impl FromRequestParts<AppState> for ShownAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self(caller(parts, state).shown()))
    }
}

fn caller(parts: &Parts, state: &AppState) -> Caller {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
    state.settings.trusted_proxies.caller(peer, &parts.headers)
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

/// A message's text and files in a body.
pub(crate) fn body_content(text: &str, attachments: Vec<String>) -> Result<Content, ApiError> {
    let files = attachments.into_iter().map(|id| body_id("attachments", id)).collect::<Result<_, _>>()?;
    Content::new(text, files).map_err(|refused| {
        let field = match refused {
            ContentRefused::Text(_) => "text",
            ContentRefused::TooManyFiles { .. } | ContentRefused::FileTwice { .. } => "attachments",
        };
        ApiError::new(ErrorCode::InvalidValue, refused.to_string()).with_field(field)
    })
}

/// A name in a body.
pub(crate) fn body_name(text: &str) -> Result<Name, ApiError> {
    Name::new(text).map_err(|refused| ApiError::new(ErrorCode::InvalidValue, refused.to_string()).with_field("name"))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use futures_util::stream;
    use proptest::prelude::*;
    use tokio::time::Instant;

    use super::*;

    async fn read(request: Request) -> Result<serde_json::Value, ErrorCode> {
        let read = ApiJson::<serde_json::Value>::from_request(request, &()).await;
        read.map(|ApiJson(value)| value).map_err(|error| error.wire().code)
    }

    /// Property tests are not async.
    fn wait<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
    }

    proptest! {
        #[test]
        fn any_body_is_json_or_refused(kind in prop::collection::vec(any::<u8>(), 0..30), body in prop::collection::vec(any::<u8>(), 0..90)) {
            let kinds = [None, header::HeaderValue::from_bytes(b"application/json").ok(), header::HeaderValue::from_bytes(&kind).ok()];
            for kind in kinds {
                let mut request = Request::new(Body::from(body.clone()));
                let is_told_as_json = kind.as_ref().is_none_or(|kind| kind == "application/json");
                if let Some(kind) = kind {
                    request.headers_mut().insert(header::CONTENT_TYPE, kind);
                }
                let wanted = if body.is_empty() { Some(serde_json::json!({})) } else { serde_json::from_slice(&body).ok() };
                let wanted = wanted.filter(|_| is_told_as_json).ok_or(ErrorCode::InvalidBody);
                prop_assert_eq!(wait(read(request)), wanted);
            }
        }

        #[test]
        fn any_authorization_gives_what_follows_the_word_or_nothing(value in prop::collection::vec(any::<u8>(), 0..40), is_bearer: bool) {
            let bytes = if is_bearer { [b"Bearer ".as_slice(), &value].concat() } else { value };
            if let Ok(header_value) = header::HeaderValue::from_bytes(&bytes) {
                let headers = HeaderMap::from_iter([(header::AUTHORIZATION, header_value)]);
                let wanted = std::str::from_utf8(&bytes).ok().filter(|text| !text.contains(|c: char| !c.is_ascii()));
                prop_assert_eq!(bearer(&headers), wanted.and_then(|text| text.strip_prefix("Bearer ")));
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_come_is_not_waited_for() {
        let begun = Instant::now();
        let never = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        assert_eq!(read(Request::new(never)).await, Err(ErrorCode::InvalidBody));
        assert_eq!(begun.elapsed(), BODY_WITHIN);
        let trickles = stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(b" ")), ()))
        });
        assert_eq!(read(Request::new(Body::from_stream(trickles))).await, Err(ErrorCode::InvalidBody));
        assert_eq!(begun.elapsed(), 2 * BODY_WITHIN);
    }

    #[tokio::test]
    async fn a_body_that_says_that_it_is_too_large_is_refused_by_its_length() {
        let fits = Request::new(Body::from(vec![b' '; BODY_MAX]));
        assert_eq!(read(fits).await, Err(ErrorCode::InvalidBody), "it is read, and is no JSON");
        let larger = Request::new(Body::from(vec![b' '; BODY_MAX + 1]));
        assert_eq!(read(larger).await, Err(ErrorCode::TooLarge));
    }
}
