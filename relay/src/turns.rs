//! One place in the queue for each client: whoever writes a hundred messages at once waits for himself, and nobody for more than one of
//! them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::OwnedMutexGuard;

/// When more clients than this are known, those who write nothing now are forgotten.
const KNOWN_MAX: usize = 1_000;

/// Whose turn it is, for each client who writes now.
#[derive(Clone, Default)]
pub(crate) struct Turns {
    of: Arc<Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>>,
}

impl Turns {
    /// Waits until it is this client's turn, in the order of asking; it ends with the guard.
    pub(crate) async fn take(&self, who: &str) -> OwnedMutexGuard<()> {
        self.turn_of(who).lock_owned().await
    }

    fn turn_of(&self, who: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turn) = of.get(who).and_then(Weak::upgrade) {
            return turn;
        }
        if of.len() >= KNOWN_MAX {
            of.retain(|_, turn| turn.strong_count() > 0);
        }
        let turn = Arc::default();
        of.insert(who.to_owned(), Arc::downgrade(&turn));
        turn
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn one_client_waits_for_himself_and_for_nobody_else() {
        let turns = Turns::default();
        let first = turns.take("con_a").await;
        let mut second = Box::pin(turns.take("con_a"));
        assert!(second.as_mut().now_or_never().is_none());
        assert!(turns.take("con_b").now_or_never().is_some());
        drop(first);
        assert!(second.now_or_never().is_some());
    }

    #[tokio::test]
    async fn who_writes_nothing_is_forgotten() {
        let turns = Turns::default();
        let kept = turns.take("con_kept").await;
        for n in 0..3 * KNOWN_MAX {
            drop(turns.take(&format!("con_{n}")).await);
        }
        let of = turns.of.lock().unwrap();
        assert!(of.len() <= KNOWN_MAX && of.contains_key("con_kept"));
        drop((of, kept));
    }
}
