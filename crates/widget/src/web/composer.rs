//! Where the visitor writes.

use alloc::string::String;

use super::list::flag;
use super::page;
use crate::client::{MESSAGE_MAX_CHARS, n_chars};
use crate::digits::{digits, join};
use crate::texts::Text;
use crate::wire::Block;

/// From here on the number of characters left is shown.
const COUNT_FROM_CHARS: usize = MESSAGE_MAX_CHARS - 300;

/// Gives the input and its buttons their words.
pub(super) fn build(file_limit: f64) {
    use Text::{Download, NotDownloaded, NotRead, Remove, Stop, TooLarge, TooMany, Uploading};
    let mut words = String::new();
    for text in [Remove, Download, Stop, Uploading, TooLarge, TooMany, NotDownloaded, NotRead] {
        words = join(&[&words, text.english(), "|"]);
    }
    page::files_begin(&words, file_limit);
    page::attribute("#clip", "aria-label", Text::Attach.english());
    page::attribute("#input", "aria-label", Text::InputName.english());
    page::attribute("#input", "placeholder", Text::InputLabel.english());
    page::attribute("#send", "aria-label", Text::Send.english());
    changed(&page::input_text());
}

/// Lets the visitor write, or says that he may not (B2, B4).
pub(super) fn show_block(block: Block) {
    let words = match block.until {
        Some(until) => join(&[Text::BlockedUntil.english(), " ", &page::moment(until), "."]),
        None => String::from(Text::Blocked.english()),
    };
    page::enable("#row", !block.blocked);
    page::write("#blocked", if block.blocked { &words } else { "" });
    page::show("#blocked", block.blocked);
}

/// Puts a text into the input.
pub(super) fn set_text(text: &str) {
    page::set_input_text(text);
    changed(text);
}

/// Takes the text out of the input, if it can be sent, and the files that go with it.
pub(super) fn take() -> Option<(String, String)> {
    let text = page::input_text();
    if !can_send(n_chars(text.trim())) {
        return None;
    }
    let files = page::take_files();
    set_text("");
    Some((text, files))
}

/// A text of so many characters; with files it may be blank.
fn can_send(n_chars: usize) -> bool {
    n_chars <= MESSAGE_MAX_CHARS && (n_chars > 0 || page::has_files())
}

/// The text is this now: fits the input's height, the counter and the button to it.
pub(super) fn changed(text: &str) {
    let n_chars = n_chars(text.trim());
    let over = n_chars > MESSAGE_MAX_CHARS;
    let text = if over { Text::CharactersTooMany } else { Text::CharactersLeft };
    let n = i64::try_from(n_chars.abs_diff(MESSAGE_MAX_CHARS)).unwrap_or(i64::MAX);
    page::write("#count", &join(&[&digits(n), " ", text.english()]));
    page::show("#count", n_chars >= COUNT_FROM_CHARS);
    page::attribute("#count", "data-over", flag(over));
    page::attribute("#input", "aria-invalid", flag(over));
    page::attribute("#send", "aria-disabled", flag(!can_send(n_chars)));
    page::fit_input();
}
