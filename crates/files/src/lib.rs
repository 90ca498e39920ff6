//! Where files are kept: a folder, or an S3-compatible store.
//!
//! A file is whole or not there: what is being written shows nowhere until its last byte is on disk, or in the store. Nothing is known
//! here of what a file belongs to; its key says where it lies, and the record says what it is.

mod client;
mod error;
mod key;
mod place;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, pin_mut};
use object_store::buffered::BufWriter;
use object_store::{ObjectStore, ObjectStoreExt as _};
use tokio::io::AsyncWriteExt as _;

pub use error::FilesError;
pub use key::{Key, KeyRefused};

/// Up to so many bytes a file is sent to S3 in one piece, and beyond in pieces of this size. It takes none below 5 MiB but the last.
const PIECE_BYTES: usize = 8 * 1024 * 1024;
/// A folder takes pieces of any size: what waits in memory is small.
const FOLDER_PIECE_BYTES: usize = 256 * 1024;
/// How many pieces of one file are on their way at once; so much memory an upload takes.
const PIECES_AT_ONCE: usize = 2;

/// The bytes of a file as they come.
pub type Body = BoxStream<'static, Result<Bytes, FilesError>>;

/// Files in their place. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    place: Arc<str>,
    piece_bytes: usize,
}

/// A file that is being read.
pub struct File {
    /// How long it is.
    pub size_bytes: u64,
    /// Its bytes.
    pub body: Body,
}

/// A file in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where it lies.
    pub key: Key,
    /// How long it is.
    pub size_bytes: u64,
}

impl Files {
    /// Opens the place that an address names: `file:///folder`, or `s3://bucket/prefix` with what the usual `AWS_…` variables of this
    /// process say; the folder `files` in the data folder if there is none. A folder is made, for its owner only. Asks no server.
    ///
    /// # Errors
    /// [`FilesError::Address`] says what is wrong with the address, the variables or the folder.
    pub fn open(url: Option<&str>, data: &Path) -> Result<Self, FilesError> {
        let texts =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self::open_with(url, data, texts)
    }

    /// The same with these variables instead of the process's own.
    ///
    /// # Errors
    /// As [`Files::open`].
    pub fn open_with(
        url: Option<&str>,
        data: &Path,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, FilesError> {
        let place::Opened { store, place, piece_bytes } = place::open(url, data, variables)?;
        Ok(Self { store, place: place.into(), piece_bytes })
    }

    /// Where the files are, for people: a folder, or a bucket with its prefix. Holds no secret.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Keeps a file and gives its length. It is there, whole and durable, when this returns; what was there under the key is replaced.
    ///
    /// # Errors
    /// [`FilesError::Broken`] if the body broke off: nothing is kept then. [`FilesError::Failed`].
    pub async fn put<E>(&self, key: &Key, body: impl Stream<Item = Result<Bytes, E>>) -> Result<u64, FilesError>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let writer = BufWriter::with_capacity(Arc::clone(&self.store), key.path(), self.piece_bytes);
        let mut writer = writer.with_max_concurrency(PIECES_AT_ONCE);
        match self.pour(&mut writer, body).await {
            Ok(size_bytes) => {
                writer.shutdown().await.map_err(|error| self.failed("writing", None, of_store(error)))?;
                Ok(size_bytes)
            }
            Err(error) => {
                if let Err(also) = writer.abort().await {
                    tracing::warn!(error = %also, "a file that was not kept may have left pieces in the store");
                }
                Err(error)
            }
        }
    }

    async fn pour<E>(
        &self,
        writer: &mut BufWriter,
        body: impl Stream<Item = Result<Bytes, E>>,
    ) -> Result<u64, FilesError>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        pin_mut!(body);
        let mut size_bytes = 0;
        while let Some(bytes) = body.next().await {
            let bytes = bytes.map_err(|error| FilesError::Broken(error.into()))?;
            size_bytes += bytes.len() as u64;
            writer.put(bytes).await.map_err(|error| self.failed("writing", None, error))?;
        }
        Ok(size_bytes)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`FilesError::NotFound`], [`FilesError::Failed`]; the latter also comes in the body when the store breaks off.
    pub async fn get(&self, key: &Key) -> Result<File, FilesError> {
        let found = self.store.get(&key.path()).await.map_err(|error| self.failed("reading", Some(key), error))?;
        let (size_bytes, files, of) = (found.meta.size, self.clone(), key.clone());
        let body = found.into_stream().map_err(move |error| files.failed("reading", Some(&of), error));
        Ok(File { size_bytes, body: body.boxed() })
    }

    /// Takes a file away. One that is not there is away already.
    ///
    /// # Errors
    /// [`FilesError::Failed`].
    pub async fn delete(&self, key: &Key) -> Result<(), FilesError> {
        match self.store.delete(&key.path()).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.failed("deleting", Some(key), error)),
        }
    }

    /// All files below a key, or all there are, in no order. What was not put here by a key is passed over, and the log is told.
    #[must_use]
    pub fn list(&self, below: Option<&Key>) -> BoxStream<'static, Result<Entry, FilesError>> {
        let (files, prefix) = (self.clone(), below.map(Key::path));
        let found = self.store.list(prefix.as_ref()).map_err(move |error| files.failed("listing", None, error));
        let ours = |meta: object_store::ObjectMeta| async move {
            match Key::new(meta.location.as_ref()) {
                Ok(key) => Ok(Some(Entry { key, size_bytes: meta.size })),
                Err(_) => {
                    tracing::warn!(name = %meta.location, "passing over a file that is none of ours");
                    Ok(None)
                }
            }
        };
        found.try_filter_map(ours).boxed()
    }

    /// Writes, reads and deletes a small file: whether the place can be used.
    ///
    /// # Errors
    /// The first that failed, in words.
    pub async fn probe(&self) -> Result<(), FilesError> {
        let mark = getrandom::u64().map_err(|error| FilesError::Broken(Box::new(error)))?;
        let key = Key::new(&format!("probe-{mark:016x}")).expect("it is made of letters, digits and a dash");
        let text = Bytes::from(format!("probe {mark:016x}"));
        let piece = futures_util::stream::iter([Ok::<_, std::convert::Infallible>(text.clone())]);
        self.put(&key, piece).await?;
        let read = async { self.get(&key).await?.body.try_collect::<Vec<Bytes>>().await };
        let came = read.await;
        self.delete(&key).await?;
        if came?.concat() == text { Ok(()) } else { Err(self.other("reading", "what was written did not come back")) }
    }

    fn failed(&self, doing: &'static str, key: Option<&Key>, error: object_store::Error) -> FilesError {
        FilesError::of(doing, &self.place, key, error)
    }

    fn other(&self, doing: &'static str, why: &str) -> FilesError {
        FilesError::Failed { doing, place: self.place.to_string(), why: why.to_owned() }
    }
}

/// The store's own error, which a writer hands on as one of input and output.
fn of_store(error: std::io::Error) -> object_store::Error {
    let other = |error| object_store::Error::Generic { store: "writer", source: Box::new(error) };
    error.downcast().unwrap_or_else(other)
}
