//! What a website tells of a client's visit (I1): checked where it enters, and never longer than the time that passed.
//!
//! Everything in it is the page's word, and a page can lie. So the relay's clock bounds it: nobody was on a page for longer than it has
//! been known, and what was before the first word reaches back a day at most.

mod browser;
mod told;

use crate::time::Timestamp;

pub use browser::browser_name;
pub use told::{Told, ToldPage, VisitKey, VisitRefused};

/// How many pages of a visit are kept, the newest.
pub const PAGES_KEPT: usize = 100;
/// How many pages one report may name.
pub const PAGES_TOLD_MAX: usize = 25;
/// How many visits of a client are kept, the newest.
pub const VISITS_KEPT: usize = 10;
/// How long a visit is kept after its last report.
pub const KEPT_FOR_MS: i64 = 90 * DAY_MS;
/// A page in sight reports at least every 30 s; after two that did not come the client counts as gone.
pub const HERE_FOR_MS: i64 = 75_000;
/// So far back a report may reach that nothing was known of before.
const DAY_MS: i64 = 24 * 60 * 60_000;

/// One tab's visit of a website.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// By what he came, as of the last report.
    pub facts: Facts,
    /// When its first page was opened, as far as that is believed.
    pub started_at: Timestamp,
    /// When the last report came.
    pub told_at: Timestamp,
    /// Whether the page was in sight then.
    pub here: bool,
    /// How long pages of the site were in sight.
    pub seconds: u32,
    /// How many pages were opened, also those that are not kept.
    pub n_pages: u32,
    /// The first page.
    pub start: Page,
    /// The newest pages, in the order of opening.
    pub pages: Vec<Page>,
}

/// By what a client came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The address that the report came from.
    pub ip: Option<String>,
    /// Such as "Chrome 156 on Windows"; empty if nothing is known of it.
    pub browser: String,
    /// The screen's width and height in CSS pixels.
    pub screen: Option<(u32, u32)>,
    /// The browser's language, such as `de-AT`.
    pub language: Option<String>,
}

/// A page that a client opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// 1 for the first of the visit.
    pub n: u32,
    /// Its address, without fragment and credentials.
    pub url: String,
    /// Its title; may be empty.
    pub title: String,
    /// When it was opened.
    pub at: Timestamp,
    /// How long it was in sight.
    pub seconds: u32,
}

impl Visit {
    /// A visit that nothing was known of before.
    #[must_use]
    pub fn begun(facts: Facts, told: Told, now: Timestamp) -> Self {
        let (first, _) = told.pages();
        let start = page(first, now, None);
        let mut visit = Self {
            facts: Facts::default(),
            started_at: start.at,
            told_at: now,
            here: false,
            seconds: 0,
            n_pages: 0,
            start,
            pages: Vec::new(),
        };
        visit.tell(facts, told, now);
        visit
    }

    /// Takes a report. The same pages come again and again, so that a report that was lost does no harm.
    pub fn tell(&mut self, facts: Facts, told: Told, now: Timestamp) {
        self.facts = facts;
        self.told_at = now;
        self.here = told.here();
        let (first, others) = told.pages();
        for told in std::iter::once(first).chain(others) {
            self.take(told, now);
        }
        let excess = self.pages.len().saturating_sub(PAGES_KEPT);
        self.pages.drain(..excess);
        self.seconds = self.seconds.max(told.seconds().min(seconds_between(self.started_at, now)));
    }

    fn take(&mut self, told: &ToldPage, now: Timestamp) {
        let place = self.pages.partition_point(|page| page.n < told.n());
        let known = self.pages.get(place).filter(|page| page.n == told.n());
        let page = match known.or(Some(&self.start).filter(|start| start.n == told.n())) {
            // When it was opened was said, and does not change any more.
            Some(known) => Page { seconds: known.seconds.max(in_sight(told, known.at, now)), ..named(told, known.at) },
            None => page(told, now, self.pages[..place].last()),
        };
        self.n_pages = self.n_pages.max(page.n);
        if page.n <= self.start.n {
            self.started_at = self.started_at.min(page.at);
            self.start = page.clone();
        }
        match self.pages.get_mut(place) {
            Some(known) if known.n == page.n => *known = page,
            _ => self.pages.insert(place, page),
        }
    }

    /// The page that he is on, or was on last.
    #[must_use]
    pub fn current(&self) -> &Page {
        self.pages.last().unwrap_or(&self.start)
    }

    /// Whether a page of the site is before his eyes, as far as one knows.
    #[must_use]
    pub fn is_here(&self, now: Timestamp) -> bool {
        self.here && i64::from(now.since(self.told_at).as_ms()) < HERE_FOR_MS
    }
}

/// A page that nothing was known of. It was opened a day ago at most, and not before the one that it followed.
fn page(told: &ToldPage, now: Timestamp, before: Option<&Page>) -> Page {
    let ago_ms = (i64::from(told.ago_seconds()) * 1_000).min(DAY_MS);
    let at = Timestamp::from_ms(now.as_ms() - ago_ms);
    let at = before.map_or(at, |before| at.max(before.at));
    Page { seconds: in_sight(told, at, now), ..named(told, at) }
}

fn named(told: &ToldPage, at: Timestamp) -> Page {
    Page { n: told.n(), url: told.url().to_owned(), title: told.title().to_owned(), at, seconds: 0 }
}

/// How long it can have been in sight.
fn in_sight(told: &ToldPage, at: Timestamp, now: Timestamp) -> u32 {
    told.seconds().min(seconds_between(at, now))
}

fn seconds_between(from: Timestamp, to: Timestamp) -> u32 {
    u32::try_from((to.as_ms() - from.as_ms()).max(0) / 1_000).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
