//! Where the visitor writes.

use alloc::string::String;

use super::list::flag;
use super::page;
use crate::client::{Client, MESSAGE_MAX_CHARS, n_chars};
use crate::digits::{digits, join};
use crate::texts::Text;
use crate::wire::Block;

/// From here on the number of characters left is shown.
const COUNT_FROM_CHARS: usize = MESSAGE_MAX_CHARS - 300;

/// Gives the input and its buttons their words.
pub(super) fn build(files_allowed: bool) {
    page::attribute("#clip", "aria-label", Text::Attach.english());
    page::write("#stop", Text::Stop.english());
    page::show("#clip", files_allowed);
    page::attribute("#input", "aria-label", Text::InputName.english());
    page::attribute("#input", "placeholder", Text::InputLabel.english());
    page::attribute("#send", "aria-label", Text::Send.english());
    changed(&page::input_text(), false);
}

/// Shows what goes with the next message, and how far it is on its way.
pub(super) fn show_files(client: &Client) {
    let mut ids = String::new();
    for chosen in client.chosen() {
        ids = join(&[&ids, &chosen.id, " "]);
    }
    page::keep_chosen(&ids);
    let uploading = client.uploading();
    if let Some(chosen) = uploading {
        page::write("#uploading", &join(&[Text::Uploading.english(), " “", &chosen.name, "”…"]));
    }
    page::show("#upload", uploading.is_some());
    page::enable("#clip", uploading.is_none());
    page::enable("#chosen", uploading.is_none());
    page::lock_input(uploading.is_some());
    changed(&page::input_text(), !ids.is_empty());
}

/// Says why a file does not go, or nothing any more.
pub(super) fn notice(words: &str) {
    page::write("#notice", words);
    page::show("#notice", !words.is_empty());
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
    changed(text, false);
}

/// Takes the text out of the input, if it can be sent; with files it may be blank.
pub(super) fn take(has_files: bool) -> Option<String> {
    let text = page::input_text();
    can_send(n_chars(text.trim()), has_files).then(|| {
        set_text("");
        text
    })
}

/// Whether a text of so many characters is one to be sent.
pub(super) fn can_send(n_chars: usize, has_files: bool) -> bool {
    n_chars <= MESSAGE_MAX_CHARS && (n_chars > 0 || has_files)
}

/// The text is this now: fits the input's height, the counter and the button to it.
pub(super) fn changed(text: &str, has_files: bool) {
    let n_chars = n_chars(text.trim());
    let over = n_chars > MESSAGE_MAX_CHARS;
    let text = if over { Text::CharactersTooMany } else { Text::CharactersLeft };
    let n = i64::try_from(n_chars.abs_diff(MESSAGE_MAX_CHARS)).unwrap_or(i64::MAX);
    page::write("#count", &join(&[&digits(n), " ", text.english()]));
    page::show("#count", n_chars >= COUNT_FROM_CHARS);
    page::attribute("#count", "data-over", flag(over));
    page::attribute("#input", "aria-invalid", flag(over));
    page::attribute("#send", "aria-disabled", flag(!can_send(n_chars, has_files)));
    page::fit_input();
}
