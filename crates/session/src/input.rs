//! What goes into a session and what comes out of it.

use alloc::string::String;
use alloc::vec::Vec;

use crate::topic::Cursor;

/// The session's times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The connection is given up after nothing was heard for so long; the relay pings every 20 s.
    pub silence_ms: i64,
    /// The shortest wait before connecting again.
    pub backoff_min_ms: i64,
    /// The longest wait before connecting again.
    pub backoff_max_ms: i64,
    /// An attempt is given up if the socket does not open, or the relay does not welcome, in so long.
    pub connect_timeout_ms: i64,
    /// Spreads the waits of different readers.
    pub seed: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self { silence_ms: 45_000, backoff_min_ms: 250, backoff_max_ms: 10_000, connect_timeout_ms: 10_000, seed: 0 }
    }
}

impl Config {
    /// The same times with this seed.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }
}

/// What happens to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input<'a> {
    /// Begin.
    Start,
    /// The socket of the last [`Output::Connect`] is open.
    Opened,
    /// That socket failed to open, or closed. A socket that was given up by [`Output::Close`] is not reported any more.
    Closed,
    /// A frame came.
    Frame(Head<'a>),
    /// The network is back, or the page is visible again: do not wait any longer.
    Wake,
    /// [`Session::deadline`](crate::Session::deadline) has come; early or needless ones do no harm.
    Timer,
    /// End. [`Input::Start`] begins again where the reader stood.
    Stop,
}

/// What the session needs to know of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head<'a> {
    /// The relay's first frame.
    Welcome {
        /// The relay's clock.
        time_ms: i64,
        /// The record's present epoch.
        epoch: &'a str,
    },
    /// An event.
    Event {
        /// Its topic.
        topic: &'a str,
        /// Its epoch.
        epoch: &'a str,
        /// Its number in the topic.
        seq: u64,
    },
    /// A part of a topic's state.
    Snapshot {
        /// The topic.
        topic: &'a str,
        /// The epoch.
        epoch: &'a str,
        /// The number of the last event contained.
        seq: u64,
        /// 0, 1, 2 …
        part: u32,
        /// Whether it is the last.
        last: bool,
    },
    /// The topic is to be forgotten.
    Left {
        /// The topic.
        topic: &'a str,
    },
    /// Everything up to the heads at `hello` has come.
    UpToDate {
        /// The relay's clock.
        time_ms: i64,
    },
    /// A sign of life.
    Ping {
        /// The relay's clock.
        time_ms: i64,
    },
    /// The relay is going away.
    Goaway {
        /// When to connect again.
        after_ms: u32,
    },
    /// Why the relay ends the stream.
    Error {
        /// The error's code.
        code: &'a str,
    },
    /// A frame of a newer relay.
    Unknown,
}

/// What the driver is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Open a socket, and report [`Input::Opened`] or [`Input::Closed`].
    Connect,
    /// Send `hello` with these cursors.
    Hello {
        /// Topic and cursor.
        cursors: Vec<(String, Cursor)>,
    },
    /// Send `pong`.
    Pong,
    /// Send `resume`.
    Resume {
        /// The topic.
        topic: String,
        /// The last event that the reader has.
        cursor: Cursor,
    },
    /// Pass the frame just given to the reader.
    Deliver,
    /// Close the socket and forget it; its end is not reported any more.
    Close,
    /// The state is another one now.
    State(State),
}

/// How the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// No connection yet, or not welcomed.
    Connecting,
    /// Welcomed; what was missed is coming.
    CatchingUp,
    /// Caught up.
    Live,
    /// The token is not good (any more); nothing is tried until [`Input::Start`].
    SignedOut,
    /// Not begun, or ended.
    Stopped,
}
