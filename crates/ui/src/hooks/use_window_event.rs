//! Events of the window, and those of the document that bubble to it.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::convert::FromWasmAbi;
use web_sys::{Event, StorageEvent};
use yew::{Callback, KeyboardEvent, hook, use_effect_with};

/// Calls back at each event of this name, as long as the component lives.
#[hook]
pub fn use_window_event(name: &'static str, callback: Callback<()>) {
    use_effect_with(callback, move |callback| {
        let callback = callback.clone();
        listen(name, move |_: Event| callback.emit(()))
    });
}

/// Calls back at each key that goes down anywhere in the document and that no menu or dialog took for itself.
#[hook]
pub fn use_window_keys(callback: Callback<KeyboardEvent>) {
    use_effect_with(callback, move |callback| {
        let callback = callback.clone();
        listen("keydown", move |event| callback.emit(event))
    });
}

/// Calls back with the name of each text that another frame of the panel keeps, changes or forgets in the browser's storage.
#[hook]
pub fn use_stored(callback: Callback<String>) {
    use_effect_with(callback, move |callback| {
        let callback = callback.clone();
        listen("storage", move |event: StorageEvent| {
            if let Some(name) = event.key() {
                callback.emit(name);
            }
        })
    });
}

/// Begins to listen; what comes back ends it.
fn listen<E: FromWasmAbi + 'static>(name: &'static str, handler: impl Fn(E) + 'static) -> impl FnOnce() {
    let function = Closure::<dyn FnMut(E)>::new(handler);
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
}
