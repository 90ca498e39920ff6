//! The chat on the screen: the fixed parts, and what changes in them.

use super::list::{List, has_room_above, words};
use super::{composer, page, time};
use crate::client::{Client, Fault};
use crate::color;
use crate::rows;
use crate::settings::Settings;
use crate::texts::Text;

/// Gives the page its colours and words, and shows it.
pub(super) fn build(settings: &Settings) -> List {
    let accent = color::accent(&settings.color);
    page::paint(&accent.surface, accent.ink);
    page::write("#name", &settings.title);
    page::write("#title", &settings.title);
    page::attribute("#title", "lang", &settings.language);
    page::attribute("#close", "aria-label", Text::Close.english());
    let list = List::new(settings);
    composer::build(settings.file_limit);
    page::show("#chat", true);
    list
}

/// Draws what the client has. Returns whether older messages would have room.
pub(super) fn draw(list: &mut List, client: &Client, memory_only: bool) -> bool {
    let trouble = if page::is_online() { Text::Connecting } else { Text::Offline };
    words("#status", client.is_slow().then_some(trouble));
    words("#history-lost", client.is_history_lost().then_some(Text::HistoryLost));
    words("#memory-only", memory_only.then_some(Text::MemoryOnly));
    let fault = client.fault().map(|fault| match fault {
        Fault::OriginNotAllowed => Text::OriginNotAllowed,
        Fault::ChannelGone => Text::ChannelGone,
    });
    words("#refusal", fault);
    composer::show_block(client.log().block());
    let pending = client.pending();
    list.draw(&rows::rows(client, &pending, list.has_greeting(), time::day_of), client.is_loading_older());
    client.can_load_older() && has_room_above()
}

/// Leaves only the words of the fault: this page may not use the chat at all.
pub(super) fn refuse(fault: Text) {
    words("#refusal", Some(fault));
    page::attribute("#chat", "data-refused", "");
}
