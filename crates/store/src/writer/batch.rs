//! One task: takes what waits, runs it in one transaction, and answers after the commit.

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::db::{Conn, Pool};
use crate::error::StoreError;
use crate::log::{self, Appended};
use crate::store::Batch;
use crate::writer::{Finish, Job, Lane, Shared, Tx, Verdict};

/// How long one batch may take.
const BATCH_WITHIN: Duration = Duration::from_secs(20);

/// What becomes of a batch's commands.
#[derive(Default)]
struct Outcome {
    finishes: Vec<Finish>,
    n_refused: usize,
    late_ms: Vec<i64>,
}

pub(super) struct Batcher {
    base: Shared,
    queue: mpsc::Receiver<Job>,
    /// PostgreSQL's locks of the lane, which end with the transaction.
    locks: Option<SqlStr>,
}

impl Batcher {
    pub(super) fn new(base: Shared, lane: Lane, queue: mpsc::Receiver<Job>) -> Self {
        let locks = match base.pool {
            Pool::Sqlite(_) => None,
            Pool::Postgres(_) => Some(AssertSqlSafe(locks(&base.epoch, &lane)).into_sql_str()),
        };
        Self { base, queue, locks }
    }

    pub(super) async fn run(mut self) {
        let batch_max = self.base.batch_max.max(1);
        let mut jobs = Vec::with_capacity(batch_max);
        while self.queue.recv_many(&mut jobs, batch_max).await > 0 {
            self.batch(jobs.drain(..)).await;
        }
    }

    /// Runs one batch; every job's `Finish` is called exactly once.
    async fn batch(&mut self, jobs: impl ExactSizeIterator<Item = Job>) {
        let (began, n_jobs) = (Instant::now(), jobs.len());
        let mut outcome = Outcome::default();
        let committed = match self.begin().await {
            Ok(conn) => within(self.commands(conn, jobs, &mut outcome)).await,
            Err(error) => {
                for job in jobs {
                    outcome.finishes.push(job(None).await.1);
                }
                Err(error.into())
            }
        };
        let (took, Outcome { finishes, n_refused, late_ms }) = (began.elapsed(), outcome);
        let listener = &self.base.listener;
        match committed {
            Ok(appended) => {
                listener.appended(appended);
                listener.batch_ended(&Batch { took, n_done: n_jobs - n_refused, n_refused, n_failed: 0, late_ms });
                finishes.into_iter().for_each(|finish| finish(Ok(())));
            }
            Err(cause) => {
                let cause = cause.to_string_with_source();
                tracing::error!(cause, "a batch of commands could not be committed");
                listener.batch_ended(&Batch { took, n_failed: n_jobs, ..Batch::default() });
                finishes.into_iter().for_each(|finish| finish(Err(unavailable(&cause))));
            }
        }
    }

    /// A transaction that nothing of the same lane runs beside, in this process or another.
    async fn begin(&self) -> Result<Conn, sqlx::Error> {
        let mut conn = self.base.pool.begin_write().await?;
        if let Some(locks) = &self.locks {
            conn.run(locks.clone()).await?;
        }
        Ok(conn)
    }

    /// Runs the commands, numbers their events, and commits. A transaction that is dropped on the way is rolled back.
    async fn commands(
        &self,
        mut conn: Conn,
        jobs: impl ExactSizeIterator<Item = Job>,
        outcome: &mut Outcome,
    ) -> Result<Vec<Appended>, StoreError> {
        // What is alone needs no savepoint: the transaction itself is undone.
        let alone = jobs.len() == 1;
        let mut pending = Vec::new();
        let mut failure = if alone { None } else { conn.run("SAVEPOINT command").await.err() };
        for job in jobs {
            if failure.is_some() {
                outcome.finishes.push(job(None).await.1);
                continue;
            }
            let (mark, n_late) = (pending.len(), outcome.late_ms.len());
            let now = self.base.clock.now();
            let mut tx = Tx { conn: &mut conn, now, appended: &mut pending, late_ms: &mut outcome.late_ms };
            let (verdict, finish) = job(Some(&mut tx)).await;
            outcome.finishes.push(finish);
            if verdict == Verdict::Undo {
                outcome.n_refused += 1;
                outcome.late_ms.truncate(n_late);
                pending.truncate(mark);
            }
            failure = match verdict {
                Verdict::Keep if alone => None,
                Verdict::Undo if alone => return Ok(Vec::new()),
                Verdict::Keep => conn.run("RELEASE SAVEPOINT command; SAVEPOINT command").await.err(),
                Verdict::Undo => conn.run("ROLLBACK TO SAVEPOINT command").await.err(),
                Verdict::Fatal => Some(sqlx::Error::WorkerCrashed), // The command's own error says more; see `Writer::run`.
            };
        }
        if let Some(error) = failure {
            return Err(error.into());
        }
        let appended = log::append_all(&mut conn, &self.base.epoch, pending).await?;
        conn.commit().await?;
        Ok(appended)
    }
}

/// PostgreSQL's locks of a lane. All lanes take the shared one first and the project's second, so none waits for one that waits for it.
fn locks(epoch: &str, lane: &Lane) -> String {
    let shared = lock_key(epoch, "shared");
    match lane {
        Lane::Shared => format!("SELECT pg_advisory_xact_lock({shared})"),
        Lane::Project(project) => {
            let own = lock_key(epoch, project.as_str());
            format!("SELECT pg_advisory_xact_lock_shared({shared}); SELECT pg_advisory_xact_lock({own})")
        }
    }
}

/// Gives a batch up that hangs: a connection to the database may be half-open.
async fn within<T>(batch: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    match tokio::time::timeout(BATCH_WITHIN, batch).await {
        Ok(result) => result,
        Err(_) => Err(unavailable("the database did not answer in time")),
    }
}

/// The number of an advisory lock. They are the database's, so two records in one database part by their epochs.
fn lock_key(epoch: &str, name: &str) -> i64 {
    let digest = Sha256::digest(format!("deskside/{epoch}/{name}"));
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(first)
}

pub(super) fn unavailable(cause: &str) -> StoreError {
    StoreError::Unavailable(sqlx::Error::Io(std::io::Error::other(cause.to_owned())))
}
