//! The HTTP client of an S3 store.
//!
//! Not reqwest: with TLS but without a provider of its own choosing it panics wherever a client is made, and Cargo would turn that on
//! for every reqwest of the build. Certificates are those that the system has, or the file that `SSL_CERT_FILE` names, besides the
//! public ones that are compiled in: a container needs no file of its own.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use http_body_util::BodyExt as _;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector as TcpConnector;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::TokioExecutor;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody, HttpResponse, HttpResponseBody,
    HttpService,
};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use tower_http::timeout::TimeoutBody;

/// How long a connection may take.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// How long a request with its piece of a file, and the beginning of its answer, may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);
/// How long an answer may stand still.
const STILL_FOR: Duration = Duration::from_secs(30);

/// Makes the clients.
#[derive(Debug)]
pub(crate) struct Https;

impl HttpConnector for Https {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let generic = |error: rustls::Error| object_store::Error::Generic { store: "TLS", source: Box::new(error) };
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(generic)?
            .with_root_certificates(roots())
            .with_no_client_auth();
        let mut tcp = TcpConnector::new();
        tcp.enforce_http(false);
        tcp.set_connect_timeout(Some(CONNECT_WITHIN));
        tcp.set_nodelay(true);
        let connector =
            HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().wrap_connector(tcp);
        Ok(HttpClient::new(Hyper(Client::builder(TokioExecutor::new()).build(connector))))
    }
}

fn roots() -> RootCertStore {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::debug!(%error, "the system's certificates");
    }
    let (n_added, n_passed_over) = roots.add_parsable_certificates(found.certs);
    tracing::debug!(added = n_added, passed_over = n_passed_over, "took {n_added} of the system's certificates");
    roots
}

#[derive(Debug)]
struct Hyper(Client<HttpsConnector<TcpConnector>, HttpRequestBody>);

#[async_trait]
impl HttpService for Hyper {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answer = tokio::time::timeout(ANSWER_WITHIN, self.0.request(request)).await;
        let answer = answer.map_err(|error| HttpError::new(HttpErrorKind::Timeout, error))?.map_err(failed)?;
        Ok(answer.map(|body| {
            let body = TimeoutBody::new(STILL_FOR, body);
            HttpResponseBody::new(body.map_err(|error| HttpError::new_boxed(HttpErrorKind::Interrupted, error)))
        }))
    }
}

/// Only what surely did not reach the store, or may be asked twice, is tried again.
fn failed(error: Error) -> HttpError {
    let kind = if error.is_connect() { HttpErrorKind::Connect } else { HttpErrorKind::Interrupted };
    HttpError::new(kind, error)
}
