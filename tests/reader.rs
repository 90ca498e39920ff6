//! A reader of the stream: the `session` crate over a real socket, as the hub and the widget drive it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use protocol::WIRE_VERSION;
use protocol::error::ErrorCode;
use protocol::frame::{ClientFrame, Cursor, Event, RelayFrame, SnapshotData};
use serde_json::{Value, json};
use session::{Config, Head, Input, Output, Session, State};
use store::clock::{Clock as _, SystemClock};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// How long anything that must come may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a reader has been given, in order.
#[derive(Default)]
pub struct Delivered {
    /// What the session passed on.
    pub frames: Vec<RelayFrame>,
    /// How the connection stands.
    pub state: Option<State>,
    /// How often it was tried.
    pub n_connects: usize,
}

/// A reader that reconnects and resumes by itself.
pub struct Reader {
    delivered: Arc<Mutex<Delivered>>,
    changed: watch::Receiver<u64>,
    frames: mpsc::UnboundedSender<ClientFrame>,
    task: JoinHandle<()>,
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Reader {
    /// Connects without a Gmail page behind it.
    #[must_use]
    pub fn connect(url: &str, token: &str) -> Self {
        Self::begin(url, token, false)
    }

    /// Connects as the hub of a browser with a Gmail page open that shows the agent's address.
    #[must_use]
    pub fn connect_here(url: &str, token: &str) -> Self {
        Self::begin(url, token, true)
    }

    fn begin(url: &str, token: &str, here: bool) -> Self {
        let delivered = Arc::new(Mutex::new(Delivered::default()));
        let (changes, changed) = watch::channel(0);
        let (frames, to_send) = mpsc::unbounded_channel();
        let driver = Driver {
            url: format!("{}/v1/stream", url.replacen("http", "ws", 1)),
            token: token.to_owned(),
            session: Session::new(Config { backoff_min_ms: 20, backoff_max_ms: 300, ..Config::default() }.with_seed(7)),
            delivered: Arc::clone(&delivered),
            changes,
            to_send,
            here,
            socket: None,
        };
        Self { delivered, changed, frames, task: tokio::spawn(driver.run()) }
    }

    /// Sends a frame, once the reader is connected.
    pub fn says(&self, frame: ClientFrame) {
        self.frames.send(frame).unwrap();
    }

    /// Waits until something is found in what was delivered.
    pub async fn until<T>(&mut self, what: &str, find: impl Fn(&Delivered) -> Option<T>) -> T {
        let found = async {
            loop {
                if let Some(found) = find(&self.delivered.lock().unwrap()) {
                    return found;
                }
                self.changed.changed().await.unwrap();
            }
        };
        tokio::time::timeout(PATIENCE, found).await.unwrap_or_else(|_| panic!("never came: {what}"))
    }

    /// Waits for something new, at most so long.
    pub async fn changed_within(&mut self, patience: Duration) {
        // Nothing new is an answer too.
        drop(tokio::time::timeout(patience, self.changed.changed()).await);
    }

    /// Waits until the reader is caught up.
    pub async fn live(&mut self) {
        self.until("live", |delivered| (delivered.state == Some(State::Live)).then_some(())).await;
    }

    /// Waits for the first event that fits.
    pub async fn event(&mut self, what: &str, fits: impl Fn(&Event) -> bool) -> Event {
        self.until(what, |delivered| events(delivered).find(|event| fits(event)).cloned()).await
    }

    /// Waits for a client's first message and gives its conversation.
    pub async fn conversation(&mut self) -> String {
        self.event("the message", |event| event.kind == "message_added").await.data.conversation.unwrap().id
    }

    /// The conversations of the snapshots.
    pub fn snapshot_conversations(&self) -> Vec<String> {
        let delivered = self.delivered.lock().unwrap();
        let mut found = Vec::new();
        for frame in &delivered.frames {
            if let RelayFrame::Snapshot(snapshot) = frame
                && let SnapshotData::Channel { conversations, .. } = &snapshot.data
            {
                found.extend(conversations.iter().map(|conversation| conversation.id.clone()));
            }
        }
        found
    }

    /// Where the reader stands in each topic by what it was given, as `hello` takes it.
    #[must_use]
    pub fn cursors(&self) -> Value {
        let mut cursors = serde_json::Map::new();
        for frame in &self.delivered.lock().unwrap().frames {
            let (topic, epoch, seq) = match frame {
                RelayFrame::Event(event) => (&event.topic, &event.epoch, event.seq),
                RelayFrame::Snapshot(snapshot) => (&snapshot.topic, &snapshot.epoch, snapshot.seq),
                _ => continue,
            };
            cursors.insert(topic.clone(), json!({ "epoch": epoch, "seq": seq }));
        }
        Value::Object(cursors)
    }

    /// Everything delivered, as text.
    pub fn everything(&self) -> String {
        serde_json::to_string(&self.delivered.lock().unwrap().frames).unwrap()
    }

    /// Looks at what was delivered.
    pub fn with<T>(&self, look: impl FnOnce(&Delivered) -> T) -> T {
        look(&self.delivered.lock().unwrap())
    }
}

/// Says hello with cursors and gives every frame up to `up_to_date`.
///
/// # Panics
/// When the stream ends before.
pub async fn catch_up(url: &str, token: &str, cursors: &Value) -> Vec<RelayFrame> {
    let (mut socket, _) = connect_async(format!("{}/v1/stream", url.replacen("http", "ws", 1))).await.unwrap();
    let hello = json!({ "t": "hello", "token": token, "version": 1, "cursors": cursors });
    socket.send(Message::text(hello.to_string())).await.unwrap();
    let mut frames = Vec::new();
    while let Some(Ok(Message::Text(text))) = socket.next().await {
        let frame = serde_json::from_str(&text).unwrap();
        if matches!(frame, RelayFrame::UpToDate { .. }) {
            return frames;
        }
        frames.push(frame);
    }
    panic!("the stream ended: {frames:?}");
}

/// The events that were delivered.
pub fn events(delivered: &Delivered) -> impl Iterator<Item = &Event> {
    delivered.frames.iter().filter_map(|frame| match frame {
        RelayFrame::Event(event) => Some(&**event),
        _ => None,
    })
}

struct Driver {
    url: String,
    token: String,
    session: Session,
    delivered: Arc<Mutex<Delivered>>,
    changes: watch::Sender<u64>,
    to_send: mpsc::UnboundedReceiver<ClientFrame>,
    here: bool,
    socket: Option<Socket>,
}

/// What the driver waits for.
enum Happened {
    Time,
    Say(ClientFrame),
    Message(Option<Result<Message, tokio_tungstenite::tungstenite::Error>>),
}

fn now() -> i64 {
    SystemClock.now().as_ms()
}

impl Driver {
    async fn run(mut self) {
        let outputs = self.session.handle(Input::Start, now());
        self.carry_out(outputs, None).await;
        loop {
            let wait = self.session.deadline().map_or(60_000, |at| (at - now()).max(0));
            let wait = Duration::from_millis(wait.unsigned_abs());
            let happened = match &mut self.socket {
                Some(socket) => tokio::select! {
                    message = socket.next() => Happened::Message(message),
                    Some(frame) = self.to_send.recv() => Happened::Say(frame),
                    () = tokio::time::sleep(wait) => Happened::Time,
                },
                None => {
                    tokio::time::sleep(wait).await;
                    Happened::Time
                }
            };
            match happened {
                Happened::Time => self.input(Input::Timer, None).await,
                Happened::Say(frame) => self.say(&frame).await,
                Happened::Message(Some(Ok(Message::Text(text)))) => {
                    let frame: RelayFrame = serde_json::from_str(&text).unwrap();
                    let seen = frame.clone();
                    if matches!(
                        seen,
                        RelayFrame::Typing { .. } | RelayFrame::Viewing { .. } | RelayFrame::VisitChanged { .. }
                    ) {
                        // What passes by has no number, so there is nothing for the session to judge.
                        self.delivered.lock().unwrap().frames.push(seen.clone());
                    }
                    self.input(Input::Frame(head(&seen)), Some(frame)).await;
                }
                Happened::Message(Some(Ok(_))) => {}
                Happened::Message(Some(Err(_)) | None) => {
                    self.socket = None;
                    self.input(Input::Closed, None).await;
                }
            }
        }
    }

    async fn input(&mut self, input: Input<'_>, frame: Option<RelayFrame>) {
        let outputs = self.session.handle(input, now());
        self.carry_out(outputs, frame).await;
    }

    async fn carry_out(&mut self, outputs: Vec<Output>, frame: Option<RelayFrame>) {
        let mut todo: std::collections::VecDeque<Output> = outputs.into();
        while let Some(output) = todo.pop_front() {
            match output {
                Output::Connect => {
                    self.delivered.lock().unwrap().n_connects += 1;
                    let connected = connect_async(&self.url).await;
                    let input = if connected.is_ok() { Input::Opened } else { Input::Closed };
                    self.socket = connected.ok().map(|(socket, _)| socket);
                    todo.extend(self.session.handle(input, now()));
                }
                Output::Hello { cursors } => {
                    let cursors = cursors
                        .into_iter()
                        .map(|(topic, cursor)| (topic, Cursor { epoch: cursor.epoch, seq: cursor.seq }))
                        .collect();
                    let token = self.token.clone();
                    let (here, features) = (self.here, Vec::new());
                    self.say(&ClientFrame::Hello { token, version: WIRE_VERSION, features, cursors, here }).await;
                }
                Output::Pong => self.say(&ClientFrame::Pong).await,
                Output::Resume { topic, cursor } => {
                    let cursor = Cursor { epoch: cursor.epoch, seq: cursor.seq };
                    self.say(&ClientFrame::Resume { topic, cursor }).await;
                }
                Output::Deliver => self.delivered.lock().unwrap().frames.extend(frame.clone()),
                Output::Close => self.socket = None,
                Output::State(state) => self.delivered.lock().unwrap().state = Some(state),
            }
        }
        self.changes.send_modify(|n| *n += 1);
    }

    async fn say(&mut self, frame: &ClientFrame) {
        if let Some(socket) = &mut self.socket {
            // A socket that is gone shows at the next read.
            if socket.send(Message::text(serde_json::to_string(frame).unwrap())).await.is_err() {
                self.socket = None;
            }
        }
    }
}

fn head(frame: &RelayFrame) -> Head<'_> {
    match frame {
        RelayFrame::Welcome { time_ms, epoch, .. } => Head::Welcome { time_ms: *time_ms, epoch },
        RelayFrame::Event(event) => Head::Event { topic: &event.topic, epoch: &event.epoch, seq: event.seq },
        RelayFrame::Snapshot(snapshot) => Head::Snapshot {
            topic: &snapshot.topic,
            epoch: &snapshot.epoch,
            seq: snapshot.seq,
            part: snapshot.part,
            last: snapshot.last,
        },
        RelayFrame::Left { topic } => Head::Left { topic },
        RelayFrame::UpToDate { time_ms } => Head::UpToDate { time_ms: *time_ms },
        RelayFrame::Ping { time_ms } => Head::Ping { time_ms: *time_ms },
        RelayFrame::Goaway { after_ms } => Head::Goaway { after_ms: *after_ms },
        RelayFrame::Error { error } if error.code == ErrorCode::Unauthorized => Head::Error { code: "unauthorized" },
        RelayFrame::Error { .. } => Head::Error { code: "other" },
        RelayFrame::Typing { .. }
        | RelayFrame::Viewing { .. }
        | RelayFrame::VisitChanged { .. }
        | RelayFrame::Unknown => Head::Unknown,
    }
}
