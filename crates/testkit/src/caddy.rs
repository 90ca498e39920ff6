//! A real Caddy before relays, as an operator runs it: it spreads requests, and waits for a relay that restarts.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use tokio::net::TcpStream;

use crate::paths;
use crate::port::free_port;
use crate::server::{Ending, Server};

/// A Caddy with a port of its own; it ends when dropped.
#[derive(Debug)]
pub struct Caddy {
    program: PathBuf,
    port: u16,
    /// What the `{$NAME}` of its Caddyfile stand for.
    settings: BTreeMap<String, String>,
    server: Server,
}

impl Caddy {
    /// A Caddy that does not run yet, but has its address.
    ///
    /// # Errors
    /// When it is not installed, or no port is free.
    pub fn new() -> Result<Self> {
        let program = paths::program("caddy", "CADDY").context("Debian's package is `caddy`")?;
        let server = Server::new("Caddy", &Ending::Kill)?;
        Ok(Self { program, port: free_port()?, settings: BTreeMap::new(), server })
    }

    /// Where it is reached: `http://127.0.0.1:<port>`. Its Caddyfile must serve this address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Sets an environment variable, which stands in a Caddyfile as `{$NAME}`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.settings.insert(name.to_owned(), value.into());
        self
    }

    /// Starts it with the text of a Caddyfile, and waits until it listens. It asks nothing of what stands behind it.
    ///
    /// # Errors
    /// When it runs already, or ends, such as over a mistake in the text; its last words are in the error.
    pub async fn start(&mut self, caddyfile: &str) -> Result<()> {
        let folder = self.server.folder();
        std::fs::write(folder.join("Caddyfile"), caddyfile)?;
        let mut command = Command::new(&self.program);
        command.args(["run", "--config", "Caddyfile", "--adapter", "caddyfile"]);
        // What it keeps stays in its folder, and its door for administrators, if the text leaves it open, takes no port.
        command.env("HOME", folder).env("XDG_CONFIG_HOME", folder).env("XDG_DATA_HOME", folder);
        command.env("CADDY_ADMIN", format!("unix/{}", folder.join("admin").display()));
        command.envs(&self.settings);
        let address = ("127.0.0.1", self.port);
        self.server.start(&mut command, |_| async move { TcpStream::connect(address).await.is_ok() }).await
    }

    /// What it has logged.
    ///
    /// # Errors
    /// When it never ran.
    pub fn log_text(&self) -> Result<String> {
        std::fs::read_to_string(self.server.log()).context("reading Caddy's log")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use axum::Router;
    use axum::routing::get;
    use tokio::net::TcpListener;

    use super::*;

    /// A server that answers with a word; gives its host and port.
    async fn answering(word: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let app = Router::new().route("/", get(move || async move { word }));
        tokio::spawn(async move { axum::serve(listener, app).await });
        address
    }

    #[tokio::test]
    async fn it_spreads_requests_over_the_servers_that_its_environment_names() {
        let servers = format!("{} {}", answering("one").await, answering("other").await);
        let mut caddy = Caddy::new().unwrap();
        let url = caddy.url();
        caddy = caddy.with("SITE", &url).with("SERVERS", servers);
        caddy.start("{$SITE}\nreverse_proxy {$SERVERS} {\n\tlb_policy round_robin\n}\n").await.unwrap();
        let mut answers = BTreeSet::new();
        for _ in 0..4 {
            answers.insert(reqwest::get(&url).await.unwrap().text().await.unwrap());
        }
        assert_eq!(answers, BTreeSet::from(["one".to_owned(), "other".to_owned()]));
        drop(caddy);
        assert!(reqwest::get(&url).await.is_err());
    }

    #[tokio::test]
    async fn two_do_not_disturb_each_other_and_a_mistake_is_told() {
        let (mut one, mut other) = (Caddy::new().unwrap(), Caddy::new().unwrap());
        for caddy in [&mut one, &mut other] {
            let text = format!("{}\nrespond \"hello\"\n", caddy.url());
            caddy.start(&text).await.unwrap();
            assert_eq!(reqwest::get(caddy.url()).await.unwrap().text().await.unwrap(), "hello");
        }
        assert!(one.log_text().unwrap().contains("serving initial configuration"));
        let told = Caddy::new().unwrap().start("{\n\tno_such_option\n}\n").await.unwrap_err();
        assert!(format!("{told:#}").contains("no_such_option"), "{told:#}");
    }
}
