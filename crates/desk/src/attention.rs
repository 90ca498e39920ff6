//! What waits for the agent: unread counters and alerts (N2, N3, N8).

use std::cell::OnceCell;
use std::collections::HashMap;

use domain::alert::{Audience, Listener};
use domain::id::AgentId;
use protocol::frame::Event;
use protocol::view::{self, ConversationView};

use crate::Desk;

/// The sums over all open conversations.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attention {
    by_channel: HashMap<String, u32>,
    n_waiting: u32,
}

impl Desk {
    /// How much of a conversation the agent has not seen (N2): nothing of a finished one, nor of one that is neither his nor in a
    /// channel that he is subscribed to.
    #[must_use]
    pub fn unread(&self, conversation: &ConversationView) -> u32 {
        let concerns_me = || self.is_subscribed(&conversation.channel_id) || self.is_mine(conversation);
        if conversation.closed_at.is_some() || !concerns_me() {
            return 0;
        }
        conversation.n_alerts.saturating_sub(self.seen(&conversation.id))
    }

    /// How much of a channel's conversations the agent has not seen (N2).
    #[must_use]
    pub fn channel_unread(&self, channel_id: &str) -> u32 {
        self.attention().by_channel.get(channel_id).copied().unwrap_or(0)
    }

    /// How many conversations with something unread wait for the agent: his own, and those in "New" of subscribed channels (N8).
    #[must_use]
    pub fn n_waiting(&self) -> u32 {
        self.attention().n_waiting
    }

    /// Whether an event makes sound and pop-up for the agent (N3).
    #[must_use]
    pub fn alerts(&self, event: &Event) -> bool {
        let Some(me) = self.me().and_then(|me| AgentId::parse(&me.agent_id).ok()) else {
            return false;
        };
        // An audience that this build cannot read is nobody.
        let Ok(audience) = Audience::try_from(&event.alert) else {
            return false;
        };
        let subscribed = event.topic.strip_prefix("channel/").is_some_and(|channel_id| self.is_subscribed(channel_id));
        audience.alerts(Listener { agent: &me, subscribed, availability: self.availability().into() })
    }

    /// Notes that a live event gave its conversation to the agent, if it did: it is unread for him, whatever he saw before (N3).
    ///
    /// The relay says so too, in `agent/…`, but only after the event, which is to alert him. What is caught up with stands in the record
    /// as it ended.
    pub fn note_given(&mut self, event: &Event) -> bool {
        let (Some(me), Some(conversation)) = (&self.me, &event.data.conversation) else {
            return false;
        };
        let is_for_me = matches!(&event.alert, view::Audience::Only { agent_id } if *agent_id == me.agent_id);
        let n_alerts = conversation.n_alerts.saturating_sub(1);
        is_for_me && self.seen(&conversation.id) > n_alerts && self.set_read(&conversation.id, n_alerts)
    }

    /// Takes the agent's mark as the record has it: higher after he read, lower after he was given the conversation.
    pub(crate) fn set_read(&mut self, conversation_id: &str, n_alerts: u32) -> bool {
        let is_finished = self.conversations.get(conversation_id).is_some_and(|it| it.closed_at.is_some());
        if is_finished || self.seen(conversation_id) == n_alerts {
            return false;
        }
        self.reads.insert(conversation_id.to_owned(), n_alerts);
        self.attention = OnceCell::new();
        true
    }

    fn seen(&self, conversation_id: &str) -> u32 {
        self.reads.get(conversation_id).copied().unwrap_or(0)
    }

    fn attention(&self) -> &Attention {
        self.attention.get_or_init(|| {
            let mut sums = Attention::default();
            for conversation in &self.lists.open {
                let unread = self.unread(conversation);
                if unread == 0 {
                    continue;
                }
                match sums.by_channel.get_mut(&conversation.channel_id) {
                    Some(sum) => *sum += unread,
                    None => {
                        sums.by_channel.insert(conversation.channel_id.clone(), unread);
                    }
                }
                if conversation.assignee_id.is_none() || self.is_mine(conversation) {
                    sums.n_waiting += 1;
                }
            }
            sums
        })
    }
}
