//! The record: whether it answers, its commits and commands, its timers, its outbox.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use store::{Batch, OutboxCounts};

use crate::metrics::{QUICK_S, gauge, labelled, register};

/// Bounds of how late a timer fires, in seconds: an alarm rings within milliseconds, a sweep finds it within 15 s.
const LATE_S: [f64; 11] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 3600.0];
/// Bounds of how many commands share a commit.
const COMMANDS: [f64; 8] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];

/// A gauge of seconds.
pub(super) type Seconds = Gauge<f64, AtomicU64>;

/// What the record does. Shared by its clones.
#[derive(Clone)]
pub(crate) struct Record {
    up: Gauge,
    round_trip: Seconds,
    clock_difference: Seconds,
    commits: Histogram,
    commands_of_commit: Histogram,
    done: Counter,
    refused: Counter,
    failed: Counter,
    lateness: Histogram,
    events: Counter,
    /// Queued, sending, failed, unknown.
    outbox: [Gauge; 4],
}

impl Record {
    pub(super) fn new(registry: &mut Registry) -> Self {
        let result = ("result", ["done", "refused", "failed"]);
        let help = "Commands to the record: carried out, refused by the rules, or given up because the database failed";
        let [done, refused, failed] = labelled(registry, "commands", help, result);
        let help = "From taking commands up until they were durable, or given up, in seconds";
        let commits = register(registry, "commit_seconds", help, Histogram::new(QUICK_S));
        let help = "How many commands shared a commit";
        let commands_of_commit = register(registry, "commit_commands", help, Histogram::new(COMMANDS));
        let help = "How long after its time each timer was fired, in seconds: detach, finish, end of a block, Offline";
        let lateness = register(registry, "timer_lateness_seconds", help, Histogram::new(LATE_S));
        let help = "Events that commands of this relay appended to the log";
        let events = register(registry, "events_appended", help, Counter::default());
        let help = "Whether the record answered within a second when it was asked for these metrics";
        let up = gauge(registry, "record_up", help);
        let help = "How long the record took to answer that, in seconds";
        let round_trip = register(registry, "record_round_trip_seconds", help, Seconds::default());
        let help = "This machine's clock less the database's, in seconds; above 1 the relay is not ready";
        let clock_difference = register(registry, "clock_difference_seconds", help, Seconds::default());
        let help = "Outgoing messages to messengers that are not done, by state";
        let states = ("state", ["queued", "sending", "failed", "unknown"]);
        let outbox = labelled(registry, "outbox_messages", help, states);
        Self {
            up,
            round_trip,
            clock_difference,
            commits,
            commands_of_commit,
            done,
            refused,
            failed,
            lateness,
            events,
            outbox,
        }
    }

    /// Events were appended.
    pub(crate) fn appended(&self, n_events: usize) {
        self.events.inc_by(n_events as u64);
    }

    /// A batch of commands came to its end.
    pub(crate) fn batch_ended(&self, batch: &Batch) {
        let n_commands = batch.n_done + batch.n_refused + batch.n_failed;
        self.commits.observe(batch.took.as_secs_f64());
        self.commands_of_commit.observe(count(n_commands));
        self.done.inc_by(batch.n_done as u64);
        self.refused.inc_by(batch.n_refused as u64);
        self.failed.inc_by(batch.n_failed as u64);
        for late_ms in &batch.late_ms {
            self.lateness.observe(seconds(*late_ms));
        }
    }

    /// The record was asked for its outbox, and answered after so long; or did not.
    pub(super) fn asked(&self, answered: Option<(OutboxCounts, Duration)>) {
        self.up.set(i64::from(answered.is_some()));
        if let Some((OutboxCounts { n_queued, n_sending, n_failed, n_unknown }, took)) = answered {
            self.round_trip.set(took.as_secs_f64());
            for (gauge, n) in self.outbox.iter().zip([n_queued, n_sending, n_failed, n_unknown]) {
                gauge.set(i64::try_from(n).unwrap_or(i64::MAX));
            }
        }
    }

    /// The clocks were compared.
    pub(super) fn clocks_apart(&self, ms: i64) {
        self.clock_difference.set(seconds(ms));
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few milliseconds of centuries do not count")]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "a batch is small")]
fn count(n: usize) -> f64 {
    n as f64
}
