//! The one place that spawns: every task is counted, so that a shutdown can wait for all.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Notify, watch};

/// Running tasks, and the word to stop.
#[derive(Clone)]
pub(crate) struct Tasks {
    stop: watch::Sender<bool>,
    running: Arc<Running>,
}

#[derive(Default)]
struct Running {
    count: AtomicUsize,
    ended: Notify,
}

struct Counted(Arc<Running>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.count.fetch_sub(1, Ordering::SeqCst);
        self.0.ended.notify_waiters();
    }
}

impl Tasks {
    pub(crate) fn new() -> Self {
        Self { stop: watch::Sender::new(false), running: Arc::default() }
    }

    /// Runs a task until it ends by itself.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let counted = self.count();
        tokio::spawn(async move {
            task.await;
            drop(counted);
        });
    }

    /// Runs a job that is dropped at the word to stop.
    pub(crate) fn spawn_job(&self, job: impl Future<Output = ()> + Send + 'static) {
        let stop = self.clone();
        self.spawn(async move {
            tokio::select! {
                () = job => {}
                () = stop.stopped() => {}
            }
        });
    }

    fn count(&self) -> Counted {
        self.running.count.fetch_add(1, Ordering::SeqCst);
        Counted(Arc::clone(&self.running))
    }

    /// Waits for the word to stop.
    pub(crate) async fn stopped(&self) {
        let mut stop = self.stop.subscribe();
        // An error means that the sender is gone, which it cannot be while `self` holds it.
        if stop.wait_for(|stop| *stop).await.is_err() {
            tracing::debug!("the stop signal is gone");
        }
    }

    /// Gives the word to stop.
    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Waits until no task runs.
    pub(crate) async fn ended(&self) {
        loop {
            let ended = self.running.ended.notified();
            if self.running.count.load(Ordering::SeqCst) == 0 {
                return;
            }
            ended.await;
        }
    }
}
