//! The writing half of a socket: feeds frames and flushes them in one write, and gives up on who does not read.

use std::time::Duration;

use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use bytes::Bytes;
use futures_util::SinkExt as _;
use futures_util::stream::SplitSink;
use protocol::frame::RelayFrame;

use crate::stream::End;

/// How long a reader may leave a write unread.
const WRITE_WITHIN: Duration = Duration::from_secs(15);

/// The writing half.
pub(crate) struct Sender(SplitSink<WebSocket, Message>);

impl Sender {
    pub(crate) fn new(sink: SplitSink<WebSocket, Message>) -> Self {
        Self(sink)
    }

    /// Adds a frame to the next write.
    pub(crate) async fn feed(&mut self, frame: Bytes) -> Result<(), End> {
        // Frames are made by serde_json and therefore UTF-8.
        let text = Utf8Bytes::try_from(frame).map_err(|_| End::Gone)?;
        within(self.0.feed(Message::Text(text))).await
    }

    /// Writes what was fed.
    pub(crate) async fn flush(&mut self) -> Result<(), End> {
        within(self.0.flush()).await
    }

    /// Writes some frames at once.
    pub(crate) async fn send_all(&mut self, frames: impl IntoIterator<Item = Bytes>) -> Result<(), End> {
        for frame in frames {
            self.feed(frame).await?;
        }
        self.flush().await
    }

    /// Writes one frame.
    pub(crate) async fn send(&mut self, frame: &RelayFrame) -> Result<(), End> {
        let text = serde_json::to_string(frame).map_err(|_| End::Gone)?;
        self.feed(Bytes::from(text)).await?;
        self.flush().await
    }

    /// Writes a last frame and closes; a reader who is gone already is not told.
    pub(crate) async fn finish(mut self, frame: &RelayFrame) {
        if self.send(frame).await.is_ok() && within(self.0.close()).await.is_err() {
            tracing::debug!("a reader went away before the close");
        }
    }
}

async fn within(write: impl Future<Output = Result<(), axum::Error>>) -> Result<(), End> {
    match tokio::time::timeout(WRITE_WITHIN, write).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(End::Gone),
        Err(_) => Err(End::Unread),
    }
}
