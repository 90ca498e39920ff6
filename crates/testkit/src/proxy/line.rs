//! The connections that a proxy carries, and what befalls them.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::{oneshot, watch};

use super::way;

/// What a network does to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is reset: both sides are told at once.
    Cut,
    /// It goes silent: neither side is told anything.
    Freeze,
}

/// What a proxy has counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Connections that reached the server.
    pub n_connections: usize,
    /// Those of them that were cut.
    pub n_cut: usize,
    /// Those of them that were frozen.
    pub n_frozen: usize,
}

/// A fault on its way to a connection; dropping it says that the connection has it.
#[derive(Debug)]
struct Order {
    fault: Fault,
    done: oneshot::Sender<()>,
}

/// All connections of a proxy.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// A way to each that is carried.
    carried: Mutex<Vec<oneshot::Sender<Order>>>,
    /// How much later everything arrives.
    delay: watch::Sender<Duration>,
    refuses: AtomicBool,
    n_connections: AtomicUsize,
    n_cut: AtomicUsize,
    n_frozen: AtomicUsize,
}

impl Lines {
    /// Carries bytes both ways until both sides have ended, or one fails, or a fault befalls the connection.
    pub(super) async fn carry(&self, mut client: TcpStream, mut server: TcpStream) {
        // Small frames go at once, as they came.
        if client.set_nodelay(true).and(server.set_nodelay(true)).is_err() {
            return;
        }
        let (sender, order) = oneshot::channel();
        self.n_connections.fetch_add(1, Ordering::SeqCst);
        self.with_carried(|carried| {
            carried.retain(|other| !other.is_closed());
            carried.push(sender);
        });
        let order = tokio::select! {
            // First, so that nothing more is carried once the fault is told.
            biased;
            order = order => order,
            _ = way::both(&mut client, &mut server, &self.delay) => return,
        };
        match order {
            Ok(Order { fault: Fault::Cut, done }) => {
                self.n_cut.fetch_add(1, Ordering::SeqCst);
                reset(client);
                reset(server);
                drop(done);
            }
            Ok(Order { fault: Fault::Freeze, done }) => {
                self.n_frozen.fetch_add(1, Ordering::SeqCst);
                drop(done);
                // Both sockets stay open, unread, until the task is dropped with the proxy.
                std::future::pending::<()>().await;
            }
            // Nobody is left who could give one.
            Err(_) => {}
        }
    }

    /// Has a fault befall all that are carried, waits until they have it, and gives how many they were.
    pub(super) async fn fail(&self, fault: Fault) -> usize {
        let carried = self.with_carried(std::mem::take);
        let mut waits = Vec::new();
        for line in carried {
            let (done, wait) = oneshot::channel();
            // One that has just ended needs no fault.
            if line.send(Order { fault, done }).is_ok() {
                waits.push(wait);
            }
        }
        let n_failed = waits.len();
        for wait in waits {
            // It is answered by being dropped.
            drop(wait.await);
        }
        n_failed
    }

    /// Sets how much later everything arrives.
    pub(super) fn delay(&self, delay: Duration) {
        self.delay.send_replace(delay);
    }

    /// Sets whether new connections are refused.
    pub(super) fn refuse(&self, refuses: bool) {
        self.refuses.store(refuses, Ordering::SeqCst);
    }

    /// Whether new connections are refused.
    pub(super) fn refuses(&self) -> bool {
        self.refuses.load(Ordering::SeqCst)
    }

    pub(super) fn counts(&self) -> Counts {
        Counts {
            n_connections: self.n_connections.load(Ordering::SeqCst),
            n_cut: self.n_cut.load(Ordering::SeqCst),
            n_frozen: self.n_frozen.load(Ordering::SeqCst),
        }
    }

    fn with_carried<T>(&self, change: impl FnOnce(&mut Vec<oneshot::Sender<Order>>) -> T) -> T {
        change(&mut self.carried.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Closes a connection by a reset instead of an end.
pub(super) fn reset(socket: TcpStream) {
    // It fails only for a socket that is none; that one needs no reset.
    socket.set_zero_linger().ok();
    drop(socket);
}
