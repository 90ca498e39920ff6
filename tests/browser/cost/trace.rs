//! Chromium's own record of what a page's main thread did.

use std::collections::HashMap;

use anyhow::{Result, ensure};
use serde_json::Value;

/// Scripts, and the tasks they run in.
pub(super) const CATEGORIES: [&str; 3] = ["toplevel", "devtools.timeline", "v8.compile"];

/// What runs scripts.
const OF_SCRIPTS: [&str; 4] = ["EvaluateScript", "FunctionCall", "v8.compile", "TimerFire"];
const OURS: &str = "chrome-extension://";

/// What ran, in microseconds of the thread's own time.
#[derive(Debug, Default)]
pub(super) struct Trace {
    /// Ours in each task that has something of ours.
    ours_us: Vec<f64>,
    longest_us: f64,
}

/// Something that ran.
#[derive(Clone, Copy)]
struct Ran {
    from: f64,
    to: f64,
    /// Without the time in which others had the processor.
    thread_us: f64,
}

impl Ran {
    fn of(event: &Value) -> Option<Self> {
        let from = event["ts"].as_f64()?;
        Some(Self { from, to: from + event["dur"].as_f64()?, thread_us: event["tdur"].as_f64()? })
    }

    fn holds(&self, other: &Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }
}

impl Trace {
    /// Reads what was told, part by part.
    ///
    /// # Errors
    /// When Gmail's own script is not in it: the page was not recorded.
    pub(super) fn read<'a>(parts: impl Iterator<Item = &'a Value>) -> Result<Self> {
        let events: Vec<&Value> = parts.filter_map(Value::as_array).flatten().collect();
        let thread = |event: &Value| (event["pid"].as_i64(), event["tid"].as_i64());
        let is_gmail = |event: &&&Value| url(event).is_some_and(|url| url.contains("/mail/standin/script.js"));
        let page = events.iter().find(is_gmail).map(|event| thread(event));
        ensure!(page.is_some(), "the page's script is not among {} events", events.len());
        let on_page = || events.iter().filter(|event| Some(thread(event)) == page);

        let tasks: Vec<Ran> = on_page()
            .filter(|event| event["name"].as_str().is_some_and(|name| name.ends_with("RunTask")))
            .filter_map(|event| Ran::of(event))
            .collect();
        let mut ours: Vec<Ran> = on_page()
            .filter(|event| event["name"].as_str().is_some_and(|name| OF_SCRIPTS.contains(&name)))
            .filter(|event| url(event).is_some_and(|url| url.starts_with(OURS)))
            .filter_map(|event| Ran::of(event))
            .collect();
        ours.sort_by(|a, b| a.from.total_cmp(&b.from));
        // What runs inside another of ours is counted with that.
        let mut outermost: Vec<Ran> = Vec::new();
        for ran in ours {
            if !outermost.last().is_some_and(|last| last.holds(&ran)) {
                outermost.push(ran);
            }
        }
        let mut by_task: HashMap<Option<usize>, f64> = HashMap::new();
        for ran in &outermost {
            let task = tasks.iter().position(|task| task.holds(ran));
            *by_task.entry(task).or_default() += ran.thread_us;
        }
        let longest_us = tasks.iter().map(|task| task.thread_us).fold(0.0, f64::max);
        Ok(Self { ours_us: by_task.into_values().collect(), longest_us })
    }

    /// All that is ours, in milliseconds.
    pub(super) fn ours_ms(&self) -> f64 {
        self.ours_us.iter().sum::<f64>() / 1_000.0
    }

    /// The most of ours in one task, in milliseconds.
    pub(super) fn longest_of_ours_ms(&self) -> f64 {
        self.ours_us.iter().copied().fold(0.0, f64::max) / 1_000.0
    }

    /// The longest task of all, in milliseconds.
    pub(super) fn longest_ms(&self) -> f64 {
        self.longest_us / 1_000.0
    }
}

/// The script that an event is about.
fn url(event: &Value) -> Option<&str> {
    let arguments = &event["args"];
    let named = [&arguments["data"]["url"], &arguments["fileName"]];
    named.into_iter().find_map(Value::as_str)
}
