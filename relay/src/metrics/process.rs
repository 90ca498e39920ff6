//! The process, as Linux tells of it under `/proc`; nothing where there is none.

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;

/// How many ticks a second has in `/proc`: Linux fixes it for programs, whatever the kernel's own clock does.
const TICKS: f64 = 100.0;

/// This process.
#[derive(Debug)]
pub(super) struct Process;

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> std::fmt::Result {
        let stat = read("self/stat").as_deref().and_then(Stat::parse);
        let started =
            stat.as_ref().zip(read("stat").as_deref().and_then(boot_time)).map(|(stat, boot)| boot + stat.started_s);
        let gauges = [
            (
                "process_resident_memory_bytes",
                "Memory that is in use.",
                read("self/status").as_deref().and_then(resident),
            ),
            ("process_open_fds", "Files and sockets that are open.", n_open()),
            ("process_max_fds", "How many may be open.", read("self/limits").as_deref().and_then(max_open)),
            ("process_start_time_seconds", "When it started, in seconds since 1970.", started),
        ];
        for (name, help, value) in gauges {
            if let Some(value) = value {
                let metric = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
                ConstGauge::new(value).encode(metric)?;
            }
        }
        if let Some(stat) = stat {
            let help = "Time on processors, in seconds.";
            let metric = encoder.encode_descriptor("process_cpu_seconds", help, None, MetricType::Counter)?;
            ConstCounter::new(stat.cpu_s).encode(metric)?;
        }
        Ok(())
    }
}

fn read(file: &str) -> Option<String> {
    std::fs::read_to_string(format!("/proc/{file}")).ok()
}

/// What `/proc/self/stat` says.
#[derive(Debug, PartialEq)]
struct Stat {
    cpu_s: f64,
    /// After the machine's.
    started_s: f64,
}

impl Stat {
    /// The program's name stands in brackets and may hold anything; fields are counted from behind it.
    fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks = |n: usize| fields.get(n)?.parse::<f64>().ok();
        Some(Self { cpu_s: (ticks(11)? + ticks(12)?) / TICKS, started_s: ticks(19)? / TICKS })
    }
}

/// `btime` of `/proc/stat`: when the machine started, in seconds since 1970.
fn boot_time(stat: &str) -> Option<f64> {
    stat.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()
}

/// `VmRSS` of `/proc/self/status`, in bytes.
fn resident(status: &str) -> Option<f64> {
    let kib: f64 =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1_024.0)
}

/// The soft limit in `/proc/self/limits`.
fn max_open(limits: &str) -> Option<f64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    match line.split_whitespace().next()? {
        "unlimited" => Some(f64::INFINITY),
        limit => limit.parse().ok(),
    }
}

fn n_open() -> Option<f64> {
    // One of them is the folder that is being read.
    let n = std::fs::read_dir("/proc/self/fd").ok()?.count().saturating_sub(1);
    u32::try_from(n).ok().map(f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_linux_tells_is_read() {
        let stat = "4711 (desk) side (x) S 1 4711 4711 0 -1 4194560 9 0 0 0 1234 66 0 0 20 0 3 0 98765 1 2 3";
        assert_eq!(Stat::parse(stat), Some(Stat { cpu_s: 13.0, started_s: 987.65 }));
        assert_eq!(Stat::parse("4711 (deskside) S 1"), None);
        assert_eq!(boot_time("cpu 1 2\nbtime 1800000000\nprocesses 7\n"), Some(1_800_000_000.0));
        assert_eq!(resident("VmHWM:\t   99 kB\nVmRSS:\t   16384 kB\n"), Some(16_777_216.0));
        let limits = "Limit   Soft Limit   Hard Limit   Units\nMax open files   1024   524288   files\n";
        assert_eq!(max_open(limits), Some(1_024.0));
        assert_eq!(max_open(&limits.replace("1024", "unlimited")), Some(f64::INFINITY));
    }

    #[test]
    fn this_process_is_found() {
        assert!(resident(&read("self/status").unwrap()).unwrap() > 1_000_000.0);
        assert!(n_open().unwrap() >= 3.0);
        assert!(Stat::parse(&read("self/stat").unwrap()).unwrap().started_s > 0.0);
        assert!(boot_time(&read("stat").unwrap()).unwrap() > 1_500_000_000.0);
    }
}
