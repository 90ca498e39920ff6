//! The relay's address as people type it: one rule for who stores it and for who sends the token there.

use std::net::Ipv6Addr;

/// Why an address cannot be a relay's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginRefused {
    /// Nothing was typed.
    Empty,
    /// Neither https nor http.
    Scheme,
    /// Plain http to another machine.
    Insecure,
    /// Not an address.
    Malformed,
}

/// The origin of a relay's address: `https://host[:port]`, or http on this machine (`localhost`, `127.0.0.1`, `[::1]`).
///
/// An address without a scheme is taken as https, and as http on this machine. A path, a query or a user name is no part of a relay's
/// address. A name in another script stays as it is: the browser spells it in ASCII. An origin gives itself.
///
/// # Errors
/// [`OriginRefused`], for a form to explain.
pub fn relay_origin(text: &str) -> Result<String, OriginRefused> {
    let typed = text.trim().trim_end_matches('/').to_lowercase();
    if typed.is_empty() {
        return Err(OriginRefused::Empty);
    }
    let (scheme, authority) = match typed.split_once("://") {
        Some((scheme @ ("https" | "http"), authority)) => (Some(scheme), authority),
        Some(_) => return Err(OriginRefused::Scheme),
        None => (None, typed.as_str()),
    };
    let (host, port) = host_and_port(authority)?;
    let is_here = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
    let (scheme, default_port) = match scheme {
        Some("http") if !is_here => return Err(OriginRefused::Insecure),
        Some("http") => ("http", 80),
        None if is_here => ("http", 80),
        _ => ("https", 443),
    };
    Ok(match port {
        Some(port) if port != default_port => format!("{scheme}://{host}:{port}"),
        _ => format!("{scheme}://{host}"),
    })
}

/// Parts `host[:port]`; the host of an IPv6 address keeps its brackets.
fn host_and_port(authority: &str) -> Result<(String, Option<u16>), OriginRefused> {
    let (host, rest) = match authority.strip_prefix('[') {
        Some(inside) => {
            let (address, rest) = inside.split_once(']').ok_or(OriginRefused::Malformed)?;
            let address: Ipv6Addr = address.parse().map_err(|_| OriginRefused::Malformed)?;
            (format!("[{address}]"), rest)
        }
        None => {
            let (name, rest) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
            if !is_name(name) {
                return Err(OriginRefused::Malformed);
            }
            (name.to_owned(), rest)
        }
    };
    let port = match rest.strip_prefix(':') {
        None if rest.is_empty() => None,
        // `parse` would take a sign.
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(port.parse().ok().filter(|port| *port > 0).ok_or(OriginRefused::Malformed)?)
        }
        Some(_) | None => return Err(OriginRefused::Malformed),
    };
    Ok((host, port))
}

/// Labels with dots between, and maybe one at the end. What is not ASCII is the browser's to judge.
fn is_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let is_foreign = |c: char| !c.is_ascii() && !c.is_whitespace() && !c.is_control();
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|c| is_plain(c) || is_foreign(c));
    name.strip_suffix('.').unwrap_or(name).split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever is typed: what is stored is an origin that gives itself, and tokens go in the clear to this machine only.
        #[test]
        fn any_text_is_an_origin_or_is_explained(
            text in prop_oneof![
                "\\PC{0,40}",
                "(https?://)?[a-z0-9.\\[\\]:@/%я-]{0,30}",
                "(https?://)?(localhost|127\\.0\\.0\\.1|\\[::1\\])[:@./\\\\a-z0-9]{0,12}",
            ],
        ) {
            if let Ok(origin) = relay_origin(&text) {
                prop_assert_eq!(relay_origin(&origin), Ok(origin.clone()));
                let (scheme, rest) = origin.split_once("://").unwrap();
                prop_assert!(!rest.contains(['/', '@', '\\', '?', '#', '%']), "{}", origin);
                prop_assert!(!rest.chars().any(|c| c.is_whitespace() || c.is_control()), "{}", origin);
                let name = if rest.starts_with('[') { rest.split_inclusive(']').next() } else { rest.split(':').next() };
                let is_here = matches!(name, Some("localhost" | "127.0.0.1" | "[::1]"));
                prop_assert!(scheme == "https" || (scheme == "http" && is_here), "{}", origin);
            }
        }
    }

    #[test]
    fn https_anywhere_and_http_on_this_machine() {
        let good = [
            (" https://Desk.Example.com/ ", "https://desk.example.com"),
            ("HTTPS://desk.example.com:8443", "https://desk.example.com:8443"),
            ("https://desk.example.com:443", "https://desk.example.com"),
            ("https://desk.example.com.", "https://desk.example.com."),
            ("https://my_desk.example.com", "https://my_desk.example.com"),
            ("https://192.168.1.5", "https://192.168.1.5"),
            ("https://[2001:DB8:0::5]:8443", "https://[2001:db8::5]:8443"),
            ("desk.example.com", "https://desk.example.com"),
            ("desk.example.com:8443", "https://desk.example.com:8443"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://localhost:80", "http://localhost"),
            ("https://localhost:8443", "https://localhost:8443"),
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("localhost:8080/", "http://localhost:8080"),
            ("http://[0:0::1]:8080", "http://[::1]:8080"),
            ("https://Пример.рф", "https://пример.рф"),
            ("https://xn--e1afmkfd.xn--p1ai", "https://xn--e1afmkfd.xn--p1ai"),
            ("https://हिन्दी.भारत", "https://हिन्दी.भारत"),
        ];
        for (typed, origin) in good {
            assert_eq!(relay_origin(typed).as_deref(), Ok(origin), "{typed}");
            assert_eq!(relay_origin(origin).as_deref(), Ok(origin), "an origin gives itself");
        }
    }

    #[test]
    fn everything_else_is_explained() {
        use OriginRefused::{Empty, Insecure, Malformed, Scheme};
        let bad = [
            ("  ", Empty),
            ("/", Empty),
            ("ftp://desk.example.com", Scheme),
            ("http://desk.example.com", Insecure),
            ("http://127.0.0.1.example.com", Insecure),
            ("http://localhost.example.com", Insecure),
            ("http://192.168.1.5:8080", Insecure),
            ("http://[::2]", Insecure),
            ("https://", Malformed),
            ("https://:443", Malformed),
            ("https://desk..example.com", Malformed),
            ("https://desk example.com", Malformed),
            ("https://desk\u{a0}.example.com", Malformed),
            ("https://user@desk.example.com", Malformed),
            ("http://localhost@evil.example", Malformed),
            ("http://127.0.0.1:80\\@evil", Malformed),
            ("https://desk.example.com/path", Malformed),
            ("https://desk.example.com?query", Malformed),
            ("https://desk.example.com#fragment", Malformed),
            ("https://desk.example.com:0", Malformed),
            ("https://desk.example.com:+443", Malformed),
            ("https://desk.example.com:65536", Malformed),
            ("https://desk.example.com:", Malformed),
            ("https://desk.example.com:port", Malformed),
            ("javascript:alert(1)", Malformed),
            ("https://[::1", Malformed),
            ("https://[::1]x", Malformed),
            ("http://[::1].evil", Malformed),
        ];
        for (typed, reason) in bad {
            assert_eq!(relay_origin(typed), Err(reason), "{typed}");
        }
    }
}
