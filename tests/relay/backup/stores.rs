//! Files in an S3 store, over TLS with an authority of one's own.

use std::path::Path;
use std::sync::Arc;

use e2e::backups::{On, back_up, relay, restore, says};
use testkit::s3::S3;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// Puts TLS before a server; gives the address, and writes the certificate that is to be trusted into a file.
async fn with_tls(url: &str, certificate: &Path) -> String {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(certificate, made.cert.pem()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into()))
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, server) = (listener.local_addr().unwrap().port(), url.trim_start_matches("http://").to_owned());
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let (acceptor, server) = (acceptor.clone(), server.clone());
            tokio::spawn(async move {
                // A client that does not trust the certificate goes away.
                let Ok(mut from) = acceptor.accept(socket).await else { return };
                let mut to = TcpStream::connect(server).await.unwrap();
                drop(tokio::io::copy_bidirectional(&mut from, &mut to).await);
            });
        }
    });
    format!("https://localhost:{port}")
}

#[tokio::test]
async fn files_in_s3_are_backed_up_and_restored_and_only_a_trusted_store_gets_the_key() {
    let (server, folder) = (S3::start().await.unwrap(), tempfile::tempdir().unwrap());
    let certificate = folder.path().join("store.pem");
    let url = with_tls(server.url(), &certificate).await;
    let kept = |prefix: &str| server.folder().join(prefix).join("prj_a/att_1");
    std::fs::create_dir_all(kept("desk").parent().unwrap()).unwrap();
    let picture = vec![7; 9_000_000];
    std::fs::write(kept("desk"), &picture).unwrap();

    let relay_at = async |prefix: &str| relay(On::Sqlite).await.with_all(server.settings_at(&url, prefix));
    let first = relay_at("desk").await;
    first.create_project("Kettle", "mira@example.com", &["https://shop.example"]).await.unwrap();
    let words = says(&first, &["backup", "--to", folder.path().to_str().unwrap()]).await.unwrap_err();
    assert!(words.contains("listing files in s3://deskside/desk") && words.contains("UnknownIssuer"), "{words}");

    let trusting = certificate.to_str().unwrap();
    let backup = back_up(&first.with("SSL_CERT_FILE", trusting), folder.path(), &[]).await;
    assert!(std::fs::read(backup.join("files/prj_a/att_1")).unwrap() == picture);
    restore(&relay_at("other").await.with("SSL_CERT_FILE", trusting), &backup, &[]).await.unwrap();
    assert!(std::fs::read(kept("other")).unwrap() == picture);
}
