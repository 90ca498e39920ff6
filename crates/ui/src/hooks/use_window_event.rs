//! Events of the window, and those of the document that bubble to it.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use yew::{Callback, hook, use_effect_with};

/// Calls back at each event of this name, as long as the component lives.
#[hook]
pub fn use_window_event(name: &'static str, callback: Callback<()>) {
    use_effect_with(callback, move |callback| {
        let callback = callback.clone();
        let function = Closure::<dyn FnMut()>::new(move || callback.emit(()));
        let target = web_sys::window();
        if let Some(target) = &target {
            let added = target.add_event_listener_with_callback(name, function.as_ref().unchecked_ref());
            debug_assert!(added.is_ok(), "a name and a function are all that it takes");
        }
        move || {
            if let Some(target) = &target {
                let removed = target.remove_event_listener_with_callback(name, function.as_ref().unchecked_ref());
                debug_assert!(removed.is_ok(), "a name and a function are all that it takes");
            }
        }
    });
}
