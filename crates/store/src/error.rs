//! What can go wrong with the record.

use domain::block::BlockRefused;
use domain::conversation::Refusal;
use domain::text::TextRefused;
use domain::time::Timestamp;

/// Why a command or query was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is none, or the asker may not see it; also for things of other projects.
    #[error("there is no such thing, or one may not see it")]
    NotFound,
    /// The rules refused it.
    #[error(transparent)]
    Refused(#[from] Denied),
    /// The same id came before with another body or author (design rule 6).
    #[error("the id was used before for something else")]
    IdConflict,
    /// The rules of blocking refused it (B6).
    #[error(transparent)]
    Block(#[from] BlockRefused),
    /// The client is blocked, and his message is not taken (B3, B4).
    #[error("the client is blocked")]
    ContactBlocked {
        /// Until when; nothing for ever.
        until: Option<Timestamp>,
    },
    /// The channel takes no files from clients (F4).
    #[error("the channel takes no files from clients")]
    FilesNotAllowed,
    /// A project keeps at least one owner (J2).
    #[error("a project keeps at least one owner")]
    LastOwner,
    /// The asker sees it but has not the right.
    #[error("one has not the right to do this")]
    Forbidden,
    /// The invitation's code is unknown, used, or past its time (J3).
    #[error("the invitation is unknown, used or too old")]
    InvitationInvalid,
    /// The invited address belongs to an agent of another project: only he himself, signed in, may take the invitation.
    ///
    /// A code proves nothing about the address, and a device token stands for the agent in all his projects.
    #[error("the address belongs to an agent of another project")]
    SignInFirst,
    /// Somebody changed it since the asker read it.
    #[error("somebody changed it meanwhile")]
    StaleRevision,
    /// A text cannot be taken.
    #[error("{field}: {refused}")]
    Text {
        /// Which field.
        field: &'static str,
        /// Why.
        refused: TextRefused,
    },
    /// A value other than a text cannot be taken.
    #[error("{field}: {message}")]
    Value {
        /// Which field.
        field: &'static str,
        /// Why, and what would be taken.
        message: String,
    },
    /// The database cannot be written or read now: full, locked, gone. Retrying may help.
    #[error("the record is not available")]
    Unavailable(#[source] sqlx::Error),
    /// The writer has stopped because the relay is shutting down.
    #[error("the record is closing")]
    Closing,
    /// What stands in the database is not what this build writes.
    #[error("the record holds what this build cannot read: {0}")]
    Corrupt(String),
    /// The database was written by a newer build.
    #[error(
        "this database was written by a newer Deskside; start that version, or restore a backup made before the upgrade"
    )]
    NewerDatabase,
    /// The secret key is not the one that this database was made with.
    #[error("DESKSIDE_SECRET_KEY is not the key that this database was made with")]
    WrongSecretKey,
    /// The database's address, or the database itself, cannot be used.
    #[error("DESKSIDE_DATABASE_URL: {0}")]
    Database(String),
    /// The secret key cannot be read or made.
    #[error("the secret key: {0}")]
    SecretKey(String),
}

/// A refusal of the rules, with the holder's name for the asker.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{refusal}")]
pub struct Denied {
    /// Why.
    pub refusal: Refusal,
    /// Who has the conversation: id and name.
    pub holder: Option<(String, String)>,
}

impl From<sqlx::Error> for StoreError {
    /// A row that does not fit is a fault of the record and concerns one command; anything else concerns the database.
    fn from(error: sqlx::Error) -> Self {
        let fits_not = match &error {
            // PostgreSQL's class 22: a value that it cannot hold.
            sqlx::Error::Database(database) => {
                let is_value = database.code().is_some_and(|code| code.len() == 5 && code.starts_with("22"));
                is_value || !matches!(database.kind(), sqlx::error::ErrorKind::Other)
            }
            sqlx::Error::RowNotFound
            | sqlx::Error::ColumnNotFound(_)
            | sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::Decode(_) => true,
            _ => false,
        };
        if fits_not { Self::Corrupt(error.to_string()) } else { Self::Unavailable(error) }
    }
}

impl StoreError {
    /// The error with what lies under it, for the log.
    pub(crate) fn to_string_with_source(&self) -> String {
        match std::error::Error::source(self) {
            Some(source) => format!("{self}: {source}"),
            None => self.to_string(),
        }
    }

    /// Whether the database itself failed, so that a whole batch must be given up.
    pub(crate) fn is_fatal_to_batch(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}
