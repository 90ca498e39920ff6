//! One topic's numbers: what the reader has, and what is missing.

use alloc::borrow::ToOwned as _;
use alloc::string::String;

/// Where a reader stands in a topic: it has everything up to `seq` of that epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The record's epoch.
    pub epoch: String,
    /// The number of the last event that the reader has.
    pub seq: u64,
}

impl Cursor {
    /// No record has this epoch: asked to resume after it, the relay starts the topic over with a snapshot.
    fn nowhere() -> Self {
        Self { epoch: String::new(), seq: 0 }
    }
}

/// How long an asked-for resume may take before it is asked for again.
const ASK_AGAIN_MS: i64 = 5_000;

/// What to do with a frame of the topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is the next one: the reader gets it.
    Deliver,
    /// The reader gets it, and something after it is known to be missing.
    DeliverAndResume,
    /// Something before it is missing: the relay is asked for it, and the frame comes again.
    Resume,
    /// The reader has it already, or it comes again with the resume that was asked for.
    Drop,
}

/// A snapshot of which some parts have come.
#[derive(Clone, Debug)]
struct Parts {
    epoch: String,
    seq: u64,
    next: u32,
}

/// Something that is known to be missing.
#[derive(Clone, Debug)]
struct Gap {
    /// The highest number seen in `epoch`.
    head: u64,
    epoch: String,
    ask_again_at: i64,
}

/// The reader's place in one topic.
#[derive(Clone, Debug, Default)]
pub(crate) struct Topic {
    cursor: Option<Cursor>,
    parts: Option<Parts>,
    gap: Option<Gap>,
}

impl Topic {
    pub(crate) fn cursor(&self) -> Option<&Cursor> {
        self.cursor.as_ref()
    }

    /// Where to resume.
    pub(crate) fn resume_at(&self) -> Cursor {
        self.cursor.clone().unwrap_or_else(Cursor::nowhere)
    }

    /// The connection is a new one: what was under way on the old one never comes.
    pub(crate) fn reconnect(&mut self) {
        self.parts = None;
        self.gap = None;
    }

    pub(crate) fn event(&mut self, epoch: &str, seq: u64, now_ms: i64) -> Verdict {
        match &mut self.cursor {
            Some(cursor) if cursor.epoch == epoch && seq <= cursor.seq => Verdict::Drop,
            Some(cursor) if cursor.epoch == epoch && seq - 1 == cursor.seq => {
                cursor.seq = seq;
                if self.gap.as_ref().is_some_and(|gap| gap.epoch == epoch && gap.head <= seq) {
                    self.gap = None;
                }
                Verdict::Deliver
            }
            _ => self.missing(epoch, seq, now_ms),
        }
    }

    /// Notes that something before or at `seq` is missing, and asks for it if that was not done yet.
    fn missing(&mut self, epoch: &str, seq: u64, now_ms: i64) -> Verdict {
        let head = match &self.gap {
            Some(gap) if gap.epoch == epoch => gap.head.max(seq),
            _ => seq,
        };
        let asked_at = self.gap.as_ref().map(|gap| gap.ask_again_at);
        // The parts of a snapshot are already on their way; whether something follows them shows at the last.
        let pending = asked_at.is_some() || self.parts.is_some();
        let ask_again_at = asked_at.unwrap_or_else(|| now_ms.saturating_add(ASK_AGAIN_MS));
        self.gap = Some(Gap { head, epoch: epoch.to_owned(), ask_again_at });
        if pending { Verdict::Drop } else { Verdict::Resume }
    }

    pub(crate) fn snapshot(&mut self, epoch: &str, seq: u64, part: u32, last: bool, now_ms: i64) -> Verdict {
        if part == 0 {
            // From here on the reader has forgotten the topic: until the last part it stands nowhere.
            self.cursor = None;
        } else {
            match &self.parts {
                Some(parts) if parts.epoch == epoch && parts.seq == seq && parts.next == part => {}
                Some(parts) if parts.epoch == epoch && parts.seq == seq && parts.next > part => {
                    return Verdict::Drop;
                }
                Some(_) => {
                    self.parts = None;
                    self.gap = None;
                    return self.missing(epoch, seq, now_ms);
                }
                // Its first part did not come, or it is a late part of a snapshot that is complete.
                None if self.cursor.is_some() => return Verdict::Drop,
                None => return self.missing(epoch, seq, now_ms),
            }
        }
        if !last {
            self.parts = Some(Parts { epoch: epoch.to_owned(), seq, next: part.saturating_add(1) });
            return Verdict::Deliver;
        }
        self.parts = None;
        self.cursor = Some(Cursor { epoch: epoch.to_owned(), seq });
        // Events that came between the parts were held off and do not come again by themselves.
        match self.gap.take() {
            Some(gap) if gap.epoch == epoch && gap.head > seq => {
                self.gap = Some(Gap { ask_again_at: now_ms.saturating_add(ASK_AGAIN_MS), ..gap });
                Verdict::DeliverAndResume
            }
            _ => Verdict::Deliver,
        }
    }

    /// When to ask again for what is missing.
    pub(crate) fn deadline(&self) -> Option<i64> {
        self.gap.as_ref().map(|gap| gap.ask_again_at)
    }

    /// Whether it is time to ask again.
    pub(crate) fn ask_again(&mut self, now_ms: i64) -> bool {
        match &mut self.gap {
            Some(gap) if gap.ask_again_at <= now_ms => {
                gap.ask_again_at = now_ms.saturating_add(ASK_AGAIN_MS);
                true
            }
            _ => false,
        }
    }

    pub(crate) fn shift(&mut self, ms: i64) {
        if let Some(gap) = &mut self.gap {
            gap.ask_again_at = gap.ask_again_at.saturating_add(ms);
        }
    }
}
