//! Where the visitor writes.

use domain::text::MESSAGE_MAX_CHARS;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlTextAreaElement};

use crate::client::n_chars;
use crate::texts::Text;
use crate::web::dom::{append, attribute, icon, make, set_text};

/// From here on the number of characters left is shown.
const COUNT_FROM_CHARS: usize = MESSAGE_MAX_CHARS - 300;
const ARROW: &str = "M12 19V5M6 11l6-6 6 6";

/// The input, its counter and the button.
pub(in crate::web) struct Composer {
    form: HtmlElement,
    input: HtmlTextAreaElement,
    count: HtmlElement,
    send: HtmlElement,
}

impl Composer {
    /// A composer with an empty input.
    pub(super) fn new() -> Self {
        let label = Text::InputLabel.english();
        let input = make(
            "textarea",
            "ds-composer__input",
            &[
                ("data-testid", "chat-input"),
                ("aria-label", Text::InputName.english()),
                ("aria-describedby", "count"),
                ("placeholder", label),
                ("rows", "1"),
                ("enterkeyhint", "send"),
                ("dir", "auto"),
                ("autocomplete", "off"),
            ],
        );
        let count = make("p", "ds-composer__count", &[("id", "count"), ("aria-live", "polite")]);
        let send = make(
            "button",
            "ds-composer__send",
            &[("type", "submit"), ("data-testid", "chat-send"), ("aria-label", Text::Send.english())],
        );
        append(&send, &[&icon("ds-icon", ARROW)]);
        let form = make("form", "ds-composer", &[]);
        let row = make("div", "ds-composer__row", &[]);
        append(&row, &[&input, &send]);
        append(&form, &[&count, &row]);
        let composer = Self { form, input: input.unchecked_into(), count, send };
        composer.changed();
        composer
    }

    /// The form.
    pub(in crate::web) fn element(&self) -> &HtmlElement {
        &self.form
    }

    /// The input.
    pub(in crate::web) fn input_element(&self) -> &HtmlElement {
        &self.input
    }

    /// What stands in the input.
    pub(in crate::web) fn text(&self) -> String {
        self.input.value()
    }

    /// Puts a text into the input.
    pub(in crate::web) fn set_text(&self, text: &str) {
        self.input.set_value(text);
        self.changed();
    }

    /// Takes the text out of the input, if it can be sent.
    pub(in crate::web) fn take(&self) -> Option<String> {
        let text = self.text();
        if !matches!(n_chars(text.trim()), 1..=MESSAGE_MAX_CHARS) {
            return None;
        }
        self.set_text("");
        Some(text)
    }

    /// The text changed: fits the input's height, the counter and the button to it.
    pub(in crate::web) fn changed(&self) {
        let text = self.text();
        let n_chars = n_chars(text.trim());
        let over = n_chars > MESSAGE_MAX_CHARS;
        let words = match n_chars {
            n if over => format!("{} {}", n - MESSAGE_MAX_CHARS, Text::CharactersTooMany.english()),
            n if n >= COUNT_FROM_CHARS => format!("{} {}", MESSAGE_MAX_CHARS - n, Text::CharactersLeft.english()),
            _ => String::new(),
        };
        set_text(&self.count, &words);
        self.count.set_hidden(words.is_empty());
        attribute(&self.count, "data-over", if over { "true" } else { "false" });
        attribute(&self.input, "aria-invalid", if over { "true" } else { "false" });
        attribute(&self.send, "aria-disabled", if over || n_chars == 0 { "true" } else { "false" });
        let style = self.input.style();
        // The property exists and takes lengths.
        style.set_property("height", "auto").unwrap_or_default();
        let height = self.input.scroll_height();
        if height > 0 {
            style.set_property("height", &format!("{height}px")).unwrap_or_default();
        }
    }
}
