//! What the same deliveries cost without protocol, rows and rights: a loop that appends each message to a file, syncs it, and writes it to
//! every socket. A process of its own, so that its time is counted as the relay's is.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::pinned::{Process, pin};

/// The argument that makes this program the bare loop.
pub(crate) const ARGUMENT: &str = "--bare";
/// For how long.
const SECONDS: usize = 10;

/// The loop: takes readers, then a writer, by the first byte that each sends; ends with the writer.
pub(crate) fn serve() -> Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    println!("{}", listener.local_addr()?.port());
    let mut record = tempfile::tempfile()?;
    let mut readers = Vec::new();
    loop {
        let (mut socket, _) = listener.accept()?;
        socket.set_nodelay(true)?;
        let mut kind = [0];
        socket.read_exact(&mut kind)?;
        if kind == *b"w" {
            return deliver(&mut record, &mut readers, socket);
        }
        readers.push(socket);
    }
}

fn deliver(record: &mut File, readers: &mut [TcpStream], writer: TcpStream) -> Result<()> {
    let (mut acknowledge, mut lines, mut line) = (writer.try_clone()?, BufReader::new(writer), Vec::new());
    while lines.read_until(b'\n', &mut line)? > 0 {
        record.write_all(&line)?;
        record.sync_data()?;
        for reader in &mut *readers {
            reader.write_all(&line)?;
        }
        acknowledge.write_all(b"k")?;
        line.clear();
    }
    Ok(())
}

/// What the loop needs.
pub(crate) struct Measured {
    /// The processor's time for each delivery, in microseconds.
    pub(crate) cpu_us: f64,
    /// From a message to its acknowledgement, after the last reader was written to.
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
}

/// Delivers frames of so many bytes, so many a second, to so many readers.
pub(crate) fn measure(n_readers: usize, bytes: usize, rate: usize) -> Result<Measured> {
    let mut child = Command::new(std::env::current_exe()?).arg(ARGUMENT).stdout(Stdio::piped()).spawn()?;
    pin(child.id(), 0)?;
    let mut port = String::new();
    BufReader::new(child.stdout.take().context("no output")?).read_line(&mut port)?;
    let port: u16 = port.trim().parse()?;
    let connect = |kind: &[u8]| -> Result<TcpStream> {
        let mut socket = TcpStream::connect(("127.0.0.1", port))?;
        socket.set_nodelay(true)?;
        socket.write_all(kind)?;
        Ok(socket)
    };
    let n = rate * SECONDS;
    let mut readers = Vec::with_capacity(n_readers);
    for _ in 0..n_readers {
        let socket = connect(b"r")?;
        readers.push(std::thread::spawn(move || counts(socket)));
    }
    let mut writer = connect(b"w")?;
    let mut line = vec![b'x'; bytes];
    line.push(b'\n');
    let process = Process::numbered(child.id());
    let (before, begun, mut acknowledged) = (process.cpu_seconds()?, Instant::now(), [0]);
    let mut took = Vec::with_capacity(n);
    for i in 0..n {
        let due = Duration::from_secs(1) * u32::try_from(i)? / u32::try_from(rate)?;
        std::thread::sleep(due.saturating_sub(begun.elapsed()));
        let sent = Instant::now();
        writer.write_all(&line)?;
        writer.read_exact(&mut acknowledged)?;
        took.push(sent.elapsed().as_secs_f64() * 1_000.0);
    }
    let cpu = process.cpu_seconds()? - before;
    drop(writer);
    ensure!(child.wait()?.success(), "the bare loop failed");
    let total: u64 =
        readers.into_iter().map(|reader| reader.join().expect("a reader does not panic")).sum::<Result<u64>>()?;
    ensure!(total == (n * n_readers * line.len()) as u64, "the bare loop delivered {total} bytes");
    #[allow(clippy::cast_precision_loss, reason = "millions")]
    let cpu_us = cpu * 1e6 / (n * n_readers) as f64;
    took.sort_by(f64::total_cmp);
    Ok(Measured { cpu_us, p50_ms: took[n / 2], p99_ms: took[n * 99 / 100] })
}

/// How many bytes come until the end.
fn counts(mut socket: TcpStream) -> Result<u64> {
    Ok(std::io::copy(&mut socket, &mut std::io::sink())?)
}
