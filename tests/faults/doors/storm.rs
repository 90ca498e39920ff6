//! A relay under a storm: the corpus as it is, then thousands of changed requests, streams and bytes; and what the relay holds.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use futures_util::StreamExt as _;
use futures_util::future::join_all;
use testkit::relay::Relay;

use super::cast::Cast;
use super::chance::Chance;
use super::corpus::Corpus;
use super::exchange::exchange;
use super::frames::{self, Piece};
use super::request::Request;
use super::stream::converse;
use super::tally::Tally;
use super::{change, json, nasty, text};

/// Where all chance comes from. Another number is another storm.
const SEED: u64 = 0x6d6f_686e_6b69_7066;
/// How many connections are open at once.
const AT_ONCE: usize = 24;

/// The storm over one relay.
pub(crate) struct Storm {
    to: SocketAddr,
    corpus: Corpus,
    pub(crate) tally: Mutex<Tally>,
    /// Each place of the good cases with each value that may not stand there.
    each: Vec<Attempt>,
    n_rounds: usize,
    /// How many changed ones come by chance in a round.
    n_by_chance: u64,
    /// What no log may hold.
    pub(crate) secrets: Vec<String>,
}

/// A changed case of the corpus, before the names in it are filled in.
enum Attempt {
    Request(Request),
    Stream(Vec<Piece>),
}

/// A door, what is sent to it, and whether that is whole so that an answer must come.
struct Run {
    door: String,
    sent: Sent,
    whole: bool,
}

enum Sent {
    Bytes(Vec<u8>),
    Stream(Vec<Piece>),
}

impl Storm {
    /// A storm of so many rounds, each with so many changed cases by chance; of those in order only one of so many comes.
    pub(crate) fn over(relay: &Relay, n_rounds: usize, n_by_chance: u64, one_in: usize) -> Self {
        let to = relay.url().trim_start_matches("http://").parse().unwrap();
        let corpus = Corpus::read();
        let each = each(&corpus).into_iter().step_by(one_in).collect();
        let (tally, secrets) = Default::default();
        Self { to, corpus, tally, each, n_rounds, n_by_chance, secrets }
    }

    /// What can be done only before all else: making the first project.
    pub(crate) async fn begin(&mut self, relay: &Relay) {
        let log = relay.log_text().unwrap();
        let (_, link) = log.split_once("/welcome#").expect("the relay shows a link to the first project");
        let cast = Cast::with_link(link.split_whitespace().next().unwrap());
        for case in self.corpus.requests.iter().filter(|case| case.wants.len() > 1) {
            let request = filled(&case.what, &mut |bytes| cast.fill(bytes, |_, _| 0));
            let wrong = case.compare(true, exchange(self.to, &request.bytes(), true).await);
            assert_eq!(wrong, None);
        }
    }

    /// New people behind the doors; every case of the corpus, which must come out as it says; then changed ones.
    pub(crate) async fn round(&mut self, relay: &Relay, round: usize) {
        let cast = Cast::gather(relay, round).await;
        self.secrets.extend(cast.secrets());
        let wrong = self.as_they_are(&cast).await;
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let (this, cast) = (&*self, &cast);
        let begin = round as u64 * self.n_by_chance;
        let by_chance = (begin..begin + self.n_by_chance).map(|n| (n, None));
        let in_order =
            self.each.iter().skip(round).step_by(self.n_rounds).zip(0..).map(|(attempt, n)| (n, Some(attempt)));
        let runs = futures_util::stream::iter(in_order.chain(by_chance));
        runs.for_each_concurrent(AT_ONCE, |(n, attempt)| async move {
            let mut chance = Chance::of(SEED, n);
            let run = match attempt {
                Some(attempt) => attempt.run(cast, &mut chance),
                None => this.by_chance(cast, &mut chance),
            };
            this.run(cast, n, run).await;
        })
        .await;
    }

    /// Every case of the corpus, unchanged; says which came out otherwise.
    async fn as_they_are(&self, cast: &Cast) -> Vec<String> {
        // Each case has things of its own: what one did to a conversation is not felt by the next.
        let mut used = BTreeMap::from([("block_id", 1)]);
        let mut own = |bytes: &[u8]| {
            cast.fill(bytes, |name, n| {
                let nth = used.entry(name).or_insert(0);
                *nth += 1;
                (*nth - 1).min(n - 1)
            })
        };
        let mut wrong = Vec::new();
        for case in &self.corpus.requests {
            let request = filled(&case.what, &mut own);
            let came = exchange(self.to, &request.bytes(), case.is_answered()).await;
            wrong.extend(case.compare(false, came));
        }
        // These change nothing, and some are waited for: side by side.
        let mut streams = Vec::new();
        for case in &self.corpus.streams {
            let bytes: Vec<u8> = case.what.iter().flat_map(|piece| filled_piece(piece, &mut own).bytes()).collect();
            streams.push(async move { case.compare(false, converse(self.to, &bytes, case.is_answered()).await) });
        }
        wrong.extend(join_all(streams).await.into_iter().flatten());
        let raw = self.corpus.raw.iter().map(|case| {
            let bytes = own(&case.what);
            async move { case.compare(false, exchange(self.to, &bytes, false).await) }
        });
        wrong.extend(join_all(raw).await.into_iter().flatten());
        wrong
    }

    async fn run(&self, cast: &Cast, n: u64, Run { door, sent, whole }: Run) {
        let came = match &sent {
            Sent::Bytes(bytes) => exchange(self.to, bytes, whole).await,
            Sent::Stream(pieces) => {
                converse(self.to, &pieces.iter().flat_map(Piece::bytes).collect::<Vec<_>>(), whole).await
            }
        };
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        match came {
            Ok(came) => tally.count(&door, came),
            Err(why) => {
                let hidden = |piece: &Piece| filled_piece(piece, &mut |bytes| cast.hide(bytes)).line();
                let (folder, case) = match &sent {
                    Sent::Bytes(bytes) => ("raw", text::of(&cast.hide(bytes))),
                    Sent::Stream(pieces) => ("stream", pieces.iter().map(hidden).collect::<Vec<_>>().join("\n")),
                };
                tally.fail(&why, &format!("run {n} of seed {SEED:#x}"), folder, &case);
            }
        }
    }

    fn by_chance(&self, cast: &Cast, chance: &mut Chance) -> Run {
        match chance.below(10) {
            0..=6 => self.request(cast, chance),
            7 | 8 => self.stream(cast, chance),
            _ => self.raw(cast, chance),
        }
    }

    fn request(&self, cast: &Cast, chance: &mut Chance) -> Run {
        // Mostly one of the good ones, and of those one with a body: the most is read of it.
        let mut case = chance.pick(&self.corpus.requests);
        for _ in 0..4 {
            if case.is_good() && (!case.what.body.is_empty() || chance.one_in(2)) {
                break;
            }
            case = chance.pick(&self.corpus.requests);
        }
        let mut request = filled(&case.what, &mut |bytes| cast.fill_any(bytes, chance));
        let door = door(&request);
        let mut whole = chance.below(10) < 7;
        let bytes = if whole {
            // Where the corpus says itself how long a body is, another body is of another length.
            whole = request.header("transfer-encoding").or(request.header("content-length")).is_none();
            if !chance.one_in(10) {
                request = change::parts(&request, cast, chance);
            }
            request.bytes()
        } else {
            change::bytes(&request, &self.corpus.foreign, chance)
        };
        Run { door, sent: Sent::Bytes(bytes), whole }
    }

    fn stream(&self, cast: &Cast, chance: &mut Chance) -> Run {
        let case = chance.pick(&self.corpus.streams);
        let mut whole = case.is_answered();
        let mut pieces = Vec::new();
        for piece in &case.what {
            let piece = filled_piece(piece, &mut |bytes| cast.fill_any(bytes, chance));
            let times = *chance.pick(&[0, 1, 1, 1, 1, 1, 1, 2]);
            for _ in 0..times {
                pieces.push(match &piece {
                    Piece::Frame { kind, payload } if chance.one_in(8) => {
                        whole = false;
                        Piece::Raw(frames::wrong(*kind, payload, chance))
                    }
                    Piece::Frame { kind, payload } if chance.one_in(3) => {
                        Piece::Frame { kind: *kind, payload: json::change(payload, chance) }
                    }
                    piece => piece.clone(),
                });
            }
        }
        if chance.one_in(8) {
            whole = false;
            let mut bytes = pieces.iter().flat_map(Piece::bytes).collect();
            nasty::bytes(&mut bytes, &self.corpus.foreign, chance);
            pieces = vec![Piece::Raw(bytes)];
        }
        Run { door: "stream".to_owned(), sent: Sent::Stream(pieces), whole }
    }

    fn raw(&self, cast: &Cast, chance: &mut Chance) -> Run {
        let mut bytes = match chance.below(10) {
            0..=2 => chance.bytes(4_000),
            3 => vec![chance.byte(); 500_000],
            4 => chance.pick(&self.corpus.requests).what.bytes(),
            _ => chance.pick(&self.corpus.raw).what.clone(),
        };
        bytes = cast.fill_any(&bytes, chance);
        nasty::bytes(&mut bytes, &self.corpus.foreign, chance);
        Run { door: "bytes".to_owned(), sent: Sent::Bytes(bytes), whole: false }
    }
}

impl Attempt {
    fn run(&self, cast: &Cast, chance: &mut Chance) -> Run {
        match self {
            Self::Request(request) => {
                let request = filled(request, &mut |bytes| cast.fill_any(bytes, chance));
                Run { door: door(&request), sent: Sent::Bytes(request.bytes()), whole: true }
            }
            Self::Stream(pieces) => {
                let fill = &mut |bytes: &[u8]| cast.fill_any(bytes, chance);
                let pieces = pieces.iter().map(|piece| filled_piece(piece, fill)).collect();
                Run { door: "stream".to_owned(), sent: Sent::Stream(pieces), whole: true }
            }
        }
    }
}

/// Each place of each good case with each value that may not stand there.
fn each(corpus: &Corpus) -> Vec<Attempt> {
    let mut found = Vec::new();
    for case in corpus.requests.iter().filter(|case| case.is_good()) {
        found.extend(change::each(&case.what).into_iter().map(Attempt::Request));
    }
    for case in corpus.streams.iter().filter(|case| case.wants == ["alive"]) {
        for (nth, piece) in case.what.iter().enumerate() {
            let Piece::Frame { kind, payload } = piece else { continue };
            // The same reader reads all of them: every second value is enough.
            found.extend(json::each(payload).into_iter().step_by(2).map(|payload| {
                let mut pieces = case.what.clone();
                pieces[nth] = Piece::Frame { kind: *kind, payload };
                Attempt::Stream(pieces)
            }));
        }
    }
    found
}

/// The name of the door that a request knocks at.
fn door(request: &Request) -> String {
    request.route().map_or_else(|| "elsewhere".to_owned(), |(method, path)| format!("{method} {path}"))
}

/// A request with everything filled in.
fn filled(request: &Request, fill: &mut dyn FnMut(&[u8]) -> Vec<u8>) -> Request {
    let headers = request.headers.iter().map(|(name, value)| (name.clone(), fill(value))).collect();
    Request { target: fill(&request.target), headers, body: fill(&request.body), ..request.clone() }
}

fn filled_piece(piece: &Piece, fill: &mut dyn FnMut(&[u8]) -> Vec<u8>) -> Piece {
    match piece {
        Piece::Frame { kind, payload } => Piece::Frame { kind: *kind, payload: fill(payload) },
        Piece::Raw(bytes) => Piece::Raw(fill(bytes)),
    }
}
