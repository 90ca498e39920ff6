//! Where the keyboard's focus goes.

use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};
use yew::NodeRef;

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
