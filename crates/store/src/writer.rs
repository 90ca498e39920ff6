//! The writers: many commands in one transaction, a savepoint each.
//!
//! On SQLite, which has one writer, one task with one dedicated connection serves all projects. On PostgreSQL every project has a task
//! of its own, and one serves what crosses projects; locks that live as long as a transaction keep them apart over all relays (see
//! [`Lane`]). A command that fails is undone by its savepoint and the others go on; an answer leaves only after the commit is durable,
//! and a caller who went away cancels nothing.

mod batch;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::id::ProjectId;
use domain::time::Timestamp;
use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};

use crate::clock::Clock;
use crate::db::{Conn, Pool};
use crate::error::StoreError;
use crate::log::{NewEvent, Pending};
use crate::store::Listener;
use crate::writer::batch::{Batcher, unavailable};

/// How many commands may wait before callers do.
const QUEUE_LEN: usize = 1_024;

/// Whose rows a command touches, and so what it must not run beside.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Lane {
    /// Rows of one project: its conversations, contacts, channels and memberships. It may read agents, but not change them.
    Project(ProjectId),
    /// An agent's own rows, which count in all his projects. On PostgreSQL nothing runs beside it.
    Shared,
}

/// What a command works with: the connection inside the open transaction, the time, and the events it has appended.
pub(crate) struct Tx<'c> {
    pub(crate) conn: &'c mut Conn,
    pub(crate) now: Timestamp,
    appended: &'c mut Vec<Pending>,
    late_ms: &'c mut Vec<i64>,
}

impl Tx<'_> {
    /// Appends an event. It gets its number at the end of the batch, and goes out after the commit.
    pub(crate) fn append(&mut self, event: NewEvent) {
        self.appended.push(Pending { at: self.now.as_ms(), event });
    }

    /// A clock that ran out at `due` was fired; measured once it is durable.
    pub(crate) fn fired(&mut self, due: Timestamp) {
        self.late_ms.push(self.now.as_ms() - due.as_ms());
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

/// What every writer task shares.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) pool: Pool,
    pub(crate) epoch: Arc<str>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) listener: Arc<dyn Listener>,
    /// How many commands share one transaction at most.
    pub(crate) batch_max: usize,
}

/// The door to the writer tasks.
#[derive(Clone)]
pub(crate) struct Writer {
    /// SQLite's one task, and PostgreSQL's for what crosses projects.
    shared: mpsc::Sender<Job>,
    pool: Pool,
    projects: Option<Arc<Projects>>,
}

/// PostgreSQL's tasks, one for each project that was written to.
struct Projects {
    base: Shared,
    lanes: Mutex<HashMap<ProjectId, mpsc::Sender<Job>>>,
}

impl Writer {
    /// Starts the first task; on PostgreSQL the others begin with their projects.
    pub(crate) fn start(base: Shared) -> Self {
        let projects = match base.pool {
            Pool::Sqlite(_) => None,
            Pool::Postgres(_) => Some(Arc::new(Projects { base: base.clone(), lanes: Mutex::default() })),
        };
        Self { pool: base.pool.clone(), shared: spawn(base, Lane::Shared), projects }
    }

    /// Whether projects have tasks of their own, so that a command has to know its project.
    pub(crate) fn has_lanes(&self) -> bool {
        self.projects.is_some()
    }

    /// Whether the tasks still take commands.
    pub(crate) fn is_open(&self) -> bool {
        !self.shared.is_closed()
    }

    /// Closes the connections; what is queued is answered as unavailable.
    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }

    /// Runs a command and waits for its durable commit.
    ///
    /// # Errors
    /// What the command says, [`StoreError::Unavailable`] if the batch could not be committed, [`StoreError::Closing`] after the end.
    pub(crate) async fn run<R, F>(&self, lane: Lane, command: F) -> Result<R, StoreError>
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
        self.lane(lane).send(job).await.map_err(|_| StoreError::Closing)?;
        answered.await.map_err(|_| StoreError::Closing)?
    }

    fn lane(&self, lane: Lane) -> mpsc::Sender<Job> {
        match (&self.projects, lane) {
            (Some(projects), Lane::Project(project)) => projects.lane(project),
            (None, Lane::Project(_)) | (_, Lane::Shared) => self.shared.clone(),
        }
    }
}

impl Projects {
    fn lane(&self, project: ProjectId) -> mpsc::Sender<Job> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        // One whose task ended, by a fault of ours, begins anew.
        if let Some(lane) = lanes.get(&project).filter(|lane| !lane.is_closed()) {
            return lane.clone();
        }
        let lane = spawn(self.base.clone(), Lane::Project(project.clone()));
        lanes.insert(project, lane.clone());
        lane
    }
}

fn spawn(base: Shared, lane: Lane) -> mpsc::Sender<Job> {
    let (jobs, queue) = mpsc::channel(QUEUE_LEN);
    tokio::spawn(Batcher::new(base, lane, queue).run());
    jobs
}
