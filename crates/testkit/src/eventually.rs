//! Waiting for something that must come true, with a deadline.

use std::fmt::Display;
use std::future::Future;
use std::time::Duration;

use anyhow::{Result, anyhow};
use tokio::time::{Instant, sleep};

/// How often a probe looks again.
const INTERVAL: Duration = Duration::from_millis(40);

/// Asks `probe` until it finds something, and returns that.
///
/// A probe that fails is asked again too: the page may be in the middle of a change.
///
/// # Errors
/// After the deadline, with `what` was waited for and the last failure of the probe.
pub async fn eventually<T, F, Fut>(what: impl Display, deadline: Duration, mut probe: F) -> Result<T>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<Option<T>>>,
{
    let end = Instant::now() + deadline;
    loop {
        let seen = probe().await;
        if let Ok(Some(found)) = seen {
            return Ok(found);
        }
        if Instant::now() >= end {
            let why = seen.err().map_or_else(|| "it was not there".to_owned(), |error| format!("{error:#}"));
            return Err(anyhow!("waited {deadline:?} for {what}: {why}"));
        }
        sleep(INTERVAL).await;
    }
}
