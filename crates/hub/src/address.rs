//! Which relay addresses are taken: https, or http on this machine.

/// Whether tokens and messages may be sent to this origin.
pub(crate) fn is_allowed(origin: &str) -> bool {
    if let Some(authority) = origin.strip_prefix("https://") {
        return is_authority(authority);
    }
    origin.strip_prefix("http://").is_some_and(|authority| is_authority(authority) && is_loopback(host(authority)))
}

/// The address of the relay's stream.
pub(crate) fn stream(origin: &str) -> String {
    // `http` becomes `ws`, `https` becomes `wss`.
    format!("ws{}/v1/stream", origin.strip_prefix("http").unwrap_or(origin))
}

/// Host and optional port, and nothing else: no path, no name before an `@`.
fn is_authority(authority: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    !host(authority).is_empty() && authority.chars().all(plain)
}

fn host(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port))
            if port.bytes().all(|byte| byte.is_ascii_digit()) && (!host.contains(':') || host.ends_with(']')) =>
        {
            host
        }
        _ => authority,
    }
}

fn is_loopback(host: &str) -> bool {
    let is_ipv4 = || host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback());
    host == "localhost" || host.ends_with(".localhost") || host == "[::1]" || is_ipv4()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_and_loopback_only() {
        let good = [
            "https://relay.example",
            "https://relay.example:8443",
            "http://127.0.0.1:8080",
            "http://localhost",
            "http://[::1]:80",
            "http://127.8.9.1",
        ];
        let bad = [
            "http://relay.example",
            "http://127.0.0.1.example",
            "http://localhost.example",
            "ftp://localhost",
            "https://",
            "http://:80",
            "https://a@b",
            "https://relay.example/path",
            "http://localhost@evil.example",
            "http://127.0.0.1:80\\@evil",
            "relay.example",
            "javascript:alert(1)",
            "http://[::1].evil",
            "http://[::2]",
        ];
        assert_eq!(good.map(is_allowed), [true; 6]);
        assert_eq!(bad.map(is_allowed), [false; 14]);
        assert_eq!(stream("https://relay.example"), "wss://relay.example/v1/stream");
        assert_eq!(stream("http://127.0.0.1:8080"), "ws://127.0.0.1:8080/v1/stream");
    }
}
