//! The Gmail page around the frame. What it says is a hint without authority: any script in it could say the same.

use protocol::worker::{PageToPanel, PanelToPage, ToWorker};
use serde::de::IgnoredAny;
use ui::state::density::Density;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, MessageEvent, VisibilityState, Window};

/// The only page that the panel listens and speaks to.
const GMAIL: &str = "https://mail.google.com";

fn window() -> Window {
    web_sys::window().expect("the panel is a page")
}

fn root() -> Option<Element> {
    window().document()?.document_element()
}

/// A field of the page's address, after its "#".
pub(crate) fn field(name: &str) -> Option<String> {
    let hash = window().location().hash().unwrap_or_default();
    let fields = hash.trim_start_matches('#').split('&').filter_map(|part| part.split_once('='));
    let value = fields.into_iter().find(|(known, _)| *known == name)?.1;
    Some(js_sys::decode_uri_component(value).map_or_else(|_| value.to_owned(), String::from))
}

/// Whether the tab is hidden.
pub(crate) fn is_hidden() -> bool {
    window().document().is_some_and(|document| document.visibility_state() == VisibilityState::Hidden)
}

/// The window around this frame; nothing if the panel is not in a frame.
pub(crate) fn parent() -> Option<Window> {
    let parent = window().parent().ok().flatten()?;
    (parent != window()).then_some(parent)
}

/// Dresses the document before the page has spoken: in Gmail as Gmail mostly is, elsewhere as the browser is.
pub(crate) fn prepare() {
    if parent().is_some() {
        dress(false, false, Density::Comfortable);
    }
}

/// Follows Gmail's look.
pub(crate) fn dress(dark: bool, rtl: bool, density: Density) {
    set("data-theme", Some(if dark { "dark" } else { "light" }));
    set("dir", Some(if rtl { "rtl" } else { "ltr" }));
    set("data-density", (density == Density::Compact).then_some("compact"));
}

/// Sets an attribute of the document's root, or takes it away.
pub(crate) fn set(name: &str, value: Option<&str>) {
    let Some(root) = root() else { return };
    let done = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
    if let Err(error) = done {
        web_sys::console::warn_1(&error);
    }
}

/// Tells the page something. Only Gmail hears it, whatever page the frame stands in.
pub(crate) fn tell(message: &PanelToPage) {
    let Some(parent) = parent() else { return };
    let text = webext::json::write(message).expect("these enums are plain JSON");
    let posted = js_sys::JSON::parse(&text).and_then(|object| parent.post_message(&object, GMAIL));
    // A panel that closes gives the focus back, or Gmail's keys would stay dead.
    let given = if *message == PanelToPage::Close { parent.focus() } else { Ok(()) };
    for error in [posted.err(), given.err()].into_iter().flatten() {
        web_sys::console::warn_1(&error);
    }
}

/// A listener for the page's messages; dropping it ends the listening.
pub(crate) struct Listener {
    function: Closure<dyn FnMut(MessageEvent)>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let removed = window().remove_event_listener_with_callback("message", self.function.as_ref().unchecked_ref());
        debug_assert!(removed.is_ok(), "a name and a function are all that it takes");
    }
}

/// Calls `handler` with what the page says, and with nobody else's messages.
pub(crate) fn listen(handler: impl Fn(PageToPanel) + 'static) -> Listener {
    let function = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(message) = read(&event) {
            handler(message);
        }
    });
    let added = window().add_event_listener_with_callback("message", function.as_ref().unchecked_ref());
    debug_assert!(added.is_ok(), "a name and a function are all that it takes");
    Listener { function }
}

fn read(event: &MessageEvent) -> Option<PageToPanel> {
    let source = event.source().map(JsValue::from)?;
    if event.origin() != GMAIL || source != JsValue::from(parent()?) {
        return None;
    }
    let text = js_sys::JSON::stringify(&event.data()).ok()?.as_string()?;
    // What a newer or foreign script says is passed over.
    webext::json::read(&text).ok()
}

/// Opens the Control Panel.
pub(crate) fn open_options() {
    wasm_bindgen_futures::spawn_local(async {
        if let Err(error) = webext::message::send::<_, IgnoredAny>("worker", &ToWorker::OpenOptions).await {
            web_sys::console::warn_1(&error.to_string().into());
        }
    });
}
