//! Answers on their way: shown at once, before the relay has them.

use std::rc::Rc;

use protocol::error::{ErrorCode, WireError};
use protocol::worker::OutboxItem;

/// Where an answer stands that is not stored yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Being sent, again and again.
    Sending,
    /// Refused; it waits for the agent.
    Failed(WireError),
}

/// An answer that is not stored yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The answer.
    pub item: OutboxItem,
    /// Where it stands.
    pub progress: Progress,
}

impl Pending {
    /// Whether its text belongs back in the input, because the agent no longer has the conversation, is Offline (A7, P7) or
    /// signed out, or the client is blocked (B6).
    #[must_use]
    pub fn returns_to_input(&self) -> bool {
        match &self.progress {
            Progress::Sending => false,
            Progress::Failed(error) => matches!(
                error.code,
                ErrorCode::StaleFence
                    | ErrorCode::NotHolder
                    | ErrorCode::ConversationTaken
                    | ErrorCode::ConversationNotTaken
                    | ErrorCode::ConversationFinished
                    | ErrorCode::AgentOffline
                    | ErrorCode::ContactBlocked
                    | ErrorCode::Unauthorized
                    // The channel, or the right to it, is gone.
                    | ErrorCode::Forbidden
                    | ErrorCode::NotFound
            ),
        }
    }
}

/// All answers that are not stored yet, in the order in which they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbox {
    items: Vec<Rc<Pending>>,
    /// Those that were written in this panel.
    written_here: Vec<String>,
}

impl Outbox {
    /// Puts in an answer that was written, or is tried again, in this panel.
    pub fn write(&mut self, item: OutboxItem) {
        self.written_here.push(item.id.clone());
        self.put(item, Progress::Sending);
    }

    /// Puts an answer in, or moves a known one on.
    pub fn put(&mut self, item: OutboxItem, progress: Progress) {
        let pending = Rc::new(Pending { item, progress });
        match self.items.iter_mut().find(|known| known.item.id == pending.item.id) {
            Some(known) => *known = pending,
            None => self.items.push(pending),
        }
    }

    /// Takes an answer out: it is stored, or was given up.
    pub fn remove(&mut self, message_id: &str) -> Option<Rc<Pending>> {
        self.written_here.retain(|id| id != message_id);
        let position = self.items.iter().position(|pending| pending.item.id == message_id)?;
        Some(self.items.remove(position))
    }

    /// Forgets the refused ones: the hub is about to say again which it still has, and another panel may have taken some out.
    pub fn forget_failed(&mut self) {
        self.items.retain(|pending| pending.progress == Progress::Sending);
    }

    /// Those of one conversation.
    pub fn of(&self, conversation_id: &str) -> impl Iterator<Item = &Rc<Pending>> {
        self.items.iter().filter(move |pending| pending.item.conversation_id == conversation_id)
    }

    /// Refused ones whose text belongs back in this panel's input: it was written here, or its conversation is shown here.
    pub fn returning(&self, shown: Option<&str>) -> impl Iterator<Item = &Rc<Pending>> {
        let is_here =
            move |item: &OutboxItem| self.written_here.contains(&item.id) || shown == Some(&item.conversation_id);
        self.items.iter().filter(move |pending| pending.returns_to_input() && is_here(&pending.item))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: &str) -> OutboxItem {
        OutboxItem {
            id: id.into(),
            conversation_id: "cnv_1".into(),
            text: "hi".into(),
            attachments: Vec::new(),
            fence: 1,
            at: 5,
        }
    }

    fn failed(code: ErrorCode) -> Progress {
        Progress::Failed(WireError {
            code,
            message: String::new(),
            details: Default::default(),
            request_id: String::new(),
        })
    }

    #[test]
    fn an_answer_keeps_its_place_while_it_moves_on() {
        let mut outbox = Outbox::default();
        outbox.put(item("msg_a"), Progress::Sending);
        outbox.put(item("msg_b"), Progress::Sending);
        outbox.put(item("msg_a"), failed(ErrorCode::RateLimited));
        let order: Vec<_> = outbox.of("cnv_1").map(|pending| pending.item.id.as_str()).collect();
        assert_eq!(order, ["msg_a", "msg_b"]);
        assert_eq!(outbox.of("cnv_2").count(), 0);
    }

    #[test]
    fn what_lost_its_claim_goes_back_to_the_input_and_the_rest_waits_for_retry() {
        // A7
        let mut outbox = Outbox::default();
        outbox.put(item("msg_a"), failed(ErrorCode::StaleFence));
        outbox.put(item("msg_b"), failed(ErrorCode::RateLimited));
        outbox.put(item("msg_c"), Progress::Sending);
        outbox.put(item("msg_d"), failed(ErrorCode::Unauthorized));
        // A15: the channel is gone, and with it the place where a refused answer would stand.
        outbox.put(item("msg_e"), failed(ErrorCode::NotFound));
        assert_eq!(returning(&outbox, Some("cnv_1")), ["msg_a", "msg_d", "msg_e"]);
        assert!(outbox.remove("msg_a").is_some());
        assert!(outbox.remove("msg_a").is_none());
    }

    #[test]
    fn a_text_goes_back_where_it_was_written_or_is_looked_at_and_nowhere_else() {
        let mut outbox = Outbox::default();
        outbox.write(item("msg_a"));
        outbox.put(item("msg_a"), failed(ErrorCode::StaleFence));
        outbox.put(item("msg_b"), failed(ErrorCode::StaleFence));
        assert_eq!(returning(&outbox, None), ["msg_a"]);
        assert_eq!(returning(&outbox, Some("cnv_2")), ["msg_a"]);
        assert_eq!(returning(&outbox, Some("cnv_1")), ["msg_a", "msg_b"]);
        // The hub says anew what it has.
        outbox.forget_failed();
        outbox.put(item("msg_a"), failed(ErrorCode::StaleFence));
        assert_eq!(returning(&outbox, None), ["msg_a"]);
    }

    fn returning<'a>(outbox: &'a Outbox, shown: Option<&str>) -> Vec<&'a str> {
        outbox.returning(shown).map(|pending| pending.item.id.as_str()).collect()
    }
}
