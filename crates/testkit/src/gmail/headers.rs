//! The header sets of Gmail that matter to an extension.

use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

/// With which headers the page comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Headers {
    /// None at all.
    #[default]
    None,
    /// Like Gmail's, in the stricter variant: no `'unsafe-eval'`, Trusted Types with a closed list of policies, frames of Google's only.
    Strict,
}

impl Headers {
    /// The headers; `nonce` is what the page's own scripts carry.
    #[must_use]
    pub fn map(self, nonce: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if self == Self::None {
            return headers;
        }
        let policy = format!(
            "script-src 'report-sample' 'nonce-{nonce}' 'unsafe-inline' 'strict-dynamic' https: http:; object-src 'none'; base-uri 'self'; \
             frame-src 'self' https://accounts.google.com https://apis.google.com https://clients6.google.com https://contacts.google.com \
             https://docs.google.com https://hangouts.google.com https://calendar.google.com; \
             require-trusted-types-for 'script'; trusted-types goog#html gmail#base"
        );
        let fixed = [
            (X_FRAME_OPTIONS, "SAMEORIGIN"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (REFERRER_POLICY, "origin"),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin-allow-popups"),
            (HeaderName::from_static("permissions-policy"), "unload=()"),
        ];
        headers.extend(fixed.map(|(name, value)| (name, HeaderValue::from_static(value))));
        // The nonce is our own ASCII text, so the value is always valid.
        if let Ok(value) = HeaderValue::from_str(&policy) {
            headers.insert(CONTENT_SECURITY_POLICY, value);
        }
        headers
    }
}
