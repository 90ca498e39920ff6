//! Small helpers over the page's elements. Data becomes text nodes and attributes, never markup.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, Window};

const SVG: &str = "http://www.w3.org/2000/svg";

/// The window: this code runs in no worker.
pub(super) fn window() -> Window {
    web_sys::window().expect_throw("the chat runs in a page")
}

/// The page.
pub(super) fn document() -> Document {
    window().document().expect_throw("a window has a document")
}

/// A new element with classes and attributes.
pub(super) fn make(tag: &str, class: &str, attributes: &[(&str, &str)]) -> HtmlElement {
    let element = document().create_element(tag).expect_throw("the tag is a valid name");
    element.set_class_name(class);
    for (name, value) in attributes {
        attribute(&element, name, value);
    }
    element.unchecked_into()
}

/// Sets an attribute.
pub(super) fn attribute(element: &Element, name: &str, value: &str) {
    element.set_attribute(name, value).expect_throw("the attribute is a valid name");
}

/// Appends children.
pub(super) fn append(parent: &Element, children: &[&Element]) {
    for child in children {
        parent.append_child(child).expect_throw("an element takes children");
    }
}

/// Puts an element before another one, or at the end.
pub(super) fn insert(parent: &Element, child: &Element, before: Option<&Element>) {
    parent.insert_before(child, before.map(AsRef::as_ref)).expect_throw("the sibling is a child of the parent");
}

/// Appends text as text.
pub(super) fn append_text(parent: &Element, text: &str) {
    parent.append_child(&document().create_text_node(text)).expect_throw("an element takes text");
}

/// Sets the text unless it is there already, so that screen readers do not hear it twice.
pub(super) fn set_text(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// Shows these words in an element, or hides it.
pub(super) fn show_words(element: &HtmlElement, words: Option<&str>) {
    set_text(element, words.unwrap_or_default());
    element.set_hidden(words.is_none());
}

/// A line drawing on a grid of 24.
pub(super) fn icon(class: &str, path: &str) -> Element {
    let svg = document().create_element_ns(Some(SVG), "svg").expect_throw("svg is a valid name");
    let line = document().create_element_ns(Some(SVG), "path").expect_throw("path is a valid name");
    for (name, value) in [("viewBox", "0 0 24 24"), ("aria-hidden", "true"), ("class", class)] {
        attribute(&svg, name, value);
    }
    attribute(&line, "d", path);
    append(&svg, &[&line]);
    svg
}

/// Listens as long as the page lives.
pub(super) fn listen(target: &EventTarget, name: &str, listener: Box<dyn FnMut(Event)>) {
    let closure = Closure::wrap(listener);
    target
        .add_event_listener_with_callback(name, closure.as_ref().unchecked_ref())
        .expect_throw("the listener is a function");
    closure.forget();
}
