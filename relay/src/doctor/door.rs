//! The public address as a browser goes through it: a name, a connection, TLS.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::Duration;

use protocol::origin::{OriginRefused, relay_origin};
use rustls::ClientConfig;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, SignatureScheme};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::thread::on_thread;

/// How long a name, a connection or a handshake may take, each.
const WITHIN: Duration = Duration::from_secs(4);

/// What bytes go through.
pub(super) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// The public address, taken apart.
#[derive(Clone, Debug)]
pub(super) struct Door {
    /// `https://host[:port]`, as browsers write it.
    pub(super) origin: String,
    /// `host[:port]`.
    pub(super) authority: String,
    /// The name or the number of the machine, without brackets.
    pub(super) host: String,
    port: u16,
    is_tls: bool,
}

/// Why one does not get through.
#[derive(Debug, thiserror::Error)]
pub(super) enum Closed {
    /// The name stands for no machine.
    #[error("the name {0} cannot be resolved: {1}")]
    Name(String, io::Error),
    /// Nobody answers there.
    #[error("nothing answers at {0}: {1}")]
    Connection(String, io::Error),
    /// TLS does not come about.
    #[error("no TLS comes about: {0}")]
    Tls(io::Error),
    /// HTTP does not come about.
    #[error("no HTTP comes about: {0}")]
    Http(String),
}

/// A connection, and what the other side proved itself with if it is by TLS.
pub(super) struct Open {
    pub(super) wire: Box<dyn Wire>,
    pub(super) chain: Vec<CertificateDer<'static>>,
}

impl Door {
    /// Takes a relay's address apart.
    pub(super) fn of(public_url: &str) -> Result<Self, OriginRefused> {
        let origin = relay_origin(public_url)?;
        let (is_tls, authority) = match origin.split_once("://") {
            Some(("https", authority)) => (true, authority),
            Some((_, authority)) => (false, authority),
            None => return Err(OriginRefused::Malformed),
        };
        let usual = if is_tls { 443 } else { 80 };
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().map_err(|_| OriginRefused::Malformed)?),
            _ => (authority, usual),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let authority = authority.to_owned();
        Ok(Self { origin, authority, host, port, is_tls })
    }

    /// Whether the address is one of this machine alone.
    pub(super) fn is_here(&self) -> bool {
        self.host == "localhost" || self.host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
    }

    /// The machines that the name stands for.
    pub(super) async fn resolve(&self) -> Result<Vec<SocketAddr>, Closed> {
        let (host, port) = (self.host.clone(), self.port);
        let asked = on_thread(move || (host.as_str(), port).to_socket_addrs().map(Vec::from_iter));
        let found = match timeout(WITHIN, asked).await {
            Ok(Ok(Ok(found))) if found.is_empty() => Err(io::ErrorKind::NotFound.into()),
            Ok(Ok(Ok(found))) => Ok(found),
            Ok(Ok(Err(error)) | Err(error)) => Err(error),
            Err(_) => Err(late()),
        };
        found.map_err(|error| Closed::Name(self.host.clone(), error))
    }

    /// Connects to one machine.
    pub(super) async fn reach(&self, machine: SocketAddr) -> Result<TcpStream, Closed> {
        let reached = timeout(WITHIN, TcpStream::connect(machine)).await.unwrap_or_else(|_| Err(late()));
        reached.map_err(|error| Closed::Connection(machine.to_string(), error))
    }

    /// Goes all the way in, by the first machine that answers. Whether the certificate is good is not asked here.
    pub(super) async fn open(&self) -> Result<Open, Closed> {
        let mut refused = None;
        for machine in self.resolve().await? {
            match self.reach(machine).await {
                Ok(stream) => return self.shake_hands(stream).await,
                Err(closed) => refused = Some(closed),
            }
        }
        Err(refused.unwrap_or_else(|| Closed::Name(self.host.clone(), io::ErrorKind::NotFound.into())))
    }

    /// Begins TLS on a connection, where the address is by TLS.
    pub(super) async fn shake_hands(&self, stream: TcpStream) -> Result<Open, Closed> {
        if !self.is_tls {
            return Ok(Open { wire: Box::new(stream), chain: Vec::new() });
        }
        let config = client_config().map_err(|error| Closed::Tls(io::Error::other(error)))?;
        let connecting = TlsConnector::from(Arc::new(config)).connect(self.name()?, stream);
        let stream = timeout(WITHIN, connecting).await.unwrap_or_else(|_| Err(late())).map_err(Closed::Tls)?;
        let chain = stream.get_ref().1.peer_certificates().unwrap_or_default();
        let chain = chain.iter().map(|certificate| certificate.clone().into_owned()).collect();
        Ok(Open { wire: Box::new(stream), chain })
    }

    /// The name as certificates have it.
    pub(super) fn name(&self) -> Result<ServerName<'static>, Closed> {
        ServerName::try_from(self.host.clone()).map_err(|error| Closed::Tls(io::Error::other(error)))
    }
}

fn late() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, format!("no answer within {} s", WITHIN.as_secs()))
}

fn client_config() -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anyone(provider)))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Lets everybody in who has the key of his certificate: the certificate is judged afterwards, so that all its faults are told and what
/// lies behind it is looked at too. No secret is sent through.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart_as_browsers_do() {
        for (url, host, port, is_tls, is_here) in [
            ("https://chat.example/", "chat.example", 443, true, false),
            ("https://chat.example:8443", "chat.example", 8443, true, false),
            ("http://127.0.0.1:8080", "127.0.0.1", 8080, false, true),
            ("http://localhost", "localhost", 80, false, true),
            ("http://[::1]:8080", "::1", 8080, false, true),
            ("https://[2001:db8::5]", "2001:db8::5", 443, true, false),
        ] {
            let door = Door::of(url).unwrap();
            assert_eq!(
                (door.host.as_str(), door.port, door.is_tls, door.is_here()),
                (host, port, is_tls, is_here),
                "{url}"
            );
        }
        assert!(Door::of("http://chat.example").is_err());
    }
}
