//! What a process holds: memory, threads, descriptors; as the system tells.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use testkit::eventually::eventually;
use testkit::relay::Relay;

/// A thread without work is kept for 10 s.
const SETTLES_WITHIN: Duration = Duration::from_secs(30);

/// What a process holds at one moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Vitals {
    pub(crate) resident_kb: u64,
    pub(crate) n_threads: usize,
    pub(crate) n_descriptors: usize,
}

impl fmt::Display for Vitals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { resident_kb, n_threads, n_descriptors } = self;
        write!(f, "{resident_kb} KB resident, {n_threads} threads, {n_descriptors} descriptors")
    }
}

/// A process by its folder in `/proc`.
pub(crate) struct Process(PathBuf);

impl Process {
    /// A relay that runs.
    pub(crate) fn of(relay: &Relay) -> Result<Self> {
        Ok(Self(Path::new("/proc").join(relay.id()?.to_string())))
    }

    /// What it holds now.
    pub(crate) fn vitals(&self) -> Result<Vitals> {
        let status = std::fs::read_to_string(self.0.join("status")).context("the relay is gone")?;
        let number = |name: &str| -> Result<u64> {
            let rest = status.lines().find_map(|line| line.strip_prefix(name)).context("no such line")?;
            Ok(rest.split_whitespace().next().context("no number")?.parse()?)
        };
        let n_descriptors = count(&self.0.join("fd"))?;
        Ok(Vitals { resident_kb: number("VmRSS:")?, n_threads: usize::try_from(number("Threads:")?)?, n_descriptors })
    }

    /// What it holds once it holds no more descriptors and threads than this; that is what it came to, if it never does.
    pub(crate) async fn settled(&self, bound: Vitals) -> Result<Vitals> {
        let settled = eventually("the relay to let go", SETTLES_WITHIN, || async {
            let now = self.vitals()?;
            Ok((now.n_descriptors <= bound.n_descriptors && now.n_threads <= bound.n_threads).then_some(now))
        });
        match settled.await {
            Ok(now) => Ok(now),
            Err(error) => Err(error.context(format!("at first {bound}, in the end {}", self.vitals()?))),
        }
    }
}

fn count(folder: &Path) -> Result<usize> {
    Ok(std::fs::read_dir(folder)?.count())
}
