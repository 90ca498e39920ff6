//! A request's id: in its answer, in its error body, in the log.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use domain::id::RequestId;
use store::clock::Clock;
use store::secret;

use crate::error::Cause;

tokio::task_local! {
    static CURRENT: String;
}

/// The id of the request that this task answers; empty outside of one.
pub(crate) fn current() -> String {
    CURRENT.try_with(Clone::clone).unwrap_or_default()
}

/// A new id.
pub(crate) fn new(clock: &dyn Clock) -> String {
    RequestId::new(clock.now(), secret::random_id_bytes()).into()
}

/// Runs what belongs to an id.
pub(crate) async fn scope<F: Future>(id: String, run: F) -> F::Output {
    CURRENT.scope(id, run).await
}

/// Gives every request its id, and logs the cause of every 5xx once.
pub(crate) async fn layer(State(clock): State<Arc<dyn Clock>>, request: Request, next: Next) -> Response {
    let id = new(&*clock);
    let method = request.method().clone();
    let mut response = scope(id.clone(), next.run(request)).await;
    if let Some(Cause(cause)) = response.extensions().get() {
        tracing::error!(request.id = %id, http.method = %method, http.status = response.status().as_u16(), cause = %cause, "a request failed");
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}
