//! The corpus, `tests/fixtures/doors`: good requests of every route, and bytes that are of interest.
//!
//! Each file begins with `#` and what must come of it, unchanged: a status or an error's code, `alive` for a stream that goes on,
//! `closed` for an end without a word. `200 then 410` is for what can be done once, before all else. What follows after a colon says
//! why the case is there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use testkit::paths;

use super::frames::Piece;
use super::request::Request;
use super::tally::Came;
use super::text;

/// A file of the corpus.
pub(crate) struct Case<T> {
    /// Its folder and name.
    pub(crate) name: String,
    /// What must come of it, the first time and ever after.
    pub(crate) wants: Vec<String>,
    pub(crate) what: T,
}

impl<T> Case<T> {
    /// Whether it is taken, and not of interest for being refused.
    pub(crate) fn is_good(&self) -> bool {
        self.wants[0].starts_with('2') || self.wants[0] == "101"
    }

    /// Whether an answer must come, although the sender does not hang up.
    pub(crate) fn is_answered(&self) -> bool {
        self.wants[0] != "closed"
    }

    /// Says what is wrong with what came of it, unchanged; `before` all else, or ever after.
    pub(crate) fn compare(&self, before: bool, came: Result<Came, String>) -> Option<String> {
        let wants = if before { &self.wants[0] } else { self.wants.last().unwrap() };
        match came {
            Ok(came) if came.outcome == *wants => None,
            Ok(came) => Some(format!("{}: {} instead of {wants}", self.name, came.outcome)),
            Err(why) => Some(format!("{}: the relay {why}", self.name)),
        }
    }
}

/// All of it.
pub(crate) struct Corpus {
    /// Folder `http`: requests, their line ends and lengths put right.
    pub(crate) requests: Vec<Case<Request>>,
    /// Folder `stream`: what a reader sends after the handshake, a frame a line.
    pub(crate) streams: Vec<Case<Vec<Piece>>>,
    /// Folder `raw`: bytes as they are.
    pub(crate) raw: Vec<Case<Vec<u8>>>,
    /// Other people's protocols, to be mixed in.
    pub(crate) foreign: Vec<u8>,
}

impl Corpus {
    pub(crate) fn read() -> Self {
        let folder = paths::root().unwrap().join("tests/fixtures/doors");
        let pieces = |text: &str| text.lines().map(Piece::read).collect();
        Self {
            requests: cases(&folder, "http", Request::read),
            streams: cases(&folder, "stream", pieces),
            raw: cases(&folder, "raw", text::bytes),
            foreign: foreign(),
        }
    }
}

fn cases<T>(folder: &Path, kind: &str, read: impl Fn(&str) -> T) -> Vec<Case<T>> {
    let paths: BTreeSet<PathBuf> =
        std::fs::read_dir(folder.join(kind)).unwrap().map(|entry| entry.unwrap().path()).collect();
    let case = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        let (first, rest) = text.split_once('\n').unwrap();
        let name = format!("{kind}/{}", path.file_name().unwrap().to_string_lossy());
        let wants = first.strip_prefix("# ").unwrap_or_else(|| panic!("{name} does not say what must come of it"));
        let wants =
            wants.split(':').next().unwrap_or_default().split(" then ").map(|one| one.trim().to_owned()).collect();
        Case { name, wants, what: read(rest) }
    };
    paths.iter().map(case).collect()
}

/// Payloads of messengers, which nothing of ours reads yet; none where the shared folder is not there.
fn foreign() -> Vec<u8> {
    let mut found = b"mohnkipferl".to_vec();
    let mut folders = vec![paths::root().unwrap().join("../shared/fixtures/messengers")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                folders.push(path);
            } else {
                found.extend(std::fs::read(path).unwrap().into_iter().take(2_000));
            }
        }
    }
    found
}

#[test]
fn every_route_has_a_good_request_in_the_corpus() {
    let corpus = Corpus::read();
    let good = corpus.requests.iter().filter(|case| case.is_good());
    let known: BTreeSet<_> = good.filter_map(|case| case.what.route()).collect();
    for (method, path, _) in relay::ROUTES {
        assert!(
            known.contains(&(method, path)),
            "{method} {path}: put a request that it takes into tests/fixtures/doors/http"
        );
    }
}
