//! `deskside health`: what a container asks the relay inside it, since it has no other program that could.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use clap::Args;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::cli::say;
use crate::cli::serve::own_url;

/// How long the answer may take.
const PATIENCE: Duration = Duration::from_secs(4);

#[derive(Args)]
pub(super) struct Health {
    /// Address that the relay listens on.
    #[arg(long, env = "DESKSIDE_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

/// Asks the relay on this machine whether it is ready.
pub(super) async fn run(health: Health) -> anyhow::Result<()> {
    let url = own_url(health.listen);
    let answer = timeout(PATIENCE, ask(&url)).await.with_context(|| format!("{url} does not answer"))?;
    let answer = answer.with_context(|| format!("no relay answers at {url}"))?;
    let (head, body) = answer.split_once("\r\n\r\n").with_context(|| format!("{url} is not a relay"))?;
    ensure!(head.split(' ').nth(1) == Some("200"), "the relay at {url} is not ready: {body}");
    say(body);
    Ok(())
}

async fn ask(url: &str) -> std::io::Result<String> {
    let address = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(format!("GET /readyz HTTP/1.0\r\nHost: {address}\r\n\r\n").as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}
