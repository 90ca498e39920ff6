//! The tab "Search": what was searched for, and what was found (S1 to S4).

use std::rc::Rc;

use protocol::error::WireError;
use protocol::search::{FoundConversation, SearchPage, TextRange};
use yew::AttrValue;

use super::thread::Fetch;
use crate::text::refusal;

/// How many characters of a long message are shown.
const SHOWN: usize = 180;
/// How many of them stand before the first match.
const BEFORE: usize = 48;

/// A search. It stays as it is while the agent reads what it found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finding {
    /// What stands in the input.
    pub typed: AttrValue,
    /// What is searched for; empty before Enter.
    pub query: AttrValue,
    /// What is being fetched.
    pub fetch: Fetch,
    /// Whether the first page came.
    pub begun: bool,
    /// What was found, the newest match first.
    pub found: Vec<Rc<FoundConversation>>,
    /// Where the next page begins; nothing at the end.
    pub next: Option<String>,
    /// Why the relay does not search for this.
    pub refused: Option<AttrValue>,
    /// What was opened of it last, a message or a conversation: there the keyboard goes on.
    pub opened: Option<String>,
    /// Tells searches apart: what came for a former one is not shown.
    pub number: u32,
}

/// What happens to a search.
#[derive(Clone, Debug)]
pub enum Find {
    /// The agent types.
    Type(AttrValue),
    /// He pressed Enter (S1).
    Search,
    /// A page was asked for.
    Asked,
    /// A page of the search of this number came.
    Taken(u32, SearchPage),
    /// The relay refused it.
    Refused(u32, WireError),
    /// The relay could not be reached.
    Failed(u32),
    /// It shall be tried again.
    Again,
}

impl Finding {
    /// Whether the first page is wanted and nobody has asked for it.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        !self.query.is_empty() && !self.begun && self.refused.is_none() && self.fetch == Fetch::Idle
    }

    /// Takes what happened.
    pub fn take(&mut self, find: Find) {
        match find {
            Find::Type(text) => self.typed = text,
            Find::Search => {
                let query = self.typed.trim().to_owned().into();
                *self =
                    Self { typed: self.typed.clone(), query, number: self.number.wrapping_add(1), ..Self::default() };
            }
            Find::Asked => {
                self.refused = None;
                self.fetch = if self.begun { Fetch::More } else { Fetch::Newest };
            }
            Find::Taken(number, page) if number == self.number => {
                // A conversation in which somebody has written meanwhile may come a second time.
                let new = page
                    .found
                    .into_iter()
                    .filter(|new| self.found.iter().all(|it| it.conversation.id != new.conversation.id));
                let new: Vec<_> = new.map(Rc::new).collect();
                self.found.extend(new);
                (self.begun, self.fetch, self.next) = (true, Fetch::Idle, page.next);
            }
            Find::Refused(number, error) if number == self.number => {
                self.fetch = Fetch::Idle;
                self.refused = Some(refusal(&error).into());
            }
            Find::Failed(number) if number == self.number => self.fetch = Fetch::Failed,
            Find::Again => {
                self.refused = None;
                if self.fetch == Fetch::Failed {
                    self.fetch = Fetch::Idle;
                }
            }
            Find::Taken(..) | Find::Refused(..) | Find::Failed(_) => {}
        }
    }
}

/// A message that a search led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// `msg_…`
    pub id: String,
    /// Its number.
    pub n: u32,
    /// Tells apart that one is led there twice.
    pub number: u32,
    /// Whether the messages around it came.
    pub fetched: bool,
}

/// A piece of a text, and whether it is what was searched for.
pub type Piece = (String, bool);

/// A text in pieces, all of it.
#[must_use]
pub fn whole(text: &str, ranges: &[TextRange]) -> Vec<Piece> {
    pieces(text, ranges, 0, usize::MAX)
}

/// The same, cut around the first match if it is long.
#[must_use]
pub fn shortened(text: &str, ranges: &[TextRange]) -> Vec<Piece> {
    let n = text.chars().count();
    if n <= SHOWN {
        return whole(text, ranges);
    }
    let first = ranges.first().map_or(0, |range| at(range.start));
    let from = first.saturating_sub(BEFORE).min(n - SHOWN);
    let to = from + SHOWN;
    let mut pieces = pieces(text, ranges, from, to);
    let dots = || ("…".to_owned(), false);
    if from > 0 {
        pieces.insert(0, dots());
    }
    if to < n {
        pieces.push(dots());
    }
    pieces
}

/// The characters between two places.
fn pieces(text: &str, ranges: &[TextRange], from: usize, to: usize) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut ranges = ranges.iter().peekable();
    for (place, character) in text.chars().enumerate().take(to).skip(from) {
        while ranges.next_if(|range| at(range.end) <= place).is_some() {}
        let is_found = ranges.peek().is_some_and(|range| at(range.start) <= place);
        match pieces.last_mut().filter(|(_, found)| *found == is_found) {
            Some((piece, _)) => piece.push(character),
            None => pieces.push((character.to_string(), is_found)),
        }
    }
    pieces
}

fn at(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use protocol::error::ErrorCode;

    use super::*;
    use crate::state::panel::tests::conversation;

    fn range(start: u32, end: u32) -> TextRange {
        TextRange { start, end }
    }

    fn marked(pieces: &[Piece]) -> String {
        pieces.iter().map(|(text, found)| if *found { format!("[{text}]") } else { text.clone() }).collect()
    }

    fn page(ids: &[&str], next: Option<&str>) -> SearchPage {
        let found = |id: &&str| FoundConversation {
            conversation: conversation(id),
            name: Vec::new(),
            messages: Vec::new(),
            has_more: false,
        };
        SearchPage { found: ids.iter().map(found).collect(), next: next.map(Into::into) }
    }

    fn searched(text: &str) -> Finding {
        let mut finding = Finding::default();
        finding.take(Find::Type(text.to_owned().into()));
        assert!(!finding.is_wanted(), "S1: nothing is searched before Enter");
        finding.take(Find::Search);
        finding
    }

    fn ids(finding: &Finding) -> Vec<&str> {
        finding.found.iter().map(|found| found.conversation.id.as_str()).collect()
    }

    #[test]
    fn matches_are_marked_in_every_script() {
        // S2, S3
        assert_eq!(marked(&whole("Где моя посылка, где?", &[range(0, 3), range(17, 20)])), "[Где] моя посылка, [где]?");
        assert_eq!(marked(&whole("你好👋🏽世界", &[range(0, 2)])), "[你好]👋🏽世界");
        assert_eq!(marked(&whole("all", &[range(0, 3)])), "[all]");
        assert_eq!(marked(&whole("none", &[])), "none");
        assert_eq!(marked(&whole("short", &[range(3, 99)])), "sho[rt]", "a relay that knows a longer one");
    }

    #[test]
    fn a_long_message_is_cut_around_the_first_match() {
        // S2
        let text = format!("{}посылка{}", "ж".repeat(500), "я".repeat(500));
        let cut = shortened(&text, &[range(500, 507)]);
        assert_eq!(marked(&cut), format!("…{}[посылка]{}…", "ж".repeat(48), "я".repeat(SHOWN - 48 - 7)));
        let at_end = shortened(&text, &[range(1_000, 1_007)]);
        assert_eq!(marked(&at_end).chars().count(), 1 + SHOWN + 2);
        assert!(!marked(&at_end).ends_with('…'));
        assert_eq!(marked(&shortened(&text, &[])), format!("{}…", "ж".repeat(SHOWN)));
    }

    #[test]
    fn pages_follow_one_another_and_a_former_searchs_do_not() {
        // S4
        let mut finding = searched(" посылка ");
        assert!(finding.is_wanted() && finding.query == "посылка");
        finding.take(Find::Asked);
        assert!(!finding.is_wanted() && finding.fetch == Fetch::Newest);
        finding.take(Find::Taken(finding.number, page(&["cnv_1", "cnv_2"], Some("7"))));
        finding.take(Find::Asked);
        finding.take(Find::Taken(finding.number, page(&["cnv_2", "cnv_3"], None)));
        assert_eq!((ids(&finding), finding.next.as_deref()), (vec!["cnv_1", "cnv_2", "cnv_3"], None));
        let former = finding.number;
        finding.take(Find::Search);
        assert!(finding.is_wanted() && finding.found.is_empty());
        for late in [Find::Taken(former, page(&["cnv_9"], None)), Find::Failed(former)] {
            finding.take(late);
        }
        assert!(finding.is_wanted(), "it still waits for its own");
    }

    #[test]
    fn a_refusal_is_said_and_a_relay_away_is_asked_again() {
        // S4
        let mut finding = searched("ab");
        finding.take(Find::Asked);
        let (message, request_id, mut details) =
            (String::new(), String::new(), protocol::error::ErrorDetails::default());
        details.field = Some("q".into());
        finding.take(Find::Refused(
            finding.number,
            WireError { code: ErrorCode::InvalidValue, message, details, request_id },
        ));
        assert!(finding.refused.as_ref().is_some_and(|words| words.contains("3 characters")) && !finding.is_wanted());
        let mut finding = searched("посылка");
        finding.take(Find::Asked);
        finding.take(Find::Failed(finding.number));
        assert!(!finding.is_wanted() && finding.typed == "посылка", "nothing is lost");
        finding.take(Find::Again);
        assert!(finding.is_wanted());
    }
}
