//! A reader's socket without anything between it and what is measured.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use protocol::WIRE_VERSION;
use protocol::frame::RelayFrame;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// A socket that is up to date.
pub(crate) struct Socket {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    cursors: BTreeMap<String, (String, u64)>,
    n_frames: usize,
}

impl Socket {
    /// Connects, says hello, and reads until it is up to date.
    pub(crate) async fn open(url: &str, token: &str, cursors: &Value) -> Result<Self> {
        Ok(Self::times(url, token, cursors).await?.0)
    }

    /// The same; and the milliseconds from the hello until it is up to date.
    pub(crate) async fn times(url: &str, token: &str, cursors: &Value) -> Result<(Self, f64)> {
        let (mut socket, _) =
            connect_async_with_config(format!("{}/v1/stream", url.replacen("http", "ws", 1)), None, true).await?;
        let hello = json!({ "t": "hello", "token": token, "version": WIRE_VERSION, "cursors": cursors });
        let begun = Instant::now();
        socket.send(Message::text(hello.to_string())).await?;
        let mut texts = Vec::new();
        loop {
            match socket.next().await.context("the stream ended")?? {
                Message::Text(text) if text.contains("\"up_to_date\"") => break,
                Message::Text(text) => texts.push(text),
                Message::Close(_) => bail!("closed after {texts:?}"),
                _ => {}
            }
        }
        let took = begun.elapsed().as_secs_f64() * 1_000.0;
        let mut known: BTreeMap<String, (String, u64)> =
            serde_json::from_value::<BTreeMap<String, Value>>(cursors.clone())?
                .into_iter()
                .map(|(topic, at)| {
                    (topic, (at["epoch"].as_str().unwrap_or_default().to_owned(), at["seq"].as_u64().unwrap_or(0)))
                })
                .collect();
        let mut n_frames = 0;
        for text in &texts {
            let (topic, at) = match serde_json::from_str(text)? {
                RelayFrame::Event(event) => (event.topic.clone(), (event.epoch.clone(), event.seq)),
                RelayFrame::Snapshot(snapshot) => (snapshot.topic, (snapshot.epoch, snapshot.seq)),
                RelayFrame::Welcome { .. } => continue,
                other => bail!("{other:?} before it is up to date"),
            };
            known.insert(topic, at);
            n_frames += 1;
        }
        Ok((Self { socket, cursors: known, n_frames }, took))
    }

    /// Where it stands in each topic, as `hello` takes it.
    pub(crate) fn cursors(&self) -> Value {
        let topics = self.cursors.iter();
        topics
            .map(|(topic, (epoch, seq))| (topic.clone(), json!({ "epoch": epoch, "seq": seq })))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }

    /// How many events and snapshots came until it was up to date.
    pub(crate) fn n_frames(&self) -> usize {
        self.n_frames
    }

    /// The next frame's text; the relay's pings are answered.
    pub(crate) async fn next(&mut self) -> Result<String> {
        loop {
            match self.socket.next().await.context("the stream ended")?? {
                Message::Text(text) if text.contains("\"t\":\"ping\"") => {
                    self.socket.send(Message::text("{\"t\":\"pong\"}")).await?;
                }
                Message::Text(text) => return Ok(text.as_str().to_owned()),
                Message::Close(_) => bail!("the relay closed the stream"),
                _ => {}
            }
        }
    }
}
