//! Opening the record.

pub(crate) mod open;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use domain::id::{ChannelId, ContactId, ConversationId, ProjectId};

use crate::clock::Clock;
use crate::db::{Pool, query_scalar};
use crate::error::StoreError;
use crate::log::Appended;
use crate::rows::own;
use crate::sealed::SecretKey;
use crate::writer::{Lane, Writer};

/// Hears of events after their commit, in the order of the log. Must not block.
pub trait Listener: Send + Sync + 'static {
    /// These events are durable now.
    fn appended(&self, events: Vec<Appended>);

    /// A batch of commands came to its end, well or not. For whoever measures.
    fn batch_ended(&self, _batch: &Batch) {}
}

/// What one transaction of a writer did, and how long it took.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// From taking the commands up until they were durable, or given up.
    pub took: Duration,
    /// How many commands were carried out.
    pub n_done: usize,
    /// How many were refused: nothing of them stands.
    pub n_refused: usize,
    /// How many were given up with the batch, because the database failed.
    pub n_failed: usize,
    /// How late each clock was fired that had run out, in milliseconds.
    pub late_ms: Vec<i64>,
}

/// Which database holds the record.
#[derive(Clone)]
pub enum Database {
    /// A SQLite file; made if it is not there.
    Sqlite(PathBuf),
    /// A PostgreSQL database by its address, such as `postgres://deskside@db.example/deskside`.
    Postgres(String),
}

impl std::fmt::Debug for Database {
    /// An address may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

/// Where the record is and what it is opened with.
pub struct Options {
    /// The database.
    pub database: Database,
    /// The operator's key for sealed secrets.
    pub secret_key: SecretKey,
    /// The clock of all commands.
    pub clock: Arc<dyn Clock>,
    /// Hears of new events.
    pub listener: Arc<dyn Listener>,
    /// The largest size of a SQLite file in pages; nothing but the disk limits it if none is given.
    pub max_pages: Option<u32>,
    /// How many commands share one commit at most.
    pub batch_max: usize,
}

/// How many commands share one commit, where nobody asks for something else.
pub const BATCH_MAX: usize = 128;

/// The record. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) writer: Writer,
    pub(crate) readers: Pool,
    pub(crate) epoch: Arc<str>,
    pub(crate) secret_key: SecretKey,
}

const PROJECT: &str = "SELECT id FROM projects WHERE id = $1";
const PROJECT_OF: &str = "SELECT project_id FROM conversations WHERE id = $1";
const PROJECT_OF_CONTACT: &str = "SELECT project_id FROM contacts WHERE id = $1";
const PROJECT_OF_CHANNEL: &str = "SELECT project_id FROM channels WHERE id = $1";

impl Store {
    /// The record's epoch; a restored backup begins a new one.
    #[must_use]
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// The key that channel secrets are sealed under.
    #[must_use]
    pub fn secret_key(&self) -> &SecretKey {
        &self.secret_key
    }

    /// Whether the record answers.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        if !self.writer.is_open() {
            return Err(StoreError::Closing);
        }
        let mut conn = self.readers.acquire().await?;
        let _: i64 = query_scalar(PING).fetch_one(&mut conn).await?;
        Ok(())
    }

    /// Closes the record's connections. Commands and queries fail from then on.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// The lane of a conversation's commands.
    pub(crate) async fn lane_of(&self, conversation: &ConversationId) -> Result<Lane, StoreError> {
        self.lane_by(PROJECT_OF, conversation.as_str()).await
    }

    /// The lane of a channel's commands.
    pub(crate) async fn lane_of_channel(&self, channel: &ChannelId) -> Result<Lane, StoreError> {
        self.lane_by(PROJECT_OF_CHANNEL, channel.as_str()).await
    }

    /// The lane of a contact's commands.
    pub(crate) async fn lane_of_contact(&self, contact: &ContactId) -> Result<Lane, StoreError> {
        self.lane_by(PROJECT_OF_CONTACT, contact.as_str()).await
    }

    /// The lane of a project's own commands, if there is such a project.
    pub(crate) async fn lane_of_project(&self, project: &ProjectId) -> Result<Lane, StoreError> {
        self.lane_by(PROJECT, project.as_str()).await
    }

    async fn lane_by(&self, sql: &'static str, id: &str) -> Result<Lane, StoreError> {
        if !self.writer.has_lanes() {
            return Ok(Lane::Shared);
        }
        let mut conn = self.readers.acquire().await?;
        let project: Option<String> = query_scalar(sql).bind(id).fetch_optional(&mut conn).await?;
        let project: ProjectId = own(project.ok_or(StoreError::NotFound)?)?;
        Ok(Lane::Project(project))
    }
}

const PING: &str = "SELECT COUNT(*) FROM meta";
