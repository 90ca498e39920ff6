//! One question by HTTP through the public address.

use std::pin::pin;
use std::time::Duration;

use axum::http::{HeaderMap, Request, StatusCode, header};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

use super::door::{Closed, Door, Wire};

/// How long an answer may take.
const WITHIN: Duration = Duration::from_secs(5);
/// The largest answer that is read.
const BODY_MAX: usize = 1024 * 1024;

/// An answer.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    /// A header as text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Asks for a path, as a page of `origin` would.
pub(super) async fn get(door: &Door, path: &str, origin: Option<&str>) -> Result<Answer, Closed> {
    let open = door.open().await?;
    let late = || Closed::Http(format!("no answer to {path} within {} s", WITHIN.as_secs()));
    timeout(WITHIN, ask(door, open.wire, path, origin)).await.map_err(|_| late())?
}

async fn ask(door: &Door, wire: Box<dyn Wire>, path: &str, origin: Option<&str>) -> Result<Answer, Closed> {
    let mut request = Request::get(path)
        .header(header::HOST, &door.authority)
        .header(header::USER_AGENT, concat!("deskside-doctor/", env!("CARGO_PKG_VERSION")));
    if let Some(origin) = origin {
        request = request.header(header::ORIGIN, origin);
    }
    let request = request.body(Empty::<Bytes>::new()).map_err(|error| Closed::Http(error.to_string()))?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(wire)).await.map_err(|error| failed(&error))?;
    let exchange = async {
        let (parts, body) = sender.send_request(request).await.map_err(|error| failed(&error))?.into_parts();
        let body = Limited::new(body, BODY_MAX).collect().await.map_err(|error| Closed::Http(error.to_string()))?;
        Ok(Answer { status: parts.status, headers: parts.headers, body: body.to_bytes() })
    };
    let (mut exchange, mut connection) = (pin!(exchange), pin!(connection));
    tokio::select! {
        answer = &mut exchange => return answer,
        // Its end is also the exchange's, which says what came of it.
        _ = &mut connection => {}
    }
    exchange.await
}

fn failed(error: &hyper::Error) -> Closed {
    let source = std::error::Error::source(error).map(|source| format!(": {source}")).unwrap_or_default();
    Closed::Http(format!("{error}{source}"))
}
