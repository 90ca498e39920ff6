//! The keyboard in a dialog that must be answered: Tab stays in it, Esc cancels it, and in the end the focus is where it was.

use web_sys::Element;
use yew::{Callback, KeyboardEvent, NodeRef, hook, use_effect_with, use_node_ref};

use crate::focus;

/// Keeps the keyboard in a dialog as long as it stands; gives the reference and the listener of the element around it.
#[hook]
pub fn use_modal(cancel: Callback<()>) -> (NodeRef, Callback<KeyboardEvent>) {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let dialog = node.cast::<Element>();
            let before = dialog.as_ref().and_then(focus::owner);
            focus::give(dialog.and_then(|dialog| dialog.get_elements_by_tag_name("button").item(0)));
            move || focus::give(before)
        });
    }
    let onkeydown = {
        let node = node.clone();
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "Escape" if !event.is_composing() => cancel.emit(()),
                "Tab" => match node.cast::<Element>().and_then(|dialog| around(&dialog, event.shift_key())) {
                    Some(next) => focus::give(Some(next)),
                    None => return,
                },
                _ => return,
            }
            // The panel does not close with it.
            event.prevent_default();
            event.stop_propagation();
        })
    };
    (node, onkeydown)
}

/// The button at the other end, if the focus stands at this one, or outside.
fn around(dialog: &Element, backwards: bool) -> Option<Element> {
    let buttons = dialog.get_elements_by_tag_name("button");
    let (first, last) = (buttons.item(0)?, buttons.item(buttons.length() - 1)?);
    let (end, other) = if backwards { (first, last) } else { (last, first) };
    let focused = focus::owner(dialog);
    let is_inside = focused.as_ref().is_some_and(|focused| dialog.contains(Some(focused)) && focused != dialog);
    (!is_inside || focused.as_ref() == Some(&end)).then_some(other)
}
