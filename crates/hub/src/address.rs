//! Which relay addresses are taken: those that the Control Panel stores.

/// Whether tokens and messages may be sent to this origin: an origin, and https or on this machine.
pub(crate) fn is_allowed(origin: &str) -> bool {
    protocol::origin::relay_origin(origin).is_ok_and(|same| same == origin)
}

/// The address of the relay's stream.
pub(crate) fn stream(origin: &str) -> String {
    // `http` becomes `ws`, `https` becomes `wss`.
    format!("ws{}/v1/stream", origin.strip_prefix("http").unwrap_or(origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_origin_that_the_control_panel_stores_is_taken_and_nothing_else() {
        for typed in ["desk.example.com:8443", "https://Пример.рф/", "http://127.0.0.1:8080", "https://[2001:DB8::5]"]
        {
            let origin = protocol::origin::relay_origin(typed).unwrap();
            assert!(is_allowed(&origin), "{origin}");
        }
        for other in ["relay.example", "http://relay.example", "https://relay.example/path", "https://a@b", ""] {
            assert!(!is_allowed(other), "{other}");
        }
    }

    #[test]
    fn the_stream_is_at_the_same_origin() {
        assert_eq!(stream("https://relay.example"), "wss://relay.example/v1/stream");
        assert_eq!(stream("http://127.0.0.1:8080"), "ws://127.0.0.1:8080/v1/stream");
    }
}
