//! A relay, a line that loses and swaps, and a reader that checks.

use std::collections::VecDeque;

use session::{Config, Cursor, Head, Input, Output, Session, State};

pub(crate) const N_TOPICS: usize = 3;

/// What may happen.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Publish {
        topic: usize,
    },
    /// The next frame arrives.
    Carry,
    /// The next frame is lost.
    Lose,
    /// The next frame arrives twice.
    Double,
    /// The next two frames change places.
    Swap,
    StartOver {
        topic: usize,
        n_parts: u32,
    },
    /// The log forgets the topic's events: who asks for them gets a snapshot.
    Prune {
        topic: usize,
    },
    LeaveAndJoin {
        topic: usize,
    },
    /// The socket breaks.
    Drop,
    /// The relay comes back from a backup: another epoch, fewer events.
    Restore,
    Wake,
    Pass {
        ms: i64,
    },
    /// Somebody sets the clock.
    JumpBack {
        ms: i64,
    },
}

#[derive(Clone, Debug)]
enum Frame {
    Welcome,
    Event { topic: usize, epoch: String, seq: u64 },
    Snapshot { topic: usize, epoch: String, seq: u64, part: u32, last: bool },
    Left { topic: usize },
    UpToDate,
    Ping,
}

/// What the reader has of a topic.
#[derive(Clone, Debug, PartialEq)]
enum Place {
    Nothing,
    Parts { epoch: String, seq: u64, next: u32 },
    At { epoch: String, seq: u64 },
}

pub(crate) struct World {
    session: Session,
    now_ms: i64,
    epoch: u32,
    heads: [u64; N_TOPICS],
    /// Events up to here are gone from the log.
    pruned: [u64; N_TOPICS],
    /// Whether the relay streams a topic to this socket, which it does after `hello`.
    greeted: bool,
    connected: bool,
    line: VecDeque<Frame>,
    reader: [Place; N_TOPICS],
}

const NAMES: [&str; N_TOPICS] = ["agent/1", "channel/2", "channel/3"];

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let mut world = Self {
            session: Session::new(Config::default().with_seed(seed)),
            now_ms: 1_000_000_000,
            epoch: 0,
            heads: [0; N_TOPICS],
            pruned: [0; N_TOPICS],
            greeted: false,
            connected: false,
            line: VecDeque::new(),
            reader: [const { Place::Nothing }; N_TOPICS],
        };
        world.input(Input::Start, None);
        world
    }

    pub(crate) fn run(&mut self, step: Step) {
        match step {
            Step::Publish { topic } => self.publish(topic),
            Step::Carry => self.carry(),
            Step::Lose => {
                if matches!(self.line.front(), Some(Frame::Event { .. } | Frame::Snapshot { .. } | Frame::Ping)) {
                    self.line.pop_front();
                }
            }
            Step::Double => {
                if let Some(frame) = self.line.front().cloned() {
                    self.line.push_front(frame);
                    self.carry();
                }
            }
            Step::Swap => {
                let topical = |frame: &Frame| matches!(frame, Frame::Event { .. } | Frame::Snapshot { .. });
                if self.line.len() >= 2 && topical(&self.line[0]) && topical(&self.line[1]) {
                    self.line.swap(0, 1);
                }
            }
            Step::StartOver { topic, n_parts } if self.greeted => {
                self.send_snapshot(topic, n_parts);
            }
            Step::Prune { topic } => self.pruned[topic] = self.heads[topic],
            Step::LeaveAndJoin { topic } if self.greeted => {
                self.line.push_back(Frame::Left { topic });
                self.send_snapshot(topic, 1);
            }
            Step::StartOver { .. } | Step::LeaveAndJoin { .. } => {}
            Step::Drop => self.cut(),
            Step::Restore => {
                self.epoch += 1;
                self.heads = self.heads.map(|head| head / 2);
                self.pruned = self.heads;
                self.cut();
            }
            Step::Wake => self.input(Input::Wake, None),
            Step::Pass { ms } => self.pass(ms),
            Step::JumpBack { ms } => {
                self.now_ms -= ms;
                // A browser's timer runs by another clock: the one that was set before rings early by this one.
                self.input(Input::Timer, None);
            }
        }
    }

    /// From now on the line is good: carries frames and lets time pass until the session is quiet.
    pub(crate) fn heal(&mut self) {
        for topic in 0..N_TOPICS {
            self.publish(topic);
        }
        for _ in 0..40 {
            while !self.line.is_empty() {
                self.carry();
            }
            self.pass(1_000);
        }
    }

    pub(crate) fn assert_caught_up(&self) {
        assert_eq!(self.session.state(), State::Live);
        for (topic, name) in NAMES.iter().enumerate() {
            let place = Place::At { epoch: self.epoch_name(), seq: self.heads[topic] };
            assert_eq!(self.reader[topic], place, "{name}");
            let cursor = Cursor { epoch: self.epoch_name(), seq: self.heads[topic] };
            assert_eq!(self.session.cursor(name), Some(&cursor));
        }
    }

    fn epoch_name(&self) -> String {
        format!("epoch {}", self.epoch)
    }

    fn publish(&mut self, topic: usize) {
        self.heads[topic] += 1;
        if self.greeted {
            self.line.push_back(Frame::Event { topic, epoch: self.epoch_name(), seq: self.heads[topic] });
        }
    }

    fn send_snapshot(&mut self, topic: usize, n_parts: u32) {
        let seq = self.heads[topic];
        for part in 0..n_parts {
            self.line.push_back(Frame::Snapshot {
                topic,
                epoch: self.epoch_name(),
                seq,
                part,
                last: part + 1 == n_parts,
            });
        }
    }

    /// The relay's answer to a cursor.
    fn send_after(&mut self, topic: usize, cursor: Option<&Cursor>) {
        match cursor {
            Some(cursor)
                if cursor.epoch == self.epoch_name()
                    && (self.pruned[topic]..=self.heads[topic]).contains(&cursor.seq) =>
            {
                for seq in cursor.seq + 1..=self.heads[topic] {
                    self.line.push_back(Frame::Event { topic, epoch: self.epoch_name(), seq });
                }
            }
            _ => self.send_snapshot(topic, 2),
        }
    }

    fn cut(&mut self) {
        if self.connected {
            self.close();
            self.input(Input::Closed, None);
        }
    }

    fn close(&mut self) {
        self.connected = false;
        self.greeted = false;
        self.line.clear();
    }

    fn pass(&mut self, ms: i64) {
        let end = self.now_ms + ms;
        while let Some(at) = self.session.deadline().filter(|at| *at <= end) {
            self.now_ms = self.now_ms.max(at);
            self.input(Input::Timer, None);
        }
        self.now_ms = end;
        if self.greeted {
            self.line.push_back(Frame::Ping);
        }
    }

    fn carry(&mut self) {
        let Some(frame) = self.line.pop_front() else {
            return;
        };
        let epoch_name = self.epoch_name();
        let head = match &frame {
            Frame::Welcome => Head::Welcome { time_ms: self.now_ms, epoch: &epoch_name },
            Frame::Event { topic, epoch, seq } => Head::Event { topic: NAMES[*topic], epoch, seq: *seq },
            Frame::Snapshot { topic, epoch, seq, part, last } => {
                Head::Snapshot { topic: NAMES[*topic], epoch, seq: *seq, part: *part, last: *last }
            }
            Frame::Left { topic } => Head::Left { topic: NAMES[*topic] },
            Frame::UpToDate => Head::UpToDate { time_ms: self.now_ms },
            Frame::Ping => Head::Ping { time_ms: self.now_ms },
        };
        self.input(Input::Frame(head), Some(&frame));
    }

    fn input(&mut self, input: Input<'_>, frame: Option<&Frame>) {
        for output in self.session.handle(input, self.now_ms) {
            match output {
                Output::Connect => {
                    assert!(!self.connected, "one connection at a time");
                    self.connected = true;
                    self.input(Input::Opened, None);
                }
                Output::Hello { cursors } => {
                    self.greeted = true;
                    self.line.push_back(Frame::Welcome);
                    for (topic, name) in NAMES.iter().enumerate() {
                        let cursor = cursors.iter().find(|(of, _)| of == name).map(|(_, cursor)| cursor);
                        self.send_after(topic, cursor);
                    }
                    self.line.push_back(Frame::UpToDate);
                }
                Output::Resume { topic, cursor } => {
                    let topic = NAMES.iter().position(|name| *name == topic).unwrap();
                    self.send_after(topic, Some(&cursor));
                }
                Output::Deliver => self.read(frame.unwrap()),
                Output::Close => self.close(),
                Output::Pong | Output::State(_) => {}
            }
        }
    }

    /// The reader takes a frame; what is not the next one is a broken law.
    fn read(&mut self, frame: &Frame) {
        match frame {
            Frame::Event { topic, epoch, seq } => {
                let before = Place::At { epoch: epoch.clone(), seq: seq - 1 };
                assert_eq!(self.reader[*topic], before, "event {seq} of {}", NAMES[*topic]);
                self.reader[*topic] = Place::At { epoch: epoch.clone(), seq: *seq };
            }
            Frame::Snapshot { topic, epoch, seq, part, last } => {
                if *part > 0 {
                    let before = Place::Parts { epoch: epoch.clone(), seq: *seq, next: *part };
                    assert_eq!(self.reader[*topic], before, "part {part} of {}", NAMES[*topic]);
                }
                self.reader[*topic] = if *last {
                    Place::At { epoch: epoch.clone(), seq: *seq }
                } else {
                    Place::Parts { epoch: epoch.clone(), seq: *seq, next: part + 1 }
                };
            }
            Frame::Left { topic } => self.reader[*topic] = Place::Nothing,
            Frame::Welcome | Frame::UpToDate | Frame::Ping => {
                panic!("not for the reader: {frame:?}")
            }
        }
    }
}
