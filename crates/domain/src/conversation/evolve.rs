//! Facts applied to the state, and the clocks that follow from it.

use crate::clock::{Clocks, FinishFrom, Policy, Turn};
use crate::conversation::{Conversation, Fact, Status};
use crate::time::Timestamp;

impl Conversation {
    /// The clocks that run now (A9).
    pub(super) fn clocks(&self, policy: Policy) -> Clocks {
        if self.status != Status::Open {
            return Clocks::default();
        }
        if let Some(blocked_at) = self.blocked_at {
            return Clocks { detach_at: None, finish_at: Some(blocked_at.plus(policy.blocked_finish_after)) };
        }
        let detach_from = match (self.turn, self.taken_at) {
            (Turn::Ours, Some(taken_at)) => Some(taken_at.max(self.unanswered_since)),
            (Turn::Ours, None) | (Turn::Theirs, _) => None,
        };
        let finish_from = match (policy.finish_from, self.turn) {
            (FinishFrom::ContactMessage, _) => Some(self.contact_wrote_at),
            (FinishFrom::OurAnswer, Turn::Theirs) => Some(self.answered_at.unwrap_or(self.unanswered_since)),
            (FinishFrom::OurAnswer, Turn::Ours) => None,
        };
        // An earlier restart than the beginning says nothing; none is before everything.
        let detach_from = detach_from.map(|from| self.detach_restarted_at.map_or(from, |at| at.max(from)));
        let finish_from = finish_from.map(|from| self.finish_restarted_at.map_or(from, |at| at.max(from)));
        Clocks {
            detach_at: detach_from.map(|from| from.plus(policy.detach_after)),
            finish_at: finish_from.map(|from| from.plus(policy.finish_after)),
        }
    }

    /// Applies one fact of the log.
    pub fn evolve(&mut self, fact: &Fact, at: Timestamp) {
        match fact {
            Fact::ContactWrote => {
                if self.turn == Turn::Theirs {
                    self.unanswered_since = at;
                }
                self.turn = Turn::Ours;
                self.last_message_at = at;
                self.contact_wrote_at = at;
                self.n_alerts += 1;
            }
            Fact::Accepted { agent } | Fact::Assigned { to: agent, .. } => {
                self.assignee = Some(agent.clone());
                self.fence += 1;
                self.taken_at = Some(at);
            }
            Fact::Unassigned { .. } => {
                self.assignee = None;
                self.fence += 1;
                self.taken_at = None;
                // A blocked client's conversation is nothing to notice (N3).
                self.n_alerts += u32::from(self.blocked_at.is_none());
            }
            Fact::AgentWrote { .. } => {
                self.turn = Turn::Theirs;
                self.answered_at = Some(at);
                self.last_message_at = at;
            }
            Fact::AnswerQueued { .. } => {
                self.last_message_at = at;
                self.detach_restarted_at = Some(at);
            }
            Fact::AnswerSent { .. } => {
                self.turn = Turn::Theirs;
                self.answered_at = Some(at);
            }
            Fact::AgentActive { .. } => self.detach_restarted_at = Some(at),
            Fact::ContactActive | Fact::Postponed { .. } => self.finish_restarted_at = Some(at),
            Fact::ContactBlocked => self.blocked_at = Some(at),
            Fact::ContactUnblocked => {
                self.blocked_at = None;
                self.detach_restarted_at = Some(at);
                self.finish_restarted_at = Some(at);
            }
            Fact::Closed { reason } => self.status = Status::Closed { at, reason: *reason },
        }
    }
}
