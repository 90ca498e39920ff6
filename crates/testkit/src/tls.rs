//! TLS for the stand-in, with a certificate made at start.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::serve::Listener;
use rcgen::CertifiedKey;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::server::TlsStream;

/// Connections that shook hands, for `axum::serve`.
///
/// Handshakes run beside each other: a browser opens connections that it does not use at once, and they must not hold up the rest.
#[derive(Debug)]
pub struct TlsListener {
    address: SocketAddr,
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
}

impl TlsListener {
    /// Listens on a free loopback port with a self-signed certificate for `name`.
    ///
    /// # Errors
    /// When no certificate can be made or no port is free.
    pub async fn bind(name: &str) -> Result<Self> {
        let acceptor = TlsAcceptor::from(Arc::new(config(name)?));
        let listener = TcpListener::bind("127.0.0.1:0").await.context("looking for a free port")?;
        let address = listener.local_addr()?;
        let (sender, ready) = mpsc::channel(64);
        tokio::spawn(accept_all(listener, acceptor, sender));
        Ok(Self { address, ready })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            // The accepting task ends only with the runtime.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        Ok(self.address)
    }
}

/// Accepts until nobody takes the connections any more.
async fn accept_all(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    sender: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    loop {
        let (socket, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(_) => continue,
            },
            () = sender.closed() => return,
        };
        let (acceptor, sender) = (acceptor.clone(), sender.clone());
        tokio::spawn(async move {
            // A browser gives up handshakes that it no longer needs; the listener may be gone too. Neither concerns anybody.
            if let Ok(stream) = acceptor.accept(socket).await {
                drop(sender.send((stream, peer)).await);
            }
        });
    }
}

fn config(name: &str) -> Result<ServerConfig> {
    let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(vec![name.to_owned()])?;
    let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
