//! One task: takes what waits, runs it in one transaction, and answers after the commit.

use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;

use crate::db::{Conn, query};
use crate::error::StoreError;
use crate::log::{self, Appended, Pending};
use crate::writer::{Finish, Job, Lane, Shared, Tx, Verdict};

/// Beside every other project, not beside what crosses projects.
const LOCK_BESIDE: &str = "SELECT pg_advisory_xact_lock_shared($1)";
const LOCK_ALONE: &str = "SELECT pg_advisory_xact_lock($1)";

pub(super) struct Batcher {
    base: Shared,
    queue: mpsc::Receiver<Job>,
    /// PostgreSQL's locks of the lane, in the order in which all lanes take them: the shared one, then the project's.
    shared_key: i64,
    project_key: Option<i64>,
}

impl Batcher {
    pub(super) fn new(base: Shared, lane: Lane, queue: mpsc::Receiver<Job>) -> Self {
        let shared_key = lock_key(&base.epoch, "shared");
        let project_key = match lane {
            Lane::Project(project) => Some(lock_key(&base.epoch, project.as_str())),
            Lane::Shared => None,
        };
        Self { base, queue, shared_key, project_key }
    }

    pub(super) async fn run(mut self) {
        let batch_max = self.base.batch_max.max(1);
        let mut jobs = Vec::with_capacity(batch_max);
        while self.queue.recv_many(&mut jobs, batch_max).await > 0 {
            self.batch(jobs.drain(..)).await;
        }
    }

    /// Runs one batch; every job's `Finish` is called exactly once.
    async fn batch(&mut self, jobs: impl Iterator<Item = Job>) {
        let mut finishes = Vec::new();
        let committed = match self.begin().await {
            Ok(conn) => self.commands(conn, jobs, &mut finishes).await,
            Err(error) => {
                for job in jobs {
                    finishes.push(job(None).await.1);
                }
                Err(error.into())
            }
        };
        match committed {
            Ok(appended) => {
                self.base.listener.appended(appended);
                finishes.into_iter().for_each(|finish| finish(Ok(())));
            }
            Err(cause) => {
                let cause = cause.to_string_with_source();
                tracing::error!(cause, "a batch of commands could not be committed");
                finishes.into_iter().for_each(|finish| finish(Err(unavailable(&cause))));
            }
        }
    }

    /// A transaction that nothing of the same lane runs beside, in this process or another.
    async fn begin(&self) -> Result<Conn, sqlx::Error> {
        let mut conn = self.base.pool.begin_write().await?;
        if conn.is_postgres() {
            let first = if self.project_key.is_some() { LOCK_BESIDE } else { LOCK_ALONE };
            query(first).bind(self.shared_key).execute(&mut conn).await?;
            if let Some(key) = self.project_key {
                query(LOCK_ALONE).bind(key).execute(&mut conn).await?;
            }
        }
        Ok(conn)
    }

    /// Runs the commands, numbers their events, and commits. A transaction that is dropped on the way is rolled back.
    async fn commands(
        &self,
        mut conn: Conn,
        jobs: impl Iterator<Item = Job>,
        finishes: &mut Vec<Finish>,
    ) -> Result<Vec<Appended>, StoreError> {
        let mut pending = Vec::new();
        let mut failure = None;
        for job in jobs {
            if failure.is_some() {
                finishes.push(job(None).await.1);
                continue;
            }
            let (finish, ended) = self.one(&mut conn, job, &mut pending).await;
            finishes.push(finish);
            failure = ended.err();
        }
        if let Some(error) = failure {
            return Err(error.into());
        }
        let appended = log::append_all(&mut conn, &self.base.epoch, pending).await?;
        conn.commit().await?;
        Ok(appended)
    }

    async fn one(&self, conn: &mut Conn, job: Job, pending: &mut Vec<Pending>) -> (Finish, Result<(), sqlx::Error>) {
        let mark = pending.len();
        if let Err(error) = conn.run("SAVEPOINT command").await {
            return (job(None).await.1, Err(error));
        }
        let mut tx = Tx { conn, now: self.base.clock.now(), appended: pending };
        let (verdict, finish) = job(Some(&mut tx)).await;
        let ended = match verdict {
            Verdict::Keep => conn.run("RELEASE SAVEPOINT command").await,
            Verdict::Undo => {
                pending.truncate(mark);
                conn.run("ROLLBACK TO SAVEPOINT command; RELEASE SAVEPOINT command").await
            }
            Verdict::Fatal => Err(sqlx::Error::WorkerCrashed), // The command's own error says more; see `Writer::run`.
        };
        (finish, ended)
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
