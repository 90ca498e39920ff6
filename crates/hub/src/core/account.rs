//! One signed-in account: its session, its desk and its outbox.

use std::collections::HashMap;

use desk::Desk;
use protocol::error::WireError;
use protocol::worker::{Account, ConnectionState, OutboxItem, OutboxState};
use session::{Config, ItemState, Outbox, Session, State};

use crate::core::Kept;
use crate::core::alerts::{Alert, Popups};
use crate::core::passing::Told;

/// What the hub has of an account.
#[derive(Debug)]
pub(crate) struct Desktop {
    pub(crate) account: Account,
    pub(crate) session: Session,
    pub(crate) desk: Desk,
    /// Answers on their way; a lane is a conversation.
    pub(crate) outbox: Outbox<OutboxItem>,
    /// Why the failed ones failed.
    pub(crate) refusals: HashMap<String, WireError>,
    pub(crate) popups: Popups,
    /// Whether one desktop notification of many conversations stands.
    pub(crate) has_summary: bool,
    /// When the alert of what nobody has seen comes again, if the agent wants that.
    pub(crate) repeat_at: Option<i64>,
    /// What came while catching up: told at once, when caught up.
    pub(crate) missed: Vec<Alert>,
    /// The token was refused.
    pub(crate) is_signed_out: bool,
    /// What the panels were told of the connection.
    pub(crate) told: Option<(ConnectionState, i64)>,
    /// Whether the relay was told on the present stream that a Gmail page is open; of no meaning without a stream.
    pub(crate) told_here: bool,
    /// When the agent's typing in a conversation was passed on last.
    pub(crate) typed_at: HashMap<String, i64>,
    /// What the relay was told on the present stream of the conversation on the screen.
    pub(crate) told_viewing: Told,
}

impl Desktop {
    pub(crate) fn new(account: Account, seed: u64, kept: Vec<Kept>) -> Self {
        let mut outbox = Outbox::new(seed);
        let mut refusals = HashMap::new();
        for Kept { item, refusal } in kept {
            let (lane, id) = (item.conversation_id.clone(), item.id.clone());
            outbox.restore(&lane, &id, item, refusal.as_ref().map(|_| "refused"));
            if let Some(error) = refusal {
                refusals.insert(id, error);
            }
        }
        Self {
            account,
            session: Session::new(Config::default().with_seed(seed)),
            desk: Desk::default(),
            outbox,
            refusals,
            popups: Popups::default(),
            has_summary: false,
            repeat_at: None,
            missed: Vec::new(),
            is_signed_out: false,
            told: None,
            told_here: false,
            typed_at: HashMap::new(),
            told_viewing: Told::default(),
        }
    }

    /// The same agent with another token or name: begins anew, and keeps the answers on their way.
    pub(crate) fn renewed(self, account: Account, seed: u64) -> Self {
        let kept = self.kept();
        Self::new(account, seed, kept)
    }

    /// The answers that have not been stored yet.
    pub(crate) fn kept(&self) -> Vec<Kept> {
        let kept = |(id, item, _): (&str, &OutboxItem, ItemState)| Kept {
            item: item.clone(),
            refusal: self.refusals.get(id).cloned(),
        };
        self.outbox.iter().map(kept).collect()
    }

    /// The answers and where they stand.
    pub(crate) fn answers(&self) -> Vec<(OutboxItem, OutboxState)> {
        let state = |id: &str| match self.refusals.get(id) {
            Some(error) => OutboxState::Failed { error: error.clone() },
            None => OutboxState::Sending,
        };
        self.outbox.iter().map(|(id, item, _)| (item.clone(), state(id))).collect()
    }

    pub(crate) fn is_sending(&self) -> bool {
        let is_under_way = |state: ItemState| !matches!(state, ItemState::Failed { .. });
        !self.is_signed_out && self.outbox.iter().any(|(_, _, state)| is_under_way(state))
    }

    pub(crate) fn deadlines(&self) -> impl Iterator<Item = i64> {
        let outbox = if self.is_signed_out { None } else { self.outbox.deadline() };
        let viewing = if self.session.state() == State::Live { self.told_viewing.deadline() } else { None };
        self.session.deadline().into_iter().chain(outbox).chain(self.repeat_at).chain(viewing)
    }

    pub(crate) fn connection(&self) -> (ConnectionState, i64) {
        let state = match self.session.state() {
            _ if self.is_signed_out => ConnectionState::SignedOut,
            State::SignedOut => ConnectionState::SignedOut,
            State::Live => ConnectionState::Live,
            State::Connecting | State::CatchingUp | State::Stopped => ConnectionState::Connecting,
        };
        (state, self.session.offset_ms())
    }
}
