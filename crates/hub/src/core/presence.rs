//! What the relay is told of the agent: whether a Gmail page of his is open (P2, P4, P5), and that he types (A9).

use protocol::frame::ClientFrame;
use protocol::worker::AccountKey;
use session::State;

use crate::core::{Core, Effect};

/// A panel's signs of typing in one conversation are passed on so often.
const TYPING_EVERY_MS: i64 = 10_000;

impl Core {
    /// Whether a Gmail page that shows the account's address is open; panels and the Control Panel are none.
    pub(super) fn is_here(&self, key: &AccountKey) -> bool {
        self.pages_of(key).next().is_some()
    }

    /// Tells each relay whether a page is open, if that changed since it was told on this stream.
    pub(super) fn tell_here(&mut self) {
        self.each_account(|core, key| {
            let here = core.is_here(key);
            let Some(desktop) = core.desktop(key) else {
                return;
            };
            // A stream that is only greeted yet is told when it is welcomed.
            if is_open(desktop.session.state()) && desktop.told_here != here {
                desktop.told_here = here;
                core.effects.push(Effect::Transmit { account: key.clone(), frame: ClientFrame::Here { here } });
            }
        });
    }

    /// The agent types in a conversation. Without a stream it is not worth keeping: it would come too late.
    pub(super) fn typing(&mut self, key: &AccountKey, conversation_id: String, now_ms: i64) {
        let Some(desktop) = self.desktop(key) else {
            return;
        };
        if !is_open(desktop.session.state()) {
            return;
        }
        // A clock that was set back does not silence anybody.
        desktop.typed_at.retain(|_, at| (0..TYPING_EVERY_MS).contains(&now_ms.saturating_sub(*at)));
        if desktop.typed_at.contains_key(&conversation_id) {
            return;
        }
        desktop.typed_at.insert(conversation_id.clone(), now_ms);
        let frame = ClientFrame::Typing { conversation_id: Some(conversation_id) };
        self.effects.push(Effect::Transmit { account: key.clone(), frame });
    }
}

fn is_open(state: State) -> bool {
    matches!(state, State::CatchingUp | State::Live)
}
