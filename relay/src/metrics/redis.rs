//! The way to other relays, as it says of itself when it is asked.

use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;

/// Redis, or that there is none.
#[derive(Debug)]
pub(super) struct Redis(pub(super) Arc<bus::Health>);

impl Collector for Redis {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> std::fmt::Result {
        let gauges = [
            ("redis_configured", "Whether relays share a Redis.", f64::from(self.0.is_shared())),
            ("redis_up", "Whether Redis answers; 1 too where none is configured.", f64::from(self.0.is_up())),
            (
                "redis_round_trip_seconds",
                "How long Redis took to answer the last time.",
                self.0.last_round_trip().as_secs_f64(),
            ),
        ];
        for (name, help, value) in gauges {
            let metric = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            ConstGauge::new(value).encode(metric)?;
        }
        let counters = [
            ("redis_connections", "Connections that were made to Redis.", self.0.n_connections()),
            (
                "redis_lost_events",
                "Events that did not go out by Redis; other relays found them by comparing.",
                self.0.n_lost(),
            ),
        ];
        for (name, help, value) in counters {
            let metric = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            ConstCounter::new(value).encode(metric)?;
        }
        Ok(())
    }
}
