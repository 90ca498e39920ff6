//! Who is connected, what is sent to him, and how it ends.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use protocol::error::ErrorCode;
use store::Principal;

use crate::metrics::labelled;
use crate::stream::End;

/// Sockets and their frames.
pub(crate) struct Streams {
    agents: Side,
    visitors: Side,
    closed: Closed,
    /// Events that went out as they came.
    pub(crate) live: Counter,
    /// Events that were read from the log for who had missed them.
    pub(crate) caught_up: Counter,
    /// Parts of snapshots for who began, or began anew.
    pub(crate) snapshots: Counter,
    /// What passes by and is never recorded.
    pub(crate) signals: Counter,
}

/// Agents or visitors.
struct Side {
    connected: Gauge,
    opened: Counter,
}

/// How sockets ended.
struct Closed {
    gone: Counter,
    silent: Counter,
    too_slow: Counter,
    refused: Counter,
    goaway: Counter,
}

/// Somebody who is connected, until it is dropped.
pub(crate) struct Connected(Gauge);

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Streams {
    pub(super) fn new(registry: &mut Registry) -> Self {
        let who = ("who", ["agent", "visitor"]);
        let help = "Sockets whose reader has proved who it is";
        let [agents, visitors] = labelled(registry, "connections", help, who);
        let help = "Sockets whose reader has proved who it is, since the start";
        let [opened_agents, opened_visitors] = labelled(registry, "connections_opened", help, who);
        let why = ("why", ["gone", "silent", "too_slow", "refused", "goaway"]);
        let help = "Sockets that ended: the reader left, was not heard for 45 s, did not read what was sent, \
                    was refused with an error, or was sent away by a shutdown";
        let [gone, silent, too_slow, refused, goaway] = labelled(registry, "connections_closed", help, why);
        let by = ("by", ["live", "catch_up", "snapshot", "signal"]);
        let help = "Frames sent to readers: events as they came, events from the log for who had missed them, \
                    parts of snapshots, and what is never recorded, such as typing";
        let [live, caught_up, snapshots, signals] = labelled(registry, "frames_sent", help, by);
        Self {
            agents: Side { connected: agents, opened: opened_agents },
            visitors: Side { connected: visitors, opened: opened_visitors },
            closed: Closed { gone, silent, too_slow, refused, goaway },
            live,
            caught_up,
            snapshots,
            signals,
        }
    }

    /// A reader has proved who it is.
    pub(crate) fn connected(&self, principal: &Principal) -> Connected {
        let side = match principal {
            Principal::Agent { .. } => &self.agents,
            Principal::Visitor { .. } => &self.visitors,
        };
        side.opened.inc();
        side.connected.inc();
        Connected(side.connected.clone())
    }

    /// A socket ended.
    pub(crate) fn closed(&self, end: &End) {
        let counter = match end {
            End::Gone => &self.closed.gone,
            End::Silent => &self.closed.silent,
            End::Unread => &self.closed.too_slow,
            End::Error(error) if error.code() == ErrorCode::TooSlow => &self.closed.too_slow,
            End::Error(_) => &self.closed.refused,
            End::Stopping => &self.closed.goaway,
        };
        counter.inc();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ApiError;

    #[test]
    fn every_end_is_counted_as_what_it_is() {
        let streams = Streams::new(&mut Registry::default());
        let ends = [
            End::Gone,
            End::Silent,
            End::Unread,
            End::Error(ApiError::new(ErrorCode::TooSlow, "connect again")),
            End::Error(ApiError::unauthorized()),
            End::Stopping,
        ];
        ends.iter().for_each(|end| streams.closed(end));
        let Closed { gone, silent, too_slow, refused, goaway } = &streams.closed;
        let counts = [gone, silent, too_slow, refused, goaway].map(Counter::get);
        assert_eq!(counts, [1, 1, 2, 1, 1]);
    }
}
