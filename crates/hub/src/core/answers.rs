//! The outbox of answers: sent again and again until the relay took or refused them.

use protocol::error::{ErrorCode, ErrorDetails, WireError};
use protocol::worker::{AccountKey, HubToPanel, OutboxItem, OutboxState};
use session::ItemState;

use crate::core::calls::{self, HttpOutcome, Reading};
use crate::core::{Core, Effect, PortId, Purpose};

impl Core {
    /// "Send" in a panel.
    pub(super) fn send_answer(&mut self, key: &AccountKey, item: OutboxItem, now_ms: i64) {
        let Some(desktop) = self.desktop(key) else {
            return;
        };
        // A failed one that is sent again stands on another claim now.
        if let Some((_, ItemState::Failed { .. })) = desktop.outbox.get(&item.id) {
            desktop.outbox.discard(&item.id);
            desktop.refusals.remove(&item.id);
        }
        desktop.outbox.push(&item.conversation_id, &item.id, item.clone());
        self.keep(key);
        self.tell_panels(key, HubToPanel::Outbox { item, state: OutboxState::Sending });
        self.send_due(now_ms);
    }

    /// "Retry" at a failed answer.
    pub(super) fn retry_answer(&mut self, key: &AccountKey, message_id: &str, now_ms: i64) {
        let Some(desktop) = self.desktop(key) else {
            return;
        };
        let Some((item, ItemState::Failed { .. })) = desktop.outbox.get(message_id) else {
            return;
        };
        let item = item.clone();
        desktop.outbox.retry(message_id);
        desktop.refusals.remove(message_id);
        self.keep(key);
        self.tell_panels(key, HubToPanel::Outbox { item, state: OutboxState::Sending });
        self.send_due(now_ms);
    }

    /// A failed answer is given up; the panel that did it knows, the others are told everything anew.
    pub(super) fn discard_answer(&mut self, panel: PortId, key: &AccountKey, message_id: &str) {
        let Some(desktop) = self.desktop(key) else {
            return;
        };
        if !matches!(desktop.outbox.get(message_id), Some((_, ItemState::Failed { .. }))) {
            return;
        }
        desktop.outbox.discard(message_id);
        desktop.refusals.remove(message_id);
        self.keep(key);
        self.refill(key, Some(panel));
    }

    /// Sends what is due, of all accounts.
    pub(super) fn send_due(&mut self, now_ms: i64) {
        self.each_account(|core, key| {
            let Some(desktop) = core.desktop(key).filter(|desktop| !desktop.is_signed_out) else {
                return;
            };
            for due in desktop.outbox.take_due(now_ms) {
                core.fetch(key, calls::answer(&due.item), Purpose::Answer { message_id: due.id });
            }
        });
    }

    /// Posting an answer ended.
    pub(super) fn answer_ended(&mut self, key: &AccountKey, message_id: &str, outcome: &HttpOutcome, now_ms: i64) {
        let Some(desktop) = self.desktop(key) else {
            return;
        };
        let Some(item) = desktop.outbox.get(message_id).map(|(item, _)| item.clone()) else {
            return;
        };
        let reading = match outcome.message() {
            Reading::Unreadable if outcome.is_refusal() => Reading::Refused(unreadable()),
            reading => reading,
        };
        match reading {
            Reading::Good(message) => {
                desktop.outbox.stored(message_id);
                self.keep(key);
                self.tell_panels(
                    key,
                    HubToPanel::Outbox { item, state: OutboxState::Sent { message: Box::new(message) } },
                );
            }
            Reading::Refused(error) if error.code == ErrorCode::Unauthorized => {
                desktop.outbox.unreachable(message_id, now_ms, None);
                self.sign_out(key, now_ms);
            }
            Reading::Refused(error) if is_final(&error, outcome) => {
                desktop.outbox.refused(message_id, "refused");
                desktop.refusals.insert(message_id.to_owned(), error.clone());
                self.keep(key);
                self.tell_panels(key, HubToPanel::Outbox { item, state: OutboxState::Failed { error } });
            }
            Reading::Unreadable if outcome.is_good() => {
                // A hotel's sign-in page, or a relay whose answers this build cannot read.
                let what = String::from("the answer to a message could not be read; it is sent again");
                desktop.outbox.unreachable(message_id, now_ms, None);
                self.effects.push(Effect::Report { what });
            }
            Reading::Refused(_) | Reading::Unreadable => {
                let retry_after_ms = match outcome {
                    HttpOutcome::Answered { retry_after_ms, .. } => *retry_after_ms,
                    HttpOutcome::Unreachable => None,
                };
                desktop.outbox.unreachable(message_id, now_ms, retry_after_ms);
            }
        }
        self.send_due(now_ms);
    }

    fn keep(&mut self, key: &AccountKey) {
        let Some(desktop) = self.desktop(key) else {
            return;
        };
        let items = desktop.kept();
        self.effects.push(Effect::Keep { account: key.clone(), items });
    }
}

/// Whether nothing but a person's decision changes a refusal.
fn is_final(error: &WireError, outcome: &HttpOutcome) -> bool {
    match error.code {
        ErrorCode::Unknown => outcome.is_refusal(),
        code => !code.is_transient(),
    }
}

/// Stands for a refusal whose words this build cannot read.
fn unreadable() -> WireError {
    WireError {
        code: ErrorCode::Unknown,
        message: String::from("the relay refused it in words that cannot be read"),
        details: ErrorDetails::default(),
        request_id: String::new(),
    }
}
