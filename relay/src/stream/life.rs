//! Whether a Gmail page of an agent's stands behind a socket, and until when it showed life (P2–P5).

use bus::ConnectionId;
use domain::id::AgentId;
use domain::time::Timestamp;
use store::Principal;

use crate::request_id;
use crate::state::AppState;
use crate::stream::End;

/// A socket's part in its agent's presence. A visitor's has none.
pub(crate) struct Life {
    state: AppState,
    agent: Option<AgentId>,
    connection: ConnectionId,
    here: bool,
}

impl Life {
    /// Begins with what `hello` said.
    pub(crate) async fn begin(state: &AppState, principal: &Principal, here: bool) -> Self {
        let agent = match principal {
            Principal::Agent { agent, .. } => Some(agent.clone()),
            Principal::Visitor { .. } => None,
        };
        let connection = ConnectionId(request_id::current());
        let mut life = Self { state: state.clone(), agent, connection, here: false };
        life.is_here(here).await;
        life
    }

    /// The first Gmail page was opened behind the socket, or the last one closed.
    pub(crate) async fn is_here(&mut self, here: bool) {
        if self.here == here {
            return;
        }
        self.here = here;
        if here {
            self.shows().await;
            // Another relay, or this one after a restart, must not count him gone meanwhile.
            if let Some(agent) = &self.agent {
                self.note(agent, self.state.clock.now()).await;
            }
            // Whoever fires deadlines sets the alarm to the end of the agent's time, which moves with each sign of life.
            self.state.alarms.arm(self.state.clock.now());
        } else {
            self.leaves(|_, now| now).await;
        }
    }

    /// The other side showed life.
    pub(crate) async fn shows(&self) {
        if let Some(agent) = self.agent.as_ref().filter(|_| self.here) {
            self.state.presence.touch(agent, &self.connection).await;
        }
    }

    /// The socket ended: just now, or, if it went silent, when it was last heard.
    pub(crate) async fn ends(&mut self, end: &End) {
        if self.here {
            self.here = false;
            let was_silent = matches!(end, End::Silent | End::Unread);
            self.leaves(|heard_at, now| if was_silent { heard_at } else { now }).await;
        }
    }

    async fn leaves(&self, seen_at: impl FnOnce(Timestamp, Timestamp) -> Timestamp) {
        let Some(agent) = &self.agent else { return };
        let Some(heard_at) = self.state.presence.leave(agent, &self.connection).await else {
            return;
        };
        let now = self.state.clock.now();
        self.note(agent, seen_at(heard_at, now)).await;
        self.state.alarms.arm(now);
    }

    async fn note(&self, agent: &AgentId, at: Timestamp) {
        if let Err(error) = self.state.store.note_seen(vec![(agent.clone(), at)]).await {
            // What was written at most 20 s ago stands.
            tracing::error!(cause = ?error, "writing down when a page was opened or closed");
        }
    }
}
