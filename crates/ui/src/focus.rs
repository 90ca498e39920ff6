//! Where the keyboard's focus goes.

use wasm_bindgen::JsCast as _;
use web_sys::{Document, Element, HtmlElement};
use yew::NodeRef;

/// The list of conversations.
pub(crate) const LIST: &str = "#ds-conversations";
/// The messages of the conversation that is shown.
pub(crate) const MESSAGES: &str = ".ds-message-list__scroll";
/// The reply field.
pub(crate) const REPLY: &str = ".ds-composer__input";

/// Gives an element the focus.
pub(crate) fn give(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok())
        && let Err(error) = element.focus()
    {
        web_sys::console::warn_1(&error);
    }
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

/// The first element that fits, shown or not.
pub(crate) fn find(css: &str) -> Option<Element> {
    document()?.query_selector(css).ok().flatten()
}

/// The first element that fits and stands on the screen.
pub(crate) fn find_shown(css: &str) -> Option<Element> {
    let found = document()?.query_selector_all(css).ok()?;
    let mut elements = (0..found.length()).filter_map(|at| found.item(at)?.dyn_into::<Element>().ok());
    elements.find(is_shown)
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
