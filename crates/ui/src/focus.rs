//! Where the keyboard's focus goes.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast as _;
use web_sys::{Document, Element, HtmlElement};
use yew::NodeRef;

/// The list of conversations.
pub(crate) const LIST: &str = "#ds-conversations";
/// The messages of the conversation that is shown.
pub(crate) const MESSAGES: &str = ".ds-message-list__scroll";
/// What is searched for.
pub(crate) const SEARCH: &str = ".ds-search__input";
/// The reply field.
pub(crate) const REPLY: &str = ".ds-composer__input";

/// The field of a note.
pub(crate) const NOTE: &str = ".ds-note-form__input";
/// The chosen tab of the right chat panel.
pub(crate) const ASIDE: &str = ".ds-aside [role=tab][aria-selected=true]";
/// What opens that panel.
pub(crate) const DETAILS: &str = ".ds-details-button";

/// Gives an element the focus.
pub(crate) fn give(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok())
        && let Err(error) = element.focus()
    {
        web_sys::console::warn_1(&error);
    }
}

/// Gives the first shown element that fits the focus, once what is being drawn is there.
pub(crate) fn give_soon(css: &'static str) {
    Timeout::new(0, move || give(find_shown(css))).forget();
}

/// The element of an element's document that has the focus.
pub(crate) fn owner(of: &Element) -> Option<Element> {
    of.owner_document().and_then(|document| document.active_element())
}

/// The first element in a root: the button that opens the rest of it.
pub(crate) fn opener(root: &NodeRef) -> Option<Element> {
    root.cast::<Element>()?.first_element_child()
}

/// Gives the focus to a root's button if it is anywhere in the root, which is about to lose the rest.
pub(crate) fn keep(root: &NodeRef) {
    let Some(element) = root.cast::<Element>() else { return };
    if owner(&element).is_some_and(|focused| element.contains(Some(&focused))) {
        give(opener(root));
    }
}

/// Scrolls a list as far as is needed for one of its items to be in sight.
pub(crate) fn bring_into_sight(list: &NodeRef, at: usize) {
    let Some(list) = list.cast::<HtmlElement>() else { return };
    let item = u32::try_from(at).ok().and_then(|at| list.children().item(at)?.dyn_into::<HtmlElement>().ok());
    let Some(item) = item else { return };
    let (top, bottom) = (item.offset_top(), item.offset_top() + item.offset_height());
    if top < list.scroll_top() {
        list.set_scroll_top(top);
    } else if bottom > list.scroll_top() + list.client_height() {
        list.set_scroll_top(bottom - list.client_height());
    }
}

/// The first element that fits, shown or not.
pub(crate) fn find(css: &str) -> Option<Element> {
    document()?.query_selector(css).ok().flatten()
}

/// The first element that fits and stands on the screen.
pub(crate) fn find_shown(css: &str) -> Option<Element> {
    all(css).into_iter().find(is_shown)
}

/// All elements that fit.
pub(crate) fn all(css: &str) -> Vec<Element> {
    let found = document().and_then(|document| document.query_selector_all(css).ok());
    let item = |found: &web_sys::NodeList, at| found.item(at)?.dyn_into::<Element>().ok();
    found.iter().flat_map(|found| (0..found.length()).filter_map(move |at| item(found, at))).collect()
}

/// Whether the keyboard is this page's. One that it is not must not take it: Gmail has it.
pub(crate) fn is_here() -> bool {
    document().is_some_and(|document| document.has_focus().unwrap_or(false))
}

/// Whether no element has the focus.
pub(crate) fn is_free() -> bool {
    let Some(document) = document() else { return false };
    let body = document.body().map(Element::from);
    document.active_element().is_none_or(|focused| Some(focused) == body)
}

/// Whether the keyboard is this page's, and nothing on the screen has it.
pub(crate) fn is_lost() -> bool {
    let focused = document().and_then(|document| document.active_element());
    is_here() && (is_free() || focused.is_some_and(|focused| !is_shown(&focused)))
}

fn is_shown(element: &Element) -> bool {
    element.get_client_rects().length() > 0
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}
