//! The one connection that carries commands to Redis, and whether it stands.
//!
//! Redis may be away, paused or slow at any time. A command waits for at most [`WITHIN`]; from then on, until a connection stands again,
//! every command is answered at once with [`Away`], and its caller does without.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use redis::aio::ConnectionLike;
use redis::{Cmd, FromRedisValue, Script};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use crate::health::Health;
use crate::redis::address::{RedisAddress, WITHIN, Wire};

/// How often Redis is asked for a sign of life.
const PING_EVERY: Duration = Duration::from_secs(1);
/// How long to wait before the next try to connect; it doubles up to the second.
const AGAIN: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

/// Redis cannot be asked now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Away;

/// The connection. [`Link::run`] keeps it.
pub(crate) struct Link {
    address: RedisAddress,
    wire: Mutex<Option<Standing>>,
    failed: Notify,
    /// Counts connections: whoever keeps something in Redis puts it there again with each new one.
    n_connections: watch::Sender<u64>,
    health: Arc<Health>,
}

#[derive(Clone)]
struct Standing {
    wire: Wire,
    number: u64,
}

impl Link {
    pub(crate) fn new(address: RedisAddress, health: Arc<Health>) -> Self {
        let n_connections = watch::Sender::new(0);
        Self { address, wire: Mutex::default(), failed: Notify::new(), n_connections, health }
    }

    pub(crate) fn address(&self) -> &RedisAddress {
        &self.address
    }

    pub(crate) fn health(&self) -> &Health {
        &self.health
    }

    /// Tells of each new connection.
    pub(crate) fn connections(&self) -> watch::Receiver<u64> {
        self.n_connections.subscribe()
    }

    /// Connects, watches, and connects again, for ever.
    pub(crate) async fn run(self: Arc<Self>) {
        let mut again = AGAIN.0;
        loop {
            match timeout(2 * WITHIN, self.address.connect()).await {
                Ok(Ok(wire)) => {
                    again = AGAIN.0;
                    self.watch(wire).await;
                }
                Ok(Err(error)) => self.is_down(&error.to_string()),
                Err(_) => self.is_down("it does not answer"),
            }
            tokio::time::sleep(again).await;
            again = (2 * again).min(AGAIN.1);
        }
    }

    /// Serves with a connection until it fails.
    async fn watch(&self, mut wire: Wire) {
        if let Err(error) = ping(&mut wire).await {
            return self.is_down(&error);
        }
        let number = self.n_connections.borrow().wrapping_add(1);
        self.put(Some(Standing { wire: wire.clone(), number }));
        if self.health.came_up() {
            tracing::info!("{} is here", self.address);
        }
        self.n_connections.send_replace(number);
        let mut every = interval(PING_EVERY);
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let asked = Instant::now();
            tokio::select! {
                () = self.failed.notified() => {
                    if self.standing().is_none() {
                        return self.is_down("a command was not answered");
                    }
                }
                _ = every.tick() => match ping(&mut wire).await {
                    Ok(()) => self.health.round_trip(asked.elapsed()),
                    Err(error) => return self.is_down(&error),
                }
            }
        }
    }

    /// Warns once; what follows is the same fault.
    fn is_down(&self, why: &str) {
        self.put(None);
        if self.health.went_down() {
            tracing::warn!(
                "{} is away: {why}; events are found in the record within a second, presence and limits stand on this relay and \
                 the record",
                self.address
            );
        }
    }

    fn put(&self, standing: Option<Standing>) {
        *self.wire.lock().unwrap_or_else(PoisonError::into_inner) = standing;
    }

    fn standing(&self) -> Option<Standing> {
        self.wire.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes a connection away that failed, unless a newer one stands already.
    fn fails(&self, number: u64) {
        let mut wire = self.wire.lock().unwrap_or_else(PoisonError::into_inner);
        if wire.as_ref().is_some_and(|standing| standing.number == number) {
            *wire = None;
            drop(wire);
            self.failed.notify_one();
        }
    }

    /// Sends a command.
    ///
    /// # Errors
    /// [`Away`] if Redis does not answer; what it refuses is told to the log and is [`Away`] too, since nobody can do more about it.
    pub(crate) async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Away> {
        let Standing { wire, number } = self.standing().ok_or(Away)?;
        let asked = async {
            match wire {
                Wire::One(mut wire) => command.query_async(&mut wire).await,
                Wire::Cluster(mut wire) => command.query_async(&mut wire).await,
            }
        };
        self.answered(number, timeout(WITHIN, asked).await)
    }

    /// Runs a script on its keys, the first of which says where.
    ///
    /// # Errors
    /// As [`Link::ask`].
    pub(crate) async fn run_script<T: FromRedisValue>(
        &self,
        script: &Script,
        key: &str,
        args: &[String],
    ) -> Result<T, Away> {
        let Standing { wire, number } = self.standing().ok_or(Away)?;
        let mut invocation = script.prepare_invoke();
        invocation.key(key);
        for arg in args {
            invocation.arg(arg);
        }
        let asked = async {
            match wire {
                Wire::One(mut wire) => invocation.invoke_async(&mut wire).await,
                Wire::Cluster(mut wire) => invocation.invoke_async(&mut wire).await,
            }
        };
        self.answered(number, timeout(WITHIN, asked).await)
    }

    fn answered<T>(
        &self,
        number: u64,
        answer: Result<redis::RedisResult<T>, tokio::time::error::Elapsed>,
    ) -> Result<T, Away> {
        match answer {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) if is_refusal(&error) => {
                tracing::error!(cause = %error, "Redis refused a command; `deskside doctor` may say why");
                Err(Away)
            }
            Ok(Err(_)) | Err(_) => {
                self.fails(number);
                Err(Away)
            }
        }
    }
}

/// Whether Redis answered, and said no: full, read-only for a moment, or without a right. Another connection would hear the same.
fn is_refusal(error: &redis::RedisError) -> bool {
    use redis::{ErrorKind, ServerErrorKind};
    match error.kind() {
        // A replica that was the master before: a new connection finds the new one.
        ErrorKind::Server(kind) => !matches!(kind, ServerErrorKind::ReadOnly | ServerErrorKind::MasterDown),
        _ => false,
    }
}

async fn ping(wire: &mut Wire) -> Result<(), String> {
    let command = redis::cmd("PING");
    let asked = async {
        match wire {
            Wire::One(wire) => pinged(&command, wire).await,
            Wire::Cluster(wire) => pinged(&command, wire).await,
        }
    };
    match timeout(WITHIN, asked).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("it does not answer".to_owned()),
    }
}

async fn pinged(command: &Cmd, wire: &mut impl ConnectionLike) -> redis::RedisResult<()> {
    // The text of the answer differs between one server and a cluster; that it came is what counts.
    command.query_async::<redis::Value>(wire).await.map(drop)
}
