//! The keyboard in a dialog that must be answered: Tab stays in it, Esc cancels it, and in the end the focus is where it was.

use wasm_bindgen::JsCast as _;
use web_sys::Element;
use yew::{Callback, KeyboardEvent, MouseEvent, NodeRef, hook, use_effect_with, use_node_ref};

use crate::focus;

/// What a dialog's elements take.
#[derive(Clone, Debug)]
pub struct Modal {
    /// For the dialog itself.
    pub node: NodeRef,
    /// For the element around it.
    pub onkeydown: Callback<KeyboardEvent>,
    /// For the element around it, which covers everything else: pressed there, the mouse does not take the focus away.
    pub onmousedown: Callback<MouseEvent>,
}

/// Keeps the keyboard in a dialog as long as it stands.
#[hook]
pub fn use_modal(cancel: Callback<()>) -> Modal {
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
            // Neither does the panel close with it, nor does a shortcut act behind the dialog.
            event.stop_propagation();
            match event.key().as_str() {
                "Escape" if !event.is_composing() => cancel.emit(()),
                "Tab" => match node.cast::<Element>().and_then(|dialog| around(&dialog, event.shift_key())) {
                    Some(next) => focus::give(Some(next)),
                    None => return,
                },
                _ => return,
            }
            event.prevent_default();
        })
    };
    let onmousedown = {
        let node = node.clone();
        Callback::from(move |event: MouseEvent| {
            let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            if !node.cast::<Element>().is_some_and(|dialog| dialog.contains(target.as_ref())) {
                event.prevent_default();
            }
        })
    };
    Modal { node, onkeydown, onmousedown }
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
