//! How events reach this relay's readers: by the doorbell, or from the log because it did not ring.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::metrics::{gauge, labelled};

/// Events that were passed on. Shared by its clones.
#[derive(Clone, Default)]
pub(crate) struct Passed {
    by_doorbell: Counter,
    from_log: Counter,
    lag: Gauge,
}

impl Passed {
    pub(super) fn new(registry: &mut Registry) -> Self {
        let help = "Events of topics that somebody reads here, as the relay learnt of them: the doorbell told, or it did not and they \
                    were read from the log, because of a gap in the numbers or by comparing heads once a second";
        let [by_doorbell, from_log] = labelled(registry, "events_passed", help, ("by", ["doorbell", "log"]));
        let help = "How far the heads of the topics that are read here were ahead of what had been told, in events, when they were \
                    last compared";
        Self { by_doorbell, from_log, lag: gauge(registry, "log_lag_events", help) }
    }

    /// The doorbell told of an event, where `before` was the last.
    pub(crate) fn rang(&self, before: u64, seq: u64) {
        if seq > before {
            self.by_doorbell.inc();
            self.found(before, seq - 1);
        }
    }

    /// The log has events up to `head`, where `before` was the last that had been told of. Says how many that are; of a topic that
    /// nobody read until now it is not known what had been told, and none.
    pub(crate) fn found(&self, before: u64, head: u64) -> u64 {
        let n_events = if before == 0 { 0 } else { head.saturating_sub(before) };
        self.from_log.inc_by(n_events);
        n_events
    }

    /// So many were found when all heads were compared.
    pub(crate) fn lagged(&self, n_events: u64) {
        self.lag.set(i64::try_from(n_events).unwrap_or(i64::MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_doorbell_did_not_tell_is_counted_once() {
        let passed = Passed::default();
        let counts = || (passed.by_doorbell.get(), passed.from_log.get());
        passed.rang(0, 57);
        assert_eq!(counts(), (1, 0), "what came before the first reader is no lag");
        passed.rang(57, 58);
        passed.rang(58, 58);
        assert_eq!(counts(), (2, 0), "a ring that is repeated is no event");
        passed.rang(58, 61);
        assert_eq!(counts(), (3, 2), "59 and 60 were not told of");
        passed.rang(61, 59);
        assert_eq!(counts(), (3, 2), "nor are they counted again when they come late");
        assert_eq!(passed.found(61, 70), 9);
        assert_eq!(passed.found(0, 70), 0);
        assert_eq!(counts(), (3, 11));
    }
}
