//! A customer's website with the chat on it, at another origin than the relay.

use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::paths;

/// What the demo page has in the place of the loader's address.
const LOADER: &str = "__DESKSIDE_LOADER__";

/// A running shop; it ends when dropped.
#[derive(Debug)]
pub struct Shop {
    port: u16,
    page: Arc<OnceLock<String>>,
    server: JoinHandle<()>,
}

impl Shop {
    /// Serves on a free port; there is no page until [`Shop::embed`].
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let page = Arc::new(OnceLock::new());
        let router = Router::new().route("/", get(show)).with_state(Arc::clone(&page));
        let server = tokio::spawn(async move {
            // `axum::serve` does not return; accepting never fails.
            axum::serve(listener, router).await.ok();
        });
        Ok(Self { port, page, server })
    }

    /// Its origin, for the channel's list.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Puts the loader at this address on the page.
    ///
    /// # Errors
    /// When the demo page is not built, or has no place for a loader.
    pub fn embed(&self, loader: &str) -> Result<()> {
        let path = paths::assets()?.join("demo/shop.html");
        let page = std::fs::read_to_string(&path)?;
        anyhow::ensure!(page.contains(LOADER), "{} has no {LOADER}", path.display());
        self.page.set(page.replace(LOADER, loader)).ok().context("the shop has its loader already")
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn show(State(page): State<Arc<OnceLock<String>>>) -> Response {
    page.get().map_or_else(|| StatusCode::NOT_FOUND.into_response(), |page| Html(page.clone()).into_response())
}
