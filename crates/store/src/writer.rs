//! The writer: many commands in one transaction, a savepoint each.
//!
//! SQLite has one writer, so one task with one dedicated connection serves all projects and batches whatever waits. A command that fails
//! is undone by its savepoint and the others go on; an answer leaves only after the commit is durable, and a caller who
//! went away cancels nothing.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use sqlx::{Connection as _, Executor as _};
use tokio::sync::{mpsc, oneshot};

use crate::Conn;
use crate::clock::Clock;
use crate::error::StoreError;
use crate::log::{self, Appended, NewEvent};
use crate::store::Listener;
use domain::time::Timestamp;

/// How many commands share one transaction at most.
const BATCH_MAX: usize = 128;
/// How many commands may wait before callers do.
const QUEUE_LEN: usize = 1_024;

/// What a command works with: the connection inside the open transaction, the time, and the events it has appended.
pub(crate) struct Tx<'c> {
    pub(crate) conn: &'c mut Conn,
    pub(crate) now: Timestamp,
    epoch: &'c str,
    appended: &'c mut Vec<Appended>,
}

impl Tx<'_> {
    /// Appends an event; it goes out after the commit.
    pub(crate) async fn append(&mut self, event: NewEvent) -> Result<(), StoreError> {
        let appended = log::append(self.conn, self.epoch, self.now.as_ms(), event).await?;
        self.appended.push(appended);
        Ok(())
    }
}

/// What a command gives back once the commit is known.
type Finish = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// A command: runs inside the transaction, then waits for the commit. Without a transaction (the database failed) it only answers so.
type Job = Box<dyn for<'a, 'c> FnOnce(Option<&'a mut Tx<'c>>) -> BoxFuture<'a, (Verdict, Finish)> + Send>;

/// What becomes of a command's savepoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Keep,
    Undo,
    /// The database itself failed: the whole batch is given up.
    Fatal,
}

/// The door to the writer task.
#[derive(Clone)]
pub(crate) struct Writer {
    jobs: mpsc::Sender<Job>,
}

impl Writer {
    /// Starts the task on a connection of its own.
    pub(crate) fn start(conn: Conn, epoch: Arc<str>, clock: Arc<dyn Clock>, listener: Arc<dyn Listener>) -> Self {
        let (jobs, queue) = mpsc::channel(QUEUE_LEN);
        tokio::spawn(Batcher { conn, epoch, clock, listener, queue }.run());
        Self { jobs }
    }

    /// Whether the task still takes commands.
    pub(crate) fn is_open(&self) -> bool {
        !self.jobs.is_closed()
    }

    /// Runs a command and waits for its durable commit.
    ///
    /// # Errors
    /// What the command says, [`StoreError::Unavailable`] if the batch could not be committed, [`StoreError::Closing`] after the end.
    pub(crate) async fn run<R, F>(&self, command: F) -> Result<R, StoreError>
    where
        R: Send + 'static,
        F: for<'a, 'c> FnOnce(&'a mut Tx<'c>) -> BoxFuture<'a, Result<R, StoreError>> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |tx| {
            Box::pin(async move {
                let result = match tx {
                    Some(tx) => command(tx).await,
                    None => Err(unavailable("the batch was given up")),
                };
                let verdict = match &result {
                    Ok(_) => Verdict::Keep,
                    Err(error) if error.is_fatal_to_batch() => {
                        tracing::error!(cause = ?error, "a command met a failing database");
                        Verdict::Fatal
                    }
                    Err(_) => Verdict::Undo,
                };
                let finish: Finish = Box::new(move |committed| {
                    let answer_with = match (result, committed) {
                        // What a command saw in a batch that was undone is not true.
                        (_, Err(error)) | (Err(error), Ok(())) => Err(error),
                        (Ok(value), Ok(())) => Ok(value),
                    };
                    if answer.send(answer_with).is_err() {
                        tracing::debug!("a caller went away before its command was answered");
                    }
                });
                (verdict, finish)
            })
        });
        self.jobs.send(job).await.map_err(|_| StoreError::Closing)?;
        answered.await.map_err(|_| StoreError::Closing)?
    }
}

struct Batcher {
    conn: Conn,
    epoch: Arc<str>,
    clock: Arc<dyn Clock>,
    listener: Arc<dyn Listener>,
    queue: mpsc::Receiver<Job>,
}

impl Batcher {
    async fn run(mut self) {
        let mut jobs = Vec::with_capacity(BATCH_MAX);
        while self.queue.recv_many(&mut jobs, BATCH_MAX).await > 0 {
            self.batch(jobs.drain(..)).await;
        }
        if let Err(error) = self.conn.close().await {
            tracing::warn!(%error, "closing the writer's connection");
        }
    }

    /// Runs one batch; every job's `Finish` is called exactly once.
    async fn batch(&mut self, jobs: impl Iterator<Item = Job>) {
        let mut appended = Vec::new();
        let mut finishes = Vec::new();
        let mut failure = self.conn.execute("BEGIN IMMEDIATE").await.err().map(|error| error.to_string());
        for job in jobs {
            if failure.is_some() {
                finishes.push(job(None).await.1);
                continue;
            }
            match self.one(job, &mut appended).await {
                (finish, Ok(())) => finishes.push(finish),
                (finish, Err(error)) => {
                    failure = Some(error.to_string());
                    finishes.push(finish);
                }
            }
        }
        if failure.is_none() {
            failure = self.conn.execute("COMMIT").await.err().map(|error| error.to_string());
        }
        match failure {
            None => {
                self.listener.appended(appended);
                finishes.into_iter().for_each(|finish| finish(Ok(())));
            }
            Some(cause) => {
                tracing::error!(cause, "a batch of commands could not be committed");
                // A full disk has rolled back already, and then this says so.
                if let Err(error) = self.conn.execute("ROLLBACK").await {
                    tracing::debug!(%error, "rolling back");
                }
                finishes.into_iter().for_each(|finish| finish(Err(unavailable(&cause))));
            }
        }
    }

    async fn one(&mut self, job: Job, appended: &mut Vec<Appended>) -> (Finish, Result<(), sqlx::Error>) {
        let mark = appended.len();
        if let Err(error) = self.conn.execute("SAVEPOINT command").await {
            return (job(None).await.1, Err(error));
        }
        let mut tx = Tx { conn: &mut self.conn, now: self.clock.now(), epoch: &self.epoch, appended };
        let (verdict, finish) = job(Some(&mut tx)).await;
        let ended = match verdict {
            Verdict::Keep => self.conn.execute("RELEASE command").await,
            Verdict::Undo => {
                appended.truncate(mark);
                self.conn.execute("ROLLBACK TO command; RELEASE command").await
            }
            Verdict::Fatal => Err(sqlx::Error::WorkerCrashed), // The command's own error says more; see `run`.
        };
        (finish, ended.map(|_| ()))
    }
}

fn unavailable(cause: &str) -> StoreError {
    StoreError::Unavailable(sqlx::Error::Io(std::io::Error::other(cause.to_owned())))
}
