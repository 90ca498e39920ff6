//! Prometheus' text format, read as strictly as its description allows.

use std::collections::{BTreeMap, BTreeSet};

/// Everything that a relay tells.
pub(crate) struct Metrics(Vec<Family>);

/// A metric with its samples.
pub(crate) struct Family {
    pub(crate) name: String,
    pub(crate) help: String,
    pub(crate) kind: Kind,
    pub(crate) samples: Vec<Sample>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

/// A line with a value.
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) value: f64,
}

/// A histogram's buckets (bound, count), its sum and its count.
type Series = (Vec<(f64, f64)>, Option<f64>, Option<f64>);

impl Metrics {
    /// Asks a relay.
    pub(crate) async fn of(url: &str) -> Self {
        let answer = reqwest::get(url).await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
        Self::parse(&answer.text().await.unwrap())
    }

    /// Reads a text; anything that a strict reader would refuse ends the test.
    pub(crate) fn parse(text: &str) -> Self {
        assert!(text.ends_with('\n'), "the last line has an end too");
        let mut families: Vec<Family> = Vec::new();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if let Some(help) = line.strip_prefix("# HELP ") {
                let (name, help) = help.split_once(' ').unwrap_or_else(|| panic!("no help: {line}"));
                let kind =
                    lines.next().and_then(|line| line.strip_prefix("# TYPE ")?.strip_prefix(name)?.strip_prefix(' '));
                let kind = match kind {
                    Some("counter") => Kind::Counter,
                    Some("gauge") => Kind::Gauge,
                    Some("histogram") => Kind::Histogram,
                    other => panic!("{name} is of no kind: {other:?}"),
                };
                families.push(Family { name: name.to_owned(), help: help.to_owned(), kind, samples: Vec::new() });
            } else {
                let family = families.last_mut().unwrap_or_else(|| panic!("a sample without a family: {line}"));
                family.samples.push(sample(line));
            }
        }
        let names: BTreeSet<&str> = families.iter().map(|family| family.name.as_str()).collect();
        assert_eq!(names.len(), families.len(), "a metric stands twice");
        families.iter().for_each(Family::check);
        Self(families)
    }

    pub(crate) fn families(&self) -> &[Family] {
        &self.0
    }

    /// The value of the one sample with this name and at least these labels.
    pub(crate) fn value(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let has = |sample: &&Sample| {
            sample.name == name
                && labels.iter().all(|(label, value)| sample.labels.get(*label).is_some_and(|it| it == value))
        };
        let found: Vec<f64> = self.0.iter().flat_map(|family| &family.samples).filter(has).map(|it| it.value).collect();
        assert_eq!(found.len(), 1, "{name} {labels:?}");
        found[0]
    }

    /// Whether there is a sample, or a metric, of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|family| family.name == name || family.samples.iter().any(|sample| sample.name == name))
    }
}

impl Family {
    fn check(&self) {
        let Self { name, help, kind, samples } = self;
        assert!(is_name(name), "{name}");
        assert!(help.len() > 10 && help.ends_with('.'), "{name} explains nothing: {help:?}");
        let series: BTreeSet<_> = samples.iter().map(|sample| (&sample.name, &sample.labels)).collect();
        assert_eq!(series.len(), samples.len(), "a series of {name} stands twice");
        assert_eq!(name.ends_with("_total"), *kind == Kind::Counter, "counters end in _total: {name}");
        match kind {
            Kind::Counter | Kind::Gauge => {
                assert!(samples.iter().all(|sample| sample.name == *name), "{name}");
                assert!(*kind == Kind::Gauge || samples.iter().all(|sample| sample.value >= 0.0), "{name}");
            }
            Kind::Histogram => self.check_histogram(),
        }
    }

    /// Of each series the buckets rise to `+Inf`, which holds all.
    fn check_histogram(&self) {
        let name = &self.name;
        let mut series: BTreeMap<BTreeMap<String, String>, Series> = BTreeMap::new();
        for sample in &self.samples {
            let mut labels = sample.labels.clone();
            let bound = labels.remove("le");
            let (buckets, sum, count) = series.entry(labels).or_default();
            match (sample.name.strip_prefix(name.as_str()), bound) {
                (Some("_bucket"), Some(bound)) => buckets.push((number(&bound), sample.value)),
                (Some("_sum"), None) => *sum = Some(sample.value),
                (Some("_count"), None) => *count = Some(sample.value),
                (rest, bound) => panic!("{name}: {rest:?} {bound:?}"),
            }
        }
        for (buckets, sum, count) in series.values() {
            assert!(
                buckets.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1),
                "{name} {buckets:?}"
            );
            assert_eq!(buckets.last().map(|last| last.0), Some(f64::INFINITY), "{name}");
            assert_eq!(buckets.last().map(|last| last.1), *count, "{name}");
            assert!(sum.is_some_and(f64::is_finite), "{name}");
        }
    }
}

/// `name{label="value",…} 1.5`, and no time behind it.
fn sample(line: &str) -> Sample {
    let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("no sample: {line}"));
    let (name, labels) = match series.split_once('{') {
        None => (series, BTreeMap::new()),
        Some((name, labels)) => {
            let labels = labels.strip_suffix('}').unwrap_or_else(|| panic!("an open brace: {line}"));
            let pairs: Vec<(String, String)> = labels.split(',').map(|pair| label(pair, line)).collect();
            let n_labels = pairs.len();
            let labels: BTreeMap<String, String> = pairs.into_iter().collect();
            assert_eq!(labels.len(), n_labels, "a label stands twice: {line}");
            (name, labels)
        }
    };
    assert!(is_name(name), "{line}");
    Sample { name: name.to_owned(), labels, value: number(value) }
}

/// No value of ours needs an escape or has a comma in it.
fn label(pair: &str, line: &str) -> (String, String) {
    let quoted =
        pair.split_once('=').and_then(|(label, value)| Some((label, value.strip_prefix('"')?.strip_suffix('"')?)));
    let (label, value) = quoted.unwrap_or_else(|| panic!("no label {pair}: {line}"));
    assert!(is_name(label) && !value.is_empty() && !value.contains(['"', '\\']), "{line}");
    (label.to_owned(), value.to_owned())
}

/// As Go writes numbers.
fn number(text: &str) -> f64 {
    match text {
        "+Inf" => f64::INFINITY,
        "-Inf" => f64::NEG_INFINITY,
        "NaN" => f64::NAN,
        digits => {
            let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E');
            assert!(digits.chars().all(is_digit), "no number: {text:?}");
            digits.parse().unwrap()
        }
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
