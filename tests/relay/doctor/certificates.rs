//! Faults of the certificate that the public address shows.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use relay::doctor::{Grade, Setup};
use testkit::relay::Relay;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::patient::{Wrong, says, setup};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
const HOUR: Duration = Duration::from_secs(60 * 60);

/// What certificates are made of: an authority, one below it, and the server's own key.
struct Authority {
    root: CertifiedIssuer<'static, KeyPair>,
    between: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let authority = |name: &str| {
            let mut params = CertificateParams::new(Vec::new()).unwrap();
            params.distinguished_name.push(rcgen::DnType::CommonName, name);
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            params
        };
        let root = CertifiedIssuer::self_signed(authority("Root"), KeyPair::generate().unwrap()).unwrap();
        let between = CertifiedIssuer::signed_by(authority("Between"), KeyPair::generate().unwrap(), &root).unwrap();
        Self { root, between }
    }

    /// A file with the root in it.
    fn file(&self, folder: &Path) -> std::path::PathBuf {
        let path = folder.join("ca.pem");
        std::fs::write(&path, self.root.pem()).unwrap();
        path
    }

    /// A certificate for a name, and what links it to the root.
    fn certify(&self, name: &str) -> Shown {
        let key = KeyPair::generate().unwrap();
        let own = params(name).signed_by(&key, &self.between).unwrap();
        Shown { chain: vec![own.der().clone(), self.between.der().clone()], key }
    }
}

/// From yesterday on for 90 days and an hour, so that no second more or less makes a day.
fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let now = std::time::UNIX_EPOCH + Duration::from_millis(u64::try_from(now_ms()).unwrap());
    let day = 24 * HOUR;
    (params.not_before, params.not_after) = ((now - day).into(), (now + 89 * day + HOUR).into());
    params
}

fn now_ms() -> i64 {
    store::clock::Clock::now(&store::clock::SystemClock).as_ms()
}

/// What a server proves itself with.
struct Shown {
    chain: Vec<CertificateDer<'static>>,
    key: KeyPair,
}

/// A proxy that ends TLS before a relay, as nginx or Caddy do.
struct TlsProxy {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Drop for TlsProxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl TlsProxy {
    fn before(relay: SocketAddr, listener: TcpListener, shown: Shown) -> Self {
        let key = PrivateKeyDer::Pkcs8(shown.key.serialize_der().into());
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(shown.chain, key)
            .unwrap();
        let (acceptor, address) = (TlsAcceptor::from(Arc::new(config)), listener.local_addr().unwrap());
        let serving = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // Who breaks off, on either side, ends this connection and nothing else.
                    if let (Ok(mut client), Ok(mut server)) =
                        (acceptor.accept(client).await, TcpStream::connect(relay).await)
                    {
                        tokio::io::copy_bidirectional(&mut client, &mut server).await.ok();
                    }
                });
            }
        });
        Self { address, serving }
    }
}

/// What is said of a relay that is reached through a proxy with this certificate.
async fn behind(shown: Shown, ca: Option<&Path>, clock_ms: i64) -> super::patient::Says {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let public = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let mut relay = Relay::new().unwrap().public_url(&public);
    relay.start().await.unwrap();
    let address = relay.url().trim_start_matches("http://").parse().unwrap();
    let proxy = TlsProxy::before(address, listener, shown);
    let setup = Setup { ca: ca.map(ToOwned::to_owned), clock: Arc::new(Wrong(clock_ms)), ..setup(&relay) };
    assert!(setup.public_url.ends_with(&proxy.address.port().to_string()));
    says(&setup).await
}

#[tokio::test]
async fn a_whole_chain_of_a_known_authority_is_good_until_two_weeks_before_its_end() {
    let (authority, folder) = (Authority::new(), tempfile::tempdir().unwrap());
    let ca = authority.file(folder.path());
    let report = behind(authority.certify("localhost"), Some(&ca), 0).await;
    report.is_well();
    report.has("address", Grade::Ok, &["good for 89 days more", "Deskside"]);
    report.has("stream", Grade::Ok, &["a frame comes back"]);
    let report = behind(authority.certify("localhost"), Some(&ca), 80 * DAY_MS).await;
    report.bad("address", &["runs out in 9 days", "renew it"]);
    let report = behind(authority.certify("localhost"), Some(&ca), 92 * DAY_MS).await;
    report.bad("address", &["ran out 2 days ago", "renew it"]);
    report.has("stream", Grade::Ok, &["a frame comes back"]);
    let report = behind(authority.certify("localhost"), Some(&ca), -3 * DAY_MS).await;
    report.bad("address", &["not valid yet", "clock"]);
}

#[tokio::test]
async fn a_certificate_for_another_name_is_named_with_both() {
    let (authority, folder) = (Authority::new(), tempfile::tempdir().unwrap());
    let ca = authority.file(folder.path());
    let report = behind(authority.certify("shop.example"), Some(&ca), 0).await;
    report.only(&["address"]).bad("address", &["not for localhost, but for shop.example"]);
    // Both faults are told at once.
    let report = behind(authority.certify("shop.example"), Some(&ca), 92 * DAY_MS).await;
    report.bad("address", &["but for shop.example"]).bad("address", &["ran out"]);
}

#[tokio::test]
async fn a_chain_that_leads_nowhere_is_told_from_a_certificate_that_signs_itself() {
    let (authority, folder) = (Authority::new(), tempfile::tempdir().unwrap());
    let ca = authority.file(folder.path());
    let mut alone = authority.certify("localhost");
    alone.chain.truncate(1);
    let report = behind(alone, Some(&ca), 0).await;
    report.only(&["address"]).bad("address", &["it comes alone", "fullchain.pem"]);
    let report = behind(authority.certify("localhost"), None, 0).await;
    report.only(&["address"]).bad("address", &["the 1 that come with it", "SSL_CERT_FILE"]);
    let key = KeyPair::generate().unwrap();
    let own = params("localhost").self_signed(&key).unwrap();
    let report = behind(Shown { chain: vec![own.der().clone()], key }, None, 0).await;
    report.only(&["address"]).bad("address", &["signed by itself", "Let's Encrypt"]);
    let report = behind(authority.certify("localhost"), Some(&folder.path().join("nowhere.pem")), 0).await;
    report.only(&["address"]).bad("address", &["nowhere.pem", "--ca"]);
}

#[tokio::test]
async fn https_where_there_is_no_tls_is_named() {
    let mut relay = Relay::new().unwrap();
    relay.start().await.unwrap();
    let setup = Setup { public_url: relay.url().replace("http://", "https://"), ..setup(&relay) };
    let report = says(&setup).await;
    report.only(&["address"]).bad("address", &["no TLS comes about", "port for https"]);
    report.has("stream", Grade::NotChecked, &["`address`"]);
}

#[tokio::test]
async fn a_certificate_that_is_made_for_days_is_good_for_most_of_them() {
    let (authority, folder) = (Authority::new(), tempfile::tempdir().unwrap());
    let ca = authority.file(folder.path());
    let mut week = params("localhost");
    week.not_after = week.not_before + (8 * 24 - 1) * HOUR;
    let shown = |authority: &Authority| {
        let key = KeyPair::generate().unwrap();
        let own = week.clone().signed_by(&key, &authority.between).unwrap();
        Shown { chain: vec![own.der().clone(), authority.between.der().clone()], key }
    };
    behind(shown(&authority), Some(&ca), 0).await.is_well();
    behind(shown(&authority), Some(&ca), 6 * DAY_MS).await.bad("address", &["runs out in less than a day"]);
}
