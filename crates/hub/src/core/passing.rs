//! What passes by (A8): which conversation is on the agent's screen, the one that his panels turned to last; and what others do.

use protocol::frame::{ClientFrame, RelayFrame};
use protocol::worker::{AccountKey, HubToPanel};
use session::State;

use crate::core::{Core, Effect, PortId};

/// So often the relay is told again, as long as a conversation is on the screen.
const EVERY_MS: i64 = 20_000;

/// What the relay was told last on the present stream.
#[derive(Debug, Default)]
pub(crate) struct Told {
    on_screen: Option<String>,
    at: i64,
}

impl Told {
    /// When it is to be told again.
    pub(crate) fn deadline(&self) -> Option<i64> {
        self.on_screen.as_ref().map(|_| self.at.saturating_add(EVERY_MS))
    }

    fn is_news(&self, on_screen: Option<&String>, now_ms: i64) -> bool {
        // A clock that was set back does not silence anybody.
        let is_fresh = (0..EVERY_MS).contains(&now_ms.saturating_sub(self.at));
        self.on_screen.as_ref() != on_screen || (on_screen.is_some() && !is_fresh)
    }
}

impl Core {
    /// Passes on to the panels who types and who looks, as long as the stream is live.
    pub(super) fn pass_by(&mut self, key: &AccountKey, frame: RelayFrame) {
        let is_live = self.desktop(key).is_some_and(|desktop| desktop.session.state() == State::Live);
        if is_live
            && matches!(frame, RelayFrame::Typing { .. } | RelayFrame::Viewing { .. } | RelayFrame::VisitChanged { .. })
        {
            self.tell_panels(key, HubToPanel::Frame { frame });
        }
    }

    /// A panel turned to a conversation, or away from all.
    pub(super) fn views(&mut self, port: PortId, key: &AccountKey, conversation_id: Option<String>, now_ms: i64) {
        if let Some(panel) = self.panels.get_mut(&port) {
            panel.viewing = conversation_id.map(|id| (id, now_ms));
        }
        self.tell_viewing(key, now_ms);
    }

    /// Tells an account's relay what is on the screen, if that is news or due again. Without a live stream it waits for one.
    pub(super) fn tell_viewing(&mut self, key: &AccountKey, now_ms: i64) {
        let panels = self.panels.values().filter(|panel| panel.is_of(key));
        let on_screen = panels.filter_map(|panel| panel.viewing.clone()).max_by_key(|(_, since)| *since);
        let on_screen = on_screen.map(|(id, _)| id);
        let Some(desktop) = self.desktop(key) else {
            return;
        };
        if desktop.session.state() != State::Live || !desktop.told_viewing.is_news(on_screen.as_ref(), now_ms) {
            return;
        }
        desktop.told_viewing = Told { on_screen: on_screen.clone(), at: now_ms };
        let frame = ClientFrame::Viewing { conversation_id: on_screen };
        self.effects.push(Effect::Transmit { account: key.clone(), frame });
    }
}
