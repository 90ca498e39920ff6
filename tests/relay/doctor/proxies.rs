//! Faults of what stands between browsers and the relay.

use std::net::SocketAddr;

use relay::doctor::Grade;
use testkit::caddy::Caddy;
use testkit::relay::Relay;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::patient::{Says, healthy, says, setup};

/// What is said of a relay behind a Caddy with this site.
async fn behind_caddy(site: &str) -> Says {
    let mut caddy = Caddy::new().unwrap();
    let mut relay = Relay::new().unwrap().public_url(caddy.url());
    relay.start().await.unwrap();
    let upstream = relay.url().replace("http://", "");
    let text = format!("{{\n\tadmin off\n}}\n{} {{\n{}\n}}\n", caddy.url(), site.replace("RELAY", &upstream));
    caddy.start(&text).await.unwrap();
    says(&setup(&relay)).await
}

#[tokio::test]
async fn a_proxy_that_passes_everything_on_is_well() {
    let report = behind_caddy("reverse_proxy RELAY").await;
    report.is_well();
    report.has("stream", Grade::Ok, &["a WebSocket gets through"]);
}

#[tokio::test]
async fn a_proxy_that_forgets_the_upgrade_is_named() {
    let report = behind_caddy("request_header -Upgrade\nrequest_header -Connection\nreverse_proxy RELAY").await;
    report.only(&["stream"]).bad("stream", &["400", "does not pass it on", "proxy_set_header Upgrade"]);
}

#[tokio::test]
async fn a_proxy_that_leads_elsewhere_is_named() {
    let report = behind_caddy("respond /healthz ok\nrespond \"It works!\"").await;
    report.bad("address", &["no Deskside"]).bad("stream", &["does not pass it on"]);
    behind_caddy("redir https://www.chat.example{uri}")
        .await
        .bad("address", &["redirection to https://www.chat.example/healthz"]);
    behind_caddy("respond 404").await.bad("address", &["404", "every path"]);
    behind_caddy("reverse_proxy 127.0.0.1:1").await.bad("address", &["502", "does not reach the relay", "listens at"]);
}

#[tokio::test]
async fn a_proxy_with_its_own_rules_about_origins_is_named() {
    let report = behind_caddy("reverse_proxy RELAY {\nheader_down Access-Control-Allow-Origin *\n}").await;
    report.only(&["address"]).bad("address", &["Access-Control-Allow-Origin", "CORS"]);
}

/// Passes bytes on to the relay, and of what comes back only the first heads: as a proxy that gathers what it gets.
async fn holds_back(relay: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(pass_heads(client, relay));
        }
    });
    address
}

async fn pass_heads(client: TcpStream, relay: SocketAddr) -> std::io::Result<()> {
    let ((mut from_client, mut to_client), server) = (client.into_split(), TcpStream::connect(relay).await?);
    let (mut from_server, mut to_server) = server.into_split();
    tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(from_server.read_u8().await?);
    }
    to_client.write_all(&head).await?;
    if !head.starts_with(b"HTTP/1.1 101") {
        tokio::io::copy(&mut from_server, &mut to_client).await?;
        return Ok(());
    }
    let mut held = Vec::new();
    from_server.read_to_end(&mut held).await?;
    // The connection stays open, and silent.
    std::future::pending().await
}

#[tokio::test]
async fn a_proxy_that_holds_frames_back_is_named() {
    let mut relay = Relay::new().unwrap();
    let listen: SocketAddr = relay.url().trim_start_matches("http://").parse().unwrap();
    let proxy = holds_back(listen).await;
    relay = relay.public_url(format!("http://{proxy}"));
    relay.start().await.unwrap();
    let report = says(&setup(&relay)).await;
    report.only(&["stream"]).bad("stream", &["no frame comes within", "proxy_buffering off"]);
}

#[tokio::test]
async fn a_relay_with_other_settings_is_named() {
    let (_relay, mut setup) = healthy().await;
    setup.extension_ids.push("a".repeat(32));
    says(&setup)
        .await
        .only(&["address"])
        .bad("address", &["does not take the extension aaaa", "DESKSIDE_EXTENSION_IDS"]);
    setup.extension_ids.pop();
    setup.public_url = setup.public_url.replace("127.0.0.1", "localhost");
    says(&setup).await.bad("address", &["another DESKSIDE_PUBLIC_URL", "http://localhost:"]);
    setup.public_url = "https://relay.invalid".to_owned();
    says(&setup).await.only(&["address"]).bad("address", &["cannot be resolved", "A or AAAA record"]);
    setup.public_url = "http://127.0.0.1:1".to_owned();
    says(&setup).await.only(&["address"]).bad("address", &["nothing answers", "DESKSIDE_LISTEN"]);
}

#[tokio::test]
async fn a_proxy_elsewhere_that_is_not_believed_is_told() {
    let relay = Relay::new().unwrap();
    let mut setup = setup(&relay);
    setup.public_url = "https://relay.invalid".to_owned();
    setup.listen = "0.0.0.0:8080".parse().unwrap();
    says(&setup).await.has("settings", Grade::Note, &["0.0.0.0:8080", "DESKSIDE_TRUSTED_PROXIES"]);
    setup.names_proxies = true;
    let report = says(&setup).await;
    assert!(!report.0.to_string().contains("DESKSIDE_TRUSTED_PROXIES"), "{}", report.0);
}
