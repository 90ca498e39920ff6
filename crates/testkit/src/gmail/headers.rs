//! The header sets of Gmail that matter to an extension (reference/gmail-extension.md, section 4).

use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderMap, HeaderName, HeaderValue};

const EMBEDDER: &str = "cross-origin-embedder-policy";
const OPENER: &str = "cross-origin-opener-policy";
const PERMISSIONS: &str = "permissions-policy";

/// Frames of Google's only.
const FRAMES: &str = "frame-src 'self' https://accounts.google.com https://apis.google.com https://clients6.google.com \
    https://contacts.google.com https://docs.google.com https://hangouts.google.com https://calendar.google.com";
const TRUSTED_TYPES: &str = "require-trusted-types-for 'script'";

/// With which headers the page comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Headers {
    /// None at all.
    #[default]
    None,
    /// As documented in 2019, with `'unsafe-eval'`, and Trusted Types as of 2024.
    Documented,
    /// The same in the stricter variant: no `'unsafe-eval'`, and a closed list of Trusted Types policies.
    Strict,
    /// Nothing is allowed but what the page itself needs.
    Closed,
    /// Every resource must agree to be embedded, and windows are apart: COEP `require-corp`, COOP `same-origin`.
    RequireCorp,
    /// Resources of others come without credentials: COEP `credentialless`.
    Credentialless,
    /// Clipboard, sound, microphone and full screen are taken away from the page and its frames.
    NoPermissions,
    /// No Trusted Types policy may be made at all.
    NoTrustedTypes,
}

impl Headers {
    /// All of them, the loosest first.
    pub const ALL: [Self; 8] = [
        Self::None,
        Self::Documented,
        Self::Strict,
        Self::Closed,
        Self::RequireCorp,
        Self::Credentialless,
        Self::NoPermissions,
        Self::NoTrustedTypes,
    ];

    /// The headers; `nonce` is what the page's own scripts carry.
    #[must_use]
    pub fn map(self, nonce: &str) -> HeaderMap {
        let others = self.others().iter().copied();
        let header = |(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value));
        let mut headers: HeaderMap = others.map(header).collect();
        // The nonce is our own ASCII text, so the value is always valid.
        if let Some(policy) = self.policy(nonce).and_then(|policy| HeaderValue::from_str(&policy).ok()) {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
        headers
    }

    /// The content security policy.
    fn policy(self, nonce: &str) -> Option<String> {
        let scripts =
            format!("script-src 'report-sample' 'nonce-{nonce}' 'unsafe-inline' 'strict-dynamic' https: http:");
        let base = "object-src 'none'; base-uri 'self'";
        match self {
            Self::None | Self::RequireCorp | Self::Credentialless | Self::NoPermissions => None,
            Self::Documented => Some(format!("{scripts} 'unsafe-eval'; {base}; {FRAMES}; {TRUSTED_TYPES}")),
            Self::Strict => {
                Some(format!("{scripts}; {base}; {FRAMES}; {TRUSTED_TYPES}; trusted-types goog#html gmail#base"))
            }
            Self::Closed => Some(format!(
                "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; \
                 frame-src 'none'; form-action 'self'; base-uri 'none'; {TRUSTED_TYPES}"
            )),
            Self::NoTrustedTypes => Some(format!("{scripts}; {base}; {TRUSTED_TYPES}; trusted-types 'none'")),
        }
    }

    fn others(self) -> &'static [(&'static str, &'static str)] {
        /// What Gmail sends besides.
        const USUAL: [(&str, &str); 5] = [
            ("x-frame-options", "SAMEORIGIN"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "origin"),
            (OPENER, "same-origin-allow-popups"),
            (PERMISSIONS, "unload=()"),
        ];
        match self {
            Self::None => &[],
            Self::Documented | Self::Strict | Self::Closed | Self::NoTrustedTypes => &USUAL,
            Self::RequireCorp => &[(EMBEDDER, "require-corp"), (OPENER, "same-origin")],
            Self::Credentialless => &[(EMBEDDER, "credentialless"), (OPENER, "same-origin")],
            Self::NoPermissions => &[(
                PERMISSIONS,
                "autoplay=(), clipboard-read=(), clipboard-write=(), microphone=(), camera=(), fullscreen=(), unload=()",
            )],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_is_another_and_all_of_it_is_sent() {
        let maps = Headers::ALL.map(|headers| headers.map("abc"));
        for (n, (headers, map)) in Headers::ALL.iter().zip(&maps).enumerate() {
            assert!(maps[..n].iter().all(|earlier| earlier != map), "{headers:?} is as one before");
            let policy = map.get(CONTENT_SECURITY_POLICY).map(|policy| policy.to_str().unwrap());
            assert_eq!(policy, headers.policy("abc").as_deref(), "{headers:?}");
            assert!(policy.is_none_or(|policy| policy.contains("'nonce-abc'")), "{headers:?}: {policy:?}");
        }
    }
}
