//! The chat on the screen: the fixed parts, and what changes in them.

mod composer;
mod list;

use web_sys::{Element, HtmlElement};

use super::dom::{append, attribute, document, icon, make, show_words, window};
use crate::client::{Client, Fault};
use crate::color;
use crate::rows;
use crate::settings::Settings;
use crate::texts::Text;
use composer::Composer;
pub(super) use list::List;

const CROSS: &str = "M6 6l12 12M18 6L6 18";

/// The chat's elements.
pub(super) struct View {
    /// Closes the chat.
    pub(super) close: HtmlElement,
    /// Where the visitor writes.
    pub(super) composer: Composer,
    /// The messages.
    pub(super) list: List,
    root: Element,
    status: HtmlElement,
    history_lost: HtmlElement,
    memory_only: HtmlElement,
    fault: HtmlElement,
}

impl View {
    /// Builds the chat into the page; nothing if the page has no place for it.
    pub(super) fn build(settings: &Settings) -> Option<Self> {
        let root = document().get_element_by_id("chat")?;
        paint(settings);
        document().set_title(&settings.title);

        let title = make("h1", "ds-head__title", &[("lang", &settings.language), ("dir", "auto")]);
        title.set_text_content(Some(&settings.title));
        let close = make("button", "ds-head__close", &[("type", "button"), ("aria-label", Text::Close.english())]);
        append(&close, &[&icon("ds-icon", CROSS)]);
        let head = make("header", "ds-head", &[]);
        append(&head, &[&title, &close]);

        let status = make("p", "ds-status", &[("role", "status"), ("data-testid", "chat-status")]);
        let history_lost = make("p", "ds-note", &[("role", "status"), ("data-testid", "chat-history-lost")]);
        let memory_only = make("p", "ds-note", &[("role", "status"), ("data-testid", "chat-memory-only")]);
        let fault = make("p", "ds-fault", &[("role", "alert"), ("data-testid", "chat-fault")]);
        for words in [&status, &history_lost, &memory_only, &fault] {
            words.set_hidden(true);
        }
        let list = List::new(settings);
        let composer = Composer::new();
        append(&root, &[&head, &status, list.element(), &history_lost, &memory_only, &fault, composer.element()]);
        root.remove_attribute("hidden").ok()?;
        Some(Self { close, composer, list, root, status, history_lost, memory_only, fault })
    }

    /// Draws what the client has. Returns whether older messages would have room.
    pub(super) fn draw(&mut self, client: &Client, memory_only: bool) -> bool {
        let online = window().navigator().on_line();
        let status = match (client.is_slow(), online) {
            (true, true) => Some(Text::Connecting),
            (true, false) => Some(Text::Offline),
            (false, _) => None,
        };
        show_words(&self.status, status.map(Text::english));
        show_words(&self.history_lost, client.is_history_lost().then_some(Text::HistoryLost.english()));
        show_words(&self.memory_only, memory_only.then_some(Text::MemoryOnly.english()));
        if let Some(fault) = client.fault() {
            self.show_fault(Some(match fault {
                Fault::OriginNotAllowed => Text::OriginNotAllowed,
                Fault::ChannelGone => Text::ChannelGone,
            }));
        } else {
            self.show_fault(None);
        }
        let rows = rows::rows(client, self.list.has_greeting(), super::time::day_of);
        self.list.draw(rows, client.is_loading_older());
        client.can_load_older() && self.list.has_room_above()
    }

    /// Says why the chat cannot be used.
    pub(super) fn show_fault(&self, fault: Option<Text>) {
        show_words(&self.fault, fault.map(Text::english));
    }

    /// Leaves only the words of the fault: this page may not use the chat at all.
    pub(super) fn refuse(&self, fault: Text) {
        self.show_fault(Some(fault));
        attribute(&self.root, "data-refused", "");
    }

    /// The chat was opened: puts the caret into the input, except where that would raise a phone's keyboard.
    pub(super) fn focus(&self) {
        let coarse = window().match_media("(pointer: coarse)").ok().flatten().is_some_and(|query| query.matches());
        let target = if coarse { &self.close } else { self.composer.input_element() };
        // Only a detached element cannot be focused.
        target.focus().unwrap_or_default();
        self.list.settle_at_end();
    }
}

fn paint(settings: &Settings) {
    use wasm_bindgen::JsCast;
    let accent = color::accent(&settings.color);
    let Some(root) = document().document_element() else { return };
    let style = root.unchecked_into::<HtmlElement>().style();
    for (name, value) in [("--ds-accent", accent.surface.as_str()), ("--ds-on-accent", accent.ink)] {
        // A custom property takes any value.
        style.set_property(name, value).unwrap_or_default();
    }
}
