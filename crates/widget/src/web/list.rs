//! The messages, kept in step with the client's rows.

use alloc::string::String;

use super::{page, time};
use crate::digits::join;
use crate::links::{self, Piece};
use crate::rows::{Author, Bubble, Progress, Row};
use crate::settings::Settings;
use crate::texts::{Text, refusal};

/// So near to the end the list follows new messages.
const NEAR_END_PX: i32 = 64;
/// So near to the beginning older messages are fetched.
const NEAR_BEGINNING_PX: i32 = 200;

/// The list of rows.
pub(super) struct List {
    /// The first message drawn.
    first: Option<String>,
    /// The last row drawn.
    newest: Option<String>,
    follows: bool,
    greeting: String,
    language: String,
}

impl List {
    /// An empty list.
    pub(super) fn new(settings: &Settings) -> Self {
        page::attribute("#scroller", "aria-label", Text::LogLabel.english());
        page::attribute("#log", "aria-label", Text::LogLabel.english());
        page::write("#newest", Text::NewMessages.english());
        Self {
            first: None,
            newest: None,
            follows: true,
            greeting: String::from(settings.greeting.trim()),
            language: settings.language.clone(),
        }
    }

    pub(super) fn has_greeting(&self) -> bool {
        !self.greeting.is_empty()
    }

    /// The visitor scrolled. Returns whether he came near the beginning.
    pub(super) fn scrolled(&mut self) -> bool {
        let seen = page::measure("clientHeight");
        if seen == 0 {
            return false;
        }
        let below = page::measure("scrollHeight") - seen - page::measure("scrollTop");
        self.follows = below < NEAR_END_PX;
        if self.follows {
            page::show("#newest", false);
        }
        has_room_above()
    }

    /// Goes to the newest message and stays there.
    pub(super) fn go_to_end(&mut self) {
        self.follows = true;
        page::show("#newest", false);
        self.settle_at_end();
    }

    /// Keeps the newest message on the screen after the room changed, if it was there.
    pub(super) fn settle_at_end(&self) {
        if self.follows {
            page::scroll(page::measure("scrollHeight"));
        }
    }

    /// Makes the elements equal to the rows.
    pub(super) fn draw(&mut self, rows: &[Row<'_>], loading: bool) {
        let (height, top) = (page::measure("scrollHeight"), page::measure("scrollTop"));
        let mut messages = rows.iter().filter_map(|row| if let Row::Bubble(it) = row { Some(it.id) } else { None });
        let first = messages.next();
        let prepends = messages.any(|id| Some(id) == self.first.as_deref());
        let answered = matches!(rows.last(), Some(Row::Bubble(Bubble { author: Author::Agent(_), .. })));
        let newest = rows.last().map(Row::key);

        // What is put in front is history, not news: screen readers pass over it.
        page::attribute("#log", "aria-busy", flag(prepends));
        words("#loading", loading.then_some(Text::LoadingEarlier));
        page::rows_begin();
        for row in rows {
            self.place(*row, &row.key());
        }
        page::rows_end();

        if self.follows {
            self.settle_at_end();
        } else if prepends {
            page::scroll(top + page::measure("scrollHeight") - height);
        } else if answered && newest != self.newest {
            page::show("#newest", true);
        }
        self.first = first.map(String::from);
        self.newest = newest;
    }

    fn place(&self, row: Row<'_>, key: &str) {
        match row {
            Row::Greeting => {
                if page::row(key, "greeting") {
                    page::attribute(".ds-message__text", "lang", &self.language);
                    write(&self.greeting);
                }
            }
            Row::Day { day, at } => {
                if page::row(key, "day") {
                    time::write_day(day, at);
                }
            }
            Row::Ended => {
                if page::row(key, "ended") {
                    page::write("", Text::Ended.english());
                }
            }
            Row::Bubble(bubble) => {
                if page::row(key, "message") {
                    begin(&bubble);
                }
                update(&bubble);
            }
        }
    }
}

/// Whether the beginning is on the screen, or nearly.
pub(super) fn has_room_above() -> bool {
    page::measure("clientHeight") > 0 && page::measure("scrollTop") < NEAR_BEGINNING_PX
}

/// Shows these words in a part, or hides it.
pub(super) fn words(part: &str, words: Option<Text>) {
    page::write(part, words.map_or("", Text::english));
    page::show(part, words.is_some());
}

/// A truth value as an attribute has it.
pub(super) fn flag(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

/// What never changes in a message's row.
fn begin(bubble: &Bubble<'_>) {
    let (who, class, name_class, name) = match bubble.author {
        Author::Agent(name) => ("agent", "ds-message ds-message--agent", "ds-message__name", name),
        Author::Me(_) => ("me", "ds-message ds-message--me", "ds-message__name ds-hidden", Text::You.english()),
    };
    page::attribute("", "class", class);
    page::attribute("", "data-message-id", bubble.id);
    page::attribute("", "data-author", who);
    page::write(".ds-message__name", name);
    page::attribute(".ds-message__name", "class", name_class);
    write(bubble.text);
    page::files(bubble.files);
}

fn update(bubble: &Bubble<'_>) {
    page::attribute("", "data-starts", flag(bubble.starts));
    page::write_time(".ds-message__time", bubble.at);
    let Author::Me(progress) = bubble.author else { return };
    let (state, word, code) = match progress {
        Progress::Sending => ("sending", Text::Sending, None),
        Progress::Sent => ("sent", Text::Sent, None),
        Progress::Seen => ("seen", Text::Seen, None),
        Progress::Failed { code } => ("failed", Text::Failed, Some(code)),
    };
    page::attribute("", "data-state", state);
    page::write(".ds-message__state", word.english());
    // Why it was not sent, and what can be done about it.
    if page::attach("failure", code.is_some())
        && let Some(code) = code
    {
        let why = join(&[Text::Failed.english(), " ", refusal(code).english()]);
        page::write(".ds-failure__why", &why);
        page::write(".ds-retry", Text::Retry.english());
        page::write(".ds-delete", Text::Delete.english());
    }
}

/// Writes a text into the row, its addresses as links.
fn write(text: &str) {
    for piece in links::split(text) {
        let (text, is_link) = match piece {
            Piece::Text(text) => (text, false),
            Piece::Link(address) => (address, true),
        };
        page::add(".ds-message__text", text, is_link);
    }
}
