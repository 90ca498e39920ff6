//! `deskside serve`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::Args;
use domain::file::FILE_LIMIT;
use protocol::EXTENSION_ID;
use store::clock::SystemClock;
use tokio::net::TcpListener;

use crate::assets::Assets;
use crate::cli::data::{Data, prepare};
use crate::cli::say;
use crate::cli::welcome::tell_link;
use crate::config::Config;
use crate::connections;
use crate::gmail_places::GmailPlaces;
use crate::proxies::TrustedProxies;

/// Where the relay listens, and where browsers reach it.
#[derive(Args)]
pub(super) struct Reach {
    /// Address to listen on.
    #[arg(long, env = "DESKSIDE_LISTEN", default_value = "127.0.0.1:8080")]
    pub(super) listen: SocketAddr,
    /// Origin under which browsers reach the relay; http://<listen> if none is given.
    #[arg(long, env = "DESKSIDE_PUBLIC_URL")]
    public_url: Option<String>,
}

impl Reach {
    /// The origin of a relay that listens on this address.
    pub(super) fn public_url(&self, listens_on: SocketAddr) -> anyhow::Result<String> {
        match &self.public_url {
            Some(given) => checked_url(given),
            None => checked_url(&own_url(listens_on)),
        }
    }

    /// The same as it was given, for who wants to know what is wrong with it.
    pub(super) fn public_url_as_given(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| own_url(self.listen))
    }
}

/// More than this no relay takes, whatever is set: 1 GiB.
const FILE_LIMIT_MAX: u64 = 1024 * 1024 * 1024;

#[derive(Args)]
pub(super) struct Serve {
    #[command(flatten)]
    pub(super) data: Data,
    #[command(flatten)]
    pub(super) reach: Reach,
    /// Ids of the extensions that may talk to the relay.
    #[arg(long, env = "DESKSIDE_EXTENSION_IDS", value_delimiter = ',', default_value = EXTENSION_ID)]
    pub(super) extension_ids: Vec<String>,
    /// Folder of the built widget and demo page.
    #[arg(long, env = "DESKSIDE_ASSETS")]
    assets: Option<PathBuf>,
    /// Address of a second listener that answers GET /metrics, such as 127.0.0.1:9090; not for the internet. None is opened without it.
    #[arg(long, env = "DESKSIDE_METRICS_LISTEN")]
    metrics_listen: Option<SocketAddr>,
    /// Proxies that are believed when they say in X-Forwarded-For who asks: addresses and networks, parted by commas.
    #[arg(long, env = "DESKSIDE_TRUSTED_PROXIES", default_value = "127.0.0.0/8,::1")]
    pub(super) trusted_proxies: TrustedProxies,
    /// Largest file that agents and clients can send, in bytes.
    #[arg(long, env = "DESKSIDE_FILE_LIMIT", default_value_t = FILE_LIMIT, value_parser = clap::value_parser!(u64).range(1..=FILE_LIMIT_MAX))]
    file_limit: u64,
    /// File with a newer set of places in Gmail's page (JSON), for when Gmail has changed and extensions have not; the set that is built
    /// in if none is given.
    #[arg(long, env = "DESKSIDE_GMAIL_PLACES")]
    pub(super) gmail_places: Option<PathBuf>,
}

/// Runs the relay until it is told to stop.
pub(super) async fn run(serve: Serve) -> anyhow::Result<()> {
    let listen = serve.reach.listen;
    let listener = connections::listen(listen).with_context(|| format!("listening on {listen}"))?;
    let address = listener.local_addr()?;
    let public_url = serve.reach.public_url(address)?;
    let redis = serve.data.redis()?;
    if redis.is_some() && serve.data.secret_key.is_none() {
        bail!(
            "several relays need one key: give all of them the same DESKSIDE_SECRET_KEY, 64 hexadecimal digits such as \
             `openssl rand -hex 32` prints"
        );
    }
    let gmail_places = serve.gmail_places.as_deref().map_or_else(|| Ok(GmailPlaces::default()), read_places)?;
    let secret_key = prepare(&serve.data)?;
    let config = Config {
        database_url: serve.data.database_url,
        extension_ids: serve.extension_ids,
        assets: serve.assets.map_or_else(Assets::standard, Assets::Folder),
        redis,
        trusted_proxies: serve.trusted_proxies,
        files_url: serve.data.files_url,
        file_limit: serve.file_limit,
        gmail_places,
        ..Config::new(serve.data.data, public_url.clone(), secret_key)
    };
    let metrics_listener = match serve.metrics_listen {
        Some(listen) => {
            Some(TcpListener::bind(listen).await.with_context(|| format!("listening on {listen} for metrics"))?)
        }
        None => None,
    };
    let mut relay = crate::open(config, Arc::new(SystemClock)).await?;
    if let Some(listener) = metrics_listener {
        relay.answer_metrics_on(listener);
    }
    say(&format!("Deskside listens on {address}; browsers reach it at {public_url}"));
    // On the terminal only: whoever reads the log later shall not find a way in.
    if let Some(code) = relay.store().welcome_code().await? {
        tell_link(&public_url, &code);
    }
    crate::serve(listener, relay, stop_signal()).await?;
    Ok(())
}

/// The operator's set of places; what is strange about it is told.
fn read_places(path: &Path) -> anyhow::Result<GmailPlaces> {
    let places = GmailPlaces::read(path).with_context(|| format!("DESKSIDE_GMAIL_PLACES: {}", path.display()))?;
    for remark in places.remarks() {
        tracing::warn!("DESKSIDE_GMAIL_PLACES: {remark}");
    }
    Ok(places)
}

/// Where this machine's browsers reach a relay that listens here: an address that stands for all is reached by the loopback.
pub(super) fn own_url(listen: SocketAddr) -> String {
    let host = match listen.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    format!("http://{}", SocketAddr::new(host, listen.port()))
}

/// The relay's own origin: https, or http on this machine only.
fn checked_url(text: &str) -> anyhow::Result<String> {
    let url = text.trim_end_matches('/').to_lowercase();
    // Browsers leave a scheme's own port out of the origins that they send.
    let own_port = if url.starts_with("https://") { ":443" } else { ":80" };
    let url = url.strip_suffix(own_port).map(str::to_owned).unwrap_or(url);
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
    fn a_relay_that_listens_everywhere_is_reached_by_the_loopback() {
        let own = |text: &str| own_url(text.parse().unwrap());
        assert_eq!(own("0.0.0.0:8080"), "http://127.0.0.1:8080");
        assert_eq!(own("[::]:8080"), "http://[::1]:8080");
        assert_eq!(own("127.0.0.1:9"), "http://127.0.0.1:9");
    }

    #[test]
    fn the_public_address_is_an_origin_by_https_or_on_this_machine() {
        assert_eq!(checked_url("https://Chat.example/").unwrap(), "https://chat.example");
        assert_eq!(checked_url("https://chat.example:443").unwrap(), "https://chat.example");
        assert_eq!(checked_url("http://localhost:80/").unwrap(), "http://localhost");
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
