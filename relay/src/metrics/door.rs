//! The listener that answers `GET /metrics`, for whoever watches the relay and for nobody else.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use prometheus_client::encoding::prometheus_text::CONTENT_TYPE;
use store::Store;
use tokio::net::TcpListener;
use tokio::time::{Instant, timeout};

use crate::health::Health;
use crate::metrics::Metrics;

/// How long the record may take to answer before it counts as away: whoever watches must not wait for it.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);

/// What is asked anew for each answer.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) store: Store,
    pub(crate) health: Health,
}

impl Door {
    /// Answers until it is dropped; without a listener it only waits for that.
    pub(crate) async fn serve(self, listener: Option<TcpListener>) -> std::io::Result<()> {
        match listener {
            Some(listener) => axum::serve(listener, Router::new().fallback(answer).with_state(self)).await,
            None => std::future::pending().await,
        }
    }

    /// Looks at what is not counted as it happens.
    async fn look(&self) {
        let Metrics { record, degraded, stopping, .. } = &*self.metrics;
        let asked = Instant::now();
        // Why it does not answer is told by those who work with it: comparing heads alone does so once a second.
        let answered = timeout(ANSWER_WITHIN, self.store.outbox_counts()).await.ok().and_then(Result::ok);
        record.asked(answered.map(|counts| (counts, asked.elapsed())));
        record.clocks_apart(self.health.apart_ms());
        degraded.set(i64::from(self.health.degraded().is_some()));
        stopping.set(i64::from(self.health.is_stopping()));
    }
}

async fn answer(State(door): State<Door>, method: Method, uri: Uri) -> Response {
    if method != Method::GET || uri.path() != "/metrics" {
        return (StatusCode::NOT_FOUND, "only GET /metrics\n").into_response();
    }
    door.look().await;
    ([(header::CONTENT_TYPE, CONTENT_TYPE)], door.metrics.text()).into_response()
}
