//! Whether browsers take a certificate, and for how long.
//!
//! The days that are left are asked of the same judge as everything else, at a later time: so the certificates between it and its
//! authority count too.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use domain::time::Timestamp;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::client::verify_server_name;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, Error, RootCertStore};

use super::looked::Looked;

const DAY_S: u64 = 24 * 60 * 60;
/// A certificate is renewed long before it has so few days left; if it was not, nobody renews it.
const DAYS_MIN: u64 = 14;
/// Unless it is made for less than so many days altogether.
const SHORT_DAYS: u64 = 30;
/// No certificate is valid for so long.
const FAR_DAYS: u64 = 100 * 365;

/// The authorities that browsers know, and those of a file.
pub(super) fn roots(ca: Option<&Path>) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let Some(path) = ca else { return Ok(roots) };
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let found = CertificateDer::pem_file_iter(path).map_err(|error| failed(&error))?;
    let found: Vec<_> = found.collect::<Result<_, _>>().map_err(|error| failed(&error))?;
    // A system's bundle may have some that are none for us.
    match roots.add_parsable_certificates(found) {
        (0, _) => Err(failed(&"there is no certificate in it")),
        _ => Ok(roots),
    }
}

/// Writes down what is wrong with a server's certificates, or how long they are good.
pub(super) fn judge(
    chain: &[CertificateDer<'static>],
    name: &ServerName<'_>,
    roots: RootCertStore,
    now: Timestamp,
    looked: &mut Looked,
) {
    let Some((own, between)) = chain.split_first() else {
        return looked.bad("the server shows no certificate", "give the proxy a certificate for this name");
    };
    let now_s = u64::try_from(now.as_ms() / 1_000).unwrap_or(0);
    let judge = Judge { own, between, name, roots: Arc::new(roots) };
    let is_for_name = judge.name(looked);
    match judge.at(now_s) {
        Err(error) => judge.explain(&error, now_s, looked),
        Ok(()) => judge.days_left(now_s, is_for_name, looked),
    }
}

struct Judge<'a> {
    own: &'a CertificateDer<'static>,
    between: &'a [CertificateDer<'static>],
    name: &'a ServerName<'a>,
    roots: Arc<RootCertStore>,
}

impl Judge<'_> {
    /// Whether it is for the name, which is asked by itself: else another fault would hide it.
    fn name(&self, looked: &mut Looked) -> bool {
        let named = ParsedCertificate::try_from(self.own).and_then(|own| verify_server_name(&own, self.name));
        let Err(error) = named else { return true };
        let shown = match error {
            Error::InvalidCertificate(CertificateError::NotValidForNameContext { presented, .. }) => presented
                .iter()
                // What webpki writes is `DnsName("shop.example")`.
                .map(|name| name.split('"').nth(1).unwrap_or(name).to_owned())
                .collect::<Vec<_>>()
                .join(", "),
            _ => String::new(),
        };
        let shown = if shown.is_empty() { "no name that browsers look at".to_owned() } else { shown };
        looked.bad(
            format!("the certificate is not for {}, but for {shown}", self.name.to_str()),
            format!("get a certificate for {} and give it to the proxy", self.name.to_str()),
        );
        false
    }

    /// Whether it can be trusted at a time, whatever its name.
    fn at(&self, at_s: u64) -> Result<(), Error> {
        self.by(&self.roots, at_s)
    }

    fn by(&self, roots: &Arc<RootCertStore>, at_s: u64) -> Result<(), Error> {
        let provider = Arc::new(ring::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::clone(roots), provider);
        let verifier = verifier.build().map_err(|error| Error::General(error.to_string()))?;
        let at = UnixTime::since_unix_epoch(Duration::from_secs(at_s));
        match verifier.verify_server_cert(self.own, self.between, self.name, &[], at) {
            Ok(_) => Ok(()),
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Whether it was signed by its own key: then it is its own authority.
    fn signed_itself(&self, at_s: u64) -> bool {
        let mut itself = RootCertStore::empty();
        if self.between.is_empty() && itself.add(self.own.clone()).is_ok() {
            return !is_unknown(&self.by(&Arc::new(itself), at_s));
        }
        false
    }

    fn explain(&self, error: &Error, now_s: u64, looked: &mut Looked) {
        match error {
            Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. }) => {
                let since = now_s.saturating_sub(not_after.as_secs()) / DAY_S;
                looked.bad(
                    format!("the certificate ran out {} ago", days(since)),
                    "renew it, and see why it was not renewed by itself: for Let's Encrypt the machine must be reached at port 80 or 443",
                );
            }
            Error::InvalidCertificate(CertificateError::NotValidYetContext { .. }) => looked.bad(
                "the certificate is not valid yet",
                "set this machine's clock right (see `clock`), or wait, if it was made for later",
            ),
            Error::InvalidCertificate(CertificateError::UnknownIssuer) if self.signed_itself(now_s) => looked.bad(
                "the certificate is signed by itself, which no browser trusts",
                "get one of a public authority, such as Let's Encrypt; Caddy does so by itself for a public name",
            ),
            Error::InvalidCertificate(CertificateError::UnknownIssuer) if self.between.is_empty() => looked.bad(
                "nothing links the certificate to a known authority: it comes alone",
                "give the proxy the whole chain (`fullchain.pem`, not `cert.pem`)",
            ),
            Error::InvalidCertificate(CertificateError::UnknownIssuer) => looked.bad(
                format!("nothing links the certificate, and the {} that come with it, to a known authority", self.between.len()),
                "if your browsers know its authority, give that one's certificate by --ca or SSL_CERT_FILE; else get a certificate of \
                 a public authority",
            ),
            other => looked.bad(
                format!("browsers do not take the certificate: {other}"),
                "get one of a public authority for this name",
            ),
        }
    }

    fn days_left(&self, now_s: u64, is_for_name: bool, looked: &mut Looked) {
        if self.at(now_s + self.margin_s()).is_err() {
            let left = self.end_after(now_s).map_or(0, |end_s| end_s.saturating_sub(now_s)) / DAY_S;
            return looked.bad(
                format!("the certificate runs out in {}", days(left)),
                "renew it, and see why it was not renewed by itself: that happens when a third of its time is left",
            );
        }
        if is_for_name {
            looked.fact(match self.end_after(now_s) {
                Some(end_s) => format!("its certificate is good for {} more", days((end_s - now_s) / DAY_S)),
                None => "its certificate is good".to_owned(),
            });
        }
    }

    /// How long before its end it should have been renewed. One that is made for days is renewed every few days.
    fn margin_s(&self) -> u64 {
        let begins = match self.at(0) {
            Err(Error::InvalidCertificate(CertificateError::NotValidYetContext { not_before, .. })) => {
                Some(not_before.as_secs())
            }
            _ => None,
        };
        let life_s = begins.and_then(|begins| self.end_after(begins)?.checked_sub(begins)).unwrap_or(u64::MAX);
        if life_s < SHORT_DAYS * DAY_S { life_s / 4 } else { DAYS_MIN * DAY_S }
    }

    /// When it, or what links it to its authority, ends.
    fn end_after(&self, begin_s: u64) -> Option<u64> {
        match self.at(begin_s + FAR_DAYS * DAY_S) {
            Err(Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. })) => {
                Some(not_after.as_secs())
            }
            _ => None,
        }
    }
}

fn is_unknown(result: &Result<(), Error>) -> bool {
    matches!(result, Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)))
}

fn days(n: u64) -> String {
    match n {
        0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        n => format!("{n} days"),
    }
}
