//! Older messages, fetched when the visitor scrolls up to them.

use alloc::vec::Vec;

use super::{Client, Effect, Errand, PAGE, Refusal};
use crate::wire::History;

impl Client {
    /// The visitor came to the oldest message known.
    pub fn older(&mut self, now: i64) -> Vec<Effect> {
        if let (Some(before), true) = (self.log.first_n(), self.can_load_older()) {
            self.errands.push(PAGE, PAGE, Errand::Page { before });
        }
        self.settle(now)
    }

    /// Whether there are older messages that nobody has asked for yet.
    #[must_use]
    pub fn can_load_older(&self) -> bool {
        self.log.has_more() && self.token.is_some() && !self.is_loading_older()
    }

    /// Whether older messages are on their way.
    #[must_use]
    pub fn is_loading_older(&self) -> bool {
        self.errands.get(PAGE).is_some()
    }

    /// The relay's answer to [`Effect::AskPage`] with this token.
    pub fn paged(&mut self, token: &str, before: u32, answer: Result<History, Refusal>, now: i64) -> Vec<Effect> {
        let current = self.token.as_deref() == Some(token);
        match answer {
            Ok(page) => {
                self.errands.stored(PAGE);
                if current {
                    self.log.take_page(before, page);
                }
            }
            Err(Refusal::Unreachable { retry_after_ms }) => self.errands.unreachable(PAGE, now, retry_after_ms),
            Err(Refusal::Refused { .. }) => {
                self.errands.discard(PAGE);
            }
            Err(Refusal::Unauthorized) => {
                self.errands.discard(PAGE);
                if current {
                    self.unauthorized(now);
                }
            }
        }
        self.settle(now)
    }
}
