//! What an operator sees of a relay: counters, gauges and histograms in Prometheus' text format, on a listener of their own.
//!
//! Names begin with `deskside_` and end in their base unit. Labels have a few values that are known beforehand, never ids or addresses.

pub(crate) mod door;
mod fanout;
pub(crate) mod http;
mod process;
mod record;
mod redis;
mod streams;

use std::fmt::Debug;
use std::sync::Arc;

use prometheus_client::encoding::{EncodeMetric, prometheus_text};
use prometheus_client::metrics::TypedMetric;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

pub(crate) use crate::metrics::fanout::Passed;
pub(crate) use crate::metrics::http::Requests;
pub(crate) use crate::metrics::record::Record;
pub(crate) use crate::metrics::streams::Connected;

use crate::metrics::streams::Streams;

/// Bounds of what takes long if it takes a second, in seconds.
const QUICK_S: [f64; 13] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Everything that is measured.
pub(crate) struct Metrics {
    registry: Registry,
    pub(crate) streams: Streams,
    pub(crate) passed: Passed,
    pub(crate) record: Record,
    pub(crate) requests: Requests,
    degraded: Gauge,
    stopping: Gauge,
}

impl Metrics {
    pub(crate) fn new(bus: Arc<bus::Health>) -> Self {
        let mut registry = Registry::with_prefix("deskside");
        registry.register("build", "The version that runs", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        registry.register_collector(Box::new(process::Process));
        registry.register_collector(Box::new(redis::Redis(bus)));
        let degraded =
            gauge(&mut registry, "degraded", "Whether the relay does without something, such as Redis, at present");
        let stopping = gauge(
            &mut registry,
            "stopping",
            "Whether the relay was told to stop: it sends its readers to another and ends what runs",
        );
        Self {
            streams: Streams::new(&mut registry),
            passed: Passed::new(&mut registry),
            record: Record::new(&mut registry),
            requests: Requests::new(&mut registry),
            degraded,
            stopping,
            registry,
        }
    }

    /// Everything in Prometheus' text format.
    fn text(&self) -> String {
        let mut text = String::with_capacity(32 * 1024);
        // A string takes all that is written to it.
        prometheus_text::encode(&mut text, &self.registry).expect("writing to a string");
        text
    }
}

fn gauge(registry: &mut Registry, name: &str, help: &str) -> Gauge {
    register(registry, name, help, Gauge::default())
}

fn register<M>(registry: &mut Registry, name: &str, help: &str, metric: M) -> M
where
    M: EncodeMetric + TypedMetric + Clone + Debug + Send + Sync + 'static,
{
    registry.register(name, help, metric.clone());
    metric
}

/// One metric for each value of a label, there from the start: what has not happened yet is 0, and not missing.
fn labelled<M, const N: usize>(
    registry: &mut Registry,
    name: &str,
    help: &str,
    (label, values): (&'static str, [&'static str; N]),
) -> [M; N]
where
    M: EncodeMetric + TypedMetric + Clone + Default + Debug + Send + Sync + 'static,
{
    let family = register(registry, name, help, Family::<[(&'static str, &'static str); 1], M>::default());
    values.map(|value| family.get_or_create_owned(&[(label, value)]))
}

/// Makes histograms with [`QUICK_S`].
#[derive(Clone, Debug)]
struct Quick;

impl MetricConstructor<Histogram> for Quick {
    fn new_metric(&self) -> Histogram {
        Histogram::new(QUICK_S)
    }
}
