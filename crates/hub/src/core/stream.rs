//! The accounts' streams: frames in, and what they mean for desk, pages and panels.

use std::collections::BTreeMap;

use protocol::WIRE_VERSION;
use protocol::frame::{ClientFrame, Cursor, RelayFrame};
use protocol::worker::{AccountKey, HubToPanel};
use serde::Deserialize;
use session::{Head, Input, Output, State};

use crate::core::alerts::{Alert, When};
use crate::core::passing::Told;
use crate::core::{Core, Effect};

/// What is needed of a frame that cannot be read otherwise, so that its number counts all the same.
#[derive(Debug, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
enum Outline {
    Event {
        topic: String,
        epoch: String,
        seq: u64,
    },
    Snapshot {
        topic: String,
        epoch: String,
        seq: u64,
        part: u32,
        last: bool,
    },
    #[serde(other)]
    Other,
}

impl Core {
    /// The account's socket is open.
    pub(crate) fn socket_opened(&mut self, key: &AccountKey, now_ms: i64) {
        self.input(key, Input::Opened, now_ms);
    }

    /// The account's socket did not open, or is closed.
    pub(crate) fn socket_closed(&mut self, key: &AccountKey, now_ms: i64) {
        self.input(key, Input::Closed, now_ms);
    }

    /// A frame of the account's stream came.
    pub(crate) fn frame(&mut self, key: &AccountKey, text: &str, now_ms: i64) {
        match serde_json::from_str::<RelayFrame>(text) {
            Ok(frame) => {
                self.step(key, Input::Frame(head_of(&frame)), Some(&frame), now_ms);
                self.pass_by(key, frame);
            }
            Err(error) => {
                self.effects
                    .push(Effect::Report { what: format!("a frame could not be read: {:?}", error.classify()) });
                self.unreadable(key, &serde_json::from_str(text).unwrap_or(Outline::Other), now_ms);
            }
        }
    }

    /// Counts a frame that cannot be read. The next event of a topic is not just passed over: what it changed comes with a snapshot, which
    /// may be readable.
    fn unreadable(&mut self, key: &AccountKey, outline: &Outline, now_ms: i64) {
        let head = match outline {
            Outline::Event { topic, epoch, seq } => Head::Event { topic, epoch, seq: *seq },
            Outline::Snapshot { topic, epoch, seq, part, last } => {
                Head::Snapshot { topic, epoch, seq: *seq, part: *part, last: *last }
            }
            Outline::Other => Head::Unknown,
        };
        let Some(desktop) = self.desktop(key) else {
            return;
        };
        let mut outputs = desktop.session.handle(Input::Frame(head), now_ms);
        if let (Outline::Event { topic, .. }, true) = (outline, outputs.contains(&Output::Deliver)) {
            // Without a place in the topic the session asks for it from the beginning, until it comes.
            desktop.session.handle(Input::Frame(Head::Left { topic }), now_ms);
            outputs = desktop.session.handle(Input::Frame(head), now_ms);
        }
        for output in outputs {
            self.carry_out(key, output, None, now_ms);
        }
        self.tell_connection(key);
    }

    /// An input without a frame.
    pub(super) fn input(&mut self, key: &AccountKey, input: Input<'_>, now_ms: i64) {
        self.step(key, input, None, now_ms);
    }

    fn step(&mut self, key: &AccountKey, input: Input<'_>, frame: Option<&RelayFrame>, now_ms: i64) {
        let Some(desktop) = self.desktop(key) else {
            return;
        };
        let outputs = desktop.session.handle(input, now_ms);
        for output in outputs {
            self.carry_out(key, output, frame, now_ms);
        }
        self.tell_connection(key);
    }

    fn carry_out(&mut self, key: &AccountKey, output: Output, frame: Option<&RelayFrame>, now_ms: i64) {
        let (account, here) = (key.clone(), self.is_here(key));
        let Some(desktop) = self.desktop(key) else {
            return;
        };
        match output {
            Output::Connect => {
                let relay = desktop.account.relay.clone();
                self.effects.push(Effect::Connect { account, relay });
            }
            Output::Hello { cursors } => {
                let cursors: BTreeMap<_, _> =
                    cursors.into_iter().map(|(topic, cursor)| (topic, wire(cursor))).collect();
                let token = desktop.account.token.clone();
                desktop.told_here = here;
                desktop.told_viewing = Told::default();
                let frame = ClientFrame::Hello { token, version: WIRE_VERSION, features: Vec::new(), cursors, here };
                self.effects.push(Effect::Transmit { account, frame });
            }
            Output::Pong => self.effects.push(Effect::Transmit { account, frame: ClientFrame::Pong }),
            Output::Resume { topic, cursor } => {
                let frame = ClientFrame::Resume { topic, cursor: wire(cursor) };
                self.effects.push(Effect::Transmit { account, frame });
            }
            Output::Deliver => {
                if let Some(frame) = frame {
                    self.deliver(key, frame, now_ms);
                }
            }
            Output::Close => self.effects.push(Effect::Disconnect { account }),
            Output::State(State::Live) => self.caught_up(key, now_ms),
            Output::State(State::SignedOut) => self.sign_out(key, now_ms),
            // Pages may have come and gone since the greeting.
            Output::State(State::CatchingUp) => self.tell_here(),
            Output::State(State::Connecting | State::Stopped) => {}
        }
    }

    /// Passes a frame on: to the desk, to the panels, and as an alert.
    fn deliver(&mut self, key: &AccountKey, frame: &RelayFrame, now_ms: i64) {
        let Some(desktop) = self.desktop(key) else {
            return;
        };
        desktop.desk.apply(frame);
        let is_live = desktop.session.state() == State::Live;
        let alert = match frame {
            RelayFrame::Event(event) => {
                if is_live {
                    desktop.desk.note_given(event);
                }
                Alert::of(event, &desktop.desk, &desktop.account.relay)
            }
            _ => None,
        };
        self.tell_panels(key, HubToPanel::Frame { frame: frame.clone() });
        match alert {
            Some(alert) if is_live => self.alert(key, &[alert], When::Now, now_ms),
            Some(alert) => self.desktop(key).into_iter().for_each(|desktop| desktop.missed.push(alert.clone())),
            None => {}
        }
        self.refresh(key);
        if let Some(desktop) = self.desktop(key) {
            // Nobody asks the hub for finished ones; panels fetch them.
            desktop.desk.forget_finished();
        }
    }

    /// Everything that was missed is here: one sound for all of it (N6), and answers that waited for the network go out.
    fn caught_up(&mut self, key: &AccountKey, now_ms: i64) {
        let Some(desktop) = self.desktop(key) else {
            return;
        };
        let missed = std::mem::take(&mut desktop.missed);
        desktop.outbox.wake();
        self.alert(key, &missed, When::CaughtUp, now_ms);
        self.ask_places(key);
        self.tell_viewing(key, now_ms);
        self.send_due(now_ms);
    }

    /// The relay does not take the token (any more): what the account could see is forgotten, and its answers wait.
    pub(super) fn sign_out(&mut self, key: &AccountKey, now_ms: i64) {
        let Some(desktop) = self.desktop(key) else {
            return;
        };
        if desktop.is_signed_out {
            return;
        }
        desktop.is_signed_out = true;
        desktop.desk = desk::Desk::default();
        desktop.missed.clear();
        let outputs = desktop.session.handle(Input::Stop, now_ms);
        if outputs.contains(&Output::Close) {
            self.effects.push(Effect::Disconnect { account: key.clone() });
        }
        self.refresh(key);
        self.refill(key, None);
        self.tell_connection(key);
    }

    /// Brings pop-ups, launchers and badge in line with the desk.
    pub(super) fn refresh(&mut self, key: &AccountKey) {
        self.dismiss_stale(key);
        let ports: Vec<_> = self.pages_of(key).map(|(port, _)| port).collect();
        for port in ports {
            self.tell_waiting(port);
        }
        self.show_badge();
    }
}

fn wire(cursor: session::Cursor) -> Cursor {
    Cursor { epoch: cursor.epoch, seq: cursor.seq }
}

fn head_of(frame: &RelayFrame) -> Head<'_> {
    match frame {
        RelayFrame::Welcome { time_ms, epoch, .. } => Head::Welcome { time_ms: *time_ms, epoch },
        RelayFrame::Event(event) => Head::Event { topic: &event.topic, epoch: &event.epoch, seq: event.seq },
        RelayFrame::Snapshot(it) => {
            Head::Snapshot { topic: &it.topic, epoch: &it.epoch, seq: it.seq, part: it.part, last: it.last }
        }
        RelayFrame::Left { topic } => Head::Left { topic },
        RelayFrame::UpToDate { time_ms } => Head::UpToDate { time_ms: *time_ms },
        RelayFrame::Ping { time_ms } => Head::Ping { time_ms: *time_ms },
        RelayFrame::Goaway { after_ms } => Head::Goaway { after_ms: *after_ms },
        RelayFrame::Error { error } if error.code == protocol::error::ErrorCode::Unauthorized => {
            Head::Error { code: "unauthorized" }
        }
        RelayFrame::Error { .. } => Head::Error { code: "other" },
        // What passes by moves no cursor.
        RelayFrame::Typing { .. }
        | RelayFrame::Viewing { .. }
        | RelayFrame::VisitChanged { .. }
        | RelayFrame::Unknown => Head::Unknown,
    }
}
