//! A button that opens something beside it: pressed again, by Esc, and when the focus goes elsewhere, it closes.

use wasm_bindgen::JsCast as _;
use yew::{Callback, FocusEvent, KeyboardEvent, NodeRef, hook, use_node_ref, use_state_eq};

use crate::focus;

/// What a button opens and closes.
#[derive(Clone, Debug)]
pub struct Disclosure {
    /// Whether it is open.
    pub is_open: bool,
    /// The element around both; the button is its first child.
    pub root: NodeRef,
    /// Opens it, or closes it.
    pub toggle: Callback<()>,
    /// Closes it; a focus in it goes to the button.
    pub close: Callback<()>,
    /// For the element around both.
    pub onfocusout: Callback<FocusEvent>,
    /// For the element around both.
    pub onkeydown: Callback<KeyboardEvent>,
}

/// Something closed that a button opens.
#[hook]
pub fn use_disclosure() -> Disclosure {
    let (open, root) = (use_state_eq(|| false), use_node_ref());
    let is_open = *open;
    let toggle = {
        let open = open.setter();
        Callback::from(move |()| open.set(!is_open))
    };
    let close = {
        let (open, root) = (open.setter(), root.clone());
        Callback::from(move |()| {
            focus::keep(&root);
            open.set(false);
        })
    };
    let onfocusout = {
        let (open, root) = (open.setter(), root.clone());
        Callback::from(move |event: FocusEvent| {
            let next = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            if !root.cast::<web_sys::Node>().is_some_and(|root| root.contains(next.as_ref())) {
                open.set(false);
            }
        })
    };
    let onkeydown = {
        let close = close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if is_open && event.key() == "Escape" && !event.is_composing() {
                // The panel does not close with it.
                event.prevent_default();
                event.stop_propagation();
                close.emit(());
            }
        })
    };
    Disclosure { is_open, root, toggle, close, onfocusout, onkeydown }
}
