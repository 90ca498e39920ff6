//! Ports for servers that are stopped and started again.

use std::net::TcpListener;

use anyhow::{Result, bail};

const PORT_MIN: u16 = 20_000;
const PORT_MAX: u16 = 32_000;
/// How many ports a server is started on.
const TRIES: usize = 5;

/// A port that nobody listens on. It lies below those that the system gives to outgoing connections, one of which would else
/// take it while the server is stopped, or even connect to itself.
pub(crate) fn free_port() -> Result<u16> {
    for _ in 0..100 {
        let offset = getrandom::u32()? % u32::from(PORT_MAX - PORT_MIN);
        let port = PORT_MIN + u16::try_from(offset)?;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port between {PORT_MIN} and {PORT_MAX} is free")
}

/// Has a server started on a free port. Another program may take the port just before the server does; then another is tried.
///
/// # Errors
/// The last attempt's.
pub(crate) async fn on_free_port<T>(mut start: impl AsyncFnMut(u16) -> Result<T>) -> Result<T> {
    for _ in 1..TRIES {
        if let Ok(started) = start(free_port()?).await {
            return Ok(started);
        }
    }
    start(free_port()?).await
}
