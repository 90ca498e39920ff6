//! A network that fails: a proxy before a server, which cuts connections, lets them go silent, delays or refuses them.
//!
//! It carries bytes of any protocol over TCP, so it stands before a relay or a PostgreSQL alike.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, interval_at};

mod line;
mod way;

use line::Lines;
pub use line::{Counts, Fault};

/// A proxy on a port of its own. With it end the connections through it.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    /// What stands before and after the address in its URL.
    around: (String, String),
    lines: Arc<Lines>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// Stands before the HTTP server at this address.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn to(target: SocketAddr) -> Result<Self> {
        Self::before(&format!("http://{target}")).await
    }

    /// Stands before the server that this URL of any scheme names by an IP address and a port.
    ///
    /// # Errors
    /// When the URL has another form, or no port is free.
    pub async fn before(url: &str) -> Result<Self> {
        let (before, target, after) = parts(url).with_context(|| format!("{url} has no IP address with a port"))?;
        let listener = TcpListener::bind("127.0.0.1:0").await.context("looking for a free port")?;
        let address = listener.local_addr()?;
        let lines = Arc::new(Lines::default());
        let accepting = tokio::spawn(accept_all(listener, target, Arc::clone(&lines)));
        Ok(Self { address, around: (before.to_owned(), after.to_owned()), lines, accepting })
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// The server's URL with the proxy's address in place of the server's.
    #[must_use]
    pub fn url(&self) -> String {
        let (before, after) = &self.around;
        format!("{before}{}{after}", self.address)
    }

    /// Resets all connections that it carries, as a machine does that has lost them; both sides are told at once. New ones are
    /// carried. Returns when it is done, with how many there were.
    pub async fn cut(&self) -> usize {
        self.lines.fail(Fault::Cut).await
    }

    /// Lets all connections that it carries go silent, as a network does that drops packets: nothing more arrives on either
    /// side, neither bytes nor an end, as long as the proxy stands. New ones are carried. Returns when it is done, with how many
    /// there were.
    pub async fn freeze(&self) -> usize {
        self.lines.fail(Fault::Freeze).await
    }

    /// Cuts or freezes again and again, until the guard is dropped; the first time after one period.
    #[must_use = "it ends when the guard is dropped"]
    pub fn cut_every(&self, period: Duration, fault: Fault) -> Trouble {
        let lines = Arc::clone(&self.lines);
        let task = tokio::spawn(async move {
            let mut ticks = interval_at(Instant::now() + period, period);
            loop {
                ticks.tick().await;
                lines.fail(fault).await;
            }
        });
        Trouble { task }
    }

    /// From now on has everything arrive so much later than it was sent, both ways and in order, as over a long way. It holds
    /// for what is under way too, so that zero lets all of it arrive at once.
    pub fn delay(&self, delay: Duration) {
        self.lines.delay(delay);
    }

    /// Resets new connections at once, or carries them again; those that are carried go on.
    pub fn refuse(&self, refuses: bool) {
        self.lines.refuse(refuses);
    }

    /// What happened so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.lines.counts()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Keeps a proxy failing until it is dropped.
#[derive(Debug)]
pub struct Trouble {
    task: JoinHandle<()>,
}

impl Drop for Trouble {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Accepts until it is aborted, which drops all connections with it.
async fn accept_all(listener: TcpListener, target: SocketAddr, lines: Arc<Lines>) {
    let mut tasks = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // One that the other side gave up concerns nobody.
                if let Ok((client, _)) = accepted {
                    tasks.spawn(carry(client, target, Arc::clone(&lines)));
                }
            }
            Some(_) = tasks.join_next() => {}
        }
    }
}

/// Carries a connection to its end.
async fn carry(client: TcpStream, target: SocketAddr, lines: Arc<Lines>) {
    if lines.refuses() {
        return line::reset(client);
    }
    match TcpStream::connect(target).await {
        Ok(server) => lines.carry(client, server).await,
        // A server that is away refuses; what was accepted can only be reset.
        Err(_) => line::reset(client),
    }
}

/// What stands before the address, the address, and what stands after it.
fn parts(url: &str) -> Option<(&str, SocketAddr, &str)> {
    let host = url.find("://")? + 3;
    let end = url[host..].find(['/', '?', '#']).map_or(url.len(), |length| host + length);
    let start = url[host..end].rfind('@').map_or(host, |at| host + at + 1);
    Some((&url[..start], url[start..end].parse().ok()?, &url[end..]))
}

#[cfg(test)]
mod tests;
