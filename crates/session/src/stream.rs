//! The session: connecting, catching up, noticing gaps and silence.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use crate::backoff::Backoff;
use crate::input::{Config, Head, Input, Output, State};
use crate::offset::Offset;
use crate::time::Clock;
use crate::topic::{Cursor, Topic, Verdict};

/// What the session waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing.
    Idle,
    /// The time to connect.
    Waiting { until: i64 },
    /// The socket to open.
    Opening { until: i64 },
    /// The relay's welcome.
    Greeting { until: i64 },
    /// Frames.
    Open { heard_at: i64 },
}

/// A reader's session with the relay: connects, catches up, and passes every event on once and in order, or a snapshot instead.
#[derive(Clone, Debug)]
pub struct Session {
    config: Config,
    backoff: Backoff,
    /// After the relay ended a stream with an error; catching up does not shorten these waits, staying live does.
    after_errors: Backoff,
    live_since: Option<i64>,
    state: State,
    phase: Phase,
    /// In the order of their names.
    topics: Vec<(String, Topic)>,
    clock: Clock,
    offset: Offset,
}

impl Session {
    /// A session that has not begun.
    #[must_use]
    pub fn new(config: Config) -> Self {
        let backoff = Backoff::new(config.backoff_min_ms, config.backoff_max_ms, config.seed);
        Self {
            config,
            after_errors: backoff.clone(),
            backoff,
            live_since: None,
            state: State::Stopped,
            phase: Phase::Idle,
            topics: Vec::new(),
            clock: Clock::default(),
            offset: Offset::default(),
        }
    }

    /// How the connection stands.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// The relay's clock less the driver's, in milliseconds, as well as the frames' times show it.
    #[must_use]
    pub fn offset_ms(&self) -> i64 {
        self.offset.ms()
    }

    /// Where the reader stands in a topic.
    #[must_use]
    pub fn cursor(&self, topic: &str) -> Option<&Cursor> {
        self.find(topic).ok().and_then(|at| self.topics[at].1.cursor())
    }

    /// When [`Input::Timer`] is due.
    #[must_use]
    pub fn deadline(&self) -> Option<i64> {
        match self.phase {
            Phase::Idle => None,
            Phase::Waiting { until } | Phase::Opening { until } | Phase::Greeting { until } => Some(until),
            Phase::Open { heard_at } => {
                let silent_at = heard_at.saturating_add(self.config.silence_ms);
                self.topics.iter().filter_map(|(_, topic)| topic.deadline()).chain([silent_at]).min()
            }
        }
    }

    /// Takes what happened and says what to do about it, in order.
    pub fn handle(&mut self, input: Input<'_>, now_ms: i64) -> Vec<Output> {
        let shift = self.clock.observe(now_ms);
        if shift != 0 {
            self.shift(shift);
        }
        let mut out = Vec::new();
        match input {
            Input::Start if self.phase == Phase::Idle => {
                self.backoff.reset();
                self.connect(now_ms, &mut out);
            }
            Input::Opened if matches!(self.phase, Phase::Opening { .. }) => {
                self.greet(now_ms, &mut out);
            }
            Input::Closed if self.has_socket() => self.retry(now_ms, &mut out),
            Input::Frame(head) if matches!(self.phase, Phase::Greeting { .. } | Phase::Open { .. }) => {
                self.frame(head, now_ms, &mut out);
            }
            Input::Wake => self.wake(now_ms, &mut out),
            Input::Timer => self.timer(now_ms, &mut out),
            Input::Stop => self.end(State::Stopped, &mut out),
            Input::Start | Input::Opened | Input::Closed | Input::Frame(_) => {}
        }
        out
    }

    fn has_socket(&self) -> bool {
        matches!(self.phase, Phase::Opening { .. } | Phase::Greeting { .. } | Phase::Open { .. })
    }

    fn set_state(&mut self, state: State, out: &mut Vec<Output>) {
        if self.state != state {
            self.state = state;
            out.push(Output::State(state));
        }
    }

    fn connect(&mut self, now_ms: i64, out: &mut Vec<Output>) {
        self.live_since = None;
        self.phase = Phase::Opening { until: now_ms.saturating_add(self.config.connect_timeout_ms) };
        self.set_state(State::Connecting, out);
        out.push(Output::Connect);
    }

    fn greet(&mut self, now_ms: i64, out: &mut Vec<Output>) {
        self.phase = Phase::Greeting { until: now_ms.saturating_add(self.config.connect_timeout_ms) };
        self.topics.iter_mut().for_each(|(_, topic)| topic.reconnect());
        self.topics.retain(|(_, topic)| topic.cursor().is_some());
        let place = |(name, topic): &(String, Topic)| Some((name.clone(), topic.cursor()?.clone()));
        out.push(Output::Hello { cursors: self.topics.iter().filter_map(place).collect() });
    }

    /// The socket is gone: connects again after a while.
    fn retry(&mut self, now_ms: i64, out: &mut Vec<Output>) {
        let wait_ms = self.backoff.next_ms();
        self.phase = Phase::Waiting { until: now_ms.saturating_add(wait_ms) };
        self.set_state(State::Connecting, out);
    }

    /// Waits longer each time, so that what fails again right after catching up does not go round and round.
    fn retry_after_error(&mut self, now_ms: i64, out: &mut Vec<Output>) {
        if self.live_since.is_some_and(|since| now_ms.saturating_sub(since) >= self.config.backoff_max_ms) {
            self.after_errors.reset();
        }
        let wait_ms = self.after_errors.next_ms();
        self.phase = Phase::Waiting { until: now_ms.saturating_add(wait_ms) };
        self.set_state(State::Connecting, out);
    }

    fn end(&mut self, state: State, out: &mut Vec<Output>) {
        if self.has_socket() {
            out.push(Output::Close);
        }
        self.phase = Phase::Idle;
        self.set_state(state, out);
    }

    fn wake(&mut self, now_ms: i64, out: &mut Vec<Output>) {
        match self.phase {
            Phase::Waiting { .. } => {
                self.backoff.reset();
                self.connect(now_ms, out);
            }
            // A ping has been missed: the network went away under the socket, which may not notice for minutes.
            Phase::Open { heard_at } if now_ms.saturating_sub(heard_at) > self.config.silence_ms / 2 => {
                out.push(Output::Close);
                self.backoff.reset();
                self.connect(now_ms, out);
            }
            Phase::Idle | Phase::Opening { .. } | Phase::Greeting { .. } | Phase::Open { .. } => {}
        }
    }

    fn timer(&mut self, now_ms: i64, out: &mut Vec<Output>) {
        match self.phase {
            Phase::Waiting { until } if until <= now_ms => self.connect(now_ms, out),
            Phase::Opening { until } | Phase::Greeting { until } if until <= now_ms => {
                out.push(Output::Close);
                self.retry(now_ms, out);
            }
            Phase::Open { heard_at } if heard_at.saturating_add(self.config.silence_ms) <= now_ms => {
                out.push(Output::Close);
                self.retry(now_ms, out);
            }
            Phase::Open { .. } => {
                for (name, topic) in &mut self.topics {
                    if topic.ask_again(now_ms) {
                        out.push(Output::Resume { topic: name.clone(), cursor: topic.resume_at() });
                    }
                }
            }
            Phase::Idle | Phase::Waiting { .. } | Phase::Opening { .. } | Phase::Greeting { .. } => {}
        }
    }

    fn frame(&mut self, head: Head<'_>, now_ms: i64, out: &mut Vec<Output>) {
        if let Phase::Open { heard_at } = &mut self.phase {
            *heard_at = now_ms;
        }
        match head {
            Head::Welcome { time_ms, epoch: _ } => {
                self.phase = Phase::Open { heard_at: now_ms };
                self.offset.restart(time_ms.saturating_sub(now_ms));
                self.set_state(State::CatchingUp, out);
            }
            Head::UpToDate { time_ms } => {
                self.offset.sample(time_ms.saturating_sub(now_ms));
                self.backoff.reset();
                self.live_since = Some(now_ms);
                self.set_state(State::Live, out);
            }
            Head::Ping { time_ms } => {
                self.offset.sample(time_ms.saturating_sub(now_ms));
                out.push(Output::Pong);
            }
            Head::Event { topic, epoch, seq } => {
                self.of_topic(topic, out, |place| place.event(epoch, seq, now_ms));
            }
            Head::Snapshot { topic, epoch, seq, part, last } => {
                self.of_topic(topic, out, |place| place.snapshot(epoch, seq, part, last, now_ms));
            }
            Head::Left { topic } => {
                if let Ok(at) = self.find(topic) {
                    self.topics.remove(at);
                }
                out.push(Output::Deliver);
            }
            Head::Goaway { after_ms } => {
                out.push(Output::Close);
                self.phase = Phase::Waiting { until: now_ms.saturating_add(i64::from(after_ms)) };
                self.set_state(State::Connecting, out);
            }
            Head::Error { code: "unauthorized" } => self.end(State::SignedOut, out),
            Head::Error { code: _ } => {
                out.push(Output::Close);
                self.retry_after_error(now_ms, out);
            }
            Head::Unknown => {}
        }
    }

    fn of_topic(&mut self, name: &str, out: &mut Vec<Output>, judge: impl FnOnce(&mut Topic) -> Verdict) {
        let at = self.find(name).unwrap_or_else(|at| {
            self.topics.insert(at, (name.to_owned(), Topic::default()));
            at
        });
        let topic = &mut self.topics[at].1;
        let verdict = judge(topic);
        if matches!(verdict, Verdict::Deliver | Verdict::DeliverAndResume) {
            out.push(Output::Deliver);
        }
        if matches!(verdict, Verdict::Resume | Verdict::DeliverAndResume) {
            out.push(Output::Resume { topic: name.to_owned(), cursor: topic.resume_at() });
        }
    }

    /// Where a topic stands, or should stand.
    fn find(&self, name: &str) -> Result<usize, usize> {
        self.topics.binary_search_by(|(other, _)| other.as_str().cmp(name))
    }

    /// Moves every deadline after the clock jumped back.
    fn shift(&mut self, ms: i64) {
        match &mut self.phase {
            Phase::Idle => {}
            Phase::Waiting { until: at }
            | Phase::Opening { until: at }
            | Phase::Greeting { until: at }
            | Phase::Open { heard_at: at } => {
                *at = at.saturating_add(ms);
            }
        }
        for (_, topic) in &mut self.topics {
            topic.shift(ms);
        }
    }
}
