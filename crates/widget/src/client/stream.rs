//! The client's topic, read through the session.

use alloc::vec::Vec;

use session::{Input, Output, State};

use super::{Client, Effect, Fault};
use crate::log::Log;
use crate::wire::{Frame, write};

impl Client {
    /// The socket is open.
    pub fn opened(&mut self, now: i64) -> Vec<Effect> {
        self.drive(Input::Opened, now);
        self.settle(now)
    }

    /// The socket failed or closed.
    pub fn closed(&mut self, now: i64) -> Vec<Effect> {
        self.drive(Input::Closed, now);
        self.settle(now)
    }

    /// A frame came.
    pub fn frame(&mut self, frame: Frame, now: i64) -> Vec<Effect> {
        if let Frame::Error { code } = &frame
            && let Some(fault) = Fault::of(code)
        {
            self.give_up(fault, code, now);
        }
        let outputs = self.session.handle(Input::Frame(frame.head()), now);
        self.obey(outputs, Some(frame), now);
        self.settle(now)
    }

    /// Passes an input to the session and carries out what it says.
    pub(super) fn drive(&mut self, input: Input<'_>, now: i64) {
        let outputs = self.session.handle(input, now);
        self.obey(outputs, None, now);
    }

    fn obey(&mut self, outputs: Vec<Output>, mut frame: Option<Frame>, now: i64) {
        let mut signed_out = false;
        for output in outputs {
            match output {
                Output::Connect => self.effects.push(Effect::Connect),
                Output::Close => self.effects.push(Effect::Disconnect),
                Output::Hello { cursors } => {
                    let token = self.token.as_deref().unwrap_or_default();
                    self.effects.push(Effect::Say(write::hello(token, &cursors)));
                }
                Output::Pong => self.effects.push(Effect::Say(write::pong())),
                Output::Resume { topic, cursor } => self.effects.push(Effect::Say(write::resume(&topic, &cursor))),
                Output::Deliver => self.deliver(frame.take()),
                Output::State(State::Live) => {
                    self.n_renewals = 0;
                    self.outbox.wake();
                    self.errands.wake();
                }
                Output::State(State::SignedOut) => signed_out = true,
                Output::State(State::Connecting | State::CatchingUp | State::Stopped) => {}
            }
        }
        if signed_out {
            self.unauthorized(now);
        }
    }

    fn deliver(&mut self, frame: Option<Frame>) {
        match frame {
            Some(Frame::Event { change, .. }) => {
                if let Some(message) = &change.message {
                    self.is_stored(&message.id);
                }
                self.log.change(change);
            }
            Some(Frame::Snapshot { epoch, contact: Some(state), .. }) => {
                for message in &state.history.messages {
                    self.is_stored(&message.id);
                }
                let first = !self.log.is_joined();
                self.log.start_over(&epoch, state);
                if first {
                    self.read_n = self.log.last_n();
                }
            }
            Some(Frame::Left { .. }) => self.log = Log::default(),
            Some(
                Frame::Snapshot { contact: None, .. }
                | Frame::Welcome { .. }
                | Frame::UpToDate { .. }
                | Frame::Ping { .. }
                | Frame::Goaway { .. }
                | Frame::Error { .. }
                | Frame::Unknown,
            )
            | None => {}
        }
    }
}
