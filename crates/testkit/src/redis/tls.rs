//! A certificate for a server on this machine, signed by an authority made for it.

use std::path::Path;

use anyhow::{Context, Result};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

/// The file of the authority's certificate.
pub(super) const AUTHORITY: &str = "authority.pem";
const CERTIFICATE: &str = "certificate.pem";
const KEY: &str = "key.pem";

/// How the server is told of the files in its folder. It asks nobody else for a certificate.
pub(super) const SETTINGS: [&str; 8] = [
    "--tls-cert-file",
    CERTIFICATE,
    "--tls-key-file",
    KEY,
    "--tls-ca-cert-file",
    AUTHORITY,
    "--tls-auth-clients",
    "no",
];

/// Writes all of it into the folder.
///
/// # Errors
/// When no certificate can be made or the folder cannot be written.
pub(super) fn write_certificate(folder: &Path) -> Result<()> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.distinguished_name.push(rcgen::DnType::CommonName, "an authority of a test");
    let key = KeyPair::generate()?;
    let authority = params.self_signed(&key)?.pem();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate()?;
    let names = ["127.0.0.1", "localhost"].map(str::to_owned);
    let certificate = CertificateParams::new(names)?.signed_by(&key, &issuer)?;
    for (name, text) in [(AUTHORITY, authority), (CERTIFICATE, certificate.pem()), (KEY, key.serialize_pem())] {
        std::fs::write(folder.join(name), text).with_context(|| format!("writing {name}"))?;
    }
    Ok(())
}
