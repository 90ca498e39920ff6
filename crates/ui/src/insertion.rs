//! Putting text into a field as a person would.

use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlDocument};
use yew::NodeRef;

use crate::focus;

/// Puts a text in at a field's cursor, in the place of what is selected there. It is as if it was typed: it can be undone, and the field
/// tells of it. The field has the focus then.
pub(crate) fn insert(field: &NodeRef, text: &str) {
    let Some(element) = field.cast::<Element>() else { return };
    let document = element.owner_document().and_then(|document| document.dyn_into::<HtmlDocument>().ok());
    focus::give(Some(element));
    // The one way that the browser can undo; it is old, and Chrome keeps it for that.
    let inserted = document.map(|document| document.exec_command_with_show_ui_and_value("insertText", false, text));
    if let Some(Err(error)) = inserted {
        web_sys::console::warn_1(&error);
    }
}
