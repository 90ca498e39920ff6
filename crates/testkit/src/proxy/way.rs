//! How bytes are carried: each after a time, in order.

use std::io::Result;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};
use tokio::try_join;

/// How much is read at once, and how many reads may be under way; more waits at the sender, as in a full network.
const CHUNK_BYTES: usize = 8 * 1024;
const N_CHUNKS: usize = 512;

/// Carries both ways until both sides have ended, or one fails.
///
/// # Errors
/// When a side fails.
pub(super) async fn both(one: &mut TcpStream, other: &mut TcpStream, delay: &watch::Sender<Duration>) -> Result<()> {
    let ((from_one, to_one), (from_other, to_other)) = (one.split(), other.split());
    let there = carry(from_one, to_other, delay.subscribe());
    let back = carry(from_other, to_one, delay.subscribe());
    try_join!(there, back).map(drop)
}

/// Carries one way, up to and with the end.
async fn carry(mut from: ReadHalf<'_>, mut to: WriteHalf<'_>, mut delay: watch::Receiver<Duration>) -> Result<()> {
    let (sender, mut under_way) = mpsc::channel(N_CHUNKS);
    let read = async move {
        let mut buffer = [0; CHUNK_BYTES];
        loop {
            let length = from.read(&mut buffer).await?;
            let is_taken = sender.send((Instant::now(), buffer[..length].to_vec())).await.is_ok();
            if length == 0 || !is_taken {
                return Ok(());
            }
        }
    };
    let write = async {
        while let Some((sent_at, chunk)) = under_way.recv().await {
            due(sent_at, &mut delay).await;
            if chunk.is_empty() {
                // The end arrives as late as everything else.
                return to.shutdown().await;
            }
            to.write_all(&chunk).await?;
        }
        Ok(())
    };
    try_join!(read, write).map(drop)
}

/// Waits until something sent at that time arrives, however the delay changes meanwhile.
async fn due(sent_at: Instant, delay: &mut watch::Receiver<Duration>) {
    loop {
        let arrives_at = sent_at + *delay.borrow_and_update();
        // Timers are late by up to a millisecond, which nobody asked for who wants no delay.
        if arrives_at <= Instant::now() {
            return;
        }
        tokio::select! {
            () = sleep_until(arrives_at) => {}
            // The proxy outlives what it carries.
            Ok(()) = delay.changed() => {}
        }
    }
}
