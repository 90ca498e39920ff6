//! The messages, kept in step with the client's rows.

use web_sys::{Element, HtmlElement};

use crate::links::{self, Piece};
use crate::rows::{Author, Bubble, Progress, Row};
use crate::settings::Settings;
use crate::texts::{Text, refusal};
use crate::web::dom::{append, append_text, attribute, insert, make, set_text, show_words};
use crate::web::time;

/// So near to the end the list follows new messages.
const NEAR_END_PX: i32 = 64;
/// So near to the beginning older messages are fetched.
const NEAR_BEGINNING_PX: i32 = 200;

struct Drawn {
    key: String,
    row: Row,
    element: HtmlElement,
}

/// The list of rows.
pub(in crate::web) struct List {
    /// Everything that scrolls, and what floats over it.
    frame: HtmlElement,
    scroller: HtmlElement,
    log: HtmlElement,
    loading: HtmlElement,
    newest: HtmlElement,
    /// From top to bottom.
    drawn: Vec<Drawn>,
    follows: bool,
    greeting: String,
    language: String,
}

impl List {
    /// An empty list.
    pub(super) fn new(settings: &Settings) -> Self {
        let frame = make("div", "ds-list", &[]);
        let scroller = make(
            "div",
            "ds-list__scroller",
            &[("tabindex", "0"), ("role", "region"), ("aria-label", Text::LogLabel.english())],
        );
        let loading = make("p", "ds-list__loading", &[("role", "status")]);
        let log = make(
            "div",
            "ds-list__log",
            &[("role", "log"), ("aria-live", "polite"), ("aria-label", Text::LogLabel.english())],
        );
        let newest = make("button", "ds-list__newest", &[("type", "button"), ("data-testid", "chat-newest")]);
        newest.set_text_content(Some(Text::NewMessages.english()));
        newest.set_hidden(true);
        loading.set_hidden(true);
        append(&scroller, &[&loading, &log]);
        append(&frame, &[&scroller, &newest]);
        Self {
            frame,
            scroller,
            log,
            loading,
            newest,
            drawn: Vec::new(),
            follows: true,
            greeting: settings.greeting.trim().to_owned(),
            language: settings.language.clone(),
        }
    }

    /// The outermost element.
    pub(super) fn element(&self) -> &HtmlElement {
        &self.frame
    }

    /// What scrolls.
    pub(in crate::web) fn scroller(&self) -> &HtmlElement {
        &self.scroller
    }

    /// Leads to the newest message.
    pub(in crate::web) fn newest(&self) -> &HtmlElement {
        &self.newest
    }

    pub(super) fn has_greeting(&self) -> bool {
        !self.greeting.is_empty()
    }

    /// The visitor scrolled. Returns whether he came near the beginning.
    pub(in crate::web) fn scrolled(&mut self) -> bool {
        if self.scroller.client_height() == 0 {
            return false;
        }
        let below = self.scroller.scroll_height() - self.scroller.client_height() - self.scroller.scroll_top();
        self.follows = below < NEAR_END_PX;
        if self.follows {
            self.newest.set_hidden(true);
        }
        self.has_room_above()
    }

    /// Whether the beginning is on the screen, or nearly.
    pub(super) fn has_room_above(&self) -> bool {
        self.scroller.client_height() > 0 && self.scroller.scroll_top() < NEAR_BEGINNING_PX
    }

    /// Goes to the newest message and stays there.
    pub(in crate::web) fn go_to_end(&mut self) {
        self.follows = true;
        self.newest.set_hidden(true);
        self.settle_at_end();
    }

    /// Keeps the newest message on the screen after the room changed, if it was there.
    pub(in crate::web) fn settle_at_end(&self) {
        if self.follows {
            self.scroller.set_scroll_top(self.scroller.scroll_height());
        }
    }

    /// Makes the elements equal to the rows; what stays keeps its element, and with it focus and selection.
    pub(super) fn draw(&mut self, rows: Vec<Row>, loading: bool) {
        let (height, top) = (self.scroller.scroll_height(), self.scroller.scroll_top());
        let newest_before = self.newest_key();
        let first_before = self.drawn.iter().find(|it| matches!(it.row, Row::Bubble(_)));
        let prepends = first_before.is_some_and(|before| {
            rows.iter().filter(|row| matches!(row, Row::Bubble(_))).skip(1).any(|row| row.key() == before.key)
        });
        let answered =
            rows.last().is_some_and(|row| matches!(row, Row::Bubble(Bubble { author: Author::Agent(_), .. })));

        // What is put in front is history, not news: screen readers pass over it.
        attribute(&self.log, "aria-busy", if prepends { "true" } else { "false" });
        show_words(&self.loading, loading.then_some(Text::LoadingEarlier.english()));
        self.place(rows);

        if self.follows {
            self.settle_at_end();
        } else if prepends {
            self.scroller.set_scroll_top(top + self.scroller.scroll_height() - height);
        } else if answered && self.newest_key() != newest_before {
            self.newest.set_hidden(false);
        }
    }

    fn newest_key(&self) -> Option<String> {
        self.drawn.last().map(|it| it.key.clone())
    }

    fn place(&mut self, rows: Vec<Row>) {
        let mut known = std::mem::take(&mut self.drawn);
        let mut next = self.log.first_element_child();
        for row in rows {
            let key = row.key();
            // Rows come nearly in the order of before, so the first known one is mostly the one.
            let drawn = match known.iter().position(|it| it.key == key) {
                Some(at) => {
                    let mut drawn = known.remove(at);
                    if drawn.row != row {
                        update(&drawn.element, &row);
                        drawn.row = row;
                    }
                    drawn
                }
                None => Drawn { key, element: self.make(&row), row },
            };
            let element: &Element = &drawn.element;
            if next.as_ref() == Some(element) {
                next = element.next_element_sibling();
            } else {
                insert(&self.log, element, next.as_ref());
            }
            self.drawn.push(drawn);
        }
        for gone in known {
            gone.element.remove();
        }
    }

    fn make(&self, row: &Row) -> HtmlElement {
        match row {
            Row::Greeting => {
                let greeting = make("div", "ds-message ds-message--greeting", &[]);
                let text = make("div", "ds-message__text", &[("dir", "auto"), ("lang", &self.language)]);
                write(&text, &self.greeting);
                append(&greeting, &[&text]);
                greeting
            }
            Row::Day { at, .. } => {
                let day = make("div", "ds-day", &[]);
                day.set_text_content(Some(&time::day(*at)));
                day
            }
            Row::Ended => {
                let ended = make("div", "ds-ended", &[("data-testid", "chat-ended")]);
                ended.set_text_content(Some(Text::Ended.english()));
                ended
            }
            Row::Bubble(bubble) => message(bubble),
        }
    }
}

/// A message's element: name, text, then time and state.
fn message(bubble: &Bubble) -> HtmlElement {
    let who = if let Author::Agent(_) = bubble.author { "agent" } else { "me" };
    let class = format!("ds-message ds-message--{who}");
    let element =
        make("div", &class, &[("data-testid", "chat-message"), ("data-message-id", &bubble.id), ("data-author", who)]);
    let (name_class, name) = match &bubble.author {
        Author::Agent(name) => ("ds-message__name", name.as_str()),
        Author::Me(_) => ("ds-message__name ds-hidden", Text::You.english()),
    };
    let name_element = make("div", name_class, &[("dir", "auto")]);
    name_element.set_text_content(Some(name));
    let body = make("div", "ds-message__body", &[]);
    let text = make("div", "ds-message__text", &[("dir", "auto")]);
    write(&text, &bubble.text);
    // A state that changes is no new message: screen readers find it, but are not interrupted by it.
    let meta = make("div", "ds-message__meta", &[("aria-live", "off")]);
    let clock = make("time", "ds-message__time", &[]);
    let state = make("span", "ds-message__state", &[]);
    append(&meta, &[&clock, &state]);
    append(&body, &[&text, &meta]);
    append(&element, &[&name_element, &body]);
    update(&element, &Row::Bubble(bubble.clone()));
    element
}

fn update(element: &HtmlElement, row: &Row) {
    let Row::Bubble(bubble) = row else { return };
    attribute(element, "data-starts", if bubble.starts { "true" } else { "false" });
    let found = |class: &str| element.query_selector(class).ok().flatten();
    if let Some(clock) = found(".ds-message__time") {
        set_text(&clock, &time::clock(bubble.at));
        attribute(&clock, "title", &time::full(bubble.at));
    }
    let Author::Me(progress) = &bubble.author else { return };
    let (state, word) = match progress {
        Progress::Sending => ("sending", Text::Sending),
        Progress::Sent => ("sent", Text::Sent),
        Progress::Seen => ("seen", Text::Seen),
        Progress::Failed { .. } => ("failed", Text::Failed),
    };
    attribute(element, "data-state", state);
    if let Some(shown) = found(".ds-message__state") {
        set_text(&shown, word.english());
    }
    let failure = found(".ds-failure");
    match (progress, failure) {
        (Progress::Failed { code }, None) => append(element, &[&failed(code)]),
        (Progress::Sending | Progress::Sent | Progress::Seen, Some(failure)) => failure.remove(),
        (Progress::Failed { .. }, Some(_)) | (Progress::Sending | Progress::Sent | Progress::Seen, None) => {}
    }
}

/// Why a message was not sent, and what can be done about it.
fn failed(code: &str) -> HtmlElement {
    let failure = make("div", "ds-failure", &[("role", "alert")]);
    let why = make("span", "ds-failure__why", &[]);
    why.set_text_content(Some(&format!("{} {}", Text::Failed.english(), refusal(code).english())));
    let button = |text: Text, action: &str, testid: &str| {
        let button = make(
            "button",
            "ds-failure__button",
            &[("type", "button"), ("data-action", action), ("data-testid", testid)],
        );
        button.set_text_content(Some(text.english()));
        button
    };
    append(
        &failure,
        &[&why, &button(Text::Retry, "retry", "chat-retry"), &button(Text::Delete, "delete", "chat-delete")],
    );
    failure
}

/// Writes a text with its addresses as links.
fn write(element: &Element, text: &str) {
    for piece in links::split(text) {
        match piece {
            Piece::Text(text) => append_text(element, text),
            Piece::Link(address) => {
                let attributes = [("href", address), ("target", "_blank"), ("rel", "noopener noreferrer nofollow")];
                let link = make("a", "ds-link", &attributes);
                link.set_text_content(Some(address));
                append(element, &[&link]);
            }
        }
    }
}
