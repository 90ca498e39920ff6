//! Processes and their cores, by `/proc` and `taskset`.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use testkit::relay::Relay;

/// Ticks a second in `/proc/…/stat`, on every Linux that Rust runs on.
const TICKS_PER_SECOND: f64 = 100.0;

/// Gives a process the first core, and this one the second, if there is one.
pub(crate) fn apart(id: u32) -> Result<()> {
    pin(id, 0)?;
    if std::thread::available_parallelism()?.get() > 1 {
        pin(std::process::id(), 1)?;
    }
    Ok(())
}

/// Gives all threads of a process one core.
pub(crate) fn pin(id: u32, core: usize) -> Result<()> {
    let output = Command::new("taskset").args(["-a", "-c", "-p", &core.to_string(), &id.to_string()]).output();
    let output = output.context("running taskset, of Debian's package util-linux")?;
    ensure!(output.status.success(), "taskset: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// A process that is measured.
pub(crate) struct Process(PathBuf);

impl Process {
    /// A relay's.
    pub(crate) fn of(relay: &Relay) -> Result<Self> {
        Ok(Self::numbered(relay.id()?))
    }

    /// By its number.
    pub(crate) fn numbered(id: u32) -> Self {
        Self(PathBuf::from("/proc").join(id.to_string()))
    }

    /// How many files and sockets it has open.
    pub(crate) fn n_descriptors(&self) -> Result<usize> {
        Ok(std::fs::read_dir(self.0.join("fd"))?.count())
    }

    /// The processor's time that it has had, in seconds.
    pub(crate) fn cpu_seconds(&self) -> Result<f64> {
        let stat = std::fs::read_to_string(self.0.join("stat"))?;
        // The program's name stands in brackets and may have any letters; then come the numbers, user and system time as the 12th and 13th.
        let (_, numbers) = stat.rsplit_once(')').context("no numbers")?;
        let mut times = numbers.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
        let (user, system) = (times.next().context("no user time")??, times.next().context("no system time")??);
        Ok((user + system) / TICKS_PER_SECOND)
    }
}
