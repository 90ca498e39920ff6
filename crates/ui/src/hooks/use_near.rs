//! When an element comes near what the agent sees, and when it goes.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};
use yew::{Callback, NodeRef, hook, use_effect_with};

use crate::focus;

/// How near the messages' edge it must be.
const NEAR: &str = "400px";

/// Calls back with whether the element is near what is seen of the messages, each time when that changes; in the end it is not.
#[hook]
pub fn use_near(node: &NodeRef, come: Callback<bool>) {
    let node = node.clone();
    use_effect_with((), move |()| {
        let gone = come.clone();
        let seen = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            // The last one is how it is now.
            let entry: IntersectionObserverEntry = entries.pop().unchecked_into();
            come.emit(entry.is_intersecting());
        });
        let options = IntersectionObserverInit::new();
        options.set_root_margin(NEAR);
        let element = node.cast::<Element>();
        let list = element.as_ref().and_then(|element| element.closest(focus::MESSAGES).ok().flatten());
        options.set_root(list.as_ref());
        let observer = IntersectionObserver::new_with_options(seen.as_ref().unchecked_ref(), &options).ok();
        if let (Some(observer), Some(element)) = (&observer, &element) {
            observer.observe(element);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(seen);
            gone.emit(false);
        }
    });
}
