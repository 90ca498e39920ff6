//! Requests, and those that were too many.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use tokio::time::Instant;

use crate::metrics::{Metrics, Quick, register};

const METHODS: [&str; 2] = ["read", "write"];
const STATUSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
/// The rate limits. One that is missing here is counted too, but not shown before it refuses something.
const LIMITS: [&str; 12] = [
    "agent",
    "contact",
    "downloads",
    "here",
    "redeem",
    "resume",
    "stream",
    "typing",
    "uploads",
    "viewing",
    "visitors",
    "welcome",
];

/// Requests by what they are and how they ended. Shared by its clones.
#[derive(Clone)]
pub(crate) struct Requests {
    /// By method and status.
    seconds: [[Histogram; STATUSES.len()]; METHODS.len()],
    limited: Family<[(&'static str, &'static str); 1], Counter>,
}

impl Requests {
    pub(super) fn new(registry: &mut Registry) -> Self {
        let help = "HTTP requests on the public listener, from their headers to the answer's, in seconds, by class of method (GET, \
                    HEAD and OPTIONS read) and class of status (1xx is the upgrade to a WebSocket)";
        let family = Family::<[(&'static str, &'static str); 2], Histogram, Quick>::new_with_constructor(Quick);
        let family = register(registry, "http_request_seconds", help, family);
        let seconds = METHODS
            .map(|method| STATUSES.map(|status| family.get_or_create_owned(&[("method", method), ("status", status)])));
        let help = "Requests and frames that a rate limit refused, by the limit";
        let limited: Family<_, Counter> = register(registry, "rate_limited", help, Family::default());
        for what in LIMITS {
            limited.get_or_create_owned(&[("what", what)]);
        }
        Self { seconds, limited }
    }

    /// A rate limit refused something.
    pub(crate) fn limited(&self, what: &'static str) {
        self.limited.get_or_create_owned(&[("what", what)]).inc();
    }

    fn of(&self, method: &Method, status: StatusCode) -> &Histogram {
        let is_write = !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
        // The classes begin with 1; hyper sends nothing beyond 5.
        let class = usize::from(status.as_u16() / 100).clamp(1, STATUSES.len());
        &self.seconds[usize::from(is_write)][class - 1]
    }
}

/// Measures every request.
pub(crate) async fn layer(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let (method, began) = (request.method().clone(), Instant::now());
    let response = next.run(request).await;
    metrics.requests.of(&method, response.status()).observe(began.elapsed().as_secs_f64());
    response
}
