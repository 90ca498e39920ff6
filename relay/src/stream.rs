//! `/v1/stream`: one socket, its reader's topics, and the log behind them.
//!
//! The socket is itself a reader with a cursor per topic: it watches first, then reads the log up to the head, and from
//! then on passes live events whose number is the next one; a gap makes it read the log again (design rules 3 and 4).
//!
//! An idle connection keeps little: what asks the record is boxed, for its future is tens of kilobytes that would otherwise be part of
//! every connection's own (`cargo xtask bench stream`).

mod hello;
mod life;
mod sender;
mod signs;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use futures_util::StreamExt as _;
use futures_util::stream::SplitStream;
use protocol::WIRE_VERSION;
use protocol::error::ErrorCode;
use protocol::frame::{ClientFrame, Cursor, RelayFrame};
use store::catch_up::CatchUp;
use store::{Principal, StoreError, Topic};
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::error::ApiError;
use crate::fanout::{Mail, Mailbox};
use crate::metrics::Connected;
use crate::request_id;
use crate::state::{AppState, HERE, RESUMES};
use crate::stream::hello::Hello;
use crate::stream::life::Life;
use crate::stream::sender::Sender;
use crate::stream::signs::OnScreen;

/// The largest frame that a reader may send, in bytes.
const FRAME_MAX: usize = 64 * 1024;
/// Small, because an idle connection keeps them; readers say little.
const READ_BUFFER: usize = 1024;
const WRITE_BUFFER: usize = 4 * 1024;
/// How often the relay asks for a sign of life.
const PING_EVERY: Duration = Duration::from_secs(20);
/// After how long without any frame a reader is dropped.
const SILENCE: Duration = Duration::from_secs(45);
/// How many events leave in one write at most.
const WRITE_BATCH: usize = 256;
/// How long the other side may take to close.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);
/// Readers come back spread over this many milliseconds after a shutdown.
const GOAWAY_SPREAD_MS: u32 = 2_000;

/// Why a stream ends.
pub(crate) enum End {
    /// The other side is gone, or does not read.
    Gone,
    /// Nothing was heard for too long: the network went away under the socket.
    Silent,
    /// What was written to it stayed unread for too long. It may have been away for as long as nothing was heard of it.
    Unread,
    /// It is told why.
    Error(ApiError),
    /// The relay stops.
    Stopping,
}

impl From<ApiError> for End {
    fn from(error: ApiError) -> Self {
        Self::Error(error)
    }
}

impl From<StoreError> for End {
    fn from(error: StoreError) -> Self {
        Self::Error(error.into())
    }
}

/// Upgrades to a WebSocket.
pub(crate) async fn upgrade(State(state): State<AppState>, upgrade: WebSocketUpgrade) -> Response {
    let tasks = state.tasks.clone();
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(4 * 1024 * 1024)
        .max_message_size(FRAME_MAX)
        .max_frame_size(FRAME_MAX)
        .on_upgrade(|socket| async move {
            let id = request_id::new(&*state.clock);
            tasks.spawn(request_id::scope(id, Box::pin(run(socket, state))));
        })
}

async fn run(socket: WebSocket, state: AppState) {
    let (sink, mut frames) = socket.split();
    let mut sender = Sender::new(sink);
    let opened = tokio::select! {
        opened = Box::pin(open(&mut frames, &mut sender, &state)) => opened,
        () = state.tasks.stopped() => Err(End::Stopping),
    };
    let end = match opened {
        Ok(mut reader) => {
            let end = reader.run(&mut frames, &mut sender).await;
            reader.looks_away();
            Box::pin(reader.life.ends(&end)).await;
            end
        }
        Err(end) => end,
    };
    state.metrics.streams.closed(&end);
    let last = match end {
        End::Gone | End::Silent | End::Unread => return,
        End::Error(error) => {
            error.log_cause("a stream failed");
            RelayFrame::Error { error: error.wire() }
        }
        End::Stopping => {
            RelayFrame::Goaway { after_ms: u32::from_le_bytes(store::secret::random()) % GOAWAY_SPREAD_MS }
        }
    };
    sender.finish(&last).await;
    // A connection that is dropped with frames unread is reset, and the reader may lose the last word: hear it out.
    let heard_out = async { while let Some(Ok(_)) = frames.next().await {} };
    if tokio::time::timeout(CLOSE_WITHIN, heard_out).await.is_err() {
        tracing::debug!("a reader did not close its side");
    }
}

async fn open(frames: &mut SplitStream<WebSocket>, sender: &mut Sender, state: &AppState) -> Result<Reader, End> {
    let Hello { principal, token, cursors, here } = hello::receive(frames, state).await?;
    let now = state.clock.now().as_ms();
    sender
        .send(&RelayFrame::Welcome {
            time_ms: now,
            version: WIRE_VERSION,
            features: Vec::new(),
            epoch: state.store.epoch().to_owned(),
        })
        .await?;
    let connected = state.metrics.streams.connected(&principal);
    let life = Life::begin(state, &principal, here).await;
    let mut reader = Reader {
        state: state.clone(),
        mailbox: state.fanout.mailbox(),
        principal,
        token,
        sent: HashMap::new(),
        life,
        on_screen: None,
        _connected: connected,
    };
    if let Err(end) = catch_up(&mut reader, cursors, sender).await {
        reader.life.ends(&end).await;
        return Err(end);
    }
    Ok(reader)
}

/// Sends everything up to the heads of the reader's topics.
async fn catch_up(reader: &mut Reader, cursors: BTreeMap<String, Cursor>, sender: &mut Sender) -> Result<(), End> {
    let state = reader.state.clone();
    for topic in state.store.topics_of(&reader.principal).await? {
        let cursor = cursors.get(&topic.to_string()).cloned();
        reader.begin(&topic, cursor.as_ref(), sender).await?;
    }
    // What changed while the topics were read is not missed: from here on the agent's own topic tells. A visitor's never change.
    if matches!(reader.principal, Principal::Agent { .. }) {
        reader.prove_again(sender).await?;
    }
    for topic in cursors.into_keys() {
        if !Topic::parse(&topic).is_some_and(|topic| reader.sent.contains_key(&topic)) {
            sender.send(&RelayFrame::Left { topic }).await?;
        }
    }
    sender.send(&RelayFrame::UpToDate { time_ms: state.clock.now().as_ms() }).await
}

/// One connected reader.
struct Reader {
    state: AppState,
    mailbox: Mailbox,
    principal: Principal,
    token: String,
    /// Topic → the number of the last event that was sent.
    sent: HashMap<Topic, u64>,
    /// Whether a Gmail page of an agent's is behind it.
    life: Life,
    /// What is on its screen.
    on_screen: Option<OnScreen>,
    /// It is counted as long as it is there.
    _connected: Connected,
}

impl Reader {
    /// Watches a topic and sends everything after the cursor, or a snapshot.
    async fn begin(&mut self, topic: &Topic, cursor: Option<&Cursor>, sender: &mut Sender) -> Result<(), End> {
        self.mailbox.watch(topic);
        self.send_from(topic, cursor, sender).await.map(drop)
    }

    /// Reads the log from a cursor, and proves the token again if an event says so.
    async fn read_from(&mut self, topic: &Topic, cursor: &Cursor, sender: &mut Sender) -> Result<(), End> {
        if self.send_from(topic, Some(cursor), sender).await? {
            self.prove_again(sender).await?;
        }
        Ok(())
    }

    /// Sends everything after the cursor, or a snapshot; says whether that may have changed what one may read.
    async fn send_from(&mut self, topic: &Topic, cursor: Option<&Cursor>, sender: &mut Sender) -> Result<bool, End> {
        let mut cursor = cursor.cloned();
        let mut changes_access = false;
        loop {
            match self.state.store.catch_up(topic, cursor.as_ref()).await? {
                CatchUp::Snapshot { seq, parts } => {
                    self.state.metrics.streams.snapshots.inc_by(parts.len() as u64);
                    sender.send_all(parts).await?;
                    self.sent.insert(topic.clone(), seq);
                    return Ok(matches!(topic, Topic::Agent(_)));
                }
                CatchUp::Events { frames, more } => {
                    self.state.metrics.streams.caught_up.inc_by(frames.len() as u64);
                    changes_access |= frames.iter().any(|event| event.changes_access);
                    let seq = frames.last().map_or(cursor.as_ref().map_or(0, |cursor| cursor.seq), |last| last.seq);
                    sender.send_all(frames.into_iter().map(|event| event.frame)).await?;
                    self.sent.insert(topic.clone(), seq);
                    if !more {
                        return Ok(changes_access);
                    }
                    cursor = Some(self.cursor(seq));
                }
            }
        }
    }

    fn cursor(&self, seq: u64) -> Cursor {
        Cursor { epoch: self.state.store.epoch().to_owned(), seq }
    }

    async fn run(&mut self, frames: &mut SplitStream<WebSocket>, sender: &mut Sender) -> End {
        let mut ping = interval(PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ping.reset();
        let mut heard_at = Instant::now();
        let tasks = self.state.tasks.clone();
        let stopped = tasks.stopped();
        tokio::pin!(stopped);
        loop {
            let step = tokio::select! {
                mail = self.mailbox.next() => self.deliver(mail, sender).await,
                frame = frames.next() => {
                    heard_at = Instant::now();
                    self.hear(frame, sender).await
                }
                _ = ping.tick() => {
                    if heard_at.elapsed() > SILENCE {
                        return End::Silent;
                    }
                    sender.send(&RelayFrame::Ping { time_ms: self.state.clock.now().as_ms() }).await
                }
                () = &mut stopped => return End::Stopping,
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    /// Takes all mail that waits and drains it in one write.
    async fn deliver(&mut self, first: Option<Mail>, sender: &mut Sender) -> Result<(), End> {
        let mut mail = first;
        let mut n_taken = 0;
        while let Some(one) = mail {
            self.take(one, sender).await?;
            n_taken += 1;
            mail = if n_taken < WRITE_BATCH { self.mailbox.try_next() } else { None };
        }
        if self.mailbox.overflowed() {
            return Err(End::Error(ApiError::new(ErrorCode::TooSlow, "connect again with the cursors")));
        }
        sender.flush().await
    }

    async fn take(&mut self, mail: Mail, sender: &mut Sender) -> Result<(), End> {
        match mail {
            Mail::Event(ring) => {
                let Some(sent) = self.sent.get_mut(&*ring.topic) else {
                    return Ok(());
                };
                if ring.seq <= *sent {
                    return Ok(());
                }
                if ring.seq == *sent + 1 {
                    *sent = ring.seq;
                    sender.feed(ring.frame).await?;
                    self.state.metrics.streams.live.inc();
                } else {
                    Box::pin(self.read_on(&ring.topic, sender)).await?;
                }
                if ring.changes_access {
                    Box::pin(self.prove_again(sender)).await?;
                }
                Ok(())
            }
            Mail::Signal(signal) if self.sent.contains_key(&*signal.topic) => {
                self.state.metrics.streams.signals.inc();
                sender.feed(signal.frame).await
            }
            Mail::Signal(_) => Ok(()),
            Mail::Look { topic, head } => {
                if self.sent.get(&*topic).is_some_and(|sent| *sent < head) {
                    Box::pin(self.read_on(&topic, sender)).await?;
                }
                Ok(())
            }
        }
    }

    async fn read_on(&mut self, topic: &Arc<Topic>, sender: &mut Sender) -> Result<(), End> {
        let sent = self.sent.get(&**topic).copied().unwrap_or(0);
        let cursor = self.cursor(sent);
        self.read_from(topic, &cursor, sender).await
    }

    /// The token may be revoked, topics gained or lost.
    async fn prove_again(&mut self, sender: &mut Sender) -> Result<(), End> {
        self.principal = crate::extract::authenticate(&self.state, &self.token).await?;
        let topics = self.state.store.topics_of(&self.principal).await?;
        let lost: Vec<Topic> = self.sent.keys().filter(|topic| !topics.contains(topic)).cloned().collect();
        for topic in lost {
            self.mailbox.unwatch(&topic);
            self.sent.remove(&topic);
            sender.send(&RelayFrame::Left { topic: topic.to_string() }).await?;
        }
        for topic in topics {
            if !self.sent.contains_key(&topic) {
                self.begin(&topic, None, sender).await?;
            }
        }
        Ok(())
    }

    async fn hear(&mut self, frame: Option<Result<Message, axum::Error>>, sender: &mut Sender) -> Result<(), End> {
        match hello::parse(frame)? {
            None => Ok(()),
            Some(frame) => Box::pin(self.heed(frame, sender)).await,
        }
    }

    async fn heed(&mut self, frame: ClientFrame, sender: &mut Sender) -> Result<(), End> {
        match frame {
            ClientFrame::Unknown => Ok(()),
            ClientFrame::Pong => {
                self.life.shows().await;
                Ok(())
            }
            ClientFrame::Here { here } => {
                self.state.limits.take("here", &self.token, HERE).await?;
                self.life.is_here(here).await;
                Ok(())
            }
            ClientFrame::Typing { conversation_id } => Ok(self.types(conversation_id).await?),
            ClientFrame::Viewing { conversation_id } => Ok(self.views(conversation_id).await?),
            ClientFrame::Resume { topic, cursor } => {
                let topic = Topic::parse(&topic).filter(|topic| self.sent.contains_key(topic));
                let topic = topic.ok_or_else(ApiError::not_found)?;
                self.state.limits.take("resume", &self.token, RESUMES).await?;
                self.read_from(&topic, &cursor, sender).await
            }
            ClientFrame::Hello { .. } => {
                Err(ApiError::new(ErrorCode::InvalidFrame, "`hello` is only the first frame").into())
            }
        }
    }
}
