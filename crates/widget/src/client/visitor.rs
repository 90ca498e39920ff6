//! The visitor's identity: a token that the relay issued.

use alloc::string::String;
use alloc::vec::Vec;

use session::{Config, Input, Session};

use super::{Client, Effect, Fault, Refusal, VISITOR};
use crate::log::Log;
use crate::texts::BLOCKED;

/// An answer that can be mended by nobody here is asked for again after so long.
const ODD_ANSWER_RETRY_MS: i64 = 60_000;

impl Client {
    /// The relay's answer to [`Effect::AskVisitor`].
    pub fn visitor_answered(&mut self, answer: Result<String, Refusal>, now: i64) -> Vec<Effect> {
        match answer {
            Ok(token) => {
                self.errands.stored(VISITOR);
                if self.token.is_none() {
                    self.effects.push(Effect::KeepToken(token.clone()));
                    self.use_token(token, now);
                }
            }
            Err(Refusal::Unreachable { retry_after_ms }) => self.errands.unreachable(VISITOR, now, retry_after_ms),
            Err(Refusal::Unauthorized) => self.errands.unreachable(VISITOR, now, Some(ODD_ANSWER_RETRY_MS)),
            Err(Refusal::Refused { code }) => match Fault::of(&code) {
                Some(fault) => {
                    self.errands.discard(VISITOR);
                    self.give_up(fault, &code, now);
                }
                // The address is blocked (B6): what waits can be tried again.
                None if code == BLOCKED => {
                    self.errands.discard(VISITOR);
                    self.fail_all(&code);
                }
                None => self.errands.unreachable(VISITOR, now, Some(ODD_ANSWER_RETRY_MS)),
            },
        }
        self.settle(now)
    }

    /// Another tab of the same visitor keeps this token now.
    pub fn token_kept_elsewhere(&mut self, token: String, now: i64) -> Vec<Effect> {
        if self.token.as_ref() != Some(&token) {
            self.use_token(token, now);
        }
        self.settle(now)
    }

    /// Whether an identity is needed and missing.
    pub(super) fn wants_visitor(&self) -> bool {
        self.token.is_none() && self.fault.is_none() && self.has_unsent()
    }

    /// Begins anew with this identity.
    pub(super) fn use_token(&mut self, token: String, now: i64) {
        self.forget(now);
        self.token = Some(token);
        self.drive(Input::Start, now);
    }

    /// The token is not good any more: what was written waits for a new identity.
    pub(super) fn unauthorized(&mut self, now: i64) {
        let Some(token) = self.token.take() else { return };
        self.effects.push(Effect::ForgetToken(token));
        self.forget(now);
        self.history_lost = true;
        self.n_renewals += 1;
        self.visitor_not_before = match self.n_renewals {
            1 => now,
            n => now.saturating_add(1_000 << n.min(6)),
        };
    }

    /// The chat cannot be used: what waits is marked as failed, so that the visitor can try again.
    pub(super) fn give_up(&mut self, fault: Fault, code: &str, now: i64) {
        self.fault = Some(fault);
        self.drive(Input::Stop, now);
        self.fail_all(code);
    }

    fn forget(&mut self, now: i64) {
        self.drive(Input::Stop, now);
        self.session = Session::new(Config::default().with_seed(self.seed));
        self.log = Log::default();
        self.read_n = 0;
        self.outbox.wake();
    }
}

impl Fault {
    /// The fault behind a refusal, if the refusal concerns the chat as a whole.
    pub(super) fn of(code: &str) -> Option<Self> {
        match code {
            "origin_not_allowed" => Some(Self::OriginNotAllowed),
            "not_found" => Some(Self::ChannelGone),
            _ => None,
        }
    }
}
