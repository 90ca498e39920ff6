//! Taking a file as it comes: never more of it than the limit, never for longer than a slow line needs, and not too many at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
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
/// How many of the visitors' places one address has at most.
const AT_ONCE_OF_ADDRESS: usize = 4;
/// When more addresses than this are known, those from which nothing comes now are forgotten.
const ADDRESSES_MAX: usize = 1_000;
/// How many files that were refused are let pass at once; others are cut off.
const PASSING_AT_ONCE: usize = 16;
/// For how long one is.
const PASSING_FOR: Duration = Duration::from_secs(30);
/// How long to wait for a place.
const PLACE_WITHIN: Duration = Duration::from_secs(20);
/// Of so much waiting at least so much must come of it, or the file has stalled: 1 KiB a second. A phone that changes cells is silent for
/// some seconds and makes up for it in one; the slowest network that is left, GPRS, brings twice as much.
const STALLED_AFTER: Duration = Duration::from_secs(20);
const STALLED_BELOW: u64 = 20 * 1024;
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
    addresses: Arc<Mutex<HashMap<String, Weak<Semaphore>>>>,
    passing: Arc<Semaphore>,
}

/// A place among those whose files come; free again when it is dropped.
pub(crate) struct Place {
    _of_all: OwnedSemaphorePermit,
    _of_address: Option<OwnedSemaphorePermit>,
}

/// A file that comes, or is about to.
pub(crate) struct Coming {
    body: BodyDataStream,
    /// How many bytes it said that it has, at least.
    told_bytes: u64,
    limit_bytes: u64,
    /// How many bytes it has, if it said so.
    exact_bytes: Option<u64>,
    /// How long it was waited for of late, and how much came. The time in which what came is put away is not its sender's.
    waited: Duration,
    came_bytes: u64,
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
    #[error("it came too slowly")]
    Late,
    #[error("it broke off")]
    Broken,
}

impl Uploads {
    pub(crate) fn new(files: Files, limit_bytes: u64) -> Self {
        let places = |n| Arc::new(Semaphore::new(n));
        let (agents, visitors, passing) = (places(AT_ONCE), places(AT_ONCE), places(PASSING_AT_ONCE));
        Self { files, limit_bytes, agents, visitors, addresses: Arc::default(), passing }
    }

    /// Where files are kept.
    pub(crate) fn files(&self) -> &Files {
        &self.files
    }

    /// A file of which nothing has been read yet.
    pub(crate) fn coming(&self, body: Body) -> Coming {
        let (hint, limit_bytes) = (body.size_hint(), self.limit_bytes);
        let (told_bytes, exact_bytes) = (hint.lower(), hint.exact());
        let (body, waited) = (body.into_data_stream(), Duration::ZERO);
        Coming { body, told_bytes, limit_bytes, exact_bytes, waited, came_bytes: 0, ends_at: None, is_over: false }
    }

    /// Waits until there is a place for one more, and one of its address' own.
    ///
    /// # Errors
    /// `rate_limited` if none gets free.
    pub(crate) async fn place(&self, crowd: Crowd, address: Option<&str>) -> Result<Place, ApiError> {
        let places = match crowd {
            Crowd::Agents => &self.agents,
            Crowd::Visitors => &self.visitors,
        };
        let place = async {
            let of_address = match address {
                Some(address) => Some(self.places_of(address).acquire_owned().await.ok()?),
                None => None,
            };
            let of_all = Arc::clone(places).acquire_owned().await.ok()?;
            Some(Place { _of_all: of_all, _of_address: of_address })
        };
        timeout(PLACE_WITHIN, place).await.ok().flatten().ok_or_else(|| {
            let words = "too many files come in at present; wait and try again";
            ApiError::new(ErrorCode::RateLimited, words).with_retry_after_s(5)
        })
    }

    fn places_of(&self, address: &str) -> Arc<Semaphore> {
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(places) = addresses.get(address).and_then(Weak::upgrade) {
            return places;
        }
        if addresses.len() >= ADDRESSES_MAX {
            addresses.retain(|_, places| places.strong_count() > 0);
        }
        let places = Arc::new(Semaphore::new(AT_ONCE_OF_ADDRESS));
        addresses.insert(address.to_owned(), Arc::downgrade(&places));
        places
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
    /// `file_too_large` as soon as it is; `upload_stalled` if it does not come; `invalid_body` if it breaks off; `unavailable`. Nothing is kept then.
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
                let code = if why == Stopped::Late { ErrorCode::UploadStalled } else { ErrorCode::InvalidBody };
                Err(ApiError::new(code, format!("of the file not all came: {why}; send it again")))
            }
            (Err(error), None) => Err(error.into()),
        }
    }

    /// Lets pass what still comes of a file that was refused, unless it is much, or many do: whoever is refused while he sends may take it
    /// for a connection that broke.
    pub(crate) async fn let_pass(&self, coming: &mut Coming) {
        if let Ok(_place) = self.passing.try_acquire() {
            coming.let_pass().await;
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
    /// How many KiB of it are to be kept: the limit, where it does not say how large it is.
    pub(crate) fn kib(&self) -> u32 {
        let bytes = self.exact_bytes.unwrap_or(self.limit_bytes).min(self.limit_bytes);
        u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX)
    }

    /// The next piece, if it comes in time and the others did.
    async fn next(&mut self) -> Option<Result<Bytes, Stopped>> {
        let most = BASE + Duration::from_secs(self.limit_bytes / BYTES_A_SECOND);
        let ends_at = *self.ends_at.get_or_insert(Instant::now() + most);
        loop {
            if self.waited >= STALLED_AFTER {
                if self.came_bytes < STALLED_BELOW {
                    self.is_over = true;
                    return Some(Err(Stopped::Late));
                }
                (self.waited, self.came_bytes) = (Duration::ZERO, 0);
            }
            let now = Instant::now();
            let piece = timeout_at(ends_at.min(now + (STALLED_AFTER - self.waited)), self.body.next()).await;
            self.waited += now.elapsed();
            if piece.is_err() && Instant::now() < ends_at {
                continue;
            }
            self.is_over = !matches!(piece, Ok(Some(Ok(_))));
            if let Ok(Some(Ok(piece))) = &piece {
                self.came_bytes += piece.len() as u64;
            }
            return match piece {
                Ok(Some(piece)) => Some(piece.map_err(|_| Stopped::Broken)),
                Ok(None) => None,
                Err(_) => Some(Err(Stopped::Late)),
            };
        }
    }

    async fn let_pass(&mut self) {
        let latest = Instant::now() + PASSING_FOR;
        self.ends_at = Some(self.ends_at.map_or(latest, |ends_at| ends_at.min(latest)));
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
                self.uploads.let_pass(&mut coming).await;
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
        let refused = place.takes(never).await.err().unwrap().wire();
        assert_eq!((refused.code, refused.code.status()), (ErrorCode::UploadStalled, 408));
        assert!(refused.message.contains("too slowly"), "{}", refused.message);
        assert_eq!(begun.elapsed(), STALLED_AFTER);
        let trickles = stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(b" ")), ()))
        });
        let late = place.takes(Body::from_stream(trickles)).await.err().map(|error| error.code());
        assert_eq!(late, Some(ErrorCode::UploadStalled));
        assert!(begun.elapsed() <= 2 * STALLED_AFTER + Duration::from_secs(1), "it holds its place for no longer");
        assert_eq!(place.n_kept(), 0);
    }

    /// Pieces of so many bytes, each after so many seconds.
    fn slowly(pieces: &'static [(u64, usize)]) -> Body {
        Body::from_stream(stream::iter(pieces).then(|(seconds, n)| async {
            tokio::time::sleep(Duration::from_secs(*seconds)).await;
            Ok::<_, std::io::Error>(Bytes::from(vec![b'a'; *n]))
        }))
    }

    #[tokio::test(start_paused = true)]
    async fn a_phone_that_changes_cells_is_waited_for() {
        let place = Place::new();
        let came = place.takes(slowly(&[(1, 9_000), (15, 12_000), (17, 25_000), (3, 5_000)])).await.unwrap();
        assert_eq!(came.size_bytes, 51_000);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_refused_passes_for_a_while_and_not_too_much_at_once() {
        let place = Place::new();
        let begun = Instant::now();
        let mut coming = place.uploads.coming(slowly(&[(9, 40_000), (9, 40_000), (9, 40_000), (9, 40_000)]));
        place.uploads.let_pass(&mut coming).await;
        assert_eq!(begun.elapsed(), PASSING_FOR);
        let _all = place.uploads.passing.try_acquire_many(u32::try_from(PASSING_AT_ONCE).unwrap()).unwrap();
        place.uploads.let_pass(&mut place.uploads.coming(slowly(&[(9, 40_000)]))).await;
        assert_eq!(begun.elapsed(), PASSING_FOR, "it is cut off at once");
    }

    #[tokio::test(start_paused = true)]
    async fn one_address_has_some_of_the_places_only() {
        let place = Place::new();
        let mut taken = Vec::new();
        for _ in 0..AT_ONCE_OF_ADDRESS {
            taken.push(place.uploads.place(Crowd::Visitors, Some("192.0.2.1")).await.unwrap());
        }
        let one_more = place.uploads.place(Crowd::Visitors, Some("192.0.2.1")).await;
        assert_eq!(one_more.err().map(|error| error.code()), Some(ErrorCode::RateLimited));
        assert!(place.uploads.place(Crowd::Visitors, Some("192.0.2.2")).await.is_ok());
        taken.pop();
        assert!(place.uploads.place(Crowd::Visitors, Some("192.0.2.1")).await.is_ok());
        for n in 0..3 * ADDRESSES_MAX {
            drop(place.uploads.place(Crowd::Visitors, Some(&n.to_string())).await);
        }
        assert!(place.uploads.addresses.lock().unwrap().len() <= ADDRESSES_MAX);
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_come_at_once_than_there_are_places_and_agents_have_their_own() {
        let place = Place::new();
        let mut taken = Vec::new();
        for _ in 0..AT_ONCE {
            taken.push(place.uploads.place(Crowd::Visitors, None).await.unwrap());
        }
        let one_more = place.uploads.place(Crowd::Visitors, None).await;
        assert_eq!(one_more.err().map(|error| error.code()), Some(ErrorCode::RateLimited));
        assert!(place.uploads.place(Crowd::Agents, None).await.is_ok());
        taken.pop();
        assert!(place.uploads.place(Crowd::Visitors, None).await.is_ok());
    }
}
