//! A listener that ends with its handle.

use wasm_bindgen::closure::{Closure, IntoWasmClosure, WasmClosure};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::sys;

/// Keeps a listener registered; dropping it removes the listener.
#[must_use = "dropping it removes the listener"]
pub struct Listener {
    event: sys::Event,
    function: js_sys::Function,
    /// Owns the Rust side of `function`.
    _closure: Box<dyn std::any::Any>,
}

impl Listener {
    pub(crate) fn add<F, C>(event: sys::Event, callback: C) -> Self
    where
        F: ?Sized + WasmClosure + 'static,
        C: IntoWasmClosure<F> + 'static,
    {
        let closure = Closure::<F>::new(callback);
        let function = closure.as_ref().unchecked_ref::<js_sys::Function>().clone();
        event.add_listener(&function);
        Self { event, function, _closure: Box::new(closure) }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.event.remove_listener(&self.function);
    }
}

impl std::fmt::Debug for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listener").field("event", &JsValue::from(&self.event)).finish_non_exhaustive()
    }
}
