//! The chat without a browser: what happens goes in, effects come out, in order.
//!
//! One [`Session`] reads the client's topic; one [`Outbox`] sends what was written, each message with its own id until the relay stored or
//! refused it (W6). A visitor's identity is asked for only when there is something to send (W3, W4).

mod paging;
mod sending;
mod stream;
#[cfg(test)]
mod tests;
mod visitor;

use alloc::string::String;
use alloc::vec::Vec;

use session::{Config, Outbox, Session, State};

use crate::log::Log;
use crate::wire::write;

pub use sending::{Draft, Kept, MESSAGE_MAX_CHARS, Pending, n_chars};

/// A connection that takes longer is spoken of.
const SLOW_AFTER_MS: i64 = 4_000;
/// The relay hears so often of the visitor's typing.
const TYPING_EVERY_MS: i64 = 10_000;
/// The errand that makes a visitor; also its lane.
const VISITOR: &str = "visitor";
/// The errand that fetches older messages; also its lane.
const PAGE: &str = "page";

/// What the driver is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Open a socket to `/v1/stream`.
    Connect,
    /// Close the socket and forget it.
    Disconnect,
    /// Send this frame.
    Say(String),
    /// `POST /v1/widget/{key}/visitors`; the answer goes to [`Client::visitor_answered`].
    AskVisitor,
    /// `POST /v1/widget/messages`; the answer goes to [`Client::posted`].
    Post {
        /// The visitor's token.
        token: String,
        /// `msg_…`
        id: String,
        /// What was written.
        draft: Draft,
    },
    /// `GET /v1/widget/messages?before=`; the answer goes to [`Client::paged`].
    AskPage {
        /// The visitor's token.
        token: String,
        /// Messages with a smaller number.
        before: u32,
    },
    /// Keep the token for the next visit.
    KeepToken(String),
    /// Forget this token, unless another one is kept.
    ForgetToken(String),
    /// Keep a message until it is stored.
    Keep(Kept),
    /// A kept message is stored or given up.
    Drop(String),
}

/// Why a request did not do what it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The token is not good.
    Unauthorized,
    /// The relay will not take it.
    Refused {
        /// `protocol::error::ErrorCode`, as text.
        code: String,
    },
    /// No answer, or one that says "later".
    Unreachable {
        /// When the relay wants to be asked again.
        retry_after_ms: Option<i64>,
    },
}

impl Refusal {
    /// What an answer that is not a success means.
    #[must_use]
    pub fn of(status: u16, code: Option<String>, retry_after_ms: Option<i64>) -> Self {
        match status {
            401 if code.as_deref() == Some("unauthorized") => Self::Unauthorized,
            408 | 425 | 429 | 500.. => Self::Unreachable { retry_after_ms },
            // An answer that is not the relay's own comes from a proxy in between; it says nothing about the token or the text.
            _ => code.map_or(Self::Unreachable { retry_after_ms }, |code| Self::Refused { code }),
        }
    }
}

/// Why the chat cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The page is not on the channel's list (W2).
    OriginNotAllowed,
    /// The channel is gone.
    ChannelGone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Errand {
    Visitor,
    Page { before: u32 },
}

/// The chat's state.
#[derive(Debug)]
pub struct Client {
    seed: u64,
    token: Option<String>,
    session: Session,
    outbox: Outbox<Draft>,
    elsewhere: Vec<sending::Elsewhere>,
    errands: Outbox<Errand>,
    log: Log,
    fault: Option<Fault>,
    history_lost: bool,
    /// How many tokens in a row turned out to be no good.
    n_renewals: u32,
    visitor_not_before: i64,
    trouble_since: Option<i64>,
    slow: bool,
    shown: bool,
    typed_at: i64,
    read_n: u32,
    effects: Vec<Effect>,
}

impl Client {
    /// A chat that has not begun; the seed spreads the waits of different visitors.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            token: None,
            session: Session::new(Config::default().with_seed(seed)),
            outbox: Outbox::new(seed),
            elsewhere: Vec::new(),
            errands: Outbox::new(seed),
            log: Log::default(),
            fault: None,
            history_lost: false,
            n_renewals: 0,
            visitor_not_before: i64::MIN,
            trouble_since: None,
            slow: false,
            shown: false,
            typed_at: i64::MIN,
            read_n: 0,
            effects: Vec::new(),
        }
    }

    /// Begins with what an earlier visit kept.
    pub fn start(&mut self, token: Option<String>, kept: Vec<Kept>, now: i64) -> Vec<Effect> {
        let mut in_order = Vec::new();
        for message in kept {
            sending::insert(&mut in_order, message);
        }
        for Kept { id, draft, failed } in in_order {
            self.outbox.restore(sending::LANE, &id, draft, failed.as_deref());
        }
        if let Some(token) = token {
            self.use_token(token, now);
        }
        self.settle(now)
    }

    /// When [`Client::timer`] is due.
    #[must_use]
    pub fn deadline(&self) -> Option<i64> {
        let wanted_visitor = self.wants_visitor() && self.errands.get(VISITOR).is_none();
        let mut deadline = self.session.deadline();
        let mut or =
            |other: Option<i64>| deadline = deadline.map_or(other, |at| Some(other.map_or(at, |it| it.min(at))));
        or(self.errands.deadline());
        or(self.adoption_deadline());
        if self.token.is_some() {
            or(self.outbox.deadline());
        }
        if wanted_visitor {
            or(Some(self.visitor_not_before));
        }
        if !self.slow {
            or(self.trouble_since.map(|since| since.saturating_add(SLOW_AFTER_MS)));
        }
        deadline
    }

    /// [`Client::deadline`] has come; early or needless ones do no harm.
    pub fn timer(&mut self, now: i64) -> Vec<Effect> {
        self.drive(session::Input::Timer, now);
        self.adopt(now);
        self.settle(now)
    }

    /// The network is back, or the page is visible again.
    pub fn wake(&mut self, now: i64) -> Vec<Effect> {
        self.outbox.wake();
        self.errands.wake();
        self.drive(session::Input::Wake, now);
        self.adopt(now);
        self.settle(now)
    }

    /// The visitor opened or closed the chat.
    pub fn show(&mut self, shown: bool, now: i64) -> Vec<Effect> {
        self.shown = shown;
        self.settle(now)
    }

    /// The visitor types (X2). Without a live stream it is not worth keeping.
    pub fn typed(&mut self, now: i64) -> Vec<Effect> {
        let is_fresh = (0..TYPING_EVERY_MS).contains(&now.saturating_sub(self.typed_at));
        if self.session.state() == State::Live && !is_fresh {
            self.typed_at = now;
            self.effects.push(Effect::Say(write::typing()));
        }
        core::mem::take(&mut self.effects)
    }

    /// The visitor's token, once there is one.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The messages that the relay has.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Whether there is nothing above the messages known.
    #[must_use]
    pub fn knows_beginning(&self) -> bool {
        if self.log.is_joined() { !self.log.has_more() } else { self.token.is_none() }
    }

    /// Why the chat cannot be used, if so.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        self.fault
    }

    /// Whether an earlier conversation could not be loaded, because its token is not good any more.
    #[must_use]
    pub fn is_history_lost(&self) -> bool {
        self.history_lost
    }

    /// Whether the relay has been out of reach for some seconds.
    #[must_use]
    pub fn is_slow(&self) -> bool {
        self.slow && self.fault.is_none()
    }

    /// How many of the agents' messages came while the chat was closed.
    #[must_use]
    pub fn n_unread(&self) -> usize {
        self.log.messages().iter().filter(|message| message.n > self.read_n && message.agent_name.is_some()).count()
    }

    /// Hands out what is due, and returns all that is to be done.
    fn settle(&mut self, now: i64) -> Vec<Effect> {
        if self.wants_visitor() && now >= self.visitor_not_before {
            self.errands.push(VISITOR, VISITOR, Errand::Visitor);
        }
        for due in self.errands.take_due(now) {
            match (due.item, &self.token) {
                (Errand::Visitor, None) => self.effects.push(Effect::AskVisitor),
                (Errand::Page { before }, Some(token)) => {
                    self.effects.push(Effect::AskPage { token: token.clone(), before });
                }
                (Errand::Visitor, Some(_)) | (Errand::Page { .. }, None) => {
                    self.errands.discard(&due.id);
                }
            }
        }
        if let Some(token) = &self.token {
            for due in self.outbox.take_due(now) {
                self.effects.push(Effect::Post { token: token.clone(), id: due.id, draft: due.item });
            }
        }
        let fine = match self.token {
            Some(_) => self.session.state() == State::Live,
            None => !self.has_unsent(),
        };
        self.trouble_since = if fine { None } else { self.trouble_since.or(Some(now)) };
        self.slow = self.trouble_since.is_some_and(|since| now.saturating_sub(since) >= SLOW_AFTER_MS);
        if self.shown {
            self.read_n = self.log.last_n();
        }
        core::mem::take(&mut self.effects)
    }
}
