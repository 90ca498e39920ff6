//! Taking a file as it comes: never more of it than the limit, never for longer than a slow line needs, and not too many at once.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes, HttpBody as _};
use domain::file::FileName;
use files::{Files, Key};
use futures_util::{StreamExt as _, stream};
use protocol::error::ErrorCode;
use sha2::{Digest as _, Sha256};
use store::secret::hex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};

use crate::error::ApiError;

/// How many files come in at once from agents, and how many from visitors: neither takes the others' places.
const AT_ONCE: usize = 16;
/// How long to wait for a place.
const PLACE_WITHIN: Duration = Duration::from_secs(20);
/// How long nothing may come.
const STILL_FOR: Duration = Duration::from_secs(20);
/// How long any file may take, and how many bytes must come in each second beyond that: a slow telephone's.
const BASE: Duration = Duration::from_secs(30);
const BYTES_A_SECOND: u64 = 8 * 1024;
/// So much of the beginning is looked at for a picture's size: photographs have a small picture before it.
const HEAD_BYTES: usize = 256 * 1024;

/// Whose places a file takes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Crowd {
    Agents,
    Visitors,
}

/// Where files are kept, and how many come in. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Uploads {
    files: Files,
    limit_bytes: u64,
    agents: Arc<Semaphore>,
    visitors: Arc<Semaphore>,
}

/// A file that comes, or is about to.
pub(crate) struct Coming {
    body: BodyDataStream,
    /// How many bytes it said that it has, at least.
    told_bytes: u64,
    limit_bytes: u64,
    /// When it has to have come, once it was begun with.
    ends_at: Option<Instant>,
    /// Whether nothing more will come.
    is_over: bool,
}

/// What came.
pub(crate) struct Came {
    pub(crate) size_bytes: u64,
    /// Of all its bytes, in hex.
    pub(crate) sha256: String,
    /// Its first bytes.
    pub(crate) head: Vec<u8>,
}

/// Why a file stopped coming.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Stopped {
    #[error("it is larger than the limit")]
    TooLarge,
    #[error("it did not come in time")]
    Late,
    #[error("it broke off")]
    Broken,
}

impl Uploads {
    pub(crate) fn new(files: Files, limit_bytes: u64) -> Self {
        let places = || Arc::new(Semaphore::new(AT_ONCE));
        Self { files, limit_bytes, agents: places(), visitors: places() }
    }

    /// Where files are kept.
    pub(crate) fn files(&self) -> &Files {
        &self.files
    }

    /// A file of which nothing has been read yet.
    pub(crate) fn coming(&self, body: Body) -> Coming {
        let (told_bytes, limit_bytes) = (body.size_hint().lower(), self.limit_bytes);
        Coming { body: body.into_data_stream(), told_bytes, limit_bytes, ends_at: None, is_over: false }
    }

    /// Waits until there is a place for one more; it is free again when what is given is dropped.
    ///
    /// # Errors
    /// `rate_limited` if none gets free.
    pub(crate) async fn place(&self, crowd: Crowd) -> Result<OwnedSemaphorePermit, ApiError> {
        let places = match crowd {
            Crowd::Agents => &self.agents,
            Crowd::Visitors => &self.visitors,
        };
        let place = timeout(PLACE_WITHIN, Arc::clone(places).acquire_owned()).await.ok().and_then(Result::ok);
        place.ok_or_else(|| {
            let words = "too many files come in at present; wait and try again";
            ApiError::new(ErrorCode::RateLimited, words).with_retry_after_s(5)
        })
    }

    /// Refuses a file that says itself that it is too large (F2).
    ///
    /// # Errors
    /// `file_too_large`.
    pub(crate) fn check(&self, name: &FileName, coming: &Coming) -> Result<(), ApiError> {
        if coming.told_bytes > self.limit_bytes { Err(self.too_large(name)) } else { Ok(()) }
    }

    /// Keeps a file as it comes.
    ///
    /// # Errors
    /// `file_too_large` as soon as it is; `invalid_body` if it does not come or breaks off; `unavailable`. Nothing is kept then.
    pub(crate) async fn keep(&self, key: &str, name: &FileName, coming: &mut Coming) -> Result<Came, ApiError> {
        let key = Key::new(key).map_err(|_| ApiError::not_found())?;
        let (mut size_bytes, mut digest, mut head) = (0_u64, Sha256::new(), Vec::new());
        let mut stopped = None;
        let pieces = stream::unfold(coming, |coming| async move { coming.next().await.map(|piece| (piece, coming)) });
        let pieces = pieces.map(|piece| {
            let piece = piece.and_then(|piece| {
                size_bytes += piece.len() as u64;
                if size_bytes > self.limit_bytes { Err(Stopped::TooLarge) } else { Ok(piece) }
            });
            match &piece {
                Ok(piece) => {
                    digest.update(piece);
                    head.extend(piece.iter().take(HEAD_BYTES - head.len()));
                }
                Err(why) => stopped = Some(*why),
            }
            piece
        });
        let put = self.files.put(&key, pieces).await;
        match (put, stopped) {
            (Ok(_), None) => Ok(Came { size_bytes, sha256: hex(&digest.finalize()), head }),
            (_, Some(Stopped::TooLarge)) => Err(self.too_large(name)),
            (_, Some(why @ (Stopped::Late | Stopped::Broken))) => {
                Err(ApiError::new(ErrorCode::InvalidBody, format!("of the file not all came: {why}; send it again")))
            }
            (Err(error), None) => Err(error.into()),
        }
    }

    /// Takes bytes away that nothing came of. Should that fail, they are purged later.
    pub(crate) async fn drop_bytes(&self, key: &str) {
        if let Ok(key) = Key::new(key)
            && let Err(error) = self.files.delete(&key).await
        {
            tracing::warn!(cause = %error, "the bytes of a file that was not taken stay until they are purged");
        }
    }

    fn too_large(&self, name: &FileName) -> ApiError {
        ApiError::file_too_large(name.as_str(), self.limit_bytes)
    }
}

impl Coming {
    /// The next piece, if it comes in time.
    async fn next(&mut self) -> Option<Result<Bytes, Stopped>> {
        let now = Instant::now();
        let most = BASE + Duration::from_secs(self.limit_bytes / BYTES_A_SECOND);
        let until = (now + STILL_FOR).min(*self.ends_at.get_or_insert(now + most));
        let piece = timeout_at(until, self.body.next()).await;
        self.is_over = !matches!(piece, Ok(Some(Ok(_))));
        match piece {
            Ok(Some(piece)) => Some(piece.map_err(|_| Stopped::Broken)),
            Ok(None) => None,
            Err(_) => Some(Err(Stopped::Late)),
        }
    }

    /// Lets pass what still comes of a file that was refused, unless it is much: whoever is refused while he sends may take it for a
    /// connection that broke.
    pub(crate) async fn let_pass(&mut self) {
        let mut left_bytes = 2 * self.limit_bytes;
        if self.told_bytes > left_bytes {
            return;
        }
        while !self.is_over && left_bytes > 0 {
            let n = match self.next().await {
                Some(Ok(piece)) => piece.len() as u64,
                Some(Err(_)) | None => return,
            };
            left_bytes = left_bytes.saturating_sub(n);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: u64 = 100_000;

    struct Place {
        uploads: Uploads,
        folder: tempfile::TempDir,
    }

    impl Place {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let files = Files::open_with(None, folder.path(), []).unwrap();
            Self { uploads: Uploads::new(files, LIMIT), folder }
        }

        async fn takes(&self, body: Body) -> Result<Came, ApiError> {
            let name = FileName::new("kettle.pdf");
            let mut coming = self.uploads.coming(body);
            let kept = match self.uploads.check(&name, &coming) {
                Ok(()) => self.uploads.keep("prj_a/att_a", &name, &mut coming).await,
                Err(refused) => Err(refused),
            };
            if kept.is_err() {
                coming.let_pass().await;
            }
            kept
        }

        fn n_kept(&self) -> usize {
            let folder = self.folder.path().join("files/prj_a");
            std::fs::read_dir(folder).map_or(0, Iterator::count)
        }
    }

    fn in_pieces(n: usize) -> Body {
        let pieces: Vec<Result<Bytes, std::io::Error>> =
            vec![b'a'; n].chunks(7_001).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        Body::from_stream(stream::iter(pieces))
    }

    #[tokio::test]
    async fn a_file_up_to_the_limit_is_kept_and_one_byte_more_is_refused_by_name() {
        // F2
        let place = Place::new();
        let limit = usize::try_from(LIMIT).unwrap();
        for body in [in_pieces(limit), Body::from(vec![b'a'; limit]), Body::empty()] {
            place.takes(body).await.unwrap();
            assert_eq!(place.n_kept(), 1);
            place.uploads.drop_bytes("prj_a/att_a").await;
        }
        for body in [in_pieces(limit + 1), in_pieces(9 * limit), Body::from(vec![b'a'; limit + 1])] {
            let Err(error) = place.takes(body).await else { panic!("it is too large") };
            let error = error.wire();
            assert_eq!(error.code, ErrorCode::FileTooLarge);
            assert_eq!((error.details.file.as_deref(), error.details.limit_bytes), (Some("kettle.pdf"), Some(LIMIT)));
            assert!(error.message.contains("kettle.pdf") && error.message.contains("100000"), "{}", error.message);
            assert_eq!(place.n_kept(), 0);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_file_that_does_not_come_or_trickles_is_not_waited_for() {
        let place = Place::new();
        let begun = Instant::now();
        let never = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        assert_eq!(place.takes(never).await.err().map(|error| error.code()), Some(ErrorCode::InvalidBody));
        assert_eq!(begun.elapsed(), STILL_FOR);
        let trickles = stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(b" ")), ()))
        });
        let late = place.takes(Body::from_stream(trickles)).await.err().map(|error| error.code());
        assert_eq!(late, Some(ErrorCode::InvalidBody));
        assert!(begun.elapsed() < STILL_FOR + BASE + Duration::from_secs(LIMIT / BYTES_A_SECOND + 2));
        assert_eq!(place.n_kept(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_come_at_once_than_there_are_places_and_agents_have_their_own() {
        let place = Place::new();
        let mut taken = Vec::new();
        for _ in 0..AT_ONCE {
            taken.push(place.uploads.place(Crowd::Visitors).await.unwrap());
        }
        let one_more = place.uploads.place(Crowd::Visitors).await;
        assert_eq!(one_more.err().map(|error| error.code()), Some(ErrorCode::RateLimited));
        assert!(place.uploads.place(Crowd::Agents).await.is_ok());
        taken.pop();
        assert!(place.uploads.place(Crowd::Visitors).await.is_ok());
    }
}
