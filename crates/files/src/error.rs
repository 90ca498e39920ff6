//! What can go wrong with files, in words.

use crate::key::Key;

/// Why something with a file was not done.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The address, its variables or its folder cannot be used.
    #[error("DESKSIDE_FILES_URL: {0}")]
    Address(String),
    /// No file has this key.
    #[error("there is no file {0}")]
    NotFound(Key),
    /// What was to be kept broke off before its end.
    #[error("the file broke off before its end")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The store refused or did not answer. Trying again may help.
    #[error("{doing} files in {place}: {why}")]
    Failed {
        /// What was done.
        doing: &'static str,
        /// Where.
        place: String,
        /// Why it failed, and where it can be told how to mend it.
        why: String,
    },
}

impl FilesError {
    /// A store's error, in words.
    pub(crate) fn of(doing: &'static str, place: &str, key: Option<&Key>, error: object_store::Error) -> Self {
        if let (object_store::Error::NotFound { .. }, Some(key)) = (&error, key)
            && !names_a_bucket(&error)
        {
            return Self::NotFound(key.clone());
        }
        Self::Failed { doing, place: place.to_owned(), why: words(&error) }
    }
}

/// An S3 store answers 404 for a bucket that is not there as well.
fn names_a_bucket(error: &object_store::Error) -> bool {
    with_sources(error).contains("NoSuchBucket")
}

fn words(error: &object_store::Error) -> String {
    let whole = with_sources(error);
    // S3 tells keys that it does not know, and those without the right, by the same status.
    let denied = ["InvalidAccessKeyId", "SignatureDoesNotMatch"].iter().any(|code| whole.contains(code));
    match error {
        _ if names_a_bucket(error) => "the bucket does not exist; make it, or correct DESKSIDE_FILES_URL".to_owned(),
        _ if denied => "the store does not take AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY; check both".to_owned(),
        object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } => {
            format!("the right is missing; allow reading, writing, deleting and listing there ({whole})")
        }
        _ => whole,
    }
}

/// The error with all that lies under it, each said once.
fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut under = error.source();
    while let Some(error) = under {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        under = error.source();
    }
    text
}
