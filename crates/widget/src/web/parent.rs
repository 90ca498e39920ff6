//! Talk with `loader.js` in the page that embeds the chat. Every message goes to one exact origin.

use wasm_bindgen::JsCast;
use web_sys::MessageEvent;

use super::dom::{document, window};
use super::json;
use crate::settings::Settings;
use crate::wire::Json;

/// What the page says.
pub(super) enum Said {
    /// The first message: the page, and whether the chat is open.
    Hello {
        /// Whether the chat is open.
        shown: bool,
    },
    /// The chat was opened or closed.
    Shown(bool),
}

/// Whether the frame was opened by itself.
pub(super) fn is_alone() -> bool {
    window().parent().ok().flatten().is_none_or(|parent| parent == window())
}

/// Says that the frame listens, to the page that embeds it, if it is on the channel's list. Without a referrer it is one of the list.
pub(super) fn announce(settings: &Settings) {
    let referrer = web_sys::Url::new(&document().referrer()).map(|url| url.origin()).ok();
    for origin in &settings.origins {
        if referrer.as_ref().is_none_or(|referrer| origin.eq_ignore_ascii_case(referrer)) {
            tell(origin, "{\"ds\":\"ready\"}");
        }
    }
}

/// Reads a message, if the embedding page sent it.
pub(super) fn read(event: &MessageEvent) -> Option<Said> {
    let parent = window().parent().ok().flatten()?;
    if event.source()?.unchecked_into::<web_sys::Window>() != parent {
        return None;
    }
    let data = event.data();
    let shown = data.field("shown").and_then(|it| it.flag());
    match data.field("ds")?.text()?.as_str() {
        "hello" => Some(Said::Hello { shown: shown? }),
        "shown" => shown.map(Said::Shown),
        _ => None,
    }
}

/// The chat is on the screen.
pub(super) fn tell_started(origin: &str) {
    tell(origin, "{\"ds\":\"started\"}");
}

/// The visitor closes the chat.
pub(super) fn tell_close(origin: &str) {
    tell(origin, "{\"ds\":\"close\"}");
}

/// How many of the agents' messages came while the chat was closed.
pub(super) fn tell_unread(origin: &str, n: usize) {
    tell(origin, &format!("{{\"ds\":\"unread\",\"n\":{n}}}"));
}

fn tell(origin: &str, message: &str) {
    if let (Ok(Some(parent)), Some(message)) = (window().parent(), json::parse(message)) {
        // The browser refuses only what is no origin, and then there is nobody to tell.
        parent.post_message(&message, origin).unwrap_or_default();
    }
}
