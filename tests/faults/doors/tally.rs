//! What was counted: by door and outcome, and what went wrong.

use std::collections::BTreeMap;
use std::time::Duration;

/// How many failures are told in full.
const TOLD: usize = 5;

/// What came of one run.
#[derive(Debug)]
pub(crate) struct Came {
    /// A status, an error's code, `alive`, or `closed`.
    pub(crate) outcome: String,
    /// How long the answer took, or the end.
    pub(crate) took: Duration,
}

/// The counts of many runs.
#[derive(Default)]
pub(crate) struct Tally {
    /// Door → outcome → how often.
    doors: BTreeMap<String, BTreeMap<String, usize>>,
    slowest: Duration,
    n_failed: usize,
}

impl Tally {
    /// Counts what came of a run.
    pub(crate) fn count(&mut self, door: &str, came: Came) {
        *self.doors.entry(door.to_owned()).or_default().entry(came.outcome).or_default() += 1;
        self.slowest = self.slowest.max(came.took);
    }

    /// Counts a run that went wrong, and says how to have it again.
    pub(crate) fn fail(&mut self, why: &str, run: &str, folder: &str, case: &str) {
        self.n_failed += 1;
        if self.n_failed <= TOLD {
            println!("{run}: the relay {why}\n  mend it, and put this into tests/fixtures/doors/{folder}/:\n{case}\n");
        }
    }

    /// Prints the counts.
    pub(crate) fn tell(&self, what: &str) {
        let sum = |outcomes: &BTreeMap<String, usize>| outcomes.values().sum::<usize>();
        let n_runs: usize = self.doors.values().map(sum).sum();
        println!("{what}: {n_runs} runs, {} went wrong, slowest answer {} ms", self.n_failed, self.slowest.as_millis());
        let mut all = BTreeMap::new();
        for (door, outcomes) in &self.doors {
            let told: Vec<String> = outcomes.iter().map(|(outcome, n)| format!("{outcome} {n}")).collect();
            println!("  {door}: {} ({})", sum(outcomes), told.join(", "));
            for (outcome, n) in outcomes {
                *all.entry(outcome).or_insert(0) += n;
            }
        }
        let told: Vec<String> = all.iter().map(|(outcome, n)| format!("{outcome} {n}")).collect();
        println!("  together: {}", told.join(", "));
    }

    /// Fails the test if a run went wrong.
    pub(crate) fn assert_none_failed(&self) {
        assert_eq!(self.n_failed, 0, "runs went wrong");
    }
}
