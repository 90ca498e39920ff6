//! The relay's address as people type it.

/// Why an address cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressProblem {
    /// Nothing was typed.
    Empty,
    /// Neither https nor http.
    Scheme,
    /// Plain http to another machine.
    Insecure,
    /// Not an address.
    Malformed,
}

/// The origin of a relay's address: `https://host[:port]`, or http on loopback.
///
/// An address without a scheme is taken as https, and as http on loopback. A path, a query or a user name is no part of a relay's address.
///
/// # Errors
/// [`AddressProblem`], for the form to explain.
pub fn relay_origin(typed: &str) -> Result<String, AddressProblem> {
    let typed = typed.trim().trim_end_matches('/');
    if typed.is_empty() {
        return Err(AddressProblem::Empty);
    }
    let lower = typed.to_ascii_lowercase();
    let (secure, authority) = match lower.split_once("://") {
        Some(("https", rest)) => (true, rest),
        Some(("http", rest)) => (false, rest),
        Some(_) => return Err(AddressProblem::Scheme),
        None => (!is_loopback(host_and_port(&lower)?.0), lower.as_str()),
    };
    let (host, port) = host_and_port(authority)?;
    if !secure && !is_loopback(host) {
        return Err(AddressProblem::Insecure);
    }
    let (scheme, default_port) = if secure { ("https", 443) } else { ("http", 80) };
    Ok(match port {
        Some(port) if port != default_port => format!("{scheme}://{host}:{port}"),
        _ => format!("{scheme}://{host}"),
    })
}

/// Parts `host[:port]`; the host of an IPv6 address keeps its brackets.
fn host_and_port(authority: &str) -> Result<(&str, Option<u16>), AddressProblem> {
    let split = match authority.strip_prefix('[') {
        Some(rest) => rest.find(']').ok_or(AddressProblem::Malformed)? + 2,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, rest) = authority.split_at(split);
    let well_formed = if host.starts_with('[') {
        host[1..host.len() - 1].parse::<std::net::Ipv6Addr>().is_ok()
    } else {
        !host.is_empty()
            && host
                .split('.')
                .all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_'))
    };
    if !well_formed {
        return Err(AddressProblem::Malformed);
    }
    match rest.strip_prefix(':') {
        None if rest.is_empty() => Ok((host, None)),
        Some(port) => match port.parse::<u16>() {
            Ok(port) if port > 0 => Ok((host, Some(port))),
            _ => Err(AddressProblem::Malformed),
        },
        None => Err(AddressProblem::Malformed),
    }
}

/// Whether a host is this computer: `localhost`, 127.0.0.0/8 or `[::1]`.
fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_anywhere_and_http_on_loopback() {
        let good = [
            (" https://Desk.Example.com/ ", "https://desk.example.com"),
            ("https://desk.example.com:8443", "https://desk.example.com:8443"),
            ("https://desk.example.com:443", "https://desk.example.com"),
            ("desk.example.com", "https://desk.example.com"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("localhost:8080/", "http://localhost:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("https://пример.рф", "https://пример.рф"),
        ];
        for (typed, origin) in good {
            assert_eq!(relay_origin(typed).as_deref(), Ok(origin), "{typed}");
        }
    }

    #[test]
    fn everything_else_is_explained() {
        let bad = [
            ("  ", AddressProblem::Empty),
            ("ftp://desk.example.com", AddressProblem::Scheme),
            ("http://desk.example.com", AddressProblem::Insecure),
            ("http://127.0.0.1.example.com", AddressProblem::Insecure),
            ("http://192.168.1.5:8080", AddressProblem::Insecure),
            ("https://", AddressProblem::Malformed),
            ("https://desk example.com", AddressProblem::Malformed),
            ("https://user@desk.example.com", AddressProblem::Malformed),
            ("https://desk.example.com/path", AddressProblem::Malformed),
            ("https://desk.example.com:0", AddressProblem::Malformed),
            ("https://desk.example.com:port", AddressProblem::Malformed),
            ("https://[::1", AddressProblem::Malformed),
            ("https://[::1]x", AddressProblem::Malformed),
        ];
        for (typed, problem) in bad {
            assert_eq!(relay_origin(typed), Err(problem), "{typed}");
        }
    }
}
