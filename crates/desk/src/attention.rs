//! What waits for the agent: unread counters and alerts (N2, N3, N8).

use std::collections::HashMap;

use domain::alert::{Audience, Listener};
use domain::id::AgentId;
use protocol::frame::Event;
use protocol::view::ConversationView;

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
        let seen = self.reads.get(&conversation.id).copied().unwrap_or(0);
        conversation.n_alerts.saturating_sub(seen)
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
