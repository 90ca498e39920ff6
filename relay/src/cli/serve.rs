//! `deskside serve`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::Args;
use protocol::EXTENSION_ID;
use store::clock::SystemClock;
use tokio::net::TcpListener;

use crate::assets::Assets;
use crate::cli::data::{Data, prepare};
use crate::cli::say;
use crate::config::Config;

#[derive(Args)]
pub(super) struct Serve {
    #[command(flatten)]
    data: Data,
    /// Address to listen on.
    #[arg(long, env = "DESKSIDE_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Origin under which browsers reach the relay; http://<listen> if none is given.
    #[arg(long, env = "DESKSIDE_PUBLIC_URL")]
    public_url: Option<String>,
    /// Ids of the extensions that may talk to the relay.
    #[arg(long, env = "DESKSIDE_EXTENSION_IDS", value_delimiter = ',', default_value = EXTENSION_ID)]
    extension_ids: Vec<String>,
    /// Folder of the built widget and demo page.
    #[arg(long, env = "DESKSIDE_ASSETS")]
    assets: Option<PathBuf>,
}

/// Runs the relay until it is told to stop.
pub(super) async fn run(serve: Serve) -> anyhow::Result<()> {
    let listener = TcpListener::bind(serve.listen).await.with_context(|| format!("listening on {}", serve.listen))?;
    let address = listener.local_addr()?;
    let public_url = serve.public_url.unwrap_or_else(|| format!("http://{address}"));
    let config = Config {
        secret_key: prepare(&serve.data)?,
        data: serve.data.data,
        database_url: serve.data.database_url,
        public_url: checked_url(&public_url)?,
        extension_ids: serve.extension_ids,
        assets: serve.assets.map_or_else(Assets::standard, Assets::Folder),
        max_pages: None,
    };
    let relay = crate::open(config, Arc::new(SystemClock)).await?;
    say(&format!("Deskside listens on {address}; browsers reach it at {public_url}"));
    crate::serve(listener, relay, stop_signal()).await?;
    Ok(())
}

/// The relay's own origin: https, or http on this machine only.
fn checked_url(text: &str) -> anyhow::Result<String> {
    let url = text.trim_end_matches('/').to_lowercase();
    let (host, is_plain) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(host), _) => (host, false),
        (None, Some(host)) => (host, true),
        (None, None) => bail!("--public-url is an origin such as https://chat.example, not {text:?}"),
    };
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    if host.is_empty() || !host.chars().all(is_host) {
        bail!("--public-url has no path and no user, only a host and perhaps a port: {text:?}");
    }
    let is_loopback = ["localhost", "127.0.0.1", "[::1]"]
        .iter()
        .any(|name| host.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')));
    if is_plain && !is_loopback {
        bail!("browsers reach a relay by https, or by http on this machine only: give --public-url https://…");
    }
    Ok(url)
}

async fn stop_signal() {
    #[cfg(unix)]
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                result = tokio::signal::ctrl_c() => log_signal(result),
                _ = terminated.recv() => {}
            }
            return;
        }
        Err(error) => tracing::warn!(%error, "no SIGTERM handler; Ctrl-C still stops the relay"),
    }
    log_signal(tokio::signal::ctrl_c().await);
}

fn log_signal(result: std::io::Result<()>) {
    if let Err(error) = result {
        tracing::error!(%error, "waiting for Ctrl-C");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_address_is_an_origin_by_https_or_on_this_machine() {
        assert_eq!(checked_url("https://Chat.example/").unwrap(), "https://chat.example");
        assert_eq!(checked_url("http://127.0.0.1:8080").unwrap(), "http://127.0.0.1:8080");
        assert_eq!(checked_url("http://[::1]:8080").unwrap(), "http://[::1]:8080");
        let bad = [
            "http://chat.example",
            "http://0.0.0.0:8080",
            "http://localhost.evil.example",
            "https://a/b",
            "https://",
            "ftp://a",
            "a",
        ];
        for bad in bad {
            assert!(checked_url(bad).is_err(), "{bad}");
        }
    }
}
